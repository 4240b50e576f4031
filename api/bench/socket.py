"""Keystroke latency over sockets: open loop, many sockets, one server process on cores of its own."""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.assembly import open_shop
from api.bench.load_generator import WARM_UP, latency_row, pin, poisson_arrivals, split_cores
from api.bench.search import running_server
from graph.concept import Scheme

# Timers of the loop are good to a millisecond; the generator sleeps to within this of an arrival, then polls.
_POLL_S = 0.002
_DRAIN_S = 2.0
_PHRASES = 2_000
_OPENING_AT_ONCE = 20


class _TypingSocket:
    """One shopper: types phrases letter by letter, and notes when the answer to each keystroke came."""

    def __init__(self, connection: ClientConnection, phrases: Sequence[str], order: random.Random) -> None:
        self._connection = connection
        self._phrases = phrases
        self._order = order
        self._phrase = order.choice(phrases)
        self._typed = 0
        self._seq = 0
        self._due: dict[int, tuple[float, bool]] = {}
        self.latencies_us: list[float] = []
        self.server_us: list[float] = []
        self.superseded = 0
        self.errors = 0

    async def type(self, due: float, counted: bool) -> None:
        """One keystroke that was meant to leave at `due`."""
        if self._typed == len(self._phrase):
            self._phrase, self._typed = self._order.choice(self._phrases), 0
        self._typed += 1
        self._seq += 1
        self._due[self._seq] = (due, counted)
        message = {
            "seq": self._seq,
            "prefix": self._phrase[: self._typed],
            "limit": 8,
            "locale": "en",
            "session": f"bench-{id(self):x}",
        }
        try:
            await self._connection.send(orjson.dumps(message).decode())
        except ConnectionClosed:
            self.errors += 1

    async def listen(self) -> None:
        """Until the connection closes."""
        with contextlib.suppress(ConnectionClosed):
            async for message in self._connection:
                now = time.perf_counter()
                answer = orjson.loads(message)
                seq = answer["seq"]
                for older in [number for number in self._due if number < seq]:
                    self.superseded += self._due.pop(older)[1]
                due, counted = self._due.pop(seq)
                if "error" in answer:
                    self.errors += 1
                elif counted:
                    self.latencies_us.append((now - due) * 1e6)
                    self.server_us.append(answer["took_us"])

    @property
    def unanswered(self) -> int:
        """Keystrokes that neither an answer nor a newer one has taken care of."""
        return len(self._due)


def bench_socket(
    releases: str,
    shop: str,
    rate: float = 1_000.0,
    sockets: int = 200,
    seconds: float = 20.0,
    url: str | None = None,
    key: str | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Type on many sockets at once.

    Args:
        releases: Where the shop's releases are.
        shop: The shop's name.
        rate: Keystrokes a second over all sockets, Poisson.
        sockets: Open at the same time.
        seconds: How long; its first tenth warms up.
        url: Of a running server; without it one with one worker is started on the other cores and stopped afterwards.
        key: The shop's public key, where it has one.
        seed: Of arrivals and of what is typed.

    Returns:
        `cases` with `p50_us p95_us p99_us` from the intended moment to the answer, the same of the server's own
        `took_us`, `superseded_share`, and the server's memory in megabytes (PSS, Linux).
    """
    phrases = shop_phrases(releases, shop, seed)
    server_cores, generator_cores = split_cores()
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with contextlib.ExitStack() as stack:
        base = url or stack.enter_context(running_server(releases, server_cores))
        stack.callback(pin, 0, before)
        pin(0, generator_cores)
        address = f"{base.replace('http', 'ws', 1)}/v1/shops/{quote(shop)}/suggest"
        case = uvloop.run(_type_on_all(address, key, phrases, rate, sockets, seconds, seed))
        memory = {} if url else {"pss_mb": server_pss_mb()}
    return {"what": "socket", "shop": shop, "sockets": sockets, "seconds": seconds, "cases": [{**case, **memory}]}


def shop_phrases(releases: str, shop: str, seed: int) -> list[str]:
    """What shoppers might type: the names of the product types, brands and categories with the most products."""
    snapshot = open_shop(releases, shop).snapshot
    concepts = [
        int(concept)
        for scheme in (Scheme.PRODUCT_TYPE, Scheme.BRAND, Scheme.CATEGORY)
        for concept in snapshot.by_scheme(scheme)
    ]
    concepts.sort(key=lambda concept: (-snapshot.product_count(concept), concept))
    phrases = list(dict.fromkeys(label for concept in concepts[:_PHRASES] if (label := snapshot.label(concept))))
    random.Random(seed).shuffle(phrases)
    return phrases or [shop]


async def open_sockets(address: str, key: str | None, count: int) -> list[ClientConnection]:
    """So many sockets, opened a few at a time; they answer pings, and send none."""
    gate = asyncio.Semaphore(_OPENING_AT_ONCE)

    async def open_one() -> ClientConnection:
        async with gate:
            subprotocols = [Subprotocol(key)] if key else None
            return await connect(address, subprotocols=subprotocols, compression=None, ping_interval=None)

    return await asyncio.gather(*(open_one() for _ in range(count)))


async def _type_on_all(
    address: str, key: str | None, phrases: Sequence[str], rate: float, sockets: int, seconds: float, seed: int
) -> dict[str, float | int | str]:
    order = random.Random(seed)
    connections = await open_sockets(address, key, sockets)
    typing = [_TypingSocket(connection, phrases, order) for connection in connections]
    listening = [asyncio.create_task(socket.listen()) for socket in typing]
    arrivals = poisson_arrivals(rate, seconds, seed)
    counted_from = arrivals[-1] * WARM_UP
    start = time.perf_counter()
    counted_sent = 0
    for offset in arrivals:
        due = start + offset
        while (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left - _POLL_S if left > _POLL_S else 0)
        counted = bool(offset >= counted_from)
        counted_sent += counted
        await order.choice(typing).type(due, counted)
    deadline = time.perf_counter() + _DRAIN_S
    while any(socket.unanswered for socket in typing) and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    errors = sum(socket.errors + socket.unanswered for socket in typing)
    await asyncio.gather(*(connection.close() for connection in connections))
    await asyncio.gather(*listening)
    latencies = [latency for socket in typing for latency in socket.latencies_us]
    row = latency_row(f"{rate:g}/s over {sockets} sockets", latencies, errors)
    inside = latency_row("", [took for socket in typing for took in socket.server_us])
    superseded = sum(socket.superseded for socket in typing)
    return {
        **row,
        **{f"server_{name}": inside[name] for name in ("p50_us", "p95_us", "p99_us") if name in inside},
        "superseded_share": round(superseded / max(1, counted_sent), 4),
    }


def server_pss_mb() -> list[float]:
    """Memory of this process's server, parent first, then workers: each shared page is divided among its owners."""
    mine = _children(os.getpid())
    processes = [process for server in mine for process in (server, *_children(server))]
    return [round(pss_mb(process), 1) for process in processes]


def pss_mb(process: int) -> float:
    """Proportional set size of a process, in megabytes; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def _children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in listed.split()]
