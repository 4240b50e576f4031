"""Trends of a shop, counted from its durable event log as it grows; a restart reads the window again."""

from collections.abc import Callable

from api.assembly import ShopRelease
from autocomplete.live.live_state import Trend
from autocomplete.live.trending import ShareOf, SurfaceOf, TrendCounter
from data.event import SEARCH_ACTIONS
from data.event_log import EventLog

# Of the log's end, read when a server starts: more than most shops log within a window.
_READ_AT_START = 100_000
# In one look, so that a flood does not hold up what else is followed.
_READ_AT_ONCE = 5_000
# A trend is to be seen within a minute.
LOOK_EVERY_MS = 1_000
JUDGE_EVERY_MS = 5_000


class TrendReader:
    """Follows one shop's event log; for one thread, but for `read_again`.

    Args:
        log: Opened when there is something to read; `None` as long as there is no log.
    """

    def __init__(self, log: Callable[[], EventLog | None]) -> None:
        self._log = log
        self._counter = TrendCounter()
        self._position = 0
        # Set by whoever forgets somebody, at any moment; taken back before the reading that it asks for.
        self._from_the_start = True
        self.is_behind = False
        self._looked_ms = self._judged_ms = 0
        self.trends: tuple[Trend, ...] = ()

    def follow(self, release: ShopRelease, share_of: ShareOf, surface_of: SurfaceOf, now_ms: int) -> bool:
        """Read on and judge where it is time; gives whether the trends are others than before."""
        if now_ms - self._looked_ms < LOOK_EVERY_MS and not self.is_behind:
            return False
        self._looked_ms = now_ms
        log = self._log()
        if log is None:
            return False
        self.is_behind = self._read(log, release, now_ms)
        if self.is_behind or now_ms - self._judged_ms < JUDGE_EVERY_MS:
            return False
        self._judged_ms = now_ms
        before = {(trend.locale, trend.text) for trend in self.trends}
        found = tuple(self._counter.trends(share_of, now_ms, release.config.suggest.minimum_people, surface_of))
        if before == {(trend.locale, trend.text) for trend in found}:
            # Strengths change with every search; an answer does not, as long as the same texts trend.
            return False
        self.trends = found
        return True

    def read_again(self) -> None:
        """Somebody was forgotten: count anew what the log still holds."""
        self._from_the_start = True

    def _read(self, log: EventLog, release: ShopRelease, now_ms: int) -> bool:
        """Some of what is new; gives whether there may be more."""
        if self._from_the_start:
            self._from_the_start = False
            self._counter.forget_all()
            self._position = max(0, log.position - _READ_AT_START)
        events = log.read(self._position, _READ_AT_ONCE)
        for logged in events:
            self._position = logged.position
            event = logged.event
            if event.action_name in SEARCH_ACTIONS and event.person:
                # Pages say the shopper's locale: "en-GB" in a shop of "en".
                locale = release.completions.name_of(event.locale or release.locale)
                device = event.client_id or event.session_id
                self._counter.add(event.query_text, locale, event.person, event.at_ms, now_ms, device, logged.source)
        return len(events) == _READ_AT_ONCE
