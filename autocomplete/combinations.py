"""Generated completions: brand and kind of thing, property and kind of thing, where products really are both."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autocomplete.labels import OfferedLabel, trust_of
from autocomplete.popularity import catalogue_prior
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import split_words
from data.text import analyser_for
from graph.concept import Scheme
from graph.snapshot import Snapshot

# A combination of fewer products is one product's description, not something to choose from.
FEWEST_PRODUCTS = 3
# The best combinations of each kind of thing: nobody pages through completions, and each costs a search to build.
MOST_PER_TYPE = 40
# Where the word for the thing comes before what describes it ("portátil HP", "imprimante laser Canon").
_THING_FIRST = frozenset({"es", "fr", "it", "pt", "ca", "ro", "gl"})


def combined_labels(snapshot: Snapshot, labels: Sequence[OfferedLabel]) -> Iterator[OfferedLabel]:
    """The best combinations of a brand or property with a product type, as labels without a concept of their own.

    Both in one language, or the one that describes in none; texts that repeat a word ("laser laser printer") are left
    out, and so is what the thing's own name says already.
    """
    rows = 1 + max((int(snapshot.products(label.concept).max(initial=0)) for label in labels), default=0)
    describing = [label for label in labels if label.kind in (SuggestionKind.BRAND, SuggestionKind.ATTRIBUTE)]
    member = np.zeros(rows, np.bool_)
    products_of: dict[int, NDArray[np.int32]] = {
        label.concept: snapshot.products(label.concept) for label in describing
    }
    for thing in labels:
        if snapshot.scheme(thing.concept) is not Scheme.PRODUCT_TYPE:
            continue
        if trust_of(snapshot, thing.concept) < 1:
            continue
        member[:] = False
        member[snapshot.products(thing.concept)] = True
        counts = {concept: int(member[held].sum()) for concept, held in products_of.items()}
        combined = [
            (catalogue_prior(label.kind, counts[label.concept]), text, label)
            for label in describing
            if counts[label.concept] >= FEWEST_PRODUCTS and (text := _combine(label, thing)) is not None
        ]
        combined.sort(key=lambda each: (-each[0], each[1]))
        for prior, text, label in combined[:MOST_PER_TYPE]:
            locale = label.locale if thing.locale == "und" else thing.locale
            yield OfferedLabel(text, locale, thing.language, SuggestionKind.QUERY, thing.concept, prior)


def plainly_written(text: str, language: str) -> str:
    """Without the capitals that titles have for decoration: "Wireless" is "wireless", "USB" and "ThinkPad" stay.

    German capitals are spelling, and stay.
    """
    if language.partition("-")[0] == "de":
        return text
    words = text.split(" ")
    return " ".join(word.lower() if word[1:] == word[1:].lower() and len(word) > 1 else word for word in words)


def _combine(describing: OfferedLabel, thing: OfferedLabel) -> str | None:
    """The two as people would type them; `None` where they don't go together.

    Properties of several words are left to the titles (`phrases.py`): which of them goes before the thing, and in
    which order, is more than counts can tell.
    """
    if "und" not in (describing.locale, thing.locale) and describing.locale != thing.locale:
        return None
    words, name = split_words(describing.text), split_words(thing.text)
    if describing.kind is SuggestionKind.ATTRIBUTE and len(words) > 1:
        return None
    stem = analyser_for(thing.language).stem
    if any(_says_the_same(stem(word), stem(other)) for word in words for other in name):
        return None
    first, second = describing.text, thing.text
    if describing.kind is SuggestionKind.ATTRIBUTE:
        first = plainly_written(first, thing.language)
    if thing.language.partition("-")[0] in _THING_FIRST:
        first, second = second, first
    return f"{first} {second}"


def _says_the_same(word: str, other: str) -> bool:
    """Whether one of two stems is the beginning of the other: "docking dock", "headphones headphone"."""
    return word == other or (min(len(word), len(other)) >= 4 and (word.startswith(other) or other.startswith(word)))
