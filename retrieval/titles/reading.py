"""One title, read once: its terms in order, where its head stands, what it measures."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.text import Analyser, Chunk, canonical, fold, parse_quantities
from understanding.intent import HEAD_FIRST, PREPOSITIONS

# Between two words of a title, what ends the phrase that names the thing.
_DIVIDERS = "(),;:|[]{}•–—"
# Longer titles are stuffed; what a shopper reads of one is shorter.
MOST_CHUNKS = 60
_SIGNATURE_BITS = 128


class TitleReading(NamedTuple):
    """A title.

    Attributes:
        terms: As indexed, in order.
        places: Of each term: the number of its stretch of text, from 0.
        length: How many stretches there are.
        head: Place of the word that names the thing: the last one of the phrase before a preposition or a divider, the
            first one in languages that name the thing first.
        divider: Place behind that phrase.
        measures: (unit, amount) in base units, e.g. ("cm", 39.624).
        letters: See `letter_runs`.
    """

    terms: tuple[str, ...]
    places: tuple[int, ...]
    length: int
    head: int
    divider: int
    measures: tuple[tuple[str, float], ...]
    letters: NDArray[np.int32]


def read_title(title: str, analyser: Analyser) -> TitleReading:
    """Read a title; an empty one has no terms and length 0."""
    chunks = analyser.chunks(title)[:MOST_CHUNKS]
    pairs = [(term, place) for place, chunk in enumerate(chunks) for term in dict.fromkeys(chunk.terms)]
    divider = phrase_end(title, chunks)
    return TitleReading(
        tuple(term for term, _ in pairs),
        tuple(place for _, place in pairs),
        len(chunks),
        head_place(chunks[:divider], analyser),
        divider,
        read_measures(title, analyser),
        letter_runs(title),
    )


def phrase_end(text: str, chunks: Sequence[Chunk]) -> int:
    """How many of the chunks stand before the first preposition or divider; at least one where there are any."""
    for place in range(1, len(chunks)):
        between = text[chunks[place - 1].end : chunks[place].start]
        apart = any(mark in between for mark in _DIVIDERS) or " - " in between
        if apart or text[chunks[place].start : chunks[place].end].casefold() in PREPOSITIONS:
            return place
    return len(chunks)


def head_place(chunks: Sequence[Chunk], analyser: Analyser) -> int:
    """The last word without digits (the first one in languages that name the thing first); -1 without chunks."""
    if not chunks:
        return -1
    places = range(len(chunks)) if analyser.language in HEAD_FIRST else range(len(chunks) - 1, -1, -1)
    return next((place for place in places if not has_digit(chunks[place].terms)), places[0])


def has_digit(terms: Sequence[str]) -> bool:
    """Whether a number, or a model number, is among the terms."""
    return any(character.isdigit() for term in terms for character in term)


def read_measures(text: str, analyser: Analyser) -> tuple[tuple[str, float], ...]:
    """Amounts with a unit, each in the base unit of its dimension."""
    found = (canonical(measure.amount, measure.unit) for measure in parse_quantities(analyser.tokens(text)))
    return tuple(dict.fromkeys((unit, float(f"{amount:.9g}")) for amount, unit in found))


def letter_runs(text: str) -> NDArray[np.int32]:
    """Sorted hashes of a text's distinct runs of three letters; a blank bounds each word."""
    words = [f" {word} " for word in fold(text).split()[:MOST_CHUNKS]]
    hashed = {zlib.crc32(word[at : at + 3].encode("utf-8", "replace")) for word in words for at in range(len(word) - 2)}
    return np.sort(np.array(list(hashed), np.uint32).view(np.int32))


@lru_cache(maxsize=100_000)
def signature(word: str) -> tuple[int, int]:
    """The word's pairs and triples of characters, hashed into 128 bits, as two numbers of 64."""
    bits = 0
    padded = f"^{word}$"
    for size in (2, 3):
        for start in range(len(padded) - size + 1):
            bits |= 1 << (zlib.crc32(padded[start : start + size].encode()) % _SIGNATURE_BITS)
    return bits & 0xFFFFFFFFFFFFFFFF, bits >> 64


def unknown_id(term: str) -> int:
    """The number of a term that the catalogue does not have: negative, the same for the same term."""
    return -2 - (zlib.crc32(term.encode()) >> 1)
