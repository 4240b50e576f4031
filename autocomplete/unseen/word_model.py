"""Which words follow which in a shop: enough to go on with a prefix that no completion starts with.

Bigrams with Witten-Bell's share for words not seen there (Witten and Bell, The Zero-Frequency Problem, 1991), mixed
with pairs of words that stand further apart in one text: "outdoor ... lamp" says more about "outdoor pendant l" than
"pendant" alone. Each distinct text counts once, whatever its weight: how words are put together does not depend on how
often, and so the model has no scale.
"""

from collections.abc import Iterator, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.trie import WordTrie
from data.compile_c import compiled

_module = compiled(Path(__file__).with_suffix(".c"), "autocomplete.unseen._word_model")

Shares = NDArray[np.float32]

# Share of the pairs further apart in a word's probability; flat between .15 and .6.
PAIRS_SHARE = 0.3
# Imagined pairs of a word, so that one text is not certainty.
PAIRS_DOUBT = 5.0
# First words that are looked at, and second words of each; with 12 and 4 a tenth of the unseen queries is lost.
FIRST, SECOND = 30, 10
# Continuations that are asked for at first: more are hardly ever looked at.
_FEW = 32

ARRAYS = (
    "unigram",
    "end",
    "spoken",
    "next_offsets",
    "next_words",
    "next_counts",
    "next_totals",
    "pair_offsets",
    "pair_words",
    "pair_counts",
    "pair_totals",
    "second_words",
    "second_chances",
)


class Continuation(NamedTuple):
    """Ids of one or two words, the first of which completes the partial one; `probability` is of both, and no more."""

    words: tuple[int, ...]
    probability: float


class WordModel:
    """Mapped arrays over a vocabulary of V words.

    | array | shape | holds |
    |---|---|---|
    | unigram | (V + 1,) float32 | share of each word among all; last, that of ends of queries |
    | end | (V,) float32 | probability that a query ends behind the word |
    | spoken | (V,) bool | whether the word may be put into somebody's mouth |
    | next_offsets, next_words, next_counts | (V + 1,), (bigrams,) | what stands right behind each word, by id |
    | next_totals | (V, 2) float32 | sum of the counts, and the share of them in the mixture |
    | pair_offsets, pair_words, pair_counts, pair_totals | likewise, (V,) | what stands anywhere behind it |
    | second_words, second_chances | (V, SECOND) | likeliest words between it and the end of a query |
    """

    def __init__(self, vocabulary: WordTrie, arrays: dict[str, NDArray[Any]]) -> None:
        self.vocabulary = vocabulary
        self.arrays = arrays
        held = tuple(np.ascontiguousarray(arrays[name]) for name in ARRAYS)
        self.compiled = _module and _module.WaysOn(held, FIRST, SECOND, PAIRS_SHARE, PAIRS_DOUBT)

    @property
    def nbytes(self) -> int:
        """Of everything that is mapped but the trie."""
        return sum(array.nbytes for array in self.arrays.values())

    @classmethod
    def load(cls, folder: Path) -> "WordModel":
        """Map what `save` wrote."""
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS}
        return cls(WordTrie.load(folder / "vocabulary.marisa"), arrays)

    def save(self, folder: Path) -> None:
        """Write every array and the trie into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", self.arrays[name])
        self.vocabulary.save(folder / "vocabulary.marisa")

    def continuations(
        self, words: Sequence[str], partial: str, allowed: NDArray[np.bool_] | None = None
    ) -> Iterator[Continuation]:
        """The likeliest ways on from complete words and the beginning of one more, best first.

        `allowed`, by word id, says which words may be in them.

        Where `partial` is a whole word, it alone is among them. Ties by the first word's place, one word before two.
        """
        low, high = self.vocabulary.range(partial)
        if low == high:
            return
        context = tuple(map(self.vocabulary.id, words))
        whole = self.vocabulary.id(partial)
        if self.compiled is None:
            yield from starmap(Continuation, self._likeliest(context, low, high, whole, allowed))
            return
        few = self.compiled.likeliest(context, low, high, whole, allowed, _FEW)
        yield from starmap(Continuation, few)
        if len(few) == _FEW:
            every = self.compiled.likeliest(context, low, high, whole, allowed, FIRST * (1 + SECOND))
            yield from starmap(Continuation, every[_FEW:])

    def _likeliest(
        self, context: Sequence[int], low: int, high: int, whole: int, allowed: NDArray[np.bool_] | None
    ) -> Iterator[tuple[tuple[int, ...], float]]:
        """Ids and probability of each continuation whose first word is in [low, high), best first."""
        arrays = self.arrays
        probabilities = self._first(context, low, high)
        may_be_said = arrays["spoken"][low:high].copy()
        if whole >= 0:
            may_be_said[whole - low] = True
        probabilities[~may_be_said if allowed is None else ~(may_be_said & allowed[low:high])] = 0.0
        places = _largest(probabilities, FIRST)
        first, chances = places + low, probabilities[places]
        # One word alone, and with each of its likeliest second words: (FIRST, 1 + SECOND).
        both = chances[:, None] * np.column_stack([arrays["end"][first], arrays["second_chances"][first]])
        seconds = arrays["second_words"][first]
        if allowed is not None:
            both[:, 1:] *= allowed[seconds]
        for place in _largest(both.ravel(), both.size).tolist():
            row, column = divmod(place, 1 + SECOND)
            ids = (int(first[row]),) if not column else (int(first[row]), int(seconds[row, column - 1]))
            yield ids, float(both[row, column])

    def _first(self, context: Sequence[int], low: int, high: int) -> Shares:
        """Probabilities of the words [low, high) behind a context of ids, -1 for unknown words."""
        arrays = self.arrays
        found: Shares = arrays["unigram"][low:high].copy()
        if not context:
            return found
        if context[-1] >= 0:
            count, share = arrays["next_totals"][context[-1]]
            followers, counts = self._row("next", context[-1], low, high)
            found *= 1 - share
            found[followers - low] += counts * (share / max(count, 1e-9))
        if len(context) > 1:
            found *= 1 - PAIRS_SHARE
            self._add_pairs(context[:-1], low, high, found)
        return found

    def _add_pairs(self, context: Sequence[int], low: int, high: int, found: Shares) -> None:
        """Add what the words of a context say of the words [low, high), together at most `PAIRS_SHARE`."""
        for word in context:
            if word >= 0:
                followers, counts = self._row("pair", word, low, high)
                total = float(self.arrays["pair_totals"][word])
                found[followers - low] += counts * (PAIRS_SHARE / (len(context) * (total + PAIRS_DOUBT)))

    def _row(self, name: str, word: int, low: int, high: int) -> tuple[NDArray[np.int64], Shares]:
        """The followers of a word within [low, high), ascending, with their counts."""
        offsets, words = self.arrays[f"{name}_offsets"], self.arrays[f"{name}_words"]
        start, end = int(offsets[word]), int(offsets[word + 1])
        row = words[start:end]
        first, last = row.searchsorted(low), row.searchsorted(high)
        return row[first:last].astype(np.int64), self.arrays[f"{name}_counts"][start + first : start + last]


def _largest(values: Shares, top_k: int) -> NDArray[np.int64]:
    """Places of the largest values above 0, largest first, ties by place."""
    held = np.flatnonzero(values > 0)
    if len(held) > top_k:
        held = held[values[held] >= np.partition(values[held], -top_k)[-top_k]]
    return held[np.argsort(-values[held], kind="stable")[:top_k]]
