"""When somebody types, as a shop's people live it: the month and the part of the day in the shop's time zone."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Night, morning, afternoon, evening: finer ones have too few searches of most completions to tell anything.
DAYPARTS = 4
_HOURS = 24 // DAYPARTS


class LocalTime(NamedTuple):
    """Of one moment.

    Attributes:
        month: From 0, January.
        daypart: From 0, midnight to six.
    """

    month: int
    daypart: int


class LocalClock:
    """Tells the local time in a time zone (IANA name); it does not know what time it is."""

    def __init__(self, time_zone: str = "UTC") -> None:
        # Of most shops, and there is no other time zone where a system has no database of them.
        self._zone: tzinfo = UTC if time_zone == "UTC" else ZoneInfo(time_zone)

    def at(self, at_ms: int) -> LocalTime:
        """Of a moment, UTC epoch milliseconds."""
        local = datetime.fromtimestamp(at_ms / 1000.0, self._zone)
        return LocalTime(local.month - 1, local.hour // _HOURS)
