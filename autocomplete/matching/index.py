"""The completions of one locale as mapped arrays.

A completion's *id* is its place by weight: 0 is the best, ties go by text. So "the best ten of these" is "the ten
smallest numbers of these", every posting list is sorted by weight as it stands, and popular texts share pages.

| array | shape | holds |
|---|---|---|
| words | (total,) uint32 | word ids of each completion in order, completion after completion |
| word_offsets | (n + 1,) uint32 | where a completion's words begin |
| lexical | (n,) uint32 | ids in the order of their word sequences, equal ones by id |
| first | (words + 1,) uint32 | where in `lexical` the completions begin whose first word is w |
| second | (n,) uint32 | id + 1 of the second word by place in `lexical`, 0 for none |
| postings | (≤ total,) uint32 | ids of the completions that contain word w, ascending, word after word |
| posting_offsets | (words + 1,) uint32 | where a word's postings begin |
| text, text_offsets | bytes, (n + 1,) uint32 | the texts in UTF-8 |
| weights, kinds, sources, results, people | (n,) | by id |
| groups | (n,) | by id, the same number for near-duplicates; 0 for what has none |
| categories | (n,) | by id, number of the category most of its products stand in; 0 for none |
| pairs | (p,) uint64 | ids of two neighbouring characters of scripts without spaces, the first in the upper half |
| pair_offsets | (p + 1,) uint32 | where a pair's postings begin |
| pair_postings | uint32 | ids of the completions that hold the pair, ascending, pair after pair; see `pairs.py` |
| slip_keys, slip_beginnings | (≤ 3 × beginnings of words,) uint32 | see `slips/slip_table.py` |
| targets, target_offsets | bytes, (n + 1,) uint32 | JSON of concept and product id, empty for most |

Words sorted by code point make a partial word a *range* of word ids; both the completions that start in the range and
the postings of the whole range are then one slice.

Arrays of `NARROWED` are stored in the smallest unsigned type that holds their numbers (two bytes a word id up to 65,535
words); columns of zeros (`LEFT_OUT`) are not stored: 73 bytes a completion at a million of four words.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.diversity import diversify, most_of_category
from autocomplete.matching.kernel import MOST_TOP, make_kernel
from autocomplete.matching.nearly_typed import Extent, by_nearness
from autocomplete.matching.pairs import PairPostings
from autocomplete.matching.slips.readings import neighbours
from autocomplete.matching.slips.slip_table import SlipTable
from autocomplete.matching.slips.two_slips import distant_neighbours, letters_of
from autocomplete.matching.trie import TopTable, WordTrie
from autocomplete.suggestion import SuggestionKind, SuggestionSource

Ids = NDArray[np.uint32]

# What the numbers in `kinds` and `sources` mean.
KINDS = tuple(SuggestionKind)
SOURCES = tuple(SuggestionSource)

# Array name -> dtype; each is a file NAME.npy.
ARRAYS: Mapping[str, type] = {
    "words": np.uint32,
    "word_offsets": np.uint32,
    "lexical": np.uint32,
    "first": np.uint32,
    "second": np.uint32,
    "postings": np.uint32,
    "posting_offsets": np.uint32,
    "text": np.uint8,
    "text_offsets": np.uint32,
    "weights": np.float32,
    "kinds": np.uint8,
    "sources": np.uint8,
    "results": np.uint32,
    "people": np.uint32,
    "groups": np.uint32,
    "categories": np.uint32,
    "pairs": np.uint64,
    "pair_offsets": np.uint32,
    "pair_postings": np.uint32,
    "slip_keys": np.uint32,
    "slip_beginnings": np.uint32,
    "targets": np.uint8,
    "target_offsets": np.uint32,
}

# What is only compared, counted or shown, so that its width is nobody's business.
NARROWED = ("words", "second", "results", "people", "groups", "categories", "target_offsets")
# Columns of zeros are not stored.
LEFT_OUT = ("people", "groups", "categories", "target_offsets")
# Up to this many completions are looked at one by one: a call of numpy costs as much as looking at three.
FEW_IDS = 48
# A range with more completions than this has its best ones precomputed; a shorter one is partitioned on the spot
# (512: 5 µs, 4,096: 20 µs). At a million completions there are some 3,000 such prefixes: 0.4 B a completion.
HOT = 512
# Words whose neighbours are remembered: some 1 MB, and most of what is being typed at any moment.
REMEMBERED = 2048
# At most this many completions of a pattern's rarest word are looked at. Only very common words that hardly ever meet
# come near it, and then the popular meetings have been seen.
MAX_SCANNED = 1 << 15
# Best ones kept of a hot prefix: enough for ten suggestions after near-duplicates step back.
TOP = 32


class View:
    """The same memory as the arrays', one number at a time: a Python integer in 40 ns, from an array it is 150."""

    __slots__ = (
        "categories",
        "first",
        "groups",
        "lexical",
        "posting_offsets",
        "postings",
        "second",
        "weights",
        "word_offsets",
        "words",
    )

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.words = arrays["words"].data
        self.word_offsets = arrays["word_offsets"].data
        self.lexical = arrays["lexical"].data
        self.first = arrays["first"].data
        self.second = arrays["second"].data
        self.postings = arrays["postings"].data
        self.posting_offsets = arrays["posting_offsets"].data
        self.groups = arrays["groups"].data
        self.categories = arrays["categories"].data
        self.weights = arrays["weights"].data


class Neighbours(NamedTuple):
    """Strings near what was typed, and the half-open ranges of the words that they are, or begin."""

    texts: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]


class CompletionIndex:
    """Read-only arrays of one locale's completions, the trie of their words, and the best ones of short prefixes."""

    def __init__(
        self, arrays: Mapping[str, NDArray[Any]], vocabulary: WordTrie, starts: TopTable, inner: TopTable
    ) -> None:
        self.stored = arrays
        self.arrays = arrays = _with_zeros(arrays)
        self.vocabulary = vocabulary
        self.starts = starts
        self.inner = inner
        self.words: Ids = arrays["words"]
        self.word_offsets: Ids = arrays["word_offsets"]
        self.lexical: Ids = arrays["lexical"]
        self.postings: Ids = arrays["postings"]
        self.posting_offsets: Ids = arrays["posting_offsets"]
        self.weights: NDArray[np.float32] = arrays["weights"]
        self.view = View(arrays)
        self.slips = SlipTable(vocabulary.words, arrays["slip_keys"], arrays["slip_beginnings"])
        self.pairs = PairPostings(arrays["pairs"], arrays["pair_offsets"], arrays["pair_postings"])
        self.kernel = make_kernel(self, MAX_SCANNED, HOT)
        # Somebody who types "cordlss drill bit" mistypes one word once and sends it with ten keystrokes.
        self.neighbours = lru_cache(maxsize=REMEMBERED)(self._neighbours)
        # Slices of a memoryview are bytes without a copy, and five times as fast to take as an array's.
        self._text = arrays["text"].data
        self._text_offsets = arrays["text_offsets"].data
        self._targets = arrays["targets"].data

    def _neighbours(self, word: str, partial: bool, edits: int = 1) -> Neighbours:
        """What `word` may have been meant for, by so many slips."""
        if partial and len(word) == 1 and not word.isdigit():
            return Neighbours(("",), ((0, len(self.vocabulary)),))
        if self.kernel is not None:
            found = self.kernel.neighbours(word, partial, edits)
            return Neighbours(tuple(text for text, _, _ in found), tuple((low, high) for _, low, high in found))
        if edits == 1:
            texts = neighbours(self.vocabulary, self.slips, word, partial)
        else:
            texts = tuple(distant_neighbours(self.vocabulary.words, self._letters, word, partial, edits))
        if partial:
            return Neighbours(texts, tuple(map(self.vocabulary.range, texts)))
        texts = tuple(sorted(texts))
        return Neighbours(texts, tuple((each, each + 1) for each in map(self.vocabulary.id, texts)))

    @cached_property
    def lengths(self) -> Sequence[int]:
        """Bytes of each text; only the order of long prefixes without a kernel needs them."""
        found: Sequence[int] = np.diff(self.arrays["text_offsets"].astype(np.int64)).data
        return found

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        """Only two slips without a kernel need them."""
        return letters_of(self.vocabulary.words)

    def __len__(self) -> int:
        return len(self.lexical)

    @property
    def nbytes(self) -> int:
        """Of everything that is mapped but the tries, which add some 5 bytes a word."""
        return sum(array.nbytes for array in self.stored.values()) + self.starts.nbytes + self.inner.nbytes

    @classmethod
    def load(cls, folder: Path) -> "CompletionIndex":
        """Map what `save` wrote."""
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS}
        return cls(
            arrays,
            WordTrie.load(folder / "vocabulary.marisa"),
            TopTable.load(folder / "starts"),
            TopTable.load(folder / "inner"),
        )

    def save(self, folder: Path) -> None:
        """Write every array and trie into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self.stored.items():
            np.save(folder / f"{name}.npy", array)
        self.vocabulary.save(folder / "vocabulary.marisa")
        self.starts.save(folder / "starts")
        self.inner.save(folder / "inner")

    def diverse(self, ids: list[int], limit: int, of_category: int | None = None) -> list[int]:
        """See `diversity.diversify`; `of_category` is by default as `most_of_category` says."""
        most = most_of_category(limit) if of_category is None else of_category
        if self.kernel is not None and len(ids) <= MOST_TOP:
            return self.kernel.diverse(ids, limit, most)
        return diversify(ids, self.view.groups, self.view.categories, limit, most)

    def by_nearness(self, ids: list[int], typed: Extent) -> list[int]:
        """See `nearly_typed.by_nearness`."""
        if self.kernel is not None and len(ids) <= MOST_TOP:
            return self.kernel.by_nearness(ids, typed)
        return by_nearness(ids, self.view.weights, self.lengths, typed)

    def text(self, completion: int) -> str:
        """The completion's text as shown."""
        if self.kernel is not None:
            return self.kernel.text(completion)
        offsets = self._text_offsets
        return str(self._text[offsets[completion] : offsets[completion + 1]], "utf-8")

    def weight(self, completion: int) -> float:
        """The completion's prior."""
        found: float = self.view.weights[completion]
        return found

    def target(self, completion: int) -> bytes:
        """JSON list of concept id and product id; empty for neither."""
        offsets = self.arrays["target_offsets"]
        return bytes(self._targets[offsets[completion] : offsets[completion + 1]])

    def words_of(self, completion: int) -> list[int]:
        """The completion's word ids in order."""
        offsets = self.view.word_offsets
        found: list[int] = self.view.words[offsets[completion] : offsets[completion + 1]].tolist()
        return found


def _with_zeros(stored: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """The same with columns of zeros where none are stored; they take up no memory."""
    count = len(stored["lexical"])
    sizes = {name: count + (name == "target_offsets") for name in LEFT_OUT}
    zeros = {
        name: np.broadcast_to(np.zeros(1, stored[name].dtype), size)
        for name, size in sizes.items()
        if len(stored[name]) < size
    }
    return {**stored, **zeros}


def best(ids: Ids, top_k: int) -> Ids:
    """The `top_k` smallest of distinct ids, ascending: the best completions, best first."""
    if len(ids) > top_k:
        ids = np.partition(ids, top_k - 1)[:top_k]
    return np.sort(ids)
