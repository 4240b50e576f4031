"""What a shop's log knew of every completion before a day: searches by day, people, what came of them, when.

Reads come as of a day: everything is counted that happened before it, and nothing that happened since. Training asks
for the day of each keystroke, a build for the day after the log's last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autocomplete.log.local_time import DAYPARTS, LocalClock
from autocomplete.log.part_counts import PartLog
from autocomplete.log.parts import Parts
from autocomplete.log.visits import VisitLog

# Days. A week for what is rising, a month for what a shop sells now, a season.
HALF_LIVES = (7, 28, 90)
DAY_MS = 86_400_000
# Days since a search that never was: more than any log is long.
NEVER = 9_999.0
MONTHS = 12
# Of `DailySearches` before its parts of the day, its completion and its day the first two.
_COLUMNS = 7

Numbers = NDArray[np.float64]


def day_of(at_ms: int) -> int:
    """UTC days since 1970."""
    return at_ms // DAY_MS


def month_of(day: int) -> int:
    """Of a day since 1970: 0 for January."""
    return int(np.datetime64(int(day), "D").astype("datetime64[M]").astype(int) % MONTHS)


@dataclass(frozen=True, slots=True)
class DailySearches:
    """One completion's searches on one day.

    Attributes:
        completion: Its id.
        day: UTC, since 1970.
        searches: How many.
        clicked: How many of them led to a click, and so on.
        first: People who had not searched for it before.
        dayparts: Searches by part of the day; of all, or of those whose time is known.
    """

    completion: int
    day: int
    searches: int
    clicked: int = 0
    carted: int = 0
    bought: int = 0
    first: int = 0
    dayparts: tuple[int, ...] = (0,) * DAYPARTS


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Of n completions as of a day, arrays by id.

    Attributes:
        decayed: (n, half-lives) searches, each counting half as much after every half-life.
        searches: (n,) of all time; `clicked`, `carted`, `bought` are those that led there; `people` distinct.
        days_since: (n,) days since the last search, `NEVER` for none.
        months: (n, 12) searches by month of the year.
        dayparts: (n, DAYPARTS) searches by part of the day, of those whose time is known.
        expected: (n,) decayed searches that its parts let expect (`part_counts.py`), 0 where they are unknown.
    """

    decayed: Numbers
    searches: Numbers
    clicked: Numbers
    carted: Numbers
    bought: Numbers
    people: Numbers
    days_since: Numbers
    months: Numbers
    dayparts: Numbers
    expected: Numbers


@dataclass(frozen=True, slots=True)
class PartHistory:
    """What the log says of the parts that n completions are made of.

    Attributes:
        parts: All there are.
        splits: (n, `part_counts.WIDTH`).
        log: Searches by day.
        visits: What followed what by day.
    """

    parts: Parts
    splits: NDArray[np.int32]
    log: PartLog
    visits: VisitLog


class History:
    """Daily searches of one locale's `size` completions, and of the parts they are made of where those are known.

    `clock` is the one that parts of the day were told by.
    """

    def __init__(
        self,
        rows: Sequence[DailySearches],
        size: int,
        parts: PartHistory | None = None,
        clock: LocalClock | None = None,
    ) -> None:
        self._size = size
        self.parts = parts
        self.clock = clock or LocalClock()
        table = np.array(
            [
                (row.completion, row.day, row.searches, row.clicked, row.carted, row.bought, row.first, *row.dayparts)
                for row in rows
            ],
            np.int64,
        ).reshape(-1, _COLUMNS + DAYPARTS)
        table = table[np.argsort(table[:, 1], kind="stable")]
        self._ids, self._days = table[:, 0], table[:, 1]
        self._values = table[:, 2:].astype(np.float64)
        self._months = np.array([month_of(day) for day in self._days.tolist()], np.int64)

    @property
    def end(self) -> int:
        """The day after the last one with a search; 0 for none."""
        return int(self._days[-1]) + 1 if len(self._days) else 0

    def as_of(self, day: int) -> Knowledge:
        """Everything before `day`."""
        cut = int(self._days.searchsorted(day))
        ids, days, values = self._ids[:cut], self._days[:cut], self._values[:cut]
        # On the log's last day a search is as old as 0 days.
        age = (day - 1 - days).astype(np.float64)
        searches, clicked, carted, bought, people = (_summed(ids, values[:, at], self._size) for at in range(5))
        decayed = [_summed(ids, values[:, 0] * 0.5 ** (age / half_life), self._size) for half_life in HALF_LIVES]
        last = np.full(self._size, -NEVER)
        np.maximum.at(last, ids, days.astype(np.float64))
        dayparts = [_summed(ids, values[:, at], self._size) for at in range(_COLUMNS - 2, values.shape[1])]
        months = _summed(ids * MONTHS + self._months[:cut], values[:, 0], self._size * MONTHS)
        return Knowledge(
            np.stack(decayed, axis=1),
            searches,
            clicked,
            carted,
            bought,
            people,
            np.where(last > -NEVER, day - last, NEVER),
            months.reshape(self._size, MONTHS),
            np.stack(dayparts, axis=1),
            self._expected(day),
        )

    def _expected(self, day: int) -> Numbers:
        if self.parts is None:
            return np.zeros(self._size)
        return self.parts.log.as_of(day, HALF_LIVES[1]).expected(self.parts.splits)


def _summed(places: NDArray[np.int64], values: Numbers, size: int) -> Numbers:
    """`values` by place; (size,)."""
    return np.bincount(places, values, size).astype(np.float64)
