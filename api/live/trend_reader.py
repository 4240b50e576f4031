"""Trends of a shop, counted from its durable event log as it grows; a restart reads the window again."""

from collections.abc import Callable

from autocomplete.live.live_state import Trend
from autocomplete.live.trending import ShareOf, TrendCounter
from data.event import SEARCH_ACTIONS
from data.event_log import EventLog, LoggedEvent

# Of the log's end, read when a server starts: more than most shops log within a window.
_READ_AT_START = 100_000
# In one look, so that a flood does not hold up what else is followed.
_READ_AT_ONCE = 5_000
# A trend is to be seen within a minute.
LOOK_EVERY_MS = 1_000
JUDGE_EVERY_MS = 5_000


class TrendReader:
    """Follows one shop's event log; for one thread.

    Args:
        log: Opened when there is something to read; `None` as long as there is no log.
        minimum_people: Fewer never make a trend.
        locale: Of searches that say none.
    """

    def __init__(self, log: Callable[[], EventLog | None], minimum_people: int, locale: str) -> None:
        self._log = log
        self._locale = locale
        self._counter = TrendCounter(minimum_people)
        self._position: int | None = None
        self._looked_ms = self._judged_ms = 0
        self.trends: tuple[Trend, ...] = ()

    def follow(self, share_of: ShareOf, now_ms: int) -> bool:
        """Read on and judge where it is time; gives whether the trends are others than before."""
        if now_ms - self._looked_ms < LOOK_EVERY_MS:
            return False
        self._looked_ms = now_ms
        log = self._log()
        if log is None:
            return False
        self._read(log, now_ms)
        if now_ms - self._judged_ms < JUDGE_EVERY_MS:
            return False
        self._judged_ms = now_ms
        before = {(trend.locale, trend.text) for trend in self.trends}
        found = tuple(self._counter.trends(share_of, now_ms))
        if before == {(trend.locale, trend.text) for trend in found}:
            # Strengths change with every search; an answer does not, as long as the same texts trend.
            return False
        self.trends = found
        return True

    def read_again(self) -> None:
        """Somebody was forgotten: count anew what the log still holds."""
        self._position = None

    def _read(self, log: EventLog, now_ms: int) -> None:
        if self._position is None:
            self._counter.forget_all()
            self._position = max(0, log.position - _READ_AT_START)
            for logged in log.read_all(self._position):
                self._take(logged, now_ms)
            return
        for logged in log.read(self._position, _READ_AT_ONCE):
            self._take(logged, now_ms)

    def _take(self, logged: LoggedEvent, now_ms: int) -> None:
        self._position = logged.position
        event = logged.event
        if event.action_name in SEARCH_ACTIONS and event.person:
            locale = event.locale or self._locale
            self._counter.add(event.query_text, locale, event.person, event.at_ms, now_ms)
