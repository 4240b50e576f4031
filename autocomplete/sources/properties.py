"""Properties that people put before a kind of thing: "black backpack", "cotton t-shirt", "wireless headphones".

Which properties those are is read from the catalogue. Either its titles say the value, or it is one of few values of an
attribute (a colour, a material: not a model or a date) and what is written about its products says it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from autocomplete.sources.labels import SAID_SHARE, OfferedLabel, reads_as_name, spoken_labels
from autocomplete.sources.phrases import Title
from autocomplete.sources.popularity import catalogue_prior
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import plainly_written, split_words
from data.product import Product
from graph.concept import Scheme
from graph.relation import Predicate
from graph.snapshot import Snapshot

# An attribute of more values tells products apart instead of describing them, and one that fewer products have is a
# detail of some kind of thing. Colours and materials have 13 to 45 values and 8% to 90% of the products of the shops
# looked at; models, chipsets and supported media have hundreds, bus types 4%.
MOST_VALUES = 64
LEAST_COVERED = 0.05
# How many of a value's products must say it in their title or description: "made of cotton" is, "made in China" is not.
_WRITTEN_SHARE = 0.5
# How many products are read to tell.
_ENOUGH_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Property:
    """A value by the name that a locale gives it.

    Attributes:
        label: Its `locale` is the one whose texts say it, never "und".
        rows: Products that have it; without an `attribute` only those whose texts say it.
        attribute: Concept of an attribute that describes, if it is one's value.
    """

    label: OfferedLabel
    rows: NDArray[np.int32]
    attribute: int | None


def describing_properties(
    snapshot: Snapshot,
    locales: Sequence[str],
    titles: Mapping[str, Sequence[Title]],
    products: Sequence[Product],
) -> Iterator[Property]:
    """The values that describe, in each locale by the names that its texts use.

    Args:
        snapshot: Of the release.
        locales: Of the shop, the default first.
        titles: By locale, by row.
        products: By row.
    """
    describes = {
        attribute
        for attribute in snapshot.by_scheme(Scheme.ATTRIBUTE).tolist()
        if len(values := snapshot.edges(attribute, Predicate.VALUE_OF, inverse=True)) <= MOST_VALUES
        and sum(len(snapshot.products(value.ordinal)) for value in values) >= LEAST_COVERED * len(products)
    }

    @lru_cache(maxsize=1 << 16)
    def description(row: int, locale: str) -> str:
        return _spaced(products[row].text(locale, locales).description)

    for concept in snapshot.by_scheme(Scheme.VALUE).tolist():
        rows = snapshot.products(concept)
        stated = (edge.ordinal for edge in snapshot.edges(concept, Predicate.VALUE_OF))
        attribute = next((each for each in stated if each in describes), None)
        sample = rows[:: max(1, len(rows) // _ENOUGH_TEXTS)].tolist()
        for locale, label in spoken_labels(snapshot, concept, locales):
            if not len(rows) or not reads_as_name(label.text, len(rows) if attribute is None else None):
                continue
            wanted = frozenset(split_words(label.text))
            saying = np.array([wanted <= {word.text for word in titles[locale][row].words} for row in rows.tolist()])
            if saying.mean() < SAID_SHARE:
                # Descriptions are full of abbreviations that nobody asks for ("FSB", "MHz").
                if attribute is None or plainly_written(label.text, locale) != label.text.lower():
                    continue
                written = sum(_spaced(label.text) in description(row, locale) for row in sample)
                if written < _WRITTEN_SHARE * len(sample):
                    continue
            prior = catalogue_prior(SuggestionKind.ATTRIBUTE, snapshot.product_count(concept))
            offered = OfferedLabel(label.text, locale, label.language, SuggestionKind.ATTRIBUTE, concept, prior)
            if attribute is not None:
                yield Property(offered, rows, attribute)
                continue
            described = [_spaced(label.text) in description(row, locale) for row in rows.tolist()]
            yield Property(offered, rows[saying | np.array(described)], None)


def _spaced(text: str) -> str:
    """Folded words between blanks, in which whole words are found."""
    return f" {' '.join(split_words(text))} "
