"""What people look for next, as of a day: after a tent a sleeping bag, and sooner outdoor things than sofas.

Followers are counted over pairs of kinds of thing searched for one after the other within a visit. The lift of a pair
is how much more often the second follows the first than it follows anything, drawn to 1 where little is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autocomplete.log.parts import Parts

# Imagined followers of every kind of thing, as they follow anything.
_SMOOTHING = 20.0
# A pair seen once is chance.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Followers:
    """Pairs with their lifts.

    Attributes:
        keys: (pairs,) first · heads + second, ascending.
        lifts: (pairs,) natural logarithms.
        heads: How many there are.
    """

    keys: NDArray[np.int64]
    lifts: NDArray[np.float32]
    heads: int

    def after(self, first: int, seconds: NDArray[np.int32]) -> NDArray[np.float32]:
        """Of each second head, -1 for none, after the first; 0 where nothing is known."""
        wanted = first * self.heads + seconds.astype(np.int64)
        if not len(self.keys):
            return np.zeros(len(seconds), np.float32)
        places = np.minimum(self.keys.searchsorted(wanted), len(self.keys) - 1)
        known = (self.keys[places] == wanted) & (seconds >= 0)
        return np.where(known, self.lifts[places], np.float32(0.0)).astype(np.float32)


NO_FOLLOWERS = Followers(np.zeros(0, np.int64), np.zeros(0, np.float32), 0)


class VisitLog:
    """Pairs of heads by day.

    Args:
        visits: Of each the heads searched for in order, with the days; who stays with a head gives no pair.
        heads: How many there are.
    """

    def __init__(self, visits: Iterable[Sequence[tuple[int, int]]], heads: int) -> None:
        rows = sorted(
            (day, one * heads + other) for visit in visits for (_, one), (day, other) in pairwise(visit) if one != other
        )
        table = np.array(rows, np.int64).reshape(-1, 2)
        self._days, self._keys = table.T
        self._heads = heads

    def as_of(self, day: int) -> Followers:
        """Everything before `day`."""
        keys, counts = np.unique(self._keys[: int(self._days.searchsorted(day))], return_counts=True)
        if not len(keys):
            return Followers(NO_FOLLOWERS.keys, NO_FOLLOWERS.lifts, self._heads)
        firsts, seconds = np.divmod(keys, self._heads)
        out = np.bincount(firsts, counts, self._heads)
        share = np.bincount(seconds, counts, self._heads) / counts.sum()
        lifts = np.log((counts / share[seconds] + _SMOOTHING) / (out[firsts] + _SMOOTHING))
        kept = counts >= _FEWEST
        return Followers(keys[kept], lifts[kept].astype(np.float32), self._heads)


@dataclass(frozen=True, slots=True)
class Errands:
    """What a visit's queries say of n completions, by the heads of both.

    Attributes:
        parts: Find the head of a query.
        heads: (n,) of the completions, -1 for none.
        departments: (heads,) number of the top category that most completions of a head stand in, 0 for none.
        followers: As of the day.
    """

    parts: Parts
    heads: NDArray[np.int32]
    departments: NDArray[np.int32]
    followers: Followers

    def heads_of(self, queries: Iterable[Sequence[str]]) -> list[int]:
        """Of queries' folded words, those that have one, in their order."""
        return [head for words in queries if (head := self.parts.head_of(words)) is not None]

    def follows(self, said: Sequence[int], completions: NDArray[np.int64]) -> NDArray[np.float32]:
        """How much the completions follow the newest of a visit's heads; 0 without one."""
        if not said:
            return np.zeros(len(completions), np.float32)
        return self.followers.after(said[-1], self.heads[completions])

    def same_department(self, said: Sequence[int], completions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Share of a visit's heads that stand in the department of each completion; 0 without any."""
        found = np.zeros(len(completions), np.float32)
        heads = self.heads[completions]
        # The last place is that of completions without a head.
        own = np.append(self.departments, 0)[heads]
        for head in said:
            found += (own == self.departments[head]) & (own > 0)
        return found / np.float32(max(1, len(said)))


def departments_of(
    heads: NDArray[np.int32], categories: NDArray[np.uint32], names: Mapping[str, int], count: int
) -> NDArray[np.int32]:
    """`Errands.departments` of `count` heads, from the completions' heads and category numbers."""
    tops: dict[str, int] = {}
    top_of = np.zeros(len(names) + 1, np.int32)
    for name, number in names.items():
        top_of[number] = tops.setdefault(name.split(" > ")[0], len(tops) + 1)
    votes = np.zeros((count, len(tops) + 1), np.int64)
    known = heads >= 0
    np.add.at(votes, (heads[known], top_of[categories[known]]), 1)
    votes[:, 0] = 0
    found: NDArray[np.int32] = np.where(votes.any(axis=1), votes.argmax(axis=1), 0).astype(np.int32)
    return found
