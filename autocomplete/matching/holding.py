"""Whether completions hold the words of a pattern: one completion, or many at once.

The same question twice, because a call of numpy costs as much as looking at three completions: a few are looked at one
by one, hundreds as a matrix. Words of a pattern stand at places of their own in a completion; `loose` and `mask` say
which word ids a word with a slip may have meant.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.pattern import Pattern
from autocomplete.matching.typed import Ending


def holds(words: list[int], pattern: Pattern, loose: Sequence[int] | None) -> bool:
    """Whether a completion holds every word of the pattern and one of `loose`; see `each_holds`."""
    wanted = pattern.words
    for word in wanted:
        if words.count(word) < wanted.count(word):
            return False
    if pattern.ending is Ending.NEXT and len(words) <= len(wanted) + (loose is not None):
        return False
    low, high = pattern.low, pattern.high
    if pattern.ending is Ending.OPEN:
        inside = [word for word in words if low <= word < high]
        if len(inside) <= len([word for word in wanted if low <= word < high]):
            return False
    if loose is None:
        return True
    meant = [word for word in words if loose[word]]
    if len(meant) <= len([word for word in wanted if loose[word]]):
        return False
    if pattern.ending is not Ending.OPEN:
        return True
    either = [word for word in words if loose[word] or low <= word < high]
    return len(either) > len([word for word in wanted if loose[word] or low <= word < high]) + 1


def starts(words: list[int], others: Pattern, place: int, loose: Sequence[int]) -> bool:
    """Whether a completion that holds everything holds it at its start, in the typed order; see `each_starts`."""
    size = len(others.words)
    if not loose[words[place]]:
        return False
    left = words[:place] + words[place + 1 :]
    if tuple(left[:size]) != others.words:
        return False
    return others.ending is not Ending.OPEN or others.low <= left[size] < others.high


def each_holds(
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


def each_starts(words: NDArray[np.int64], others: Pattern, place: int, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
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
