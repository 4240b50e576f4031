"""How many products in stock the texts find that curators and trends put in; counted again, some at a time."""

import time
from collections.abc import Callable, Mapping, Sequence

from autocomplete.live.live_state import CountInStock

# By locale and text.
Text = tuple[str, str]
# A text that no product holds word by word is searched for: milliseconds, and there may be thousands. Prices change all
# the time, and a text that begins or ceases to find something may wait so long.
COUNT_EVERY_MS = 2_000


class InStock:
    """Counts of one release; for one thread.

    Args:
        count: Counts one text.
        known: Counts of the release before, which hold until a text's turn comes.
    """

    def __init__(self, count: CountInStock, known: Mapping[Text, int] | None = None) -> None:
        self._count = count
        self.counts: dict[Text, int] = dict(known or {})
        self._waiting: dict[Text, None] = dict.fromkeys(self.counts)
        self._wanted: Sequence[Text] | None = None
        self._position: int | None = None
        self._swept_ms = 0

    def of(self, text: str, locale: str) -> int:
        """Of a text; 0 of one whose turn has not come."""
        return self.counts.get((locale, text), 0)

    def follow(
        self,
        wanted: Sequence[Text],
        position: int,
        now_ms: int,
        budget_s: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> bool:
        """Count for about so long, new texts first; gives whether other texts find something than before.

        Args:
            wanted: Every text that is to be known; others are let go. The same object is not looked through again.
            position: Of the live products; where it has moved on, all are counted again, every two seconds at most.
            now_ms: UTC epoch milliseconds.
            budget_s: One text is counted however small it is.
            clock: Seconds, for the budget.
        """
        if wanted is not self._wanted:
            self._want(wanted)
        if position != self._position and now_ms - self._swept_ms >= COUNT_EVERY_MS:
            self._position, self._swept_ms = position, now_ms
            self._waiting |= dict.fromkeys(wanted)
        until, changed = clock() + budget_s, False
        while self._waiting:
            locale, text = key = next(iter(self._waiting))
            del self._waiting[key]
            counted = self._count(text, locale)
            changed |= bool(counted) != bool(self.counts.get(key))
            self.counts[key] = counted
            if clock() >= until:
                break
        return changed

    def _want(self, wanted: Sequence[Text]) -> None:
        self._wanted, texts = wanted, dict.fromkeys(wanted)
        for text in self.counts.keys() - texts.keys():
            del self.counts[text]
        new = [text for text in texts if text not in self.counts]
        self._waiting = dict.fromkeys((*new, *(text for text in self._waiting if text in texts)))

    @property
    def is_idle(self) -> bool:
        """Whether every text has been counted."""
        return not self._waiting
