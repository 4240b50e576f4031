"""Which products have which words: whether a text that nobody searched for yet would find any."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.trie import WordTrie
from autocomplete.words import split_words
from data.product import Product
from data.shop import ShopConfig
from data.text import Analyser

ARRAYS = ("stems", "offsets", "rows", "row_offsets", "row_stems", "group_of")
# Variants whose words are looked at: enough to say what goes on with a word that thousands have, and 100 µs.
MOST_ROWS = 1_000
_STOP = -1


class ProductWords:
    """Groups of variants by the stems of their words; "posts" finds a post, and "for" is no condition.

    One and the same variant must say all words in its title, brand, category or searched attributes:
    less than a search looks at (no description, nothing that is only meant), so that what is found here is found there.

    | array | shape | holds |
    |---|---|---|
    | stems | (V,) int32 | the stem of each word of the vocabulary, -1 for a stop word |
    | offsets, rows | (stems + 1,), (total,) uint32 | the variants that have a stem, ascending, stem after stem |
    | row_offsets, row_stems | (variants + 1,), (total,) uint32 | the stems of each variant |
    | group_of | (variants,) uint32 | number of each variant's group |
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self._available = np.ones(len(arrays["group_of"]), np.bool_)

    @classmethod
    def build(
        cls, vocabulary: WordTrie, said: Sequence[tuple[str, Iterable[str]]], analyser: Analyser
    ) -> "ProductWords":
        """From the group and the folded words of each variant."""
        numbers: dict[str, int] = {}
        groups: dict[str, int] = {}
        stems = np.full(len(vocabulary), _STOP, np.int32)
        for place, word in enumerate(vocabulary.words):
            if not analyser.is_stop(word):
                stems[place] = numbers.setdefault(analyser.stem(word), len(numbers))
        keys = np.fromiter(
            (
                stem << 32 | row
                for row, (_, words) in enumerate(said)
                for stem in {int(stems[place]) for place in map(vocabulary.id, words) if place >= 0}
                if stem != _STOP
            ),
            np.int64,
        )
        by_row = np.sort((keys & 0xFFFFFFFF) << 32 | keys >> 32)
        keys.sort()
        offsets = (keys >> 32).searchsorted(np.arange(len(numbers) + 1))
        return cls(
            {
                "stems": stems,
                "offsets": offsets.astype(np.uint32),
                "rows": (keys & 0xFFFFFFFF).astype(np.uint32),
                "row_offsets": (by_row >> 32).searchsorted(np.arange(len(said) + 1)).astype(np.uint32),
                "row_stems": (by_row & 0xFFFFFFFF).astype(np.uint32),
                "group_of": np.array([groups.setdefault(group, len(groups)) for group, _ in said], np.uint32),
            }
        )

    @classmethod
    def load(cls, folder: Path) -> "ProductWords":
        """Map what `save` wrote."""
        return cls({name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS})

    def save(self, folder: Path) -> None:
        """Write every array into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", self.arrays[name])

    def leave_out(self, rows: Sequence[int]) -> None:
        """Count the variants of these rows nowhere, and all others again; safe while other threads read."""
        available = np.ones(len(self._available), np.bool_)
        available[np.asarray(rows, np.int64)] = False
        self._available = available

    def findable(self) -> NDArray[np.bool_]:
        """By word id: whether any product has it; stop words count as had."""
        stems, counts = self.arrays["stems"], np.diff(self.arrays["offsets"].astype(np.int64))
        if not len(counts):
            return np.asarray(stems == _STOP)
        return np.asarray((stems == _STOP) | (counts[stems] > 0))

    def having(self, words: Iterable[int]) -> NDArray[np.bool_]:
        """Flags of the variants that have all of the words (ids; -1, an unknown word, is had by none)."""
        flags = self._available
        for word in words:
            if word < 0:
                return np.zeros(len(flags), np.bool_)
            flags = self.narrowed(flags, word)
        return flags

    def narrowed(self, among: NDArray[np.bool_], word: int) -> NDArray[np.bool_]:
        """Those of the flagged variants that have a word."""
        rows = self._rows(word)
        if rows is None:
            return among
        held = np.zeros(len(among), np.bool_)
        held[rows[among[rows]]] = True
        return held

    def words_among(self, flags: NDArray[np.bool_], low: int, high: int) -> NDArray[np.bool_]:
        """For the words [low, high), whether any of the flagged variants (of the first `MOST_ROWS`) has it."""
        rows = np.flatnonzero(flags)[:MOST_ROWS]
        offsets = self.arrays["row_offsets"].astype(np.int64)
        starts, lengths = offsets[rows], offsets[rows + 1] - offsets[rows]
        # The places of all their stems: each row's range, one behind the other.
        places = np.arange(int(lengths.sum())) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        # One place more than there are stems, for stop words.
        had = np.zeros(len(self.arrays["offsets"]), np.bool_)
        had[self.arrays["row_stems"][places]] = True
        had[_STOP] = True
        return np.asarray(had[self.arrays["stems"][low:high]])

    def count(self, among: NDArray[np.bool_], words: Sequence[int]) -> int:
        """How many groups have all of the words in one of the flagged variants."""
        left: NDArray[np.bool_] = among
        for word in words[:-1]:
            left = self.narrowed(left, word)
        rows = self._rows(words[-1])
        held = np.flatnonzero(left) if rows is None else rows[left[rows]]
        return len(np.unique(self.arrays["group_of"][held])) if len(held) else 0

    def _rows(self, word: int) -> NDArray[np.uint32] | None:
        """The variants that have a word, `None` for a stop word."""
        stem = int(self.arrays["stems"][word])
        if stem == _STOP:
            return None
        offsets = self.arrays["offsets"]
        rows: NDArray[np.uint32] = self.arrays["rows"][offsets[stem] : offsets[stem + 1]]
        return rows


def words_of_product(product: Product, config: ShopConfig, locale: str) -> set[str]:
    """Folded words of the title, brand, category and the attributes that are searched as text."""
    held = product.attributes
    stated = (str(held[name]) for name in config.search.searchable if isinstance(held.get(name), str))
    title = product.text(locale, config.locales).title
    return set(split_words(" ".join((title, product.brand, *product.category, *stated))))
