"""The two tries: the vocabulary's words, and the short prefixes whose best completions are known beforehand."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

# Sorts after every character that a folded word can hold.
_LAST = "\U0010ffff"


class WordTrie:
    """The words of a vocabulary in code-point order; a word's id is its place in it.

    On disk and in the page cache it is a marisa trie; its words are also kept as a sorted list, because a prefix's
    range of ids is one bisection there (0.5 µs) and a walk over all its words in marisa; and by id, because a slip asks
    for dozens of words. A million completions have some 30,000 words: 4 MB.
    """

    def __init__(self, trie: marisa_trie.Trie) -> None:
        self._trie = trie
        self.words: list[str] = sorted(trie)
        self._ids = {word: place for place, word in enumerate(self.words)}

    @classmethod
    def build(cls, words: Sequence[str]) -> "WordTrie":
        """From distinct words in any order."""
        return cls(marisa_trie.Trie(words))

    @classmethod
    def load(cls, path: Path) -> "WordTrie":
        """Map what `save` wrote."""
        return cls(_mapped(path))

    def save(self, path: Path) -> None:
        """Write the trie."""
        self._trie.save(str(path))

    def __len__(self) -> int:
        return len(self.words)

    def id(self, word: str) -> int:
        """The word's id, or -1."""
        return self._ids.get(word, -1)

    def range(self, prefix: str, low: int = 0, high: int | None = None) -> tuple[int, int]:
        """Half-open range of the ids, within [low, high), of the words that start with `prefix`."""
        end = len(self.words) if high is None else high
        low = bisect_left(self.words, prefix, low, end)
        return low, bisect_left(self.words, prefix + _LAST, low, end)

    def begins(self, prefix: str) -> bool:
        """Whether any word starts with `prefix`: half of a `range`."""
        low = bisect_left(self.words, prefix)
        return low < len(self.words) and self.words[low].startswith(prefix)

    def branches(self, prefix: str, low: int, high: int) -> list[tuple[str, int, int]]:
        """The distinct letters that follow `prefix` in the words [low, high), all of which start with it.

        Each with the half-open range of the words that go on with it.
        """
        words, depth, found = self.words, len(prefix), []
        if low < high and len(words[low]) == depth:
            low += 1
        while low < high:
            letter = words[low][depth]
            # Most branches are single words far down, and half of all ranges near the leaves are one branch.
            end = high if words[high - 1][depth] == letter else bisect_left(words, prefix + letter + _LAST, low, high)
            found.append((letter, low, end))
            low = end
        return found


class TopTable:
    """For every short key the ids of its best completions, best first."""

    def __init__(self, trie: marisa_trie.Trie, rows: NDArray[np.uint32]) -> None:
        self._trie = trie
        self._rows = rows

    @classmethod
    def build(cls, best: Mapping[str, NDArray[np.uint32]], width: int) -> "TopTable":
        """From each key's ids, best first, exactly `width` of them."""
        trie = marisa_trie.Trie(best)
        rows = np.zeros((len(best), width), np.uint32)
        for key, ids in best.items():
            rows[trie[key]] = ids
        return cls(trie, rows)

    @classmethod
    def load(cls, path: Path) -> "TopTable":
        """Map what `save` wrote."""
        return cls(_mapped(path.with_suffix(".marisa")), np.asarray(np.load(path.with_suffix(".npy"), mmap_mode="r")))

    def save(self, path: Path) -> None:
        """Write `PATH.marisa` and `PATH.npy`."""
        self._trie.save(str(path.with_suffix(".marisa")))
        np.save(path.with_suffix(".npy"), self._rows)

    @property
    def nbytes(self) -> int:
        """Of the rows."""
        return self._rows.nbytes

    def ranges(self, vocabulary: WordTrie) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The keys of one unfinished word as ranges of word ids, (n, 2) ascending, and their rows, (n, width)."""
        held = sorted((*vocabulary.range(key), row) for key, row in self._trie.items() if key and " " not in key)
        places = np.array(held, np.int64).reshape(-1, 3)
        return places[:, :2].astype(np.uint32), np.asarray(self._rows[places[:, 2]])

    def get(self, key: str, top_k: int) -> list[int] | None:
        """The key's best ids, at most `top_k` or as many as were kept; `None` for a key that is not short."""
        row = self._trie.get(key)
        return None if row is None else self._rows[row, :top_k].tolist()


def _mapped(path: Path) -> marisa_trie.Trie:
    trie = marisa_trie.Trie()
    trie.mmap(str(path))
    return trie
