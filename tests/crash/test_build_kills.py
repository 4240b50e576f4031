"""kill -9 of a real build at thirty moments: the old release stays current and whole, the next build succeeds."""

import multiprocessing
import random
import signal
import time
from pathlib import Path

import pytest

from data.release import current_id, list_releases, verify_release
from tests.api.catalogues import QUERIES, camping_products, write_catalogue

SHOP = "camping"
KILLS = 30


def build(folder: str) -> None:
    from api.build.pipeline import build_release

    root = Path(folder)
    build_release(root / "catalog.jsonl", queries=root / "queries.csv", shop=SHOP, releases=root / "releases")


@pytest.mark.slow
def test_thirty_kills_leave_a_whole_current_release(tmp_path):
    write_catalogue(tmp_path / "catalog.jsonl", camping_products())
    (tmp_path / "queries.csv").write_text(QUERIES)
    releases = tmp_path / "releases"
    # Children are forked from a process that has imported everything and started no thread: a kill hits the build
    # and not two seconds of imports.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["api.build.pipeline"])

    def start():
        process = context.Process(target=build, args=(str(tmp_path),))
        process.start()
        return process

    for _ in range(2):
        begin = time.perf_counter()
        process = start()
        process.join()
        assert process.exitcode == 0
        takes = time.perf_counter() - begin
    current = current_id(releases, SHOP)
    rng = random.Random(11)
    killed = 0
    while killed < KILLS:
        begin = time.perf_counter()
        process = start()
        process.join(rng.uniform(0, takes))
        process.kill()
        process.join()
        if process.exitcode == 0:
            # It ended before its kill, so the machine is faster than it was; that is no kill.
            takes = min(takes, time.perf_counter() - begin)
        else:
            assert process.exitcode == -signal.SIGKILL
            killed += 1
        now = current_id(releases, SHOP)
        assert now is not None
        manifest = verify_release(releases / SHOP / now)
        # Killed after the swap, or ended before the kill: then the new one is current, and as whole.
        assert now == current or manifest.parent == current
        current = now
        assert all(entry.manifest is not None for entry in list_releases(releases, SHOP, full=True))
    process = start()
    process.join()
    assert process.exitcode == 0
    assert current_id(releases, SHOP) != current
    assert not [path for path in (releases / SHOP).iterdir() if path.name.startswith((".staging", ".trash"))]
