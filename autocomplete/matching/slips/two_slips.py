"""What a long word with two slips may have meant: the twin in Python of what the kernel walks in C.

Looked for only where one slip explains nothing. The rules are those of `readings.py`, twice: a typed digit stays, none
is put in. Most words are ruled out by the letters they lack, all at once; the rest are compared one by one, which takes
milliseconds and not the kernel's tens of microseconds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# More than any distance that is asked for.
_FAR = 100
_BITS = 64


def letters_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """A bit for each letter a word holds; letters may share one."""
    return np.fromiter((_letters(word) for word in words), np.uint64, len(words))


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % _BITS
    return bits


def distant_neighbours(
    words: Sequence[str], letters: NDArray[np.uint64], word: str, partial: bool, most: int
) -> list[str]:
    """Words, or beginnings of words when `word` is `partial`, from 1 to `most` slips away; distinct, ascending.

    Of a beginning and longer ones only the shortest is given, and none that begins with the typed word itself.

    Args:
        words: Ascending.
        letters: Their `letters_of`.
        word: As typed.
        partial: Whether it may go on.
        most: Slips; one takes at most one letter away.
    """
    typed = np.uint64(_letters(word))
    likely = np.bitwise_count(typed & ~letters) <= most
    if not partial:
        likely &= np.bitwise_count(letters & ~typed) <= most
    found: dict[str, None] = {}
    for place in np.flatnonzero(likely).tolist():
        other = words[place]
        if len(other) >= len(word) - most and (partial or len(other) <= len(word) + most):
            size = _reached(word, other, partial, most)
            if size:
                found[other[:size]] = None
    return list(found)


def _reached(typed: str, other: str, partial: bool, most: int) -> int:
    """How much of `other` is from 1 to `most` slips away from what was typed, the shortest of it; 0 for nothing."""
    size = len(typed)
    before: list[int] = []
    above = [0]
    for letter in typed:
        above.append(min(_FAR, above[-1] + (_FAR if letter.isdigit() else 1)))
    for depth, letter in enumerate(other, 1):
        insertion = _FAR if letter.isdigit() else 1
        row = [min(_FAR, above[0] + insertion)]
        for place, key in enumerate(typed, 1):
            fixed = _FAR if key.isdigit() else 1
            cost = min(above[place - 1] + (0 if key == letter else fixed), above[place] + insertion, row[-1] + fixed)
            swapped = place > 1 and depth > 1 and key == other[depth - 2] and typed[place - 2] == letter
            if swapped and not (key.isdigit() and letter.isdigit()):
                cost = min(cost, before[place - 2] + 1)
            row.append(min(_FAR, cost))
        if partial and row[size] <= most:
            return depth if row[size] else 0
        if min(row) > most:
            return 0
        before, above = above, row
    return len(other) if not partial and 0 < above[size] <= most else 0
