"""Limits per address, in this worker: a token bucket for requests and keystrokes, a count of open sockets."""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from api.assembly import now_us

# A bucket is 200 bytes; the address asked longest ago is forgotten first, which only ever favours it.
_REMEMBERED_ADDRESSES = 100_000


class AddressLimits:
    """Token buckets and socket counts by address.

    Args:
        rate_per_s: What flows into a bucket; 0 admits everything.
        burst: What a bucket holds.
        sockets: How many sockets an address may hold open.
    """

    def __init__(self, rate_per_s: float, burst: int, sockets: int) -> None:
        self._rate_per_us = rate_per_s / 1e6
        self._burst = float(burst)
        self._max_sockets = sockets
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._sockets: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Take one token, if there is one."""
        if not self._rate_per_us:
            return True
        now = now_us()
        tokens, filled_us = self._buckets.pop(address, (self._burst, now))
        tokens = min(self._burst, tokens + (now - filled_us) * self._rate_per_us)
        admitted = tokens >= 1
        self._buckets[address] = (tokens - admitted, now)
        if len(self._buckets) > _REMEMBERED_ADDRESSES:
            self._buckets.popitem(last=False)
        return admitted

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
