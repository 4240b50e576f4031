"""Stages of one search: timed, and left out of the answer when they fail or would be late."""

import logging
from collections.abc import Callable, Collection
from typing import TypeVar

from data.errors import QueryError

_log = logging.getLogger("intentrie.retrieval")
_Outcome = TypeVar("_Outcome")


class Stages:
    """Runs the stages of one search.

    Args:
        budget_us: Of the whole search; an optional stage is not begun after it. `None` waits for every stage.
        skip: Optional stages to leave out, because the page before this one did.
        ticks_us: Microseconds since some moment.

    Attributes:
        timings: Microseconds by stage.
        degraded: Stages left out, in order.
    """

    def __init__(self, budget_us: float | None, skip: Collection[str], ticks_us: Callable[[], int]) -> None:
        self._ticks_us = ticks_us
        self._skip = skip
        self._deadline_us = None if budget_us is None else ticks_us() + budget_us
        self.timings: dict[str, int] = {}
        self.degraded: list[str] = []

    def must(self, name: str, work: Callable[[], _Outcome]) -> _Outcome:
        """Run a stage without which there is no answer."""
        begin = self._ticks_us()
        outcome = work()
        self.timings[name] = self.timings.get(name, 0) + self._ticks_us() - begin
        return outcome

    def may(self, name: str, work: Callable[[], _Outcome], otherwise: _Outcome) -> _Outcome:
        """Run a stage, or give `otherwise` and name it in `degraded`.

        Raises:
            QueryError: What is wrong with the request is said, not skipped.
        """
        late = self._deadline_us is not None and self._ticks_us() > self._deadline_us
        if name in self._skip or name in self.degraded or late:
            self._leave_out(name)
            return otherwise
        try:
            return self.must(name, work)
        except QueryError:
            raise
        except Exception as error:  # noqa: BLE001 - a stage that fails is skipped and named
            _log.error("a stage failed", exc_info=error, extra={"fields": {"stage": name}})
            self._leave_out(name)
            return otherwise

    def _leave_out(self, name: str) -> None:
        if name not in self.degraded:
            self.degraded.append(name)
