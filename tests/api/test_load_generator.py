import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from api.bench.load_generator import latency_row, poisson_arrivals, run_open_loop
from api.bench.search import read_queries
from data.errors import InputError


def test_arrivals_are_poisson() -> None:
    times = poisson_arrivals(rate=100, seconds=200, seed=1)
    gaps = np.diff(times)
    assert len(times) == pytest.approx(20_000, rel=0.03)
    assert gaps.mean() == pytest.approx(0.01, rel=0.03)
    # Exponential gaps: the standard deviation is the mean.
    assert gaps.std() == pytest.approx(0.01, rel=0.05)
    assert times[-1] < 200


def test_even_a_moment_has_an_arrival() -> None:
    assert len(poisson_arrivals(rate=0.01, seconds=0.01)) == 1


def test_a_stall_is_felt_by_all_who_came_meanwhile() -> None:
    # Every request after the first waits behind one lock that the first holds for 100 ms. A closed loop would see one
    # slow request; from the intended moments, everyone who came during the stall was slow.
    async def run() -> tuple[float, ...]:
        lock = asyncio.Lock()

        async def request(number: int) -> bool:
            async with lock:
                if number == 0:
                    await asyncio.sleep(0.1)
            return True

        return (await run_open_loop([0.0, 0.01, 0.02, 0.03], request)).latencies_us

    late = sorted(asyncio.run(run()))
    assert len(late) == 3  # the first is in the warm-up
    assert late[0] > 60_000


def test_requests_do_not_wait_for_one_another() -> None:
    async def request(_: int) -> bool:
        await asyncio.sleep(0.2)
        return True

    start = time.perf_counter()
    asyncio.run(run_open_loop([0.0, 0.0, 0.0, 0.0, 0.0], request))
    assert time.perf_counter() - start < 0.8


def test_failures_are_errors_not_latencies() -> None:
    async def request(number: int) -> bool:
        if number == 1:
            raise ConnectionResetError
        return number != 2

    load = asyncio.run(run_open_loop([0.0, 0.001, 0.002, 0.003], request))
    assert load.errors == 2
    assert len(load.latencies_us) == 1


def test_row_has_nearest_rank_percentiles() -> None:
    row = latency_row("case", [float(value) for value in range(1, 101)], errors=3)
    assert row == {"case": "case", "requests": 103, "errors": 3, "p50_us": 51.0, "p95_us": 96.0, "p99_us": 100.0}
    assert latency_row("none", [], 1) == {"case": "none", "requests": 1, "errors": 1}


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("red lamp\n\nblue desk\nred lamp\n", ["red lamp", "blue desk"]),
        ('query,docid,rating\n"lamp, red",1,3\nlamp,2,0\n', ["lamp, red", "lamp"]),
    ],
)
def test_queries_are_lines_or_a_column(tmp_path: Path, text: str, queries: list[str]) -> None:
    (tmp_path / "queries").write_text(text)
    assert read_queries(tmp_path / "queries") == queries


def test_no_queries_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(InputError, match="got none"):
        read_queries(tmp_path / "empty")
    with pytest.raises(InputError, match="expected a text file"):
        read_queries(tmp_path / "missing")
