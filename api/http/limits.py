"""Limits per address, in this worker: a token bucket for requests and keystrokes, a count of open sockets."""

import math
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from api.assembly import now_us

# A bucket is 200 bytes; the address asked longest ago is forgotten first, which only ever favours it.
_REMEMBERED_ADDRESSES = 100_000


class TokenBuckets:
    """One bucket for each address; for one thread.

    Args:
        rate_per_s: What flows into a bucket; 0 admits everything.
        burst: What a bucket holds.
    """

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate_per_us = rate_per_s / 1e6
        self._burst = float(burst)
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, address: str) -> bool:
        """Take one token, if there is one."""
        return self._take(address, 1.0) >= 0

    def wait_s(self, address: str) -> float:
        """Take one token, on credit if need be; gives how long to wait until it has flowed in."""
        return max(0.0, -self._take(address, -math.inf) / self._rate_per_us / 1e6) if self._rate_per_us else 0.0

    def _take(self, address: str, least: float) -> float:
        """Take one token where there are at least so many; gives what is left, -1 where none was taken."""
        if not self._rate_per_us:
            return 0.0
        now = now_us()
        tokens, filled_us = self._buckets.pop(address, (self._burst, now))
        tokens = min(self._burst, tokens + (now - filled_us) * self._rate_per_us)
        taken = tokens >= least
        self._buckets[address] = (tokens - taken, now)
        if len(self._buckets) > _REMEMBERED_ADDRESSES:
            self._buckets.popitem(last=False)
        return tokens - 1 if taken else -1.0


class AddressLimits:
    """What one address may do on this worker.

    Args:
        rate_per_s: HTTP requests.
        burst: Requests at once on top of that.
        sockets: How many sockets an address may hold open.
        keystrokes_per_s: Over all its sockets; 0 is no limit.
        keystroke_burst: Keystrokes at once on top of that.
    """

    def __init__(
        self, rate_per_s: float, burst: int, sockets: int, keystrokes_per_s: float = 0.0, keystroke_burst: int = 1
    ) -> None:
        self._requests = TokenBuckets(rate_per_s, burst)
        self._keystrokes = TokenBuckets(keystrokes_per_s, keystroke_burst)
        self._max_sockets = sockets
        self._sockets: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Whether a request may be answered."""
        return self._requests.admit(address)

    def keystroke_wait_s(self, address: str) -> float:
        """How long a keystroke waits before it is read."""
        return self._keystrokes.wait_s(address)

    @contextmanager
    def socket(self, address: str) -> Iterator[bool]:
        """Hold one socket's place; gives whether there was one."""
        if self._sockets[address] >= self._max_sockets:
            yield False
            return
        self._sockets[address] += 1
        try:
            yield True
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]
