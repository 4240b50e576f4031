"""The server's processes: what they import, how they stop, how they come back."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.http.server import bind_sockets
from data.errors import ConfigError
from tests.api.shop import Server, wait_for

_HEAVY = ("spacy", "networkx", "ibis", "duckdb", "ir_measures", "pandas", "pyarrow", "bm25s", "data.demo", "sklearn")


def test_the_serve_path_imports_only_what_it_uses(releases: Path) -> None:
    program = (
        "import sys\n"
        "from api.http.app import create_app\n"
        "from api.http.server import run_server\n"
        "from api.registry import ShopRegistry\n"
        f"shops = ShopRegistry({str(releases)!r}, 1 << 40, 60_000)\n"
        "release = shops.load('plain').current\n"
        "from understanding.query import Query\n"
        "from retrieval.answer.request import SearchRequest\n"
        "from autocomplete.prefix import Prefix\n"
        "from autocomplete.context import Context\n"
        "release.completer.complete(Prefix('jak'), Context())\n"
        "release.engine.search(SearchRequest(query='jaket'), release.understander.understand(Query('jaket')))\n"
        "shops.stop()\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_second_server_on_the_same_port_is_refused(server: Server) -> None:
    with pytest.raises(ConfigError, match=str(server.port)):
        bind_sockets("127.0.0.1", server.port, 2)
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"):
        bind_sockets("192.0.2.1", 0, 1)


def test_port_zero_takes_one_free_port_for_all_workers() -> None:
    sockets = bind_sockets("127.0.0.1", 0, 3)
    assert len({listener.getsockname()[1] for listener in sockets}) == 1
    for listener in sockets:
        listener.close()


def test_wrong_settings_are_named(releases: Path) -> None:
    start = "from api.cli.main import main; main()"
    environment = {**os.environ, "INTENTRIE_WORKERS": "many", "INTENTRIE_DRAIN_S": "-1"}
    ran = subprocess.run(
        [sys.executable, "-c", start, "serve", "--releases", str(releases)],
        capture_output=True, text=True, env=environment, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "INTENTRIE_WORKERS" in ran.stderr
    assert "INTENTRIE_DRAIN_S" in ran.stderr


def test_stopping_closes_sockets_with_1012_and_finishes_what_runs(releases: Path) -> None:
    server = Server(releases, workers=2).start()

    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            await connection.send(json.dumps({"seq": 1, "prefix": "l"}))
            await connection.recv()
            # Headers are in, the body is on its way: this request is running when the signal comes.
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            body = json.dumps({"query": "lamp"}).encode()
            writer.write(
                b"POST /v1/shops/plain/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
            )
            await writer.drain()
            await asyncio.sleep(0.2)
            assert server.process is not None
            server.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as caught:
                await asyncio.wait_for(connection.recv(), 10)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1012
            writer.write(body)
            answer = await asyncio.wait_for(reader.read(), 10)
            assert answer.startswith(b"HTTP/1.1 200")
            assert b'"results"' in answer
            writer.close()

    asyncio.run(scenario())
    assert server.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/health/live")


def test_a_killed_worker_comes_back_and_its_connections_wait(releases: Path) -> None:
    server = Server(releases, workers=2).start()
    victims = server.worker_processes()
    assert len(victims) == 2
    failures: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                answer = httpx.get(f"{server.url}/v1/shops/plain/suggest", params={"q": "l"}, timeout=20)
                if answer.status_code != 200:
                    failures.append(answer.text)
            except httpx.TransportError as error:
                # Cut off in the middle of being answered; not refused.
                if isinstance(error, httpx.ConnectError):
                    failures.append(repr(error))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
            wait_for(lambda victim=victim: victim not in server.worker_processes(), 5)
        wait_for(lambda: len(server.worker_processes()) == 2, 10)
        for _ in range(20):
            assert httpx.get(f"{server.url}/health/live", timeout=20).status_code == 200
    finally:
        stop.set()
        thread.join()
    assert failures == []
    assert set(server.worker_processes()).isdisjoint(victims)
    assert server.stop() == 0


def test_workers_end_when_their_parent_is_killed(releases: Path) -> None:
    server = Server(releases, workers=2).start()
    workers = server.worker_processes()
    server.kill()
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 10)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0
