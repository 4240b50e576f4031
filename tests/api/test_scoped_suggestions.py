"""Suggestions within a category, on a real server: where they stand, where they lead, and when they go."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from api.assembly import load_shop_release
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import SafetyCheck
from autocomplete.safety.serving import SafeCompleter
from data.release import open_release
from tests.api.shop import Server, made_up_products, publish, wait_for

COLOURS = ("red", "blue", "green", "black")


def products() -> list[dict[str, Any]]:
    """Acme makes lamps and backpacks."""
    lamp = next(each for each in made_up_products() if each["product_id"] == "lamp-red")
    bags = [
        lamp
        | {"product_id": f"acme-bag-{colour}", "group_id": f"acme-bag-{colour}", "title": f"Acme backpack {colour}"}
        | {"category": ["Travel", "Bags"], "attributes": {"colour": colour}, "description": "Carries everything."}
        for colour in COLOURS
    ]
    shoes = [
        lamp
        | {"product_id": f"sole-{colour}", "group_id": f"sole-{colour}", "title": f"Sole trainers {colour}"}
        | {
            "brand": "Sole",
            "category": ["Shoes"],
            "attributes": {"colour": colour},
            "description": "As light as an Acme backpack.",
        }
        for colour in COLOURS
    ]
    return [*made_up_products(), *bags, *shoes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scoped")
    publish(root / "releases", "plain", products(), root)
    return root


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    server = Server(folder / "releases").start()
    with server.client() as opened:
        yield opened
    assert server.stop() == 0


def suggestions(client: httpx.Client, prefix: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/shops/plain/suggest", params={"q": prefix, **parameters}).raise_for_status()
    found: list[dict[str, Any]] = answer.json()["suggestions"]
    return found


def scopes(client: httpx.Client, prefix: str) -> list[str]:
    return [each["scope"] for each in suggestions(client, prefix) if "scope" in each]


def test_what_is_typed_whole_is_offered_by_category(client: httpx.Client) -> None:
    found = suggestions(client, "acme", explain="true")
    assert [(each["text"], each.get("scope")) for each in found[:3]] == [
        ("Acme", None),
        ("Acme", "Home"),
        ("Acme", "Travel"),
    ]
    assert [each["reasons"]["results"] for each in found[1:3]] == [4, 4]
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    assert len({(each["text"].lower(), each.get("scope")) for each in found}) == len(found)


def test_a_browsers_list_knows_no_scopes_and_says_each_text_once(client: httpx.Client) -> None:
    answer = client.get("/v1/shops/plain/suggest", params={"q": "acme", "format": "x-suggestions"}).raise_for_status()
    _, texts, *_ = answer.json()
    assert texts[0] == "Acme"
    assert len(set(texts)) == len(texts) > 1


def test_what_only_a_description_mentions_is_in_no_category(client: httpx.Client) -> None:
    found = client.post("/v1/shops/plain/search", json={"query": "acme backpack"}).raise_for_status().json()
    assert {each["product_id"] for each in found["results"]} >= {"sole-red", "acme-bag-red"}
    assert scopes(client, "acme backpack") == []
    assert scopes(client, "acme") == ["Home", "Travel"]


def test_a_live_product_is_counted_by_what_it_is(client: httpx.Client) -> None:
    sole = next(each for each in products() if each["product_id"] == "sole-red")

    def sell(title: str) -> None:
        ids = [f"boot-{colour}" for colour in COLOURS]
        boots = [sole | {"product_id": each, "group_id": each, "title": title} for each in ids]
        client.post("/v1/shops/plain/products", json={"products": boots}).raise_for_status()

    sell("Boots")
    assert scopes(client, "acme") == ["Home", "Travel"]
    sell("Acme boots")
    wait_for(lambda: "Shoes" in scopes(client, "acme"), 5)
    for colour in COLOURS:
        client.delete(f"/v1/shops/plain/products/boot-{colour}").raise_for_status()
    wait_for(lambda: scopes(client, "acme") == ["Home", "Travel"], 5)


@pytest.mark.parametrize("prefix", ["acm", "acme l", "lamp", "acme lamp", "acme xyz", "", "akme", "acme "])
def test_nothing_else_is(client: httpx.Client, prefix: str) -> None:
    assert scopes(client, prefix) == []


def test_a_short_answer_has_no_room_for_them(client: httpx.Client) -> None:
    assert not any("scope" in each for each in suggestions(client, "acme", limit=3))
    assert len(suggestions(client, "acme", limit=4)) == 4


def test_the_socket_says_the_same(client: httpx.Client) -> None:
    address = str(client.base_url).replace("http", "ws").rstrip("/")
    with connect(f"{address}/v1/shops/plain/suggest") as socket:
        socket.send(json.dumps({"seq": 1, "prefix": "acme", "limit": 8}))
        said = json.loads(socket.recv(timeout=10))
    assert [each.get("scope") for each in said["suggestions"]][:3] == [None, "Home", "Travel"]


def test_each_leads_to_as_many_products_as_it_says(client: httpx.Client) -> None:
    checked = 0
    for prefix in ("acme", "red", "blue", "backpack", "for every day"):
        for each in suggestions(client, prefix, explain="true"):
            if "scope" not in each:
                continue
            body = {"query": each["text"], "filters": {"category": {"in": [each["scope"]]}}}
            found = client.post("/v1/shops/plain/search", json=body).raise_for_status().json()
            assert found["total"] >= each["reasons"]["results"] > 0
            checked += 1
    assert checked >= 2


def test_a_category_that_sells_out_is_not_offered(client: httpx.Client) -> None:
    def stock(pieces: int) -> None:
        for colour in COLOURS:
            client.patch(f"/v1/shops/plain/products/acme-bag-{colour}", json={"stock": pieces}).raise_for_status()

    assert scopes(client, "acme") == ["Home", "Travel"]
    stock(0)
    wait_for(lambda: scopes(client, "acme") == [], 5)
    stock(5)
    wait_for(lambda: scopes(client, "acme") == ["Home", "Travel"], 5)


def test_a_blocked_category_is_never_shown(folder: Path) -> None:
    release = load_shop_release(open_release(str(folder / "releases"), "plain"))
    blocked = SafetyCheck(("en",), (BlockList.build({"en": ["travel"]}),))
    held = SafeCompleter(release.completer.inner, blocked)
    found = held.complete(Prefix("acme", 8, "en"), Context())
    assert [each.scope for each in found if each.scope] == ["Home"]
