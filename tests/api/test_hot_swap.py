"""Releases change under load: nothing fails, nothing mixes; what is damaged is refused by name."""

import asyncio
import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from data.release import ShopFolder, current_id, rollback
from data.release.pointer import point_to
from tests.api.shop import Server, made_up_products, publish, titles, wait_for

_SWAPS = 20


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Two releases whose every title names its edition."""
    folder = tmp_path_factory.mktemp("editions")
    releases = folder / "releases"
    editions = {}
    for edition in ("aurora", "borough"):
        editions[publish(releases, "plain", made_up_products(edition), folder).id] = edition
    return releases, editions


def mixed(answer: dict[str, Any], editions: dict[str, str]) -> bool:
    """Whether an answer holds something of another edition than its release's."""
    own = editions[answer["release"]]
    texts = [*titles(answer)] if "results" in answer else [one["text"] for one in answer["suggestions"]]
    others = [edition for edition in editions.values() if edition != own]
    return any(other in text.lower() for other in others for text in texts)


def test_twenty_swaps_under_load(two_editions: tuple[Path, dict[str, str]]) -> None:
    releases, editions = two_editions
    server = Server(releases, workers=2).start()
    stop = threading.Event()
    seen: Counter[str] = Counter()
    failures: list[str] = []

    def note(answer: dict[str, Any]) -> None:
        seen[answer["release"]] += 1
        if mixed(answer, editions):
            failures.append(f"mixed: {json.dumps(answer)[:500]}")

    def search() -> None:
        with server.client() as client:
            while not stop.is_set():
                for path, body in (("search", {"query": "jacket", "size": 20}), ("search", {"query": "", "size": 20})):
                    response = client.post(f"/v1/shops/plain/{path}", json=body)
                    if response.status_code != 200:
                        failures.append(response.text)
                    else:
                        note(response.json())

    async def type_on() -> None:
        async with connect(server.socket_url("plain")) as connection:
            seq = 0
            while not stop.is_set():
                seq += 1
                await connection.send(
                    json.dumps({"seq": seq, "prefix": ("aur", "bor", "ja", "")[seq % 4], "limit": 10})
                )
                answer = json.loads(await asyncio.wait_for(connection.recv(), 10))
                if "error" in answer:
                    failures.append(str(answer))
                else:
                    note(answer)

    def swaps() -> int:
        return sum(line["message"] == "release swapped" for line in server.log_lines())

    threads = [threading.Thread(target=search) for _ in range(2)]
    threads += [threading.Thread(target=lambda: asyncio.run(type_on())) for _ in range(2)]
    for thread in threads:
        thread.start()
    folder = ShopFolder(releases, "plain")
    current = current_id(releases, "plain")
    order = sorted(editions, key=lambda edition: edition == current)
    try:
        for number in range(_SWAPS):
            wanted = order[number % 2]
            before, done = seen[wanted], swaps()
            point_to(folder, wanted)
            # Both workers: one that slept through this round would answer the next with the release it still has.
            wait_for(lambda done=done: swaps() == done + server.workers, 20)
            wait_for(lambda wanted=wanted, before=before: seen[wanted] > before + 20, 20)
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
    assert failures == []
    assert min(seen.values()) > 100
    assert swaps() == _SWAPS * server.workers
    assert server.stop() == 0


def test_cursors_outlive_a_swap_until_the_grace_is_over(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    no_grace, grace = "[releases]\ngrace_minutes = 0\n", "[releases]\ngrace_minutes = 5\n"
    publish(releases, "graceful", made_up_products("first"), tmp_path, grace)
    publish(releases, "hasty", made_up_products("first"), tmp_path, no_grace)
    server = Server(releases).start()
    with server.client() as client:

        def page(shop: str, cursor: str | None = None) -> httpx.Response:
            return client.post(f"/v1/shops/{shop}/search", json={"query": "", "size": 8, "cursor": cursor})

        for shop, config in (("graceful", grace), ("hasty", no_grace)):
            first = page(shop).json()
            published = publish(releases, shop, made_up_products("second"), tmp_path, config)
            wait_for(lambda shop=shop, published=published: page(shop).json()["release"] == published.id, 20)
            time.sleep(0.3)
            second = page(shop, first["cursor"])
            if shop == "graceful":
                answer = second.json()
                assert answer["release"] == first["release"]
                ids = {hit["product_id"] for hit in first["results"]}
                assert ids.isdisjoint(hit["product_id"] for hit in answer["results"])
                assert all("first" in title for title in titles(answer))
            else:
                assert second.status_code == 410
                assert second.json()["type"] == "urn:intentrie:problem:cursor-expired"
    assert server.stop() == 0


def test_a_damaged_release_is_refused_and_the_old_one_goes_on(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    good = publish(releases, "plain", made_up_products("good"), tmp_path)
    # Published by somebody whose disk then flips a bit: the pointer will name it, its hashes do not hold. All of it
    # before the server looks, which would otherwise load the release while it is whole.
    bad = publish(releases, "plain", made_up_products("bad"), tmp_path)
    rollback(releases, "plain", good.id)
    largest = max(bad.files, key=lambda name: bad.files[name].bytes)
    path = releases / "plain" / bad.id / largest
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    server = Server(releases).start()
    with server.client() as client:

        def release() -> str:
            return str(client.get("/v1/shops/plain/suggest", params={"q": "l"}).json()["release"])

        assert release() == good.id
        point_to(ShopFolder(releases, "plain"), bad.id)

        def refusals() -> list[dict[str, Any]]:
            return [line for line in server.log_lines() if line["message"].startswith("release refused")]

        wait_for(lambda: bool(refusals()), 10)
        assert refusals()[0]["release"] == bad.id
        assert largest in refusals()[0]["reason"]
        assert release() == good.id
        assert client.get("/health/ready").json()["shops"]["plain"] == good.id
        time.sleep(0.5)
        assert len(refusals()) == 1  # said once, not with every look
        newest = publish(releases, "plain", made_up_products("newest"), tmp_path)
        wait_for(lambda: release() == newest.id, 10)
        assert current_id(releases, "plain") == newest.id
    assert server.stop() == 0
