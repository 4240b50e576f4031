"""What a slip of the fingers costs: a weighted Damerau-Levenshtein distance."""

from functools import cache

DROPPED = 4.0
"""A letter left out. Costs are natural logs of how much rarer a slip is than a correct letter; the absolute level is
set by the keep prior of spelling.py, what matters here is their order, which follows Kernighan, Church and Gale (1990):
swapped neighbours and doubled letters are slips of anyone, an unrelated letter hardly is one."""

ADDED = 4.3
REPLACED = 5.0
REPLACED_BY_NEIGHBOUR = 4.2
"""The key beside it."""
REPLACED_ALIKE = 3.8
"""Vowel for vowel, or letters that sound alike (c and k, s and z): people who spell by ear."""
SWAPPED = 3.5
DOUBLED = 3.0
"""A double letter written once, or a single one twice."""
FIRST_LETTER = 2.5
"""Extra, when the first letter is wrong: people look at their first key."""

INFLECTED = 2.5
"""Extra, when what differs is a proper ending: `installed` beside `installer` is another word, not a slip."""
_ENDINGS = frozenset("s es ed er ers ing ings or ors y ies ier ion ions al ic en em ern e n r".split())  # noqa: SIM905
_SHORTEST_ROOT = 4

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = ("aeiouy", "ck", "sz", "cs", "fv", "gj", "dt", "bp", "mn", "vw", "kq", "iy")


@cache
def neighbours() -> frozenset[tuple[str, str]]:
    """Ordered pairs of letters whose keys touch; rows are shifted by a third of a key."""
    places = {
        letter: (x + shift, y)
        for y, (row, shift) in enumerate(zip(_ROWS, (0.0, 0.3, 0.8), strict=True))
        for x, letter in enumerate(row)
    }
    return frozenset(
        (a, b)
        for a, (ax, ay) in places.items()
        for b, (bx, by) in places.items()
        if a != b and abs(ax - bx) < 1.01 and abs(ay - by) <= 1
    )


@cache
def alike() -> frozenset[tuple[str, str]]:
    """Ordered pairs of letters that stand for like sounds."""
    return frozenset((a, b) for group in _ALIKE for a in group for b in group if a != b)


def edit_cost(typed: str, meant: str) -> float:
    """Cheapest way to mistype `meant` as `typed`, in nats; 0 when they are equal.

    Common beginnings and endings are cut first, so the table is as small as the slip.
    """
    if typed == meant:
        return 0.0
    begin = 0
    while begin < min(len(typed), len(meant)) and typed[begin] == meant[begin]:
        begin += 1
    end = 0
    while end < min(len(typed), len(meant)) - begin and typed[-1 - end] == meant[-1 - end]:
        end += 1
    # One letter of context on the left tells whether a letter was doubled.
    left = max(0, begin - 1)
    table = _table(typed[left : len(typed) - end], meant[left : len(meant) - end])
    return table + (FIRST_LETTER if begin == 0 else 0.0) + (INFLECTED if _inflected(typed, meant, begin) else 0.0)


def _inflected(typed: str, meant: str, common: int) -> bool:
    """Whether both are one root with different endings; the root may begin a letter or two before they part."""
    return any(
        typed[root:] in _ENDINGS and (root == len(meant) or meant[root:] in _ENDINGS)
        for root in range(max(_SHORTEST_ROOT, common - 2), common + 1)
    )


def _table(typed: str, meant: str) -> float:
    previous: list[float] = []
    current = [0.0]
    for j in range(1, len(meant) + 1):
        current.append(current[-1] + _dropped(meant, j))
    for i in range(1, len(typed) + 1):
        before, previous = previous, current
        current = [previous[0] + _added(typed, i)]
        for j in range(1, len(meant) + 1):
            best = min(
                previous[j - 1] + _replaced(typed[i - 1], meant[j - 1]),
                previous[j] + _added(typed, i),
                current[j - 1] + _dropped(meant, j),
            )
            if i > 1 and j > 1 and typed[i - 1] == meant[j - 2] and typed[i - 2] == meant[j - 1]:
                best = min(best, before[j - 2] + SWAPPED)
            current.append(best)
    return current[-1]


def _dropped(meant: str, j: int) -> float:
    return DOUBLED if j > 1 and meant[j - 1] == meant[j - 2] else DROPPED


def _added(typed: str, i: int) -> float:
    return DOUBLED if i > 1 and typed[i - 1] == typed[i - 2] else ADDED


def _replaced(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    if (typed, meant) in alike():
        return REPLACED_ALIKE
    return REPLACED_BY_NEIGHBOUR if (typed, meant) in neighbours() else REPLACED
