"""Completions that start with what was typed."""

from bisect import bisect_left
from collections.abc import Sequence

from autocomplete.matching.index import FEW_IDS, HOT, TOP, CompletionIndex, best
from autocomplete.matching.kernel import ENDINGS, MOST_TOP, MOST_WORDS
from autocomplete.matching.nearly_typed import LONG_KEY, extent_of, order_nearly_typed
from autocomplete.matching.pattern import Pattern
from autocomplete.matching.typed import Ending


def prefix_matches(index: CompletionIndex, pattern: Pattern, top_k: int) -> list[int]:
    """Ids of the best `top_k` completions whose words, joined by spaces, start with the pattern's key.

    Short keys come from the table; for the rest a slice of the lexical order is partitioned. A CLOSED pattern's last
    word must be complete, but nothing need follow.
    """
    if top_k <= TOP and pattern.ending is not Ending.CLOSED:
        known = index.starts.get(pattern.key, top_k)
        if known is not None:
            return known
    kernel = index.kernel
    if kernel is not None and top_k <= MOST_TOP and len(pattern.words) <= MOST_WORDS:
        return kernel.prefix(pattern.words, pattern.low, pattern.high, ENDINGS[pattern.ending], top_k)
    low, high = prefix_range(index, pattern)
    if high - low <= FEW_IDS:
        return sorted(index.view.lexical[low:high])[:top_k]
    found: list[int] = best(index.lexical[low:high], top_k).tolist()
    return found


def started_matches(index: CompletionIndex, pattern: Pattern, limit: int, window: int) -> list[int]:
    """Ids of completions that start with the pattern's key, best first: the best `window`, and what is nearly typed.

    Which is by weight where the key is short or crowded, see `nearly_typed.py` otherwise.
    """
    if window <= TOP and pattern.ending is not Ending.CLOSED:
        known = index.starts.get(pattern.key, window)
        if known is not None:
            return index.by_nearness(known, extent_of(pattern.key)) if len(pattern.key) >= LONG_KEY else known
    kernel, typed = index.kernel, extent_of(pattern.key)
    if kernel is not None and window <= MOST_TOP and len(pattern.words) <= MOST_WORDS:
        ending = ENDINGS[pattern.ending]
        return kernel.started(pattern.words, pattern.low, pattern.high, ending, limit, window, typed)
    found = prefix_matches(index, pattern, window)
    if len(pattern.key) < LONG_KEY:
        return found
    low, high = prefix_range(index, pattern)
    if high - low > HOT:
        return index.by_nearness(found, typed)
    view = index.view
    return order_nearly_typed(found, sorted(view.lexical[low:high]), view.weights, index.lengths, limit, typed)


def whole_match(index: CompletionIndex, words: Sequence[str]) -> int | None:
    """Id of the likeliest completion of these words, in their order, and no others."""
    found = tuple(map(index.vocabulary.id, words))
    if not found or -1 in found:
        return None
    if index.kernel is not None and len(found) <= MOST_WORDS:
        whole = index.kernel.whole(found)
        return None if whole < 0 else whole
    low, high = prefix_range(index, Pattern(found, 0, 0, Ending.CLOSED, " ".join(words)))
    # The shortest stands before all that go on from it.
    if low < high and tuple(index.words_of(index.view.lexical[low])) == found:
        return int(index.view.lexical[low])
    return None


def prefix_range(index: CompletionIndex, pattern: Pattern) -> tuple[int, int]:
    """The half-open range of places in `lexical` of all completions that start with the pattern."""
    view, words = index.view, pattern.words
    first, second = view.first, view.second
    if not words:
        return first[pattern.low], first[pattern.high]
    low, high = first[words[0]], first[words[0] + 1]
    if low == high:
        return low, high
    # `second` counts from 1: its 0 is for none.
    if len(words) > 1:
        low = bisect_left(second, words[1] + 1, low, high)
        high = bisect_left(second, words[1] + 2, low, high)
    elif pattern.ending is Ending.OPEN:
        low = bisect_left(second, pattern.low + 1, low, high)
        high = bisect_left(second, pattern.high + 1, low, high)
    elif pattern.ending is Ending.NEXT:
        low = bisect_left(second, 1, low, high)
    if len(words) < 2 or low == high or (len(words) == 2 and pattern.ending is Ending.CLOSED):
        return low, high
    return _narrowed(index, low, high, pattern)


def _narrowed(index: CompletionIndex, low: int, high: int, pattern: Pattern) -> tuple[int, int]:
    """Of places whose completions share the first two words, those that go on as the pattern does.

    A list of words sorts before every longer one that begins with it, as the completions themselves are sorted.
    """
    rest = list(pattern.words[2:])
    if pattern.ending is Ending.OPEN:
        start, end = [*rest, pattern.low], [*rest, pattern.high]
    else:
        start = [*rest, 0] if pattern.ending is Ending.NEXT else rest
        end = [*rest[:-1], rest[-1] + 1] if rest else []
    lexical, offsets, words = index.view.lexical, index.view.word_offsets, index.view.words

    def behind_second(place: int) -> list[int]:
        completion = lexical[place]
        found: list[int] = words[offsets[completion] + 2 : offsets[completion + 1]].tolist()
        return found

    places = range(low, high)
    below = bisect_left(places, start, key=behind_second)
    if end:
        high = low + bisect_left(places, end, below, key=behind_second)
    return low + below, high
