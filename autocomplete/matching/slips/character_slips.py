"""A slip among characters of scripts without spaces.

What `readings.py` says of a word's letters is said here of a run's characters (`characters.py`): a reading is one edit
away, a character changed, missing, put in, or two neighbours swapped. A vowel sign or a tone mark of Thai is a
character. What stays as it was typed is worth at least `KEPT` letters; an ideograph is worth two. Where
a character too many explains it as well, no ideograph is read as a letter, nor a letter as one: of "黒ジャケット" in
ダウンジャケット the 黒 is one too many, no ン.

Nothing is made up and looked up, because a character is one slip away from every other one. Around one edit half of the
run stands as it was typed, or all of it does with its two middle ones swapped; so the completions that hold such a half
(by the postings of pairs) are compared with the run, all at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.characters import Range, Rows, Run, postings_of, runs_of, sightings
from autocomplete.matching.holding import each_holds
from autocomplete.matching.index import MAX_SCANNED, CompletionIndex, Ids
from autocomplete.matching.infix import in_all, words_matrix
from autocomplete.matching.match import Slip
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.slips.readings import typed_words
from autocomplete.matching.typed import Ending, Typed
from autocomplete.words import is_ideograph

# One less than `MIN_LETTERS`, of which one may be the slip: "ケブル" can only be ケーブル, "充电保" only 充电宝.
KEPT = 3
_WORTH_OF_IDEOGRAPH = 2
# Longer runs are not corrected.
_LONGEST = 48
# Completions compared for each half, the best ones: more hold it only where hundreds of thousands are completed.
MOST_COMPARED = 2048
_NO_ID = (0, 0)


class _Edit(NamedTuple):
    """Where the completions hold the run with one edit: (completions, places) by where it begins; its length.

    `changed` is the place, from where it begins, of a character that was changed into one alike, or into another.
    """

    begins: Rows
    size: int
    changed: int | None = None
    into_alike: bool = True


@dataclass(frozen=True, slots=True)
class _Asked:
    """A prefix with one of its runs.

    Attributes:
        typed: The prefix.
        words: All its words, the partial one included.
        ranges: The word ids each may be; an empty range where no completion has it.
        run: Where the slip is.
    """

    typed: Typed
    words: Sequence[str]
    ranges: Sequence[Range]
    run: Run

    @property
    def spare(self) -> list[bool]:
        """Whether each character of the run may be a slip: enough was typed besides it."""
        most = sum(map(_worth, self.words)) - KEPT
        return [_worth(word) <= most for word in self.words[slice(*self.run)]]

    @property
    def outside(self) -> list[int]:
        """Places besides the run."""
        first, last = self.run
        return [place for place in range(len(self.ranges)) if not first <= place < last]


def has_runs(typed: Typed) -> bool:
    """Whether there are characters side by side in it, and enough typed for a slip among them."""
    words = typed_words(typed)
    return sum(map(len, words)) >= KEPT and bool(runs_of(words))


def _worth(word: str) -> int:
    return _WORTH_OF_IDEOGRAPH if is_ideograph(word) else len(word)


def character_slips(
    index: CompletionIndex, typed: Typed, window: int
) -> Iterator[tuple[dict[int, Slip], dict[int, Slip]]]:
    """For each run of a prefix: the best `window` completions that start with a reading, and as many that hold one.

    A reading of the run stands in one piece. The words besides it stand where they were typed, or anywhere.
    """
    words = typed_words(typed)
    ranges = _ranges(index, typed)
    for run in runs_of(words):
        asked = _Asked(typed, words, ranges, run)
        if run[1] - run[0] <= _LONGEST and _NO_ID not in [ranges[place] for place in asked.outside]:
            ids = np.unique(np.concatenate(list(_candidates(index, asked))))
            yield _compared(index, asked, ids.astype(np.uint32), window)


def _ranges(index: CompletionIndex, typed: Typed) -> list[Range]:
    """The word ids that each typed word may be."""
    ids = [index.vocabulary.id(word) for word in typed.words]
    ranges = [_NO_ID if each < 0 else (each, each + 1) for each in ids]
    if typed.ending is Ending.OPEN:
        low, high = index.vocabulary.range(typed.partial)
        ranges.append((low, high) if low < high else _NO_ID)
    return ranges


def _candidates(index: CompletionIndex, asked: _Asked) -> Iterator[Ids]:
    """The best completions of each half of the run that an edit leaves whole, with the words besides."""
    first, last = asked.run
    size, spare = last - first, any(asked.spare)
    run = list(asked.ranges[first:last])
    # Where all stay, one may be missing between two that stand side by side, or two are swapped.
    half = size // 2 if spare else (size + 1) // 2
    halves = [run[:half], run[size - half :]]
    middles = [size // 2 - 1] if spare else range(size - 1)
    halves += [[*run[:left], run[left + 1], run[left], *run[left + 2 :]] for left in middles]
    besides = _besides(index, asked)
    for each in halves:
        lists = sorted([*_side_by_side(index, each), *besides], key=len)
        yield in_all(lists[0][:MAX_SCANNED], lists[1:])[:MOST_COMPARED]


def _besides(index: CompletionIndex, asked: _Asked) -> list[Ids]:
    """Postings of the complete words, and of the other runs' pairs, outside the run."""
    outside = [place for place in asked.outside if place < len(asked.typed.words)]
    lists = [postings_of(index, asked.ranges[place][0]) for place in outside]
    for first, last in runs_of(asked.words):
        if (first, last) != asked.run:
            lists += _side_by_side(index, asked.ranges[first:last])
    return lists


def _side_by_side(index: CompletionIndex, ranges: Sequence[Range]) -> list[Ids]:
    """Lists whose completions hold the characters, each beside the next."""
    if _NO_ID in ranges:
        return [index.postings[:0]]
    if len(ranges) == 1:
        return [postings_of(index, ranges[0][0])]
    return [index.pairs.of(left[0], right[0]) for left, right in pairwise(ranges)]


def _compared(index: CompletionIndex, asked: _Asked, ids: Ids, window: int) -> tuple[dict[int, Slip], dict[int, Slip]]:
    """Of ascending ids the best that start with a reading, and that hold one."""
    if not len(ids):
        return {}, {}
    matrix, lengths = words_matrix(index, ids)
    kept = _holds_besides(index, asked, matrix, lengths)
    ids, matrix, lengths = ids[kept], matrix[kept], lengths[kept]
    seen = sightings(matrix, asked.ranges)
    first, last = asked.run
    # By row: where the reading begins, and its length.
    starting: dict[int, tuple[int, int]] = {}
    holding: dict[int, tuple[int, int]] = {}
    for edit in _edits(asked, seen, matrix >= 0):
        # Hardly any edit finds anything, and to look through the rows costs more than the edit.
        if not edit.begins.any():
            continue
        more = edit.size - (last - first)
        room = lengths >= len(asked.ranges) + more + (asked.typed.ending is Ending.NEXT)
        begins = edit.begins & room[:, None]
        if edit.changed is not None:
            alike = _alike(index, matrix, begins, edit.changed, asked.words[first + edit.changed])
            begins &= alike == edit.into_alike
        # Where more stands before the run than any of them has words, none starts so.
        if first < begins.shape[1]:
            for row in np.flatnonzero(begins[:, first] & _stands_around(asked, seen, more)).tolist():
                starting.setdefault(row, (first, edit.size))
        for row in np.flatnonzero(begins.any(axis=1)).tolist():
            holding.setdefault(row, (int(begins[row].argmax()), edit.size))
    return (
        {int(ids[row]): _slip(index, asked, matrix[row], *starting[row]) for row in sorted(starting)[:window]},
        {int(ids[row]): _slip(index, asked, matrix[row], *holding[row]) for row in sorted(holding)[:window]},
    )


def _holds_besides(
    index: CompletionIndex, asked: _Asked, matrix: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Rows:
    """Whether each completion holds the words outside the run."""
    typed, (first, last) = asked.typed, asked.run
    words = (*typed.words[:first], *typed.words[last:])
    is_partial = typed.ending is Ending.OPEN and last <= len(typed.words)
    pattern = compile_pattern(
        Typed(words, typed.partial if is_partial else "", Ending.OPEN if is_partial else Ending.CLOSED),
        index.vocabulary,
    )
    return np.zeros(len(matrix), np.bool_) if pattern is None else each_holds(matrix, lengths, pattern, None)


def _stands_around(asked: _Asked, seen: Rows, more: int) -> Rows:
    """Whether the words besides the run stand where they were typed, those behind it so many places further on."""
    stands = np.ones(seen.shape[1], np.bool_)
    for place in asked.outside:
        stands &= seen[place, :, place if place < asked.run[0] else place + more]
    return stands


def _edits(asked: _Asked, seen: Rows, filled: Rows) -> Iterator[_Edit]:
    """Where the completions hold the run with each edit; those that leave the most of what was typed first."""
    first, last = asked.run
    seen = seen[first:last]
    size, count, _ = seen.shape
    width = filled.shape[1]
    # heads[n] and tails[n]: where the run's first n characters begin, and those from the n-th on.
    heads = [np.ones((count, width), np.bool_)]
    for place in range(size):
        heads.append(heads[-1] & seen[place, :, place : place + width])
    tails = [np.ones((count, width + size + 2), np.bool_)]
    for place in range(size - 1, -1, -1):
        tail = np.zeros((count, width + size + 2), np.bool_)
        tail[:, :-1] = seen[place, :, : width + size + 1] & tails[-1][:, 1:]
        tails.append(tail)
    tails.reverse()

    stands = np.zeros((count, width + size), np.bool_)
    stands[:, :width] = filled

    def behind(place: int, gap: int) -> Rows:
        return tails[place][:, gap : gap + width]

    for place in range(size - 1):
        swapped = seen[place + 1, :, place : place + width] & seen[place, :, place + 1 : place + 1 + width]
        yield _Edit(heads[place] & swapped & behind(place + 2, place + 2), size)
    for place in range(1, size):
        yield _Edit(heads[place] & behind(place, place + 1), size + 1)
    spare = [place for place, may_go in enumerate(asked.spare) if may_go]
    changes = {}
    for place in spare:
        changed = heads[place] & behind(place + 1, place + 1)
        if place == size - 1:
            # Some word stands where the last one was typed.
            changed &= stands[:, place : place + width]
        changes[place] = changed
        yield _Edit(changed, size, place)
    for place in spare:
        yield _Edit(heads[place] & behind(place + 1, place), size - 1)
    for place, changed in changes.items():
        yield _Edit(changed, size, place, into_alike=False)


def _alike(index: CompletionIndex, matrix: NDArray[np.int64], begins: Rows, place: int, typed: str) -> Rows:
    """Whether what stands at a place behind each beginning is an ideograph if what was typed is one, else none."""
    alike = np.zeros_like(begins)
    rows, columns = np.nonzero(begins)
    words, of = np.unique(matrix[rows, columns + place], return_inverse=True)
    is_one = np.array([is_ideograph(index.vocabulary.words[word]) for word in words.tolist()], np.bool_)
    alike[rows, columns] = is_one[of] == is_ideograph(typed)
    return alike


def _slip(index: CompletionIndex, asked: _Asked, words: NDArray[np.int64], begin: int, size: int) -> Slip:
    """The run read as what stands in a completion."""
    reading = tuple(index.vocabulary.words[word] for word in words[begin : begin + size].tolist())
    return Slip(asked.typed, *asked.run, (reading,))
