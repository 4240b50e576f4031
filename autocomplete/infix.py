"""Completions that hold what was typed from any word on, or its words in any order."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autocomplete.index import MAX_SCANNED, TOP, CompletionIndex, Ids, best
from autocomplete.kernel import ENDINGS, MOST_TOP, MOST_WORDS
from autocomplete.pattern import Pattern
from autocomplete.typed import Ending

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
        known = index.inner.get(pattern.key) if top_k <= TOP else None
        if known is not None:
            return known[:top_k]
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(pattern.words) <= MOST_WORDS:
        return kernel.holding(pattern.words, pattern.low, pattern.high, ENDINGS[pattern.ending], top_k)
    if not pattern.words:
        found: list[int] = best(np.unique(_postings(index, pattern.low, pattern.high)), top_k).tolist()
        return found
    candidates, lists = _fewest(index, pattern, None)
    kept: list[int] = []
    start, size = 0, _CHUNK
    while start < min(len(candidates), MAX_SCANNED) and len(kept) < top_k:
        ids = _in_all(candidates[start : start + size], lists)
        if len(ids):
            words, lengths = words_matrix(index, ids)
            kept += ids[_holds_all(words, lengths, pattern, None)].tolist()
        start, size = start + size, size * 4
    return kept[:top_k]


def loose_matches(index: CompletionIndex, others: Pattern, loose: Loose, top_k: int) -> tuple[list[int], list[int]]:
    """The best completions that hold the `others`, at least one, and one of the words of `loose`.

    Returns:
        Ids of those that start with the words in the typed order, and of all; `top_k` of each, best first.
    """
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(others.words) < MOST_WORDS:
        ending = ENDINGS[others.ending]
        return kernel.loose(others.words, others.low, others.high, ending, loose.place, loose.ranges, top_k)
    mask = np.zeros(len(index.vocabulary), np.bool_)
    for low, high in loose.ranges:
        mask[low:high] = True
    candidates, lists = _fewest(index, others, loose)
    starting: list[int] = []
    holding: list[int] = []
    start, size = 0, _CHUNK
    while start < min(len(candidates), MAX_SCANNED) and len(starting) < top_k:
        ids = _in_all(candidates[start : start + size], lists)
        if len(ids):
            words, lengths = words_matrix(index, ids)
            kept = _holds_all(words, lengths, others, mask)
            ids, words = ids[kept], words[kept]
        if len(ids):
            holding += ids[: top_k - len(holding)].tolist() if len(holding) < top_k else []
            starting += ids[_starts(words, others, loose.place, mask)].tolist()
        start, size = start + size, size * 4
    return starting[:top_k], holding


def _postings(index: CompletionIndex, low: int, high: int) -> Ids:
    return index.postings[index.posting_offsets[low] : index.posting_offsets[high]]


def _fewest(index: CompletionIndex, pattern: Pattern, loose: Loose | None) -> tuple[Ids, list[Ids]]:
    """The shortest list that holds every match, by weight; and the other words' lists, shortest first."""
    lists = sorted((_postings(index, word, word + 1) for word in dict.fromkeys(pattern.words)), key=len)
    unsorted = [] if loose is None else [loose.ranges]
    if pattern.ending is Ending.OPEN:
        unsorted.append(((pattern.low, pattern.high),))
    offsets = index.posting_offsets
    sizes = [sum(int(offsets[high]) - int(offsets[low]) for low, high in ranges) for ranges in unsorted]
    if lists and len(lists[0]) <= min(sizes, default=len(lists[0])):
        return lists[0], lists[1:]
    ranges = unsorted[sizes.index(min(sizes))]
    return np.unique(np.concatenate([_postings(index, low, high) for low, high in ranges])), lists


def _in_all(ids: Ids, lists: list[Ids]) -> Ids:
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


def _holds_all(
    words: NDArray[np.int64], lengths: NDArray[np.int64], pattern: Pattern, mask: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Whether each completion holds every word of the pattern, and one of `mask`, at places of their own.

    Complete words take the places that hold them; the partial and the loose word need one of the remaining places
    each, and two between them (Hall's condition, which is sufficient).
    """
    wanted = Counter(pattern.words)
    kept = np.ones(len(words), np.bool_)
    for word, times in wanted.items():
        hits = words == word
        kept &= hits.any(axis=1) if times == 1 else hits.sum(axis=1) >= times
    if pattern.ending is Ending.NEXT:
        kept &= lengths > len(pattern.words) + (mask is not None)
    in_range = None
    if pattern.ending is Ending.OPEN:
        in_range = (words >= pattern.low) & (words < pattern.high)
        kept &= in_range.sum(axis=1) > sum(n for word, n in wanted.items() if pattern.low <= word < pattern.high)
    if mask is not None and kept.any():
        in_mask = mask[words] & (words >= 0)
        taken = sum(n for word, n in wanted.items() if mask[word])
        kept &= in_mask.sum(axis=1) > taken
        if in_range is not None:
            taken = sum(n for word, n in wanted.items() if mask[word] or pattern.low <= word < pattern.high)
            kept &= (in_mask | in_range).sum(axis=1) > taken + 1
    return kept


def _starts(words: NDArray[np.int64], others: Pattern, place: int, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether completions that hold everything hold it at their start and in the typed order."""
    kept = mask[words[:, place]] & (words[:, place] >= 0)
    at = 0
    for word in others.words:
        at += at == place
        kept &= words[:, at] == word
        at += 1
    if others.ending is Ending.OPEN:
        at += at == place
        kept &= (words[:, at] >= others.low) & (words[:, at] < others.high)
    return kept


def words_matrix(index: CompletionIndex, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Word ids by completion and place, -1 behind the last word; and the numbers of words."""
    starts = index.word_offsets[ids].astype(np.int64)
    lengths = index.word_offsets[1:][ids].astype(np.int64) - starts
    places = np.arange(int(lengths.max(initial=0)))
    inside = places < lengths[:, None]
    at = np.where(inside, starts[:, None] + places, 0)
    return np.where(inside, index.words[at].astype(np.int64), -1), lengths
