"""What a page says of its visit with `GET suggest`: as good as over the socket, bounded, and in no log."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from fastapi import Request
from websockets.sync.client import connect

from api.http.serving import Serving
from api.http.suggest import get_suggestions
from api.shop import Shop
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.ranking.session import MOST_KEPT, SessionMemory
from data.shop import ShopConfig
from tests.api.shop import Server
from tests.api.test_rest import problem

_PATH = "/v1/shops/plain/suggest"


def texts(suggestions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["text"], each["source"]) for each in suggestions]


def test_searches_count_as_over_the_socket(client: httpx.Client, server: Server) -> None:
    said = ["jacket red", "lamp blue", "lamp red"]
    answer = client.get(_PATH, params={"q": "la", "queries": said, "clicked": ["lamp-red", "gone"]}).raise_for_status()
    with connect(server.socket_url("plain")) as socket:
        # What is too long for an address is left out there by the page, and here by the server.
        context = {"queries": ["x" * 300, *said], "clicked": ["lamp-red", "gone"]}
        socket.send(json.dumps({"seq": 1, "prefix": "la", "context": context}))
        over_socket = json.loads(socket.recv(timeout=10))
    found = texts(answer.json()["suggestions"])
    assert found[:2] == [("lamp red", "recent"), ("lamp blue", "recent")]
    assert found == texts(over_socket["suggestions"])
    # Kept nowhere: who says nothing is shown nothing of it.
    assert not [
        each for each in texts(client.get(_PATH, params={"q": "la"}).json()["suggestions"]) if each[1] == "recent"
    ]


def test_places_for_kinds_are_kept_over_both_doors(client: httpx.Client, server: Server) -> None:
    asked = {"q": "l", "limit": 4}
    plain = client.get(_PATH, params=asked).raise_for_status().json()["suggestions"]
    grouped = client.get(_PATH, params={**asked, "groups": "true"}).raise_for_status().json()["suggestions"]
    with connect(server.socket_url("plain")) as socket:
        socket.send(json.dumps({"seq": 1, "prefix": "l", "limit": 4, "groups": True}))
        over_socket = json.loads(socket.recv(timeout=10))["suggestions"]
    assert "product" not in {each["kind"] for each in plain}
    # "lamp" has one category, "Lighting", and four products.
    assert [each["kind"] for each in grouped].count("product") == 1
    assert [each["kind"] for each in grouped].count("category") == 1
    assert grouped == over_socket
    # The answer without was not touched by what the server remembers of the one with.
    assert client.get(_PATH, params=asked).json()["suggestions"] == plain


def test_only_the_newest_are_read(client: httpx.Client) -> None:
    said = ["lamp blue", *(f"jacket {number}" for number in range(MOST_KEPT))]
    found = client.get(_PATH, params={"q": "la", "queries": said}).json()["suggestions"]
    assert "recent" not in {source for _, source in texts(found)}


@pytest.mark.parametrize("name", ["queries", "clicked"])
@pytest.mark.parametrize("said", [["lamp"] * 11, ["x" * 201]])
def test_endless_lists_and_texts_are_refused(client: httpx.Client, name: str, said: list[str]) -> None:
    body = problem(client.get(_PATH, params={"q": "l", name: said}), 422, "invalid-request")
    assert name in json.dumps(body["errors"])


def test_they_are_documented_as_parameters_to_repeat(client: httpx.Client) -> None:
    parameters = client.get("/openapi.json").json()["paths"]["/v1/shops/{shop}/suggest"]["get"]["parameters"]
    by_name = {each["name"]: each for each in parameters}
    for name in ("queries", "clicked"):
        schema = by_name[name]["schema"]
        assert (schema["type"], schema["maxItems"], by_name[name]["required"]) == ("array", 10, False)
        assert by_name[name]["description"]


def test_no_log_holds_them(client: httpx.Client, server: Server) -> None:
    said = {"q": "la", "queries": "my-secret-wish", "clicked": "my-secret-product", "session": "my-secret-visit"}
    client.get(_PATH, params=said, headers={"X-Request-Id": "context-1"}).raise_for_status()
    client.get(_PATH, params={**said, "limit": "my-secret-limit"}, headers={"X-Request-Id": "context-2"})
    lines = [line for line in server.log_lines() if str(line.get("request_id")).startswith("context-")]
    assert {line["status"] for line in lines} == {200, 422}
    log = (server.releases.parent / f"server-{server.port}.log").read_text()
    assert "my-secret" not in log


def test_clicks_reach_a_learned_order_as_categories() -> None:
    seen: list[Context] = []

    def suggest(release: object, prefix: Prefix, context: Context, searches: object) -> SimpleNamespace:
        seen.append(context)
        return SimpleNamespace(json=[])

    products = {"p1": SimpleNamespace(category=("Home", "Cups")), "p2": SimpleNamespace(category=("Home", "Beds"))}
    release = SimpleNamespace(
        completer=SimpleNamespace(uses_sessions=True),
        engine=SimpleNamespace(product=products.get),
        release_id="r",
        config=ShopConfig(name="s"),
    )
    serving = SimpleNamespace(
        settings=SimpleNamespace(max_prefix_characters=256),
        forget_sessions=lambda shop: None,
        sessions=SessionMemory(),
        remembered=SimpleNamespace(suggest=suggest),
        metrics=SimpleNamespace(stage=lambda name, took_us: None),
        ids=SimpleNamespace(next=lambda: "id"),
    )
    asyncio.run(
        get_suggestions(
            cast(Request, SimpleNamespace(headers={})),
            cast(Shop, SimpleNamespace(current=release, name="s")),
            cast(Serving, serving),
            limit=8,
            queries=("tea",),
            clicked=("p1", "gone", "p2"),
        )
    )
    (context,) = seen
    assert context.history.categories == ("Home > Cups", "Home > Beds")
    assert context.history.queries == ("tea",)
