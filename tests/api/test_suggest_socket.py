"""The socket against a real server."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.api.shop import Server


async def ask(connection: ClientConnection, **message: Any) -> dict[str, Any]:
    await connection.send(json.dumps(message))
    answer: dict[str, Any] = json.loads(await asyncio.wait_for(connection.recv(), 10))
    return answer


def test_a_keystroke_is_answered_as_the_contract_says(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            answer = await ask(
                connection, seq=7, prefix="ja", limit=3, locale="en", session="s", user="u", context={"page": "home"}
            )
        assert set(answer) == {"seq", "suggest_id", "suggestions", "took_us", "release"}
        assert answer["seq"] == 7
        assert 1 <= len(answer["suggestions"]) <= 3
        for suggestion in answer["suggestions"]:
            assert {"text", "kind", "source", "highlights", "score"} <= set(suggestion)
            assert suggestion["kind"] in {"query", "category", "brand", "attribute", "product"}
            assert "reasons" not in suggestion
            for start, end in suggestion["highlights"]:
                assert 0 <= start < end <= len(suggestion["text"])
        assert any("jacket" in suggestion["text"].lower() for suggestion in answer["suggestions"])

    asyncio.run(scenario())


def test_reasons_come_when_asked_for(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            answer = await ask(connection, seq=1, prefix="ja", explain=True)
        assert all(suggestion["reasons"] for suggestion in answer["suggestions"])

    asyncio.run(scenario())


def test_rest_and_socket_give_the_same_suggestions(server: Server, client: httpx.Client) -> None:
    async def scenario() -> list[Any]:
        async with connect(server.socket_url("plain")) as connection:
            return list((await ask(connection, seq=1, prefix="bl", limit=5, locale="en"))["suggestions"])

    rest = client.get("/v1/shops/plain/suggest", params={"q": "bl", "limit": 5, "locale": "en"}).json()
    assert asyncio.run(scenario()) == rest["suggestions"]


def test_the_newest_keystroke_wins_and_older_answers_never_follow(server: Server) -> None:
    async def scenario() -> list[int]:
        async with connect(server.socket_url("plain")) as connection:
            for seq in range(1, 501):
                await connection.send(json.dumps({"seq": seq, "prefix": "jacket"[: 1 + seq % 6]}))
            answered: list[int] = []
            while not answered or answered[-1] != 500:
                answered.append(json.loads(await asyncio.wait_for(connection.recv(), 10))["seq"])
            # One that comes too late is dropped; one more round trip shows that nothing was waiting behind it.
            await connection.send(json.dumps({"seq": 499, "prefix": "late"}))
            answered.append((await ask(connection, seq=501, prefix="j"))["seq"])
            return answered

    answered = asyncio.run(scenario())
    assert answered == sorted(answered)
    assert answered[-2:] == [500, 501]


def test_the_same_seq_again_is_answered_again(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            first = await ask(connection, seq=4, prefix="ket")
            again = await ask(connection, seq=4, prefix="ket")
        assert first["suggestions"] == again["suggestions"]
        assert first["suggest_id"] != again["suggest_id"]

    asyncio.run(scenario())


@pytest.mark.parametrize("message", ["garbage", "[]", "null", "{", '{"seq": 1', '"\\ud800"', "\x00", '{"seq": {}}'])
def test_garbage_gets_an_error_and_the_socket_goes_on(server: Server, message: str) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            await connection.send(message)
            error = json.loads(await asyncio.wait_for(connection.recv(), 10))
            assert error["seq"] is None
            assert error["error"]["type"] == "urn:intentrie:problem:invalid-request"
            assert error["error"]["detail"]
            assert (await ask(connection, seq=2, prefix="lam"))["seq"] == 2

    asyncio.run(scenario())


def test_a_mistake_in_a_keystroke_is_answered_with_its_seq(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            answer = await ask(connection, seq=9, prefix="p" * 10_000)
            assert answer["seq"] == 9
            assert "256" in answer["error"]["detail"]

    asyncio.run(scenario())


@pytest.mark.parametrize("prefix", ["", " ", "🎧", "سماعات", "Kön", "a\x00b", "\u202eabc", "%", "' OR 1=1", "a" * 256])
def test_odd_prefixes_are_answered(server: Server, prefix: str) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            answer = await ask(connection, seq=1, prefix=prefix)
            assert isinstance(answer["suggestions"], list)

    asyncio.run(scenario())


def refusal(server: Server, shop: str, **arguments: Any) -> tuple[int, str]:
    async def scenario() -> tuple[int, str]:
        with pytest.raises(InvalidStatus) as caught:
            await connect(server.socket_url(shop), **arguments)
        response = caught.value.response
        return response.status_code, json.loads(response.body)["type"].rpartition(":")[2]

    return asyncio.run(scenario())


def test_handshakes_are_refused_with_problems(server: Server) -> None:
    assert refusal(server, "nobody") == (404, "unknown-shop")
    assert refusal(server, "..") == (404, "unknown-shop")
    assert refusal(server, "plain", origin=Origin("https://evil.example")) == (403, "origin-not-allowed")
    assert refusal(server, "keyed") == (401, "key-required")
    assert refusal(server, "keyed", subprotocols=[Subprotocol("another-key")]) == (401, "key-required")
    key = Subprotocol("public-key-1")
    assert refusal(server, "keyed", subprotocols=[key], origin=Origin("https://evil.example"))[0] == 403


def test_the_public_key_opens_as_subprotocol_header_or_parameter(server: Server) -> None:
    async def scenario() -> None:
        url = server.socket_url("keyed")
        origin = Origin("https://shop.example")
        async with connect(url, subprotocols=[Subprotocol("public-key-1")], origin=origin) as connection:
            assert connection.subprotocol == "public-key-1"
            assert "suggestions" in await ask(connection, seq=1, prefix="j")
        async with connect(url, additional_headers={"X-Intentrie-Key": "public-key-1"}) as connection:
            assert "suggestions" in await ask(connection, seq=1, prefix="j")
        async with connect(f"{url}?key=public-key-1", origin=Origin(server.url)) as connection:
            assert "suggestions" in await ask(connection, seq=1, prefix="j")

    asyncio.run(scenario())


def test_a_large_frame_is_closed_with_1009(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            await connection.send("x" * 20_000)
            with pytest.raises(ConnectionClosed) as caught:
                await asyncio.wait_for(connection.recv(), 10)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1009

    asyncio.run(scenario())


def test_pings_are_answered(server: Server) -> None:
    async def scenario() -> None:
        async with connect(server.socket_url("plain")) as connection:
            await asyncio.wait_for(await connection.ping(), 10)

    asyncio.run(scenario())
