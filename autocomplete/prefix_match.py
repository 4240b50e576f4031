"""Completions that start with what was typed."""

import numpy as np

from autocomplete.index import TOP, CompletionIndex, Ids, best
from autocomplete.kernel import ENDINGS, MOST_TOP, MOST_WORDS
from autocomplete.pattern import Pattern
from autocomplete.typed import Ending


def prefix_matches(index: CompletionIndex, pattern: Pattern, top_k: int) -> list[int]:
    """Ids of the best `top_k` completions whose words, joined by spaces, start with the pattern's key.

    Short keys come from the table; for the rest a slice of the lexical order is partitioned. A CLOSED pattern's last
    word must be complete, but nothing need follow.
    """
    if top_k <= TOP and pattern.ending is not Ending.CLOSED:
        known = index.starts.get(pattern.key)
        if known is not None:
            return known[:top_k]
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(pattern.words) <= MOST_WORDS:
        return kernel.prefix(pattern.words, pattern.low, pattern.high, ENDINGS[pattern.ending], top_k)
    found: list[int] = best(prefix_range(index, pattern), top_k).tolist()
    return found


def prefix_range(index: CompletionIndex, pattern: Pattern) -> Ids:
    """Ids of all completions that start with the pattern, in no useful order."""
    first, words = index.first, pattern.words
    if not words:
        return index.lexical[first[pattern.low] : first[pattern.high]]
    low, high = int(first[words[0]]), int(first[words[0] + 1])
    if len(words) > 1:
        low, high = _narrow(index.second, low, high, words[1], words[1] + 1)
    elif pattern.ending is Ending.OPEN:
        low, high = _narrow(index.second, low, high, pattern.low, pattern.high)
    elif pattern.ending is Ending.NEXT:
        low += int(index.second[low:high].searchsorted(1))
    ids = index.lexical[low:high]
    return ids if len(words) < 2 else _starting_with(index, ids, pattern)


def _narrow(second: Ids, low: int, high: int, word_low: int, word_high: int) -> tuple[int, int]:
    """The part of a first word's range whose second word's id is in [word_low, word_high)."""
    part = second[low:high]
    # The bounds in the array's own type: otherwise numpy converts the whole slice.
    start = int(part.searchsorted(np.uint32(word_low + 1)))
    return low + start, low + start + int(part[start:].searchsorted(np.uint32(word_high + 1)))


def _starting_with(index: CompletionIndex, ids: Ids, pattern: Pattern) -> Ids:
    """Of completions that share the first two words, those that go on as the pattern does."""
    for place, word in enumerate(pattern.words[2:], 2):
        if not len(ids):
            return ids
        ids = _having(index, ids, place, word, word + 1)
    if pattern.ending is Ending.OPEN:
        return _having(index, ids, len(pattern.words), pattern.low, pattern.high)
    if pattern.ending is Ending.NEXT:
        return _having(index, ids, len(pattern.words), 0, len(index.vocabulary))
    return ids


def _having(index: CompletionIndex, ids: Ids, place: int, low: int, high: int) -> Ids:
    """Those whose word at `place` has an id in [low, high)."""
    at = index.word_offsets[ids] + np.uint32(place)
    long_enough = at < index.word_offsets[1:][ids]
    ids = ids[long_enough]
    words = index.words[at[long_enough]]
    kept: Ids = ids[(words >= low) & (words < high)]
    return kept
