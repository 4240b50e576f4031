"""Completions that hold the characters of scripts without spaces as they were typed: in one piece, or in a few.

Each such character is a word (`words.py`); a *run* is two or more of them typed next to each other, whatever separators
stand between: shoppers set blanks there as they like. A completion holds a run

- *in one piece*: its characters stand next to each other in the typed order;
- *in pieces*: each character stands next to the one typed before or behind it. An ideograph may also stand alone,
  because it means something by itself ("女鞋" in "女士运动鞋"); a letter of Thai or a kana does not, and nearly every
  longer text holds any three of them. Two ideographs alone keep their order.

The fewer places there are where pieces part, the better. Completions come from the postings of pairs (`pairs.py`).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.holding import each_holds
from autocomplete.matching.index import CompletionIndex, Ids
from autocomplete.matching.infix import chunks, words_matrix
from autocomplete.matching.pattern import Pattern
from autocomplete.matching.typed import Ending
from autocomplete.words import is_character, is_ideograph

# Half-open ranges: of places in what was typed, and of the word ids that may stand at a place.
Run = tuple[int, int]
Range = tuple[int, int]
Rows = NDArray[np.bool_]


def runs_of(words: Sequence[str]) -> list[Run]:
    """Where two or more characters of scripts without spaces stand next to each other."""
    runs: list[Run] = []
    first = 0
    for place, word in enumerate((*words, "")):
        if not is_character(word):
            if place - first > 1:
                runs.append((first, place))
            first = place + 1
    return runs


def pattern_runs(index: CompletionIndex, pattern: Pattern) -> list[Run]:
    """The runs of a pattern; none, at no cost, for what was typed in ASCII."""
    if pattern.key.isascii():
        return []
    words = index.vocabulary.words
    # A partial word that is a character is whole: no word goes on from one.
    return runs_of([words[low] for low, _ in _ranges(pattern)])


def run_matches(index: CompletionIndex, pattern: Pattern, runs: Sequence[Run], top_k: int) -> dict[int, int]:
    """The best `top_k` completions that hold the pattern's runs, and its other words, each word at a place of its own.

    Returns:
        By id, at how many places the runs part: those that hold them in one piece (0) first, behind them, where there
        is room, those that hold them in pieces.
    """
    ranges = _ranges(pattern)
    inside = {place for first, last in runs for place in range(first, last)}
    others = [
        postings_of(index, low)
        for place, (low, _) in enumerate(ranges)
        if place not in inside and place < len(pattern.words)
    ]
    pairs = {
        place: index.pairs.of(ranges[place][0], ranges[place + 1][0])
        for first, last in runs
        for place in range(first, last - 1)
    }
    found: dict[int, int] = {}
    if all(map(len, pairs.values())):
        for ids, parts in _held(index, pattern, runs, [*pairs.values(), *others]):
            found |= dict.fromkeys(ids[parts == 0].tolist(), 0)
            if len(found) >= top_k:
                return dict(list(found.items())[:top_k])
    needed = _needed(index, ranges, runs, pairs)
    if needed is None:
        return found
    for ids, parts in _held(index, pattern, runs, [*needed, *others]):
        for each, parted in zip(ids.tolist(), parts.tolist(), strict=True):
            if len(found) < top_k:
                found.setdefault(each, parted)
        if len(found) >= top_k:
            break
    return found


def postings_of(index: CompletionIndex, word: int) -> Ids:
    """Ids of the completions that hold a word, ascending."""
    offsets = index.view.posting_offsets
    return index.postings[offsets[word] : offsets[word + 1]]


def sightings(matrix: NDArray[np.int64], ranges: Sequence[Range]) -> Rows:
    """Whether the word typed at a place stands at a place of a completion: (typed, completions, places).

    Behind the last place there are as many empty ones as words were typed, and two.
    """
    count, width = matrix.shape
    lows = np.array([low for low, _ in ranges])[:, None, None]
    highs = np.array([high for _, high in ranges])[:, None, None]
    seen = np.zeros((len(ranges), count, width + len(ranges) + 2), np.bool_)
    seen[:, :, :width] = matrix == lows if (highs == lows + 1).all() else (matrix >= lows) & (matrix < highs)
    return seen


def _ranges(pattern: Pattern) -> list[Range]:
    """The word ids that each typed word may be."""
    ranges = [(word, word + 1) for word in pattern.words]
    return [*ranges, (pattern.low, pattern.high)] if pattern.ending is Ending.OPEN else ranges


def _needed(
    index: CompletionIndex, ranges: Sequence[Range], runs: Sequence[Run], pairs: dict[int, Ids]
) -> list[Ids] | None:
    """Lists that hold every completion with the runs in pieces; `None` where a character has no neighbour anywhere."""
    words, needed = index.vocabulary.words, []
    for first, last in runs:
        for place in range(first, last):
            if is_ideograph(words[ranges[place][0]]):
                needed.append(postings_of(index, ranges[place][0]))
                continue
            beside = [pairs[left] for left in (place - 1, place) if first <= left < last - 1 and len(pairs[left])]
            if not beside:
                return None
            if len(beside) == 1:
                needed += beside
    return needed


def _held(
    index: CompletionIndex, pattern: Pattern, runs: Sequence[Run], lists: Sequence[Ids]
) -> Iterator[tuple[Ids, NDArray[np.int64]]]:
    """Completions of all the lists that hold the pattern, best first, with at how many places its runs part."""
    ranges = _ranges(pattern)
    words = index.vocabulary.words
    alone = np.array([is_ideograph(words[low]) for low, _ in ranges])
    shortest, *rest = sorted(lists, key=len)
    # One run of different characters needs no more than to be found, in pieces or in one.
    is_simple = runs[0] == (0, len(ranges)) and len(set(ranges)) == len(ranges) and pattern.ending is not Ending.NEXT
    for ids in chunks(shortest, rest):
        matrix, lengths = words_matrix(index, ids)
        kept = lengths >= len(ranges)
        if not is_simple:
            kept[kept] = each_holds(matrix[kept], lengths[kept], pattern, None)
        ids, matrix = ids[kept], matrix[kept]
        if not len(ids):
            continue
        seen = sightings(matrix, ranges)
        parts = np.zeros(len(ids), np.int64)
        kept = np.ones(len(ids), np.bool_)
        for first, last in runs:
            parted, holds = _parted(seen[first:last], alone[first:last])
            parts += parted
            kept &= holds
        yield ids[kept], parts[kept]


def _parted(seen: Rows, alone: Rows) -> tuple[NDArray[np.int64], Rows]:
    """At how many places each completion parts a run, and whether it holds it at all."""
    size, count, width = seen.shape
    apart = np.ones((size + 1, count), np.bool_)
    apart[1:size] = ~(seen[:-1, :, :-1] & seen[1:, :, 1:]).any(axis=2)
    stands: Rows = np.asarray(~(apart[:-1] & apart[1:]) | (alone[:, None] & seen.any(axis=2)))
    holds: Rows = np.asarray(stands.all(axis=0))
    if size == 2:
        # The last place of the second one is behind the first place of the first one.
        holds &= ~apart[1] | (seen[0].argmax(axis=1) < width - 1 - seen[1, :, ::-1].argmax(axis=1))
    parts: NDArray[np.int64] = apart[1:size].sum(axis=0)
    # All pairs may be there, and still not in one piece.
    (rows,) = np.nonzero(holds & (parts == 0))
    whole = np.ones((len(rows), width - size + 1), np.bool_)
    for place in range(size):
        whole &= seen[place, rows, place : place + width - size + 1]
    parts[rows] = ~whole.any(axis=1)
    return parts, holds
