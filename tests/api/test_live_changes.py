"""Live products: acknowledged is visible at once here, soon everywhere, and never lost."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.shop import Server, made_up_products, publish, titles, wait_for

# What is promised.
_VISIBLE_WITHIN_S = 0.5


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("live")
    publish(folder / "releases", "plain", made_up_products(), folder)
    running = Server(folder / "releases", workers=2).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def both(live: Server) -> Iterator[list[httpx.Client]]:
    """A client of each worker: the kernel spreads connections, and answers' ids begin with the worker's."""
    clients: dict[str, httpx.Client] = {}
    spare = []
    while len(clients) < 2:
        client = live.client()
        suggest_id = client.get("/v1/shops/plain/suggest", params={"q": "l"}).json()["suggest_id"]
        if clients.setdefault(suggest_id[:12], client) is not client:
            spare.append(client)
    yield list(clients.values())
    for client in [*clients.values(), *spare]:
        client.close()


def found(client: httpx.Client, query: str, **more: Any) -> dict[str, dict[str, Any]]:
    answer = client.post("/v1/shops/plain/search", json={"query": query, "size": 50, **more}).json()
    return {hit["product_id"]: hit for hit in answer["results"]}


def test_a_new_product_is_found_at_once_here_and_soon_there(both: list[httpx.Client]) -> None:
    here, there = both
    product = {"product_id": "zither-1", "title": "Acme zither walnut", "price": "250", "currency": "EUR", "stock": 1}
    answer = here.post("/v1/shops/plain/products", json=product)
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == 1
    assert found(here, "zither")["zither-1"]["price_minor"] == 25_000
    took = wait_for(lambda: "zither-1" in found(there, "zither"), 5)
    assert took < _VISIBLE_WITHIN_S


def test_price_stock_and_delete(both: list[httpx.Client]) -> None:
    here, there = both
    path = "/v1/shops/plain/products/kettle-red"
    assert here.patch(path, json={"price_minor": 99, "currency": "EUR"}).status_code == 200
    assert found(here, "kettle red")["kettle-red"]["price_minor"] == 99
    wait_for(lambda: found(there, "kettle red")["kettle-red"]["price_minor"] == 99, _VISIBLE_WITHIN_S)
    assert there.patch(path, json={"stock": 0}).status_code == 200
    assert found(there, "kettle red")["kettle-red"]["in_stock"] is False
    wait_for(lambda: found(here, "kettle red")["kettle-red"]["in_stock"] is False, _VISIBLE_WITHIN_S)
    assert here.delete(path).status_code == 200
    assert "kettle-red" not in found(here, "kettle red")
    wait_for(lambda: "kettle-red" not in found(there, "kettle red"), _VISIBLE_WITHIN_S)
    assert there.get(path).status_code == 404
    assert there.patch(path, json={"stock": 1}).status_code == 404


def test_filters_and_totals_see_live_products(both: list[httpx.Client]) -> None:
    here, _ = both
    before = here.post("/v1/shops/plain/search", json={"query": "", "size": 0}).json()["total"]
    products = [
        {"product_id": f"ocarina-{n}", "title": f"ocarina number {n}", "attributes": {"colour": "teal"}}
        for n in range(3)
    ]
    assert here.post("/v1/shops/plain/products", json={"products": products}).json()["accepted"] == 3
    after = here.post("/v1/shops/plain/search", json={"query": "", "size": 0}).json()["total"]
    assert after == before + 3
    assert set(found(here, "", filters={"colour": {"in": ["teal"]}})) == {f"ocarina-{n}" for n in range(3)}


def test_a_batch_is_taken_whole_or_not_at_all(both: list[httpx.Client]) -> None:
    here, _ = both
    bad = here.post(
        "/v1/shops/plain/products", json=[{"product_id": "gong-1", "title": "gong"}, {"product_id": "gong-2"}, 7]
    )
    assert bad.status_code == 422
    assert [error["at"] for error in bad.json()["errors"]] == ["body.1.title", "body.2"]
    assert "gong-1" not in found(here, "gong")


def test_an_older_version_is_refused(both: list[httpx.Client]) -> None:
    here, there = both
    product = {"product_id": "harp-1", "title": "harp", "version": 5}
    assert here.post("/v1/shops/plain/products", json=product).status_code == 200
    stale = there.post("/v1/shops/plain/products", json={**product, "version": 4, "title": "older"})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:intentrie:problem:stale-version")
    assert here.patch("/v1/shops/plain/products/harp-1", json={"stock": 1, "version": 4}).status_code == 409
    assert here.delete("/v1/shops/plain/products/harp-1", params={"version": 4}).status_code == 409
    assert here.get("/v1/shops/plain/products/harp-1").json()["title"] == "harp"
    assert here.delete("/v1/shops/plain/products/harp-1", params={"version": 5}).status_code == 200


@pytest.mark.parametrize(
    "patch", [{}, {"stock": -1}, {"stock": "x"}, {"no_such": 1}, {"texts": {"en": {}}}, {"version": -1, "stock": 1}, []]
)
def test_bad_patches_are_422(both: list[httpx.Client], patch: Any) -> None:
    response = both[0].patch("/v1/shops/plain/products/lamp-red", json=patch)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_many_changes_in_one_batch_are_quick(both: list[httpx.Client]) -> None:
    here, there = both
    products = [{"product_id": f"bead-{n}", "title": f"glass bead {n}"} for n in range(1_000)]
    assert here.post("/v1/shops/plain/products", json=products).json()["accepted"] == 1_000
    wait_for(lambda: there.get("/v1/shops/plain/products/bead-999").status_code == 200, 5)
    assert here.post("/v1/shops/plain/search", json={"query": "bead", "size": 0}).json()["total"] == 1_000


def test_events_are_kept(live: Server, both: list[httpx.Client]) -> None:
    from data.event_log import EventLog

    here, there = both
    event = {
        "action_name": "click",
        "query_id": "q-1",
        "client_id": "c-1",
        "timestamp": "2026-11-23T10:00:00Z",
        "event_attributes": {"object": {"object_id": "lamp-red", "object_id_field": "product_id"}},
    }
    assert here.post("/v1/shops/plain/events", json=[event, event]).json()["accepted"] == 2
    lines = "\n".join([str(event).replace("'", '"')] * 3)
    last = there.post("/v1/shops/plain/events", content=lines, headers={"Content-Type": "application/x-ndjson"}).json()
    assert last["accepted"] == 3
    log = EventLog(live.releases / "plain" / "live" / "events.sqlite")
    assert len(log.read(0, 100)) == last["position"] == 5
    log.close()
    assert here.post("/v1/shops/plain/events", json=["x"]).status_code == 422
    assert here.post("/v1/shops/plain/events", json=[]).status_code == 422


def test_live_changes_outlive_the_server(tmp_path: Path) -> None:
    publish(tmp_path / "releases", "plain", made_up_products(), tmp_path)
    first = Server(tmp_path / "releases").start()
    with first.client() as client:
        client.post("/v1/shops/plain/products", json={"product_id": "viola-1", "title": "viola"})
        client.delete("/v1/shops/plain/products/lamp-red")
    assert first.stop() == 0
    second = Server(tmp_path / "releases").start()
    with second.client() as client:
        assert "viola-1" in found(client, "viola")
        assert "lamp-red" not in found(client, "lamp red")
    # A release that knows of neither: the log is replayed over it (or was folded into it).
    publish(tmp_path / "releases", "plain", made_up_products("second edition"), tmp_path)
    with second.client() as client:
        wait_for(lambda: any("second" in title for title in titles_of(client)), 10)
        time.sleep(0.2)
        assert "viola-1" in found(client, "viola")
        assert "lamp-red" not in found(client, "lamp red")
    assert second.stop() == 0


def titles_of(client: httpx.Client) -> list[str]:
    return list(titles(client.post("/v1/shops/plain/search", json={"query": "lamp"}).json()))
