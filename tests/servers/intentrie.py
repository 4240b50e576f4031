"""Starts a real `intentrie serve` on a free port of the loopback and stops just that one."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address and its process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(releases: Path, log: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve `releases` until the block ends; the server's output goes to `log`."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "api.cli.main",
        "serve",
        "--releases",
        str(releases),
        "--port",
        str(port),
        *options,
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **(environment or {})}, start_new_session=True
        )
        try:
            wait_ready(f"http://127.0.0.1:{port}", process, log)
            yield Server(f"http://127.0.0.1:{port}", process, log)
        finally:
            stop(process)


def wait_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until /health/ready says 200; a server that ends or is late fails the test with its own words."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(
        f"the server was not ready within {READY_WITHIN_S} s:\n{log.read_text(errors='replace')[-4000:]}"
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Politely first, then the whole process group."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
