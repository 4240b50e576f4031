"""Which words follow which in a shop: enough to go on with a prefix that no completion starts with.

Bigrams with Witten-Bell's share for words not seen there (Witten and Bell, The Zero-Frequency Problem, 1991), mixed
with pairs of words that stand further apart in one text: "outdoor ... lamp" says more about "outdoor pendant l" than
"pendant" alone. Each distinct text counts once, whatever its weight: how words are put together does not depend on how
often, and so the model has no scale.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.trie import WordTrie
from data.text import UNITS

Ids = NDArray[np.uint32]
Shares = NDArray[np.float32]

# What a title's pair of words counts against a query's 1: titles say far more, and less as people do. On Home Depot's
# unseen queries .1, .3 and 1 do alike.
TITLE_COUNT = 0.3
# The likeliest completions, and as many titles, tell how words follow; more of them change little and cost a second.
MOST_TEXTS = 200_000
# Words further apart than this have no more to do with each other than any two of the shop.
WIDEST_GAP = 6
# Share of the pairs further apart in a word's probability; flat between .15 and .6.
PAIRS_SHARE = 0.3
# Imagined pairs of a word, so that one text is not certainty.
PAIRS_DOUBT = 5.0
# First words that are looked at, and second words of each; with 12 and 4 a tenth of the unseen queries is lost.
FIRST, SECOND = 30, 10
# Of so many of the likeliest words a few are tried first, so that the rest of a large range can be passed over.
LIKELY = 2048
# What a continuation by two words keeps of its probability: one word more than has been begun is a guess.
SECOND_SHARE = 0.4

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


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from: word ids, and whether it is a query, which ends where people stop typing."""

    words: Sequence[int]
    is_query: bool


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
        self._likely = _largest(arrays["unigram"][:-1] * arrays["spoken"], LIKELY)

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
        arrays = self.arrays
        low, high = self.vocabulary.range(partial)
        if low == high:
            return
        context = [self.vocabulary.id(word) for word in words]
        probabilities = self._first(context, low, high)
        may_be_said = arrays["spoken"][low:high] if allowed is None else arrays["spoken"][low:high] & allowed[low:high]
        whole = self.vocabulary.id(partial)
        if whole >= 0 and (allowed is None or allowed[whole]):
            may_be_said = may_be_said.copy()
            may_be_said[whole - low] = True
        places = np.flatnonzero(probabilities >= self._floor(probabilities, low, high, allowed))
        places = places[may_be_said[places]]
        places = places[_largest(probabilities[places], FIRST)]
        first, chances = places + low, probabilities[places]
        # One word alone, and with each of its likeliest second words: (FIRST, 1 + SECOND).
        both = np.empty((len(first), 1 + SECOND), np.float32)
        both[:, 0] = arrays["end"][first]
        both[:, 1:] = arrays["second_chances"][first]
        both *= chances[:, None]
        seconds = arrays["second_words"][first]
        if allowed is not None:
            both[:, 1:] *= allowed[seconds]
        chances = both.ravel()
        order = _largest(chances, both.size)
        starts = first.tolist()
        for place, chance in zip(order.tolist(), chances[order].tolist(), strict=True):
            row, column = divmod(place, 1 + SECOND)
            ids = (starts[row],) if not column else (starts[row], int(seconds[row, column - 1]))
            yield Continuation(ids, chance)

    def _floor(self, probabilities: Shares, low: int, high: int, allowed: NDArray[np.bool_] | None) -> float:
        """What `FIRST` of the words [low, high) that may be said reach at least, so that no less likely one counts."""
        if high - low < LIKELY:
            return 0.0
        likely = self._likely[(self._likely >= low) & (self._likely < high)]
        if allowed is not None:
            likely = likely[allowed[likely]]
        return float(probabilities[likely[:FIRST] - low].min()) if len(likely) >= FIRST else 0.0

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


def build_word_model(
    vocabulary: WordTrie, texts: Iterable[Text], findable: NDArray[np.bool_], is_stop: Callable[[str], bool]
) -> WordModel:
    """Count what follows what.

    Args:
        vocabulary: Of all texts.
        texts: In any order; distinct.
        findable: By word id, whether any product has it.
        is_stop: Whether a word only says how others relate; none ends a query.
    """
    held = [text for text in texts if len(text.words)]
    lengths = np.fromiter((len(text.words) for text in held), np.int64, len(held))
    ids = np.fromiter((word for text in held for word in text.words), np.uint64, int(lengths.sum()))
    text_of = np.repeat(np.arange(len(held)), lengths)
    is_query = np.fromiter((text.is_query for text in held), np.bool_, len(held))
    weight = np.where(is_query, 1.0, TITLE_COUNT)[text_of]
    size = len(vocabulary)
    gaps = [(gap, _beside(text_of, gap)) for gap in range(1, WIDEST_GAP + 1)]
    following = _rows(size, [(ids, weight, gaps[0])])
    anywhere = _rows(size, [(ids, weight, gap) for gap in gaps])
    lasts = ids[np.cumsum(lengths) - 1][is_query].astype(np.int64)
    ends = np.bincount(lasts, minlength=size).astype(np.float64)
    words = np.bincount(ids.astype(np.int64), weight, size)
    unigram = np.append(words, ends.sum())
    unigram /= max(float(unigram.sum()), 1.0)
    counts = _sums(following) + ends
    kinds = np.diff(following[0]) + (ends > 0)
    share = counts / np.maximum(counts + kinds, 1.0)
    end = share * ends / np.maximum(counts, 1e-9) + (1 - share) * unigram[-1]
    end[np.fromiter(map(is_stop, vocabulary.words), np.bool_, size)] = 0.0
    arrays: dict[str, NDArray[Any]] = {
        "unigram": unigram.astype(np.float32),
        "end": end.astype(np.float32),
        "spoken": findable & np.fromiter(map(_is_spoken, vocabulary.words), np.bool_, size),
        "next_totals": np.stack([counts, share], axis=1).astype(np.float32),
        "pair_totals": _sums(anywhere).astype(np.float32),
    }
    for name, (offsets, followers, held_counts) in (("next", following), ("pair", anywhere)):
        arrays |= {
            f"{name}_offsets": offsets.astype(np.uint32),
            f"{name}_words": followers.astype(np.uint32),
            f"{name}_counts": held_counts.astype(np.float32),
        }
    arrays["second_words"], arrays["second_chances"] = _seconds(following, arrays)
    # Two bytes are enough for 65,535 words.
    narrow = np.min_scalar_type(size)
    arrays |= {name: arrays[name].astype(narrow) for name in ("next_words", "pair_words", "second_words")}
    return WordModel(vocabulary, arrays)


def _seconds(following: "_Rows", arrays: Mapping[str, NDArray[Any]]) -> tuple[Ids, Shares]:
    """For each word the `SECOND` likeliest that follow it and end a query there."""
    offsets, followers, counts = following
    size = len(offsets) - 1
    first = np.repeat(np.arange(size), np.diff(offsets))
    second = followers.astype(np.int64)
    totals, shares = arrays["next_totals"][:, 0], arrays["next_totals"][:, 1]
    chances = shares[first] * counts / np.maximum(totals[first], 1e-9) + (1 - shares[first]) * arrays["unigram"][second]
    chances *= SECOND_SHARE * arrays["end"][second] * arrays["spoken"][second]
    order = np.lexsort((second, -chances, first))
    rank = np.arange(len(order)) - offsets[first[order]]
    kept = order[rank < SECOND]
    words, held = np.zeros((size, SECOND), np.uint32), np.zeros((size, SECOND), np.float32)
    words[first[kept], rank[rank < SECOND]] = second[kept]
    held[first[kept], rank[rank < SECOND]] = chances[kept]
    return words, held


def _is_spoken(word: str) -> bool:
    """A number, a unit or a letter means nothing without what it was cut from: "15.6", "5 cm", "wi-fi".

    Nor does one character of a script without spaces, where bigrams are far too short to make a word.
    """
    return len(word) > 1 and not word.isdigit() and word not in UNITS


def _beside(text_of: NDArray[np.int64], gap: int) -> NDArray[np.int64]:
    """Places whose neighbour `gap` places on is in the same text."""
    return np.flatnonzero(text_of[gap:] == text_of[:-gap]) if len(text_of) > gap else np.empty(0, np.int64)


_Rows = tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float64]]


def _rows(
    size: int,
    parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.float64], tuple[int, NDArray[np.int64]]]],
) -> _Rows:
    """Offsets by first word, second words ascending within each, and their counts."""
    keys = np.concatenate([ids[at] << np.uint64(32) | ids[at + gap] for ids, _, (gap, at) in parts])
    weights = np.concatenate([weight[at] for _, weight, (_, at) in parts])
    distinct, place = np.unique(keys, return_inverse=True)
    counts = np.bincount(place, weights, len(distinct))
    firsts = (distinct >> np.uint64(32)).astype(np.int64)
    offsets = firsts.searchsorted(np.arange(size + 1)).astype(np.int64)
    return offsets, distinct & np.uint64(0xFFFFFFFF), counts.astype(np.float64)


def _sums(rows: _Rows) -> NDArray[np.float64]:
    """Of the counts by first word."""
    offsets, _, counts = rows
    totals: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(counts)])
    return np.asarray(totals[offsets[1:]] - totals[offsets[:-1]])


def _largest(values: Shares, top_k: int) -> NDArray[np.int64]:
    """Places of the largest values above 0, largest first, ties by place."""
    held = np.flatnonzero(values > 0)
    if len(held) > top_k:
        held = held[values[held] >= np.partition(values[held], -top_k)[-top_k]]
    return held[np.argsort(-values[held], kind="stable")[:top_k]]
