"""Generated completions: brand and kind of thing, property and kind of thing, where products really are both."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from autocomplete.sources.labels import OfferedLabel, trust_of
from autocomplete.sources.popularity import catalogue_prior
from autocomplete.sources.properties import Property
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import is_unspaced, plainly_written, split_words
from data.product import Product
from data.text import analyser_for
from graph.concept import Scheme
from graph.relation import Predicate
from graph.snapshot import Snapshot

# A combination of fewer groups of variants is one product's description, not something to choose from; of a kind of
# thing of which the shop has few, so large a share is enough.
FEWEST_GROUPS = 3
_FEWEST_SHARE = 0.1
# But a single one of a brand is that product: its title completes too.
_FEWEST_BRANDED = 2
# An attribute describes a kind of thing if so much of it has a value: backpacks have colours, not screen sizes. What
# only few state is no choice among the others.
_COVERED_SHARE = 0.5
# The best brands, and the best properties, of each kind of thing: nobody pages through completions, and each costs a
# search to build.
MOST_PER_TYPE = 40
# Where the word for the thing comes before what describes it ("portátil HP", "imprimante laser Canon").
_THING_FIRST = frozenset({"es", "fr", "it", "pt", "ca", "ro", "gl"})
# Where what describes stands before the thing as it stands in a data sheet. Elsewhere it is inflected ("schwarzer
# Rucksack") or comes behind; what titles say there, `phrases.py` finds.
_AS_IT_STANDS = frozenset({"en", "ja", "zh", "ko", "tr"})


def combined_labels(
    snapshot: Snapshot,
    labels: Sequence[OfferedLabel],
    properties: Sequence[Property],
    products: Sequence[Product],
) -> Iterator[OfferedLabel]:
    """The best combinations of a brand or property with a product type, as labels without a concept of their own.

    Both in one locale, or brands of none; texts that repeat a word ("laser laser printer") are left out, and so is
    what the thing's own name says already.
    """
    brands = [label for label in labels if label.kind is SuggestionKind.BRAND]
    counted = _Counted(_rows_of_all(snapshot, brands, properties), products)
    for thing in labels:
        if snapshot.scheme(thing.concept) is not Scheme.PRODUCT_TYPE or trust_of(snapshot, thing.concept) < 1:
            continue
        counted.look_at(snapshot.products(thing.concept))
        least = counted.least()
        branded = ((label, thing, counted.groups(label.concept, "")) for label in brands)
        yield from _best(each for each in branded if each[2] >= max(least, _FEWEST_BRANDED))
        described = (
            (held.label, thing, counted.groups(held.label.concept, held.label.locale))
            for held in properties
            if thing.locale in ("und", held.label.locale)
            and counted.groups(held.label.concept, held.label.locale)
            >= (least if held.attribute is not None and counted.mostly_has(held.attribute) else FEWEST_GROUPS)
        )
        yield from _best(described)


class _Counted:
    """How many groups of variants are a thing and have something else, one thing after the other.

    What else is told by concept and locale: a property is not said by the same products everywhere.
    """

    def __init__(self, rows: Mapping[tuple[int, str], NDArray[np.int32]], products: Sequence[Product]) -> None:
        self._rows = rows
        numbers: dict[str, int] = {}
        self._group_of = np.fromiter(
            (numbers.setdefault(product.group_id, len(numbers)) for product in products), np.int64, len(products)
        )
        self._is_thing = np.zeros(len(products), np.bool_)
        self._things = 0
        self._known: dict[tuple[int, str], int] = {}

    def look_at(self, thing: NDArray[np.int32]) -> None:
        """The rows of the thing that all other questions are about."""
        self._is_thing[:] = False
        self._is_thing[thing] = True
        self._things = len(np.unique(self._group_of[thing]))
        self._known.clear()

    def least(self) -> int:
        """How many groups are something to choose from among those of the thing."""
        return min(FEWEST_GROUPS, math.ceil(_FEWEST_SHARE * self._things))

    def groups(self, concept: int, locale: str) -> int:
        """Of the thing, those that have it."""
        key = (concept, locale)
        if key not in self._known:
            rows = self._rows[key]
            here = rows[self._is_thing[rows]]
            self._known[key] = len(np.unique(self._group_of[here])) if len(here) else 0
        return self._known[key]

    def mostly_has(self, attribute: int) -> bool:
        """Whether an attribute describes the thing."""
        return self.groups(attribute, "") >= _COVERED_SHARE * self._things


def _rows_of_all(
    snapshot: Snapshot, brands: Sequence[OfferedLabel], properties: Sequence[Property]
) -> dict[tuple[int, str], NDArray[np.int32]]:
    """Products by concept, and by locale where that matters: of brands, properties and their attributes."""
    rows = {(label.concept, ""): snapshot.products(label.concept) for label in brands}
    rows |= {(held.label.concept, held.label.locale): held.rows for held in properties}
    for attribute in {held.attribute for held in properties if held.attribute is not None}:
        values = snapshot.edges(attribute, Predicate.VALUE_OF, inverse=True)
        rows[attribute, ""] = np.unique(np.concatenate([snapshot.products(value.ordinal) for value in values]))
    return rows


def _best(pairs: Iterator[tuple[OfferedLabel, OfferedLabel, int]]) -> Iterator[OfferedLabel]:
    """The `MOST_PER_TYPE` combinations of most groups, of what describes and the thing."""
    combined = [
        (catalogue_prior(label.kind, groups), text, label, thing)
        for label, thing, groups in pairs
        if (text := _combine(label, thing)) is not None
    ]
    combined.sort(key=lambda each: (-each[0], each[1]))
    for prior, text, label, thing in combined[:MOST_PER_TYPE]:
        locale = label.locale if thing.locale == "und" else thing.locale
        yield OfferedLabel(text, locale, thing.language, SuggestionKind.QUERY, thing.concept, prior)


def _combine(describing: OfferedLabel, thing: OfferedLabel) -> str | None:
    """The two as people would type them; `None` where they don't go together."""
    if "und" not in (describing.locale, thing.locale) and describing.locale != thing.locale:
        return None
    # What is written in no known language is written in that of whom it is offered to.
    spoken = next((each for each in (thing.language, thing.locale, describing.locale) if each != "und"), "en")
    language = spoken.partition("-")[0]
    if _repeats(split_words(describing.text), split_words(thing.text), spoken):
        return None
    first, second = describing.text, thing.text
    if describing.kind is SuggestionKind.ATTRIBUTE:
        if language not in _AS_IT_STANDS:
            return None
        first = plainly_written(first, spoken)
    if language in _THING_FIRST:
        first, second = second, first
    return f"{first} {second}"


def _repeats(words: Sequence[str], name: Sequence[str], language: str) -> bool:
    """Whether one says again what the other says."""
    if is_unspaced("".join(name)):
        return "".join(words) in "".join(name)
    stem = analyser_for(language).stem
    return any(_says_the_same(stem(word), stem(other)) for word in words for other in name)


def _says_the_same(word: str, other: str) -> bool:
    """Whether one of two stems is the beginning of the other: "docking dock", "headphones headphone"."""
    return word == other or (min(len(word), len(other)) >= 4 and (word.startswith(other) or other.startswith(word)))
