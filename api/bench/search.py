"""Search latency: over HTTP against a server process, open loop, and in process."""

import asyncio
import contextlib
import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from api.assembly import now_ms, open_shop
from api.bench.load_generator import Load, latency_row, pin, poisson_arrivals, run_open_loop, split_cores
from data.errors import InputError, StorageError
from retrieval.answer.request import SearchRequest
from understanding.query import Query

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# A server that is not ready by then is broken: Icecat must be ready in 4 s on an idle machine.
_READY_WITHIN_S = 60.0
_IN_PROCESS_ROUNDS = 3
_PAGE = 24


def read_queries(path: Path) -> list[str]:
    """Distinct queries: the `query` column of a CSV that has one, otherwise one query a line.

    Raises:
        InputError: If the file cannot be read or holds no query.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header = file.readline().strip().lower().split(",")
            file.seek(0)
            if "query" in header:
                rows = [
                    next((row[name] or "" for name in row if name.lower() == "query"), "")
                    for row in csv.DictReader(file)
                ]
            else:
                rows = file.read().splitlines()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: expected a text file of queries, got {error}") from error
    queries = list(dict.fromkeys(row.strip() for row in rows if row.strip()))
    if not queries:
        raise InputError(f"{path}: expected at least one query, got none; write one a line")
    return queries


def bench_search(
    releases: str,
    shop: str,
    queries: Sequence[str],
    rate: float = 50.0,
    seconds: float = 30.0,
    url: str | None = None,
    key: str | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure searches over HTTP at `rate` a second and in process, one after the other.

    Args:
        releases: Where the shop's releases are.
        shop: The shop's name.
        queries: Asked in turn.
        rate: Arrivals a second, Poisson.
        seconds: How long; its first tenth warms up.
        url: Of a running server; without it one is started on the other cores and stopped afterwards.
        key: The shop's public key, where it has one.
        seed: Of the arrivals.

    Returns:
        `cases` with `case`, `requests`, `errors` and `p50_us p95_us p99_us`.
    """
    cases = [_in_process(releases, shop, queries)]
    server_cores, generator_cores = split_cores()
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with contextlib.ExitStack() as stack:
        base = url or stack.enter_context(running_server(releases, server_cores))
        stack.callback(pin, 0, before)
        pin(0, generator_cores)
        load = asyncio.run(_over_http(base, shop, queries, rate, seconds, key, seed))
    cases.append(latency_row(f"http {rate:g}/s", load.latencies_us, load.errors))
    return {"what": "search", "shop": shop, "queries": len(queries), "seconds": seconds, "cases": cases}


def _in_process(releases: str, shop: str, queries: Sequence[str]) -> dict[str, float | int | str]:
    held = open_shop(releases, shop)
    latencies = []
    for turn in range(_IN_PROCESS_ROUNDS + 1):
        for text in queries:
            begin = time.perf_counter()
            understanding = held.understander.understand(Query(text, held.locale))
            held.engine.search(
                SearchRequest(query=text, size=_PAGE, locale=held.locale, now_ms=now_ms()), understanding
            )
            if turn:
                latencies.append((time.perf_counter() - begin) * 1e6)
    return latency_row("in process", latencies)


@contextlib.contextmanager
def running_server(releases: str, cores: set[int], environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server of `releases` on a free port and on `cores`; gives its URL when it is ready and stops it at the end.

    Raises:
        StorageError: If it ends or is not ready in time; its last words are in the message.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = "from api.cli.main import main; main()"
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-c", start, "serve", "--releases", releases, "--port", str(port)],
            stdout=said,
            stderr=said,
            env={**os.environ, **(environment or {})},
        )
        pin(process.pid, cores)
        try:
            _wait_until_ready(process, base, said)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], base: str, said: IO[bytes]) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while not _is_ready(base):
        if process.poll() is not None or time.monotonic() > deadline:
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip()[-2_000:]
            raise StorageError(f"the server at {base} was not ready within {_READY_WITHIN_S:g} s; it said: {words}")
        time.sleep(0.05)


def _is_ready(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


async def _over_http(
    base: str, shop: str, queries: Sequence[str], rate: float, seconds: float, key: str | None, seed: int
) -> Load:
    address = urlsplit(base)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    idle: list[Connection] = []
    credentials = f"Authorization: Bearer {key}\r\n" if key else ""

    async def request(number: int) -> bool:
        while idle:
            connection = idle.pop()
            try:
                return await exchange(connection, number)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                # A server closes connections that nobody used for some seconds; that is no failed search.
                connection[1].close()
                if getattr(error, "partial", b""):
                    raise
        return await exchange(await asyncio.open_connection(host, port), number)

    async def exchange(connection: Connection, number: int) -> bool:
        reader, writer = connection
        body = json.dumps({"query": queries[number % len(queries)], "size": _PAGE}).encode()
        writer.write(
            f"POST {address.path}/v1/shops/{quote(shop)}/search HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
        idle.append(connection)
        return head.split(" ", 2)[1] == "200" and "results" in answer

    load = await run_open_loop(poisson_arrivals(rate, seconds, seed), request)
    for _, writer in idle:
        writer.close()
    return load
