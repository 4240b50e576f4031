"""Suggestions that lead to a product bring its picture, over HTTP and on the socket, as it now is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.api.shop import Server, made_up_products, publish, wait_for

PICTURE = "https://shop.example/rare.jpg"


def products() -> list[dict[str, Any]]:
    lamp = next(each for each in made_up_products() if each["product_id"] == "lamp-red")
    rare = lamp | {"product_id": "rare", "group_id": "rare", "title": "Zephyrine quillon lantern", "image": PICTURE}
    bare = lamp | {"product_id": "bare", "group_id": "bare", "title": "Zephyrine ostler lantern"}
    return [*made_up_products(), rare, {name: value for name, value in bare.items() if name != "image"}]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    publish(tmp_path / "releases", "plain", products(), tmp_path)
    server = Server(tmp_path / "releases").start()
    yield server
    assert server.stop() == 0


def pictures(client: httpx.Client) -> dict[str, str | None]:
    found = client.get("/v1/shops/plain/suggest", params={"q": "zephyrine", "explain": True}).raise_for_status().json()
    return {each["product_id"]: each.get("image") for each in found["suggestions"] if "product_id" in each}


def test_a_products_suggestion_brings_its_picture(server: Server) -> None:
    with server.client() as client:
        assert pictures(client) == {"rare": PICTURE, "bare": None}
        with connect(server.socket_url("plain")) as socket:
            socket.send(json.dumps({"seq": 1, "prefix": "zephyrine q", "limit": 3}))
            (first, *_) = json.loads(socket.recv())["suggestions"]
        assert (first["product_id"], first["image"]) == ("rare", PICTURE)
        another = {"image": "https://shop.example/another.jpg"}
        client.patch("/v1/shops/plain/products/rare", json=another).raise_for_status()
        wait_for(lambda: pictures(client)["rare"] == another["image"], 5)


def test_a_product_is_not_suggested_under_a_title_it_has_no_longer(server: Server) -> None:
    with server.client() as client:
        assert set(pictures(client)) == {"rare", "bare"}
        rare = next(each for each in products() if each["product_id"] == "rare")
        client.post("/v1/shops/plain/products", json=rare | {"title": "Marlin quillon lantern"}).raise_for_status()
        wait_for(lambda: set(pictures(client)) == {"bare"}, 5)
        client.post("/v1/shops/plain/products", json=rare).raise_for_status()
        wait_for(lambda: set(pictures(client)) == {"rare", "bare"}, 5)
