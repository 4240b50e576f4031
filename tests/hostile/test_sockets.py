"""Sockets of people who mean harm: clear errors, bounded memory, and everybody else is served."""

import asyncio
import contextlib
import json
import os
import random
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.api.shop import Server, made_up_products, publish


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    publish(folder / "releases", "plain", made_up_products(), folder)
    running = Server(folder / "releases", environment={"INTENTRIE_SLOW_READER_S": "1"}).start()
    yield running
    assert running.stop() == 0
    assert not [line for line in running.log_lines() if line["level"] == "error" and line["logger"] != "uvicorn.error"]


def resident_mb(server: Server) -> float:
    (worker,) = server.worker_processes()
    lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss:"))


def still_serves(server: Server) -> float:
    """Seconds that a well-behaved keystroke takes on a new socket."""

    async def scenario() -> float:
        start = time.monotonic()
        async with connect(server.socket_url("plain")) as connection:
            await connection.send(json.dumps({"seq": 1, "prefix": "jac"}))
            answer = json.loads(await asyncio.wait_for(connection.recv(), 10))
            assert answer["suggestions"]
        return time.monotonic() - start

    return asyncio.run(scenario())


def test_ten_thousand_keystrokes_at_once(victim: Server) -> None:
    async def scenario() -> tuple[list[int], float]:
        async with connect(victim.socket_url("plain"), compression=None) as connection:
            start = time.monotonic()

            async def flood() -> None:
                for seq in range(10_000):
                    await connection.send(json.dumps({"seq": seq, "prefix": "jacket"[: 1 + seq % 6], "limit": 8}))

            flooding = asyncio.create_task(flood())
            answered: list[int] = []
            while not answered or answered[-1] < 9_999:
                answered.append(json.loads(await asyncio.wait_for(connection.recv(), 20))["seq"])
            await flooding
            return answered, time.monotonic() - start

    before = resident_mb(victim)
    answered, took_s = asyncio.run(scenario())
    assert answered == sorted(set(answered))
    assert answered[-1] == 9_999
    assert took_s < 15
    assert resident_mb(victim) < before + 50
    still_serves(victim)


def test_frames_of_a_megabyte_are_refused(victim: Server) -> None:
    async def scenario() -> None:
        for _ in range(20):
            async with connect(victim.socket_url("plain"), compression=None, max_size=None) as connection:
                with contextlib.suppress(ConnectionClosed):
                    await connection.send("x" * 1024 * 1024)
                with pytest.raises(ConnectionClosed) as caught:
                    await asyncio.wait_for(connection.recv(), 10)
                assert caught.value.rcvd is None or caught.value.rcvd.code == 1009

    before = resident_mb(victim)
    asyncio.run(scenario())
    assert resident_mb(victim) < before + 50
    still_serves(victim)


def test_random_bytes_after_the_handshake(victim: Server) -> None:
    for seed in range(30):
        with raw_socket(victim) as connection:
            connection.sendall(random.Random(seed).randbytes(5_000))
            connection.settimeout(10)
            try:
                while connection.recv(65_536):
                    pass
            except OSError:
                pass
    still_serves(victim)


def test_binary_frames_fragments_and_broken_text(victim: Server) -> None:
    async def scenario() -> None:
        async with connect(victim.socket_url("plain")) as connection:
            await connection.send(json.dumps({"seq": 1, "prefix": "jac"}).encode())  # binary, but the same JSON
            assert json.loads(await connection.recv())["seq"] == 1
            await connection.send(
                [json.dumps({"seq": 2, "prefix": "jac"})[:9], json.dumps({"seq": 2, "prefix": "jac"})[9:]]
            )
            assert json.loads(await connection.recv())["seq"] == 2
            await connection.send(b"\xff\xfe\x00")
            assert "error" in json.loads(await connection.recv())
        async with connect(victim.socket_url("plain")) as connection:
            await connection.send(b"\xff\xfe\x00", text=True)
            with pytest.raises(ConnectionClosed) as caught:
                await asyncio.wait_for(connection.recv(), 10)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1007

    asyncio.run(scenario())
    still_serves(victim)


def test_a_thousand_mistakes_in_a_row_are_abuse(victim: Server) -> None:
    async def scenario() -> None:
        async with connect(victim.socket_url("plain"), compression=None) as connection:
            for _ in range(1_000):
                await connection.send("garbage")
                assert "error" in json.loads(await asyncio.wait_for(connection.recv(), 10))
            with pytest.raises(ConnectionClosed) as caught:
                await asyncio.wait_for(connection.recv(), 10)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1008

    asyncio.run(scenario())
    still_serves(victim)


def test_peers_that_never_read_are_dropped_and_hold_no_memory(victim: Server) -> None:
    """Keystrokes, mistakes and pings from peers who read nothing: each would fill a buffer of the server."""
    before = resident_mb(victim)
    kinds = (
        frame(json.dumps({"seq": 1, "prefix": "", "limit": 50, "explain": True}).encode()),
        frame(b"garbage"),
        frame(b"p" * 125, opcode=0x9),
    )
    connections = []
    for number in range(9):
        connection = raw_socket(victim, receive_buffer=4096)
        connections.append(connection)
        connection.settimeout(0.2)
        payload = kinds[number % 3] * 2_000
        sent = 0
        try:
            while sent < 40 * 1024 * 1024:
                sent += connection.send(payload)
        except OSError:
            pass  # the server has stopped reading, or has cut the line: both are right
    assert resident_mb(victim) < before + 60
    assert still_serves(victim) < 3
    deadline = time.monotonic() + 20
    while open_sockets(victim) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert open_sockets(victim) == 0
    for connection in connections:
        connection.close()


def test_half_open_handshakes_do_not_block(victim: Server) -> None:
    connections = []
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", victim.port))
        connection.sendall(b"GET /v1/shops/plain/suggest HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n")
        connections.append(connection)
    assert still_serves(victim) < 3
    for connection in connections:
        connection.close()


def test_one_address_may_hold_only_so_many_sockets(victim: Server) -> None:
    limited = Server(victim.releases, environment={"INTENTRIE_SOCKETS_PER_ADDRESS": "3"}).start()

    async def scenario() -> None:
        url = limited.socket_url("plain")
        async with connect(url), connect(url), connect(url):
            with pytest.raises(Exception, match="429"):
                await connect(url)
        for _ in range(100):  # their places come back
            try:
                async with connect(url):
                    return
            except Exception:  # noqa: BLE001 - until the server has seen them go
                await asyncio.sleep(0.02)
        raise AssertionError("no place came back")

    asyncio.run(scenario())
    assert limited.stop() == 0


def test_one_address_may_ask_only_so_much_when_limited(victim: Server) -> None:
    limited = Server(victim.releases, environment={"INTENTRIE_RATE_PER_S": "1", "INTENTRIE_RATE_BURST": "5"}).start()
    with limited.client() as client:
        answers = [client.get("/v1/shops/plain/suggest", params={"q": "l"}) for _ in range(12)]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert answers[-1].headers["retry-after"] == "1"
        assert client.get("/health/ready").status_code == 200
    assert limited.stop() == 0


def test_one_address_types_only_so_much_over_all_its_sockets(victim: Server) -> None:
    environment = {"INTENTRIE_KEYSTROKES_PER_S": "20", "INTENTRIE_KEYSTROKE_BURST": "5"}
    limited = Server(victim.releases, environment=environment).start()

    async def scenario() -> float:
        async with connect(limited.socket_url("plain")) as one, connect(limited.socket_url("plain")) as other:
            started = time.monotonic()
            for seq in range(15):
                for socket_ in (one, other):
                    await socket_.send(json.dumps({"seq": seq, "prefix": "l"}))
            for socket_ in (one, other):
                while json.loads(await asyncio.wait_for(socket_.recv(), 10))["seq"] < 14:
                    pass
            return time.monotonic() - started

    # Five at once, the other 25 in 1.25 s.
    assert asyncio.run(scenario()) > 1.0
    assert limited.stop() == 0


def open_sockets(server: Server) -> float:
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith("intentrie_suggest_sockets "))


def raw_socket(server: Server, receive_buffer: int | None = None) -> socket.socket:
    """A socket after the WebSocket handshake, for sending whatever one likes."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(
        b"GET /v1/shops/plain/suggest HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    connection.settimeout(10)
    assert connection.recv(12) == b"HTTP/1.1 101"
    return connection


def frame(payload: bytes, opcode: int = 0x1) -> bytes:
    """One masked frame, RFC 6455 section 5.2."""
    mask = os.urandom(4)
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return bytes([0x80 | opcode]) + length + mask + masked
