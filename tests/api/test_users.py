"""A shopper's recent searches, shown to their session alone; and how a person is forgotten, on a real server."""

import json
import time
import uuid
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.api.shop import Server

SUGGEST = "/v1/shops/plain/suggest"


def event(action: str, **fields: Any) -> dict[str, Any]:
    return {"action_name": action, "timestamp": int(time.time() * 1000), **fields}


def search(client: httpx.Client, query: str, session: str) -> None:
    assert client.post("/v1/shops/plain/search", json={"query": query, "session": session}).status_code == 200


def recent(answer: dict[str, Any]) -> list[str]:
    return [each["text"] for each in answer["suggestions"] if each["source"] == "recent"]


@pytest.fixture(scope="module")
def one(releases: Any) -> Any:
    """One worker: a session's searches are in the memory of the worker that saw them."""
    running = Server(releases, workers=1).start()
    yield running
    assert running.stop() == 0


def test_recent_searches_come_first_and_only_to_their_session(one: Server) -> None:
    name, stranger = uuid.uuid4().hex, uuid.uuid4().hex
    with one.client(token=None) as client:
        before = client.get(SUGGEST, params={"q": ""}).json()["suggestions"]
        for query in ("red lamp", "no such thing at all", "blue jacket", "red lamp"):
            search(client, query, name)
        shown = client.get(SUGGEST, params={"q": "", "session": name}).json()
        assert recent(shown) == ["red lamp", "blue jacket"]
        assert [each["text"] for each in shown["suggestions"]][:2] == ["red lamp", "blue jacket"]
        scores = [each["score"] for each in shown["suggestions"]]
        assert scores == sorted(scores, reverse=True)
        typed = client.get(SUGGEST, params={"q": "blue j", "session": name}).json()["suggestions"]
        assert (typed[0]["text"], typed[0]["source"], typed[0]["highlights"]) == ("blue jacket", "recent", [[0, 6]])
        assert [each["text"].casefold() for each in typed].count("blue jacket") == 1
        # Nobody else's answer holds them, under whatever name.
        for other in ({}, {"session": stranger}, {"user": name}, {"session": stranger, "user": name}):
            assert client.get(SUGGEST, params={"q": "", **other}).json()["suggestions"] == before


def test_what_the_page_says_is_good_on_every_worker(server: Server) -> None:
    with connect(f"ws://127.0.0.1:{server.port}{SUGGEST}") as socket:
        socket.send('{"seq": 1, "prefix": "blu", "session": "s", "context": {"queries": ["blue lamp", "blue jacket"]}}')
        answer: dict[str, Any] = json.loads(socket.recv())
    assert recent(answer) == ["blue jacket", "blue lamp"]


def test_a_forgotten_person_is_gone_from_the_log_and_from_memory(one: Server) -> None:
    name, user = uuid.uuid4().hex, uuid.uuid4().hex
    with one.client() as client:
        events = [event("search", user_id=user, session_id=name, user_query="red lamp"), event("view", user_id=user)]
        assert client.post("/v1/shops/plain/events", json=events).status_code == 200
        assert recent(client.get(SUGGEST, params={"q": "", "session": name}).json()) == ["red lamp"]
        answer = client.delete(f"/v1/shops/plain/users/{user}")
        assert (answer.status_code, answer.json()) == (200, {"deleted_events": 2})
        assert recent(client.get(SUGGEST, params={"q": "", "session": name}).json()) == []
        assert client.delete(f"/v1/shops/plain/users/{user}").json() == {"deleted_events": 0}


def test_forgetting_asks_for_the_token(client: httpx.Client) -> None:
    assert client.delete("/v1/shops/plain/users/u1").status_code in (401, 403)
