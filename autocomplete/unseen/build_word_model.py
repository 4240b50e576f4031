"""Counting which words follow which: completions and titles to a `WordModel`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.trie import WordTrie
from autocomplete.unseen.word_model import SECOND, WordModel
from data.text import UNITS

Ids = NDArray[np.uint32]
Shares = NDArray[np.float32]
# Offsets by first word, second words, counts.
_Rows = tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float64]]

# What a title's pair of words counts against a query's 1: titles say far more, and less as people do. On Home Depot's
# unseen queries .1, .3 and 1 do alike.
TITLE_COUNT = 0.3
# The likeliest completions, and as many titles, tell how words follow; more of them change little and cost a second.
MOST_TEXTS = 200_000
# Words further apart than this have no more to do with each other than any two of the shop.
WIDEST_GAP = 6
# What a continuation by two words keeps of its probability: one word more than has been begun is a guess.
SECOND_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from: word ids, and whether it is a query, which ends where people stop typing."""

    words: Sequence[int]
    is_query: bool


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


def _seconds(following: _Rows, arrays: Mapping[str, NDArray[Any]]) -> tuple[Ids, Shares]:
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
