"""Which products a text names: what they are, not what their descriptions mention besides.

"Fits under a rain jacket" is said of boots; a search may find them by it, but who types "rain jacket" is not asking for
a department of boots.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from data.text import Analyser
from graph.snapshot import Snapshot
from retrieval.index.searchable import FIELDS
from retrieval.index.terms import QueryWord, query_words
from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan, Term
from retrieval.sources.bm25 import Bm25Retriever
from retrieval.sources.matching import Sources
from retrieval.sources.scoring import lexical_scores

# See `QueryWord.ways`.
Ways = tuple[tuple[str, ...], ...]
NAMING = tuple(field for field in FIELDS if field != "description")


def naming_rows(text: str, locale: str, rows: Rows, world: World, sources: Sources) -> Rows:
    """Those of some rows whose title, brand, category, attributes or concepts say every word of a text.

    Of products whose kind is known, a phrase that is a kind of product is said only of those of that kind: sellers
    write "rain jacket" into the titles of slippers.

    Args:
        text: Whose words.
        locale: One of the index's.
        rows: Sorted.
        world: Where they are.
        sources: Of the release: the words of fields, the concepts that phrases of the text stand for.
    """
    lexical = sources.lexical
    words = query_words(text, lexical.analyser(locale))
    said = {word.ways: _saying(word, locale, rows, world, lexical) for word in words}
    return _all_said(said, text, locale, rows, world, sources)


def _all_said(
    said: dict[Ways, NDArray[np.bool_]], text: str, locale: str, rows: Rows, world: World, sources: Sources
) -> Rows:
    """Those of some rows that say every word, by what says each so far and by the concepts that phrases name."""
    snapshot, analyser = sources.snapshot, sources.lexical.analyser(locale)
    untyped = _untyped(rows, world, sources)
    for phrase, concepts in _phrases(text, analyser, snapshot):
        kinds = sources.concepts.kinds(concepts)
        under = _under(kinds or concepts, rows, world, snapshot)
        for word in query_words(phrase, analyser):
            if word.ways in said:
                said[word.ways] = under | (said[word.ways] & untyped if kinds else said[word.ways])
    return rows[np.all([*said.values()], axis=0)] if said else rows[:0]


def saying_rows(text: str, locale: str, world: World, sources: Sources) -> Rows:
    """Rows that say every word of a text anywhere, or stand under a concept that a phrase with the word names.

    Kinds of product are said as for `naming_rows`: what stands in "Tents & tarps" is no tarp.
    """
    said: dict[Ways, NDArray[np.bool_]] = {}
    for word in query_words(text, sources.lexical.analyser(locale)):
        plan = Plan(text, locale, tuple(Term(way, 1.0, (0,)) for way in word.ways))
        said[word.ways] = lexical_scores(plan, world, sources.lexical).groups > 0
    return world.visible(_all_said(said, text, locale, np.arange(world.size, dtype=np.int32), world, sources))


def _saying(word: QueryWord, locale: str, rows: Rows, world: World, lexical: Bm25Retriever) -> NDArray[np.bool_]:
    released, live = np.split(rows, [int(np.searchsorted(rows, world.first_live))])
    held = lexical.hold([Term(way, 1.0, (0,)) for way in word.ways], locale, released, NAMING)
    fields = [lexical.field_terms(world.product(row), locale, NAMING) for row in live.tolist()]
    return np.concatenate((held, [any(terms.issuperset(way) for way in word.ways) for terms in fields])).astype(
        np.bool_
    )


def _untyped(rows: Rows, world: World, sources: Sources) -> NDArray[np.bool_]:
    live = [not document.typed for document in world.live]
    flags = np.concatenate((sources.concepts.is_untyped, np.array(live, np.bool_)))
    return flags[rows]


def _under(concepts: Sequence[int], rows: Rows, world: World, snapshot: Snapshot) -> NDArray[np.bool_]:
    flags = np.zeros(world.size, np.bool_)
    for each in concepts:
        flags[snapshot.products(each)] = True
        if world.live:
            flags[world.under(each)] = True
    return flags[rows]


def _phrases(text: str, analyser: Analyser, snapshot: Snapshot) -> Iterator[tuple[str, Sequence[int]]]:
    """The phrases of a text that are labels, the longest first of those that begin at a word, with what they name."""
    words = analyser.words(text)
    at = 0
    while at < len(words):
        match = snapshot.longest_match(words, at)
        length, concepts = match or (1, ())
        if concepts:
            yield " ".join(words[at : at + length]), concepts
        at += length
