"""Open-loop load: requests leave when a Poisson process says, whether or not earlier ones have been answered."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Before this share of the run nothing is counted: caches, connections and interpreters warm up.
WARM_UP = 0.1


@dataclass(frozen=True, slots=True)
class Load:
    """What an open-loop run saw.

    Attributes:
        latencies_us: From the moment a request was meant to leave, so that a stalled server cannot hide its queue.
        errors: Requests that failed or were not answered well; they have no latency.
    """

    latencies_us: tuple[float, ...]
    errors: int


def poisson_arrivals(rate: float, seconds: float, seed: int = 0) -> NDArray[np.float64]:
    """Seconds from the start at which requests leave; at least one."""
    generator = np.random.default_rng(seed)
    expected = rate * seconds
    gaps = generator.exponential(1 / rate, max(1, int(expected + 6 * expected**0.5 + 1)))
    times = np.cumsum(gaps)
    inside: NDArray[np.float64] = times[times < seconds]
    return inside if len(inside) else times[:1]


async def run_open_loop(
    arrivals: Sequence[float] | NDArray[np.float64], request: Callable[[int], Awaitable[bool]]
) -> Load:
    """Start `request(number)` at each arrival; it says whether the answer was good.

    References:
        Schroeder, Wierman, Harchol-Balter: Open versus closed: a cautionary tale, NSDI 2006; Tene: How not to
        measure latency (coordinated omission).
    """
    latencies: list[float] = []
    errors = 0
    counted_from = arrivals[-1] * WARM_UP

    async def one(number: int, due: float, counted: bool) -> None:
        nonlocal errors
        try:
            good = await request(number)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            good = False
        if not good:
            errors += 1
        elif counted:
            latencies.append((time.perf_counter() - due) * 1e6)

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, offset in enumerate(arrivals):
            delay = start + offset - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            group.create_task(one(number, start + offset, offset >= counted_from))
    return Load(tuple(latencies), errors)


def latency_row(case: str, latencies_us: Sequence[float], errors: int = 0) -> dict[str, float | int | str]:
    """A row of `cases`: nearest-rank percentiles in microseconds."""
    row: dict[str, float | int | str] = {"case": case, "requests": len(latencies_us) + errors, "errors": errors}
    if len(latencies_us):
        for name, share in (("p50_us", 0.5), ("p95_us", 0.95), ("p99_us", 0.99)):
            row[name] = round(float(np.quantile(latencies_us, share, method="higher")), 1)
    return row


def split_cores() -> tuple[set[int], set[int]]:
    """Cores for the server and for the generator, apart where there are two and the system can pin."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    cores = sorted(os.sched_getaffinity(0))
    return (set(cores[:-1]), {cores[-1]}) if len(cores) > 1 else (set(cores), set(cores))


def pin(process: int, cores: set[int]) -> None:
    """Keep a process (0: this one) on some cores; nothing happens where the system cannot."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process, cores)
