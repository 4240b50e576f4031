"""All kinds of candidates from the counted tables, locale by locale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.mining.candidate import Candidate
from data.mining.hypernyms import hypernyms
from data.mining.knowledge import (
    Knowledge,
    QueryCount,
    Substitution,
    WordCount,
    catalogue_words,
    category_stems,
    group_rows,
    phrase_counts,
    title_stems,
    value_stems,
)
from data.mining.misspellings import misspellings
from data.mining.related import related
from data.mining.similarity import ClickProfiles
from data.mining.synonyms import synonyms
from data.product import Product

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Counted:
    """The tables that candidates are made from, as rows.

    Attributes:
        queries: `norm, locale, count, people, clicked, empty`, of enough people.
        words: `word, locale, count, people, clicked`, of enough people.
        substitutions: `source, target, locale, people, count, gave_up, found`.
        clicks: `norm, locale, product_id, clicks`, of those queries.
        bought: `one, other, people, of_one, of_other, total`, pairs of leaf categories.
    """

    queries: Rows
    words: Rows
    substitutions: Rows
    clicks: Rows
    bought: Rows


def propose(counted: Counted, products: Sequence[Product]) -> list[Candidate]:
    """Candidates of every kind."""
    found: list[Candidate] = []
    for known in knowledge(counted, products):
        wrong = misspellings(known)
        overlaps = known.profiles.pairs()
        broader = hypernyms(known)
        found += [*wrong, *broader]
        # What covers several things is another word for none of them.
        taken = frozenset(one.source for one in wrong) | {one.source for one in broader}
        found += synonyms(known, overlaps, taken)
    if products:
        found += related(counted.bought, next(iter(products[0].texts)))
    return found


def knowledge(counted: Counted, products: Sequence[Product]) -> list[Knowledge]:
    """What is known of each locale that was searched in."""
    words, changes, clicks = (group_rows(rows) for rows in (counted.words, counted.substitutions, counted.clicks))
    return [
        Knowledge(
            locale,
            {row["norm"]: QueryCount(row["count"], row["people"], row["clicked"], row["empty"]) for row in queries},
            {row["word"]: WordCount(row["count"], row["people"], row["clicked"]) for row in words.get(locale, ())},
            {
                (row["source"], row["target"]): Substitution(row["people"], row["count"], row["gave_up"], row["found"])
                for row in changes.get(locale, ())
            },
            ClickProfiles((row["norm"], row["product_id"], row["clicks"]) for row in clicks.get(locale, ())),
            catalogue_words(products, locale),
            title_stems(products, locale),
            value_stems(products, locale),
            category_stems(products, locale),
            phrase_counts(products, locale),
        )
        for locale, queries in sorted(group_rows(counted.queries).items())
    ]
