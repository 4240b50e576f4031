"""Slips in the first letters, looked up: which beginnings of words are a string but for one letter near the start.

The walk of `readings.py` branches where the trie does: into some thirty letters at each of the first places and hardly
anywhere after the third. So the first places are what is worth a table: of every beginning of a word, the string
without its first, second and third letter. 11 entries of 8 bytes a word; deletes at all places would be three times
as many and save little more.
"""

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Letters in the table. With 29,810 words a place has 26 branches before the first letter, 15 before the third, 3 after.
PLACES = 3
# A beginning is kept as its first word's id and its length, in one number.
_LENGTH_BITS = 6
LONGEST = (1 << _LENGTH_BITS) - 1

Entries = NDArray[np.uint32]


class SlipTable:
    """Sorted hashes of (place, string without the letter there), and the beginnings of words they stand for."""

    def __init__(self, words: Sequence[str], keys: Entries, beginnings: Entries) -> None:
        self._words = words
        self._keys = keys
        self._beginnings = beginnings

    def fill(self, gaps: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
        """Put any one letter into gaps.

        Args:
            gaps: A place below `PLACES`, and the string that the letter belongs into there; shorter than `LONGEST`.

        Returns:
            The number of the gap, each beginning of a word that comes out, and whether it is a word already.
        """
        # Not one by one: a call of numpy costs as much as ten searches.
        keys = np.array([crc32(rest.encode(), place) for place, rest in gaps], np.uint32)
        lows = self._keys.searchsorted(keys).tolist()
        highs = self._keys.searchsorted(keys, "right").tolist()
        for number, (low, high) in enumerate(zip(lows, highs, strict=True)):
            if low == high:
                continue
            place, rest = gaps[number]
            head, tail = rest[:place], rest[place:]
            for entry in self._beginnings[low:high].tolist():
                word, size = self._words[entry >> _LENGTH_BITS], entry & LONGEST
                # Hashes may meet.
                if word.startswith(head) and word[place + 1 : size] == tail:
                    yield number, word[:size], size == len(word)


def slip_entries(words: Sequence[str]) -> tuple[Entries, Entries]:
    """The arrays of a `SlipTable` of sorted words."""
    keys: list[int] = []
    beginnings: list[int] = []
    before = ""
    for number, word in enumerate(words):
        new = 0
        shortest = min(len(word), len(before))
        while new < shortest and word[new] == before[new]:
            new += 1
        for size in range(new + 1, min(len(word), LONGEST) + 1):
            for place in range(min(PLACES, size)):
                keys.append(crc32((word[:place] + word[place + 1 : size]).encode(), place))
                beginnings.append(number << _LENGTH_BITS | size)
        before = word
    hashes = np.array(keys, np.uint32)
    order = hashes.argsort(kind="stable")
    return hashes[order], np.array(beginnings, np.uint32)[order]
