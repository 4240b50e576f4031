"""Postings of pairs: which completions hold two characters of a script without spaces next to each other.

A character alone stands in too many completions to be looked for (a Thai vowel in every third), and which of them hold
the typed ones side by side would be seen only by reading them all. A pair is as rare as a word. Separators do not
count: what is next to each other in `words` is. Texts without such scripts have no pairs and pay nothing.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.trie import WordTrie
from autocomplete.words import is_character

Ids = NDArray[np.uint32]
_SECOND_BITS = 32


class PairPostings:
    """Postings by the ids of two neighbouring characters."""

    def __init__(self, pairs: NDArray[np.uint64], offsets: Ids, postings: Ids) -> None:
        self._pairs = pairs.data
        self._offsets = offsets.data
        self._postings = postings

    def __len__(self) -> int:
        return len(self._pairs)

    def of(self, first: int, second: int) -> Ids:
        """Ids of the completions that hold `second` right behind `first`, ascending; empty for none."""
        pair = first << _SECOND_BITS | second
        at = bisect_left(self._pairs, pair)
        if at == len(self._pairs) or self._pairs[at] != pair:
            return self._postings[:0]
        return self._postings[self._offsets[at] : self._offsets[at + 1]]


def pair_arrays(
    words: NDArray[np.uint32], word_offsets: NDArray[np.int64], vocabulary: WordTrie
) -> Mapping[str, NDArray[Any]]:
    """The arrays of `PairPostings`.

    Args:
        words: Word ids of each completion in order, completion after completion.
        word_offsets: (n + 1,), where a completion's words begin.
        vocabulary: The words by id.
    """
    characters = np.fromiter(map(is_character, vocabulary.words), np.bool_, len(vocabulary))
    is_one = characters[words]
    joined = is_one[:-1] & is_one[1:]
    # The last word of a completion has no neighbour.
    joined[word_offsets[1:-1] - 1] = False
    firsts = np.flatnonzero(joined)
    pairs = words[firsts].astype(np.uint64) << np.uint64(_SECOND_BITS) | words[firsts + 1].astype(np.uint64)
    completions = word_offsets.searchsorted(firsts, "right") - 1
    order = np.lexsort((completions, pairs))
    pairs, completions = pairs[order], completions[order]
    # A pair counts once in a completion.
    new = np.ones(len(pairs), np.bool_)
    new[1:] = (pairs[1:] != pairs[:-1]) | (completions[1:] != completions[:-1])
    pairs, completions = pairs[new], completions[new]
    distinct, counts = np.unique(pairs, return_counts=True)
    return {
        "pairs": distinct,
        "pair_offsets": np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
        "pair_postings": completions.astype(np.uint32),
    }
