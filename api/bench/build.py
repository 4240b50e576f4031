"""What a build costs: seconds by stage, peak memory, size of the release."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from data.errors import InputError

# Linux counts ru_maxrss in kilobytes, macOS in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def bench_build(
    catalog: Path,
    shop: str = "bench",
    events: Path | None = None,
    queries: Path | None = None,
    config: Path | None = None,
    rounds: int = 1,
) -> dict[str, Any]:
    """Build into an empty folder, in a process of its own, and throw the release away.

    Args:
        catalog: Canonical products.
        shop: Its name.
        events: As for `build`.
        queries: As for `build`.
        config: As for `build`.
        rounds: Builds; the first makes the graph store, the others find it, as a nightly build does.

    Returns:
        `cases`: one a stage with `seconds`, then `total` with `seconds` (interpreter start included),
        `peak_rss_bytes`, `release_bytes`, `products`; the last round's, with `first_seconds` of the first.

    Raises:
        InputError: The build failed; its own words are in the message.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from api.cli.main import main; main()", "build", "--json"]
        given = {"catalog": catalog, "shop": shop, "releases": folder}
        given |= {"events": events, "queries": queries, "config": config}
        for name, value in given.items():
            command += [f"--{name}", str(value)] if value is not None else []
        seconds = []
        for _ in range(rounds):
            begin = time.perf_counter()
            manifest, peak_rss_bytes = _run(command)
            seconds.append(time.perf_counter() - begin)
    stages = [{"case": stage, "seconds": spent} for stage, spent in manifest["stage_seconds"].items()]
    total = {
        "case": "total",
        "seconds": round(seconds[-1], 3),
        "first_seconds": round(seconds[0], 3),
        "peak_rss_bytes": peak_rss_bytes,
        "release_bytes": manifest["bytes"],
        "products": manifest["products"],
        "completions": manifest["quality"]["completions"],
    }
    return {"what": "build", "catalog": catalog.name, "rounds": rounds, "cases": [*stages, total]}


def _run(command: list[str]) -> tuple[dict[str, Any], int]:
    """The manifest that the build printed, and its process's peak memory in bytes."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        assert process.stdout is not None  # a pipe was asked for
        answer = process.stdout.read()
        process.stdout.close()
        # The rusage of this very child; that of all children would be the largest of them.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise InputError(f"the build failed: {said.read().decode(errors='replace').strip()[-2_000:]}")
    return json.loads(answer), usage.ru_maxrss * _RSS_UNIT
