"""Completions that hold what was typed from any word on, or its words in any order."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.holding import each_holds, each_starts, holds, starts
from autocomplete.matching.index import FEW_IDS, MAX_SCANNED, TOP, CompletionIndex, Ids, best
from autocomplete.matching.kernel import ENDINGS, MOST_TOP, MOST_WORDS
from autocomplete.matching.pattern import Pattern
from autocomplete.matching.typed import Ending

# Completions looked at in one step; the next steps take four times as many. Popular ones come first, so a common
# pair of words is done after the first.
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Loose:
    """A word of a pattern that may be any of several: what a slip of the thumb may have meant.

    `ranges` are disjoint half-open ranges of word ids; `place` is the word's among all that was typed.
    """

    place: int
    ranges: tuple[tuple[int, int], ...]


def word_matches(index: CompletionIndex, pattern: Pattern, top_k: int) -> list[int]:
    """Ids of the best `top_k` completions that hold all the pattern's words, each at a place of its own.

    The partial word of an OPEN pattern is the beginning of one more word, a NEXT pattern wants any one more. Both
    "from any word on" and "in any order" are among them, and so is every prefix match.
    """
    if not pattern.words:
        known = index.inner.get(pattern.key, top_k) if top_k <= TOP else None
        if known is not None:
            return known
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(pattern.words) <= MOST_WORDS:
        return kernel.holding(pattern.words, pattern.low, pattern.high, ENDINGS[pattern.ending], top_k)
    if not pattern.words:
        found: list[int] = best(_union(index, ((pattern.low, pattern.high),)), top_k).tolist()
        return found
    return list(islice(each_that_holds(index, pattern), top_k))


def each_that_holds(index: CompletionIndex, pattern: Pattern) -> Iterator[int]:
    """Ids of all that `word_matches` gives for a pattern of at least one complete word, best first."""
    candidates, lists = _fewest(index, pattern, None)
    for ids in chunks(candidates, lists):
        if len(ids) <= FEW_IDS:
            yield from (each for each in ids.tolist() if holds(index.words_of(each), pattern, None))
        else:
            words, lengths = words_matrix(index, ids)
            yield from ids[each_holds(words, lengths, pattern, None)].tolist()


def loose_matches(
    index: CompletionIndex, others: Pattern, loose: Loose, top_k: int, enough: int
) -> tuple[list[int], list[int]]:
    """The best completions that hold the `others`, at least one, and one of the words of `loose`.

    Returns:
        Ids of those that start with the words in the typed order, and of all; `top_k` of each, best first. Of a word
        alone those that start so will do where they are `enough`.
    """
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(others.words) < MOST_WORDS:
        ending = ENDINGS[others.ending]
        return kernel.loose(others.words, others.low, others.high, ending, loose.place, loose.ranges, top_k, enough)
    mask = np.zeros(len(index.vocabulary), np.bool_)
    for low, high in loose.ranges:
        mask[low:high] = True
    candidates, lists = _fewest(index, others, loose)
    starting: list[int] = []
    holding: list[int] = []
    for ids in chunks(candidates, lists):
        if len(ids) <= FEW_IDS:
            for each in ids.tolist():
                if holds(words := index.words_of(each), others, mask.data):
                    holding.append(each)
                    if starts(words, others, loose.place, mask.data):
                        starting.append(each)
        else:
            matrix, lengths = words_matrix(index, ids)
            kept = each_holds(matrix, lengths, others, mask)
            ids, matrix = ids[kept], matrix[kept]
            if len(ids):
                holding += ids[:top_k].tolist()
                starting += ids[each_starts(matrix, others, loose.place, mask)].tolist()
        if len(starting) >= top_k:
            break
    return starting[:top_k], holding[:top_k]


def meant_ranges(
    index: CompletionIndex, ids: list[int], others: Pattern, loose: Loose, is_starting: bool
) -> list[tuple[int, int]]:
    """Of completions that `loose_matches` gave, the ranges of `loose` that their words are in: (id, number of range).

    That of the word at its place, where the completion is one that starts so; of each word that leaves a place for all
    the `others` otherwise, in their order. Ranges ascend.
    """
    if index.kernel is not None:
        place = loose.place if is_starting else -1
        return index.kernel.meant(
            ids, others.words, others.low, others.high, ENDINGS[others.ending], place, loose.ranges
        )
    lows = [low for low, _ in loose.ranges]
    found = []
    for each in ids:
        words = index.words_of(each)
        for word in words[loose.place : loose.place + 1] if is_starting else _left_by(words, others):
            at = bisect_right(lows, word) - 1
            if at >= 0 and word < loose.ranges[at][1]:
                found.append((each, at))
    return found


def _left_by(words: Sequence[int], others: Pattern) -> list[int]:
    """The words of a completion that one more may be, when each word of the pattern has one of them."""
    left = list(words)
    for word in others.words:
        left.remove(word)
    if others.ending is not Ending.OPEN:
        return left
    partial = [word for word in left if others.low <= word < others.high]
    return [word for word in left if partial != [word]]


def _union(index: CompletionIndex, ranges: Sequence[tuple[int, int]]) -> Ids:
    """Ids of the completions that hold one of the words of disjoint ranges, ascending."""
    offsets, postings = index.view.posting_offsets, index.view.postings
    spans = [(offsets[low], offsets[high]) for low, high in ranges]
    if sum(high - low for low, high in spans) <= FEW_IDS:
        return np.array(sorted({each for low, high in spans for each in postings[low:high]}), np.uint32)
    return np.unique(np.concatenate([index.postings[low:high] for low, high in spans]))


def _fewest(index: CompletionIndex, pattern: Pattern, loose: Loose | None) -> tuple[Ids, list[Ids]]:
    """The shortest list that holds every match, by weight; and the other words' lists, shortest first."""
    offsets = index.view.posting_offsets
    words = dict.fromkeys(pattern.words)
    lists = sorted((index.postings[offsets[word] : offsets[word + 1]] for word in words), key=len)
    unsorted = [] if loose is None else [loose.ranges]
    if pattern.ending is Ending.OPEN:
        unsorted.append(((pattern.low, pattern.high),))
    sizes = [sum(offsets[high] - offsets[low] for low, high in ranges) for ranges in unsorted]
    if lists and len(lists[0]) <= min(sizes, default=len(lists[0])):
        return lists[0], lists[1:]
    return _union(index, unsorted[sizes.index(min(sizes))]), lists


def chunks(candidates: Ids, lists: list[Ids]) -> Iterator[Ids]:
    """Those of the first `MAX_SCANNED` candidates that are in all the lists, a few to begin with, then ever more."""
    if len(candidates) <= FEW_IDS:
        # Their words are looked at sooner than the lists.
        yield candidates
        return
    start, size = 0, _CHUNK
    while start < min(len(candidates), MAX_SCANNED):
        ids = in_all(candidates[start : start + size], lists)
        if len(ids):
            yield ids
        start, size = start + size, size * 4


def in_all(ids: Ids, lists: list[Ids]) -> Ids:
    """Those of ascending ids that are in every one of the lists: cheaper than to look at the completions' words."""
    for each in lists:
        if not len(ids):
            break
        low, high = each.searchsorted(ids[0]), each.searchsorted(ids[-1], "right")
        if low == high:
            return ids[:0]
        part = each[low:high]
        ids = ids[part.take(part.searchsorted(ids), mode="clip") == ids]
    return ids


def words_matrix(index: CompletionIndex, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Word ids by completion and place, -1 behind the last word; and the numbers of words."""
    starts = index.word_offsets[ids].astype(np.int64)
    lengths = index.word_offsets[1:][ids].astype(np.int64) - starts
    places = np.arange(int(lengths.max(initial=0)))
    inside = places < lengths[:, None]
    at = np.where(inside, starts[:, None] + places, 0)
    return np.where(inside, index.words[at].astype(np.int64), -1), lengths
