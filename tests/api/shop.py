"""A small made-up shop, its releases, and servers of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from data.manifest import Manifest

TOKEN = "token-of-the-tests"
_COLOURS = ("red", "blue", "green", "black")
_THINGS = (
    ("lamp", "Acme", ("Home", "Lighting")),
    ("kettle", "Borealis", ("Home", "Kitchen")),
    ("backpack", "Corvid", ("Travel", "Bags")),
    ("jacket", "Dunlin", ("Clothing", "Jackets")),
    ("headphones", "Egret", ("Electronics", "Audio")),
)


def made_up_products(edition: str = "") -> list[dict[str, Any]]:
    """Twenty products in four colours of five things; `edition` stands in every title."""
    return [
        {
            "product_id": f"{thing}-{colour}",
            "group_id": f"{thing}-{colour}",
            "title": f"{brand} {thing} {colour} {edition}".strip(),
            "description": f"A {colour} {thing} for every day.",
            "brand": brand,
            "category": list(category),
            "attributes": {"colour": colour},
            "price": f"{10 + 7 * number}.00",
            "currency": "EUR",
            "stock": 5,
        }
        for thing, brand, category in _THINGS
        for number, colour in enumerate(_COLOURS)
    ]


def publish(
    releases: Path, shop: str, products: Iterable[Mapping[str, Any]], folder: Path, config: str | None = None
) -> Manifest:
    """Build and publish a release of these products."""
    # Here, so that tests beside these, which need no release, do not wait for everything that builds one.
    from api.build.pipeline import build_release

    catalog = folder / f"{shop}-{time.monotonic_ns()}.jsonl"
    catalog.write_text("".join(json.dumps(product) + "\n" for product in products), encoding="utf-8")
    toml = None
    if config is not None:
        toml = folder / f"{shop}.toml"
        toml.write_text(config, encoding="utf-8")
    return build_release(catalog=catalog, config=toml, shop=shop, releases=releases, force=True)


class Server:
    """A real server in processes of its own, on a free port."""

    def __init__(self, releases: Path, workers: int = 1, environment: Mapping[str, str] | None = None) -> None:
        self.releases = releases
        self.workers = workers
        self.environment = {"INTENTRIE_ADMIN_TOKEN": TOKEN, **(environment or {})}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def socket_url(self, shop: str) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/shops/{shop}/suggest"

    def start(self, door: str = "/health/ready", within_s: float = 60.0) -> "Server":
        log = self.releases.parent / f"server-{self.port}.log"
        arguments = ["--releases", str(self.releases), "--port", str(self.port), "--workers", str(self.workers)]
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from api.cli.main import main; main()", "serve", *arguments],
                stderr=said,
                stdout=said,
                env={**os.environ, **self.environment},
            )
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {log.read_text()[-2000:]}")
            try:
                if httpx.get(f"{self.url}{door}", timeout=5).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"the server was not there within {within_s} s: {log.read_text()[-2000:]}")

    def worker_processes(self) -> list[int]:
        assert self.process is not None
        parent = self.process.pid
        return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def log_lines(self) -> list[dict[str, Any]]:
        lines = (self.releases.parent / f"server-{self.port}.log").read_text().splitlines(keepends=True)
        # The last one may still be being written.
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def stop(self) -> int:
        """Ask it to end; gives the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """SIGKILL to the parent; its workers must notice."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def client(self, token: str | None = TOKEN, **arguments: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, **arguments)


def wait_for(condition: Any, within_s: float, every_s: float = 0.01) -> float:
    """Seconds until the condition held.

    Raises:
        AssertionError: If it did not in time.
    """
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > within_s:
            raise AssertionError(f"not within {within_s} s")
        time.sleep(every_s)
    return time.monotonic() - start


def titles(answer: Mapping[str, Any]) -> Sequence[str]:
    return [hit["title"] for hit in answer["results"]]
