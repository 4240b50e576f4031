"""What curators, stock and trends change, on a real server of two workers, and after it was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.shop import TOKEN, Server, made_up_products, publish, wait_for

# What is promised: of curators' words, of stock, of trends.
CURATED_WITHIN_S, SOLD_OUT_WITHIN_S, TRENDING_WITHIN_S = 2.0, 5.0, 60.0
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
SHOP = '[access]\npublic_key = "of-the-page"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    publish(folder / "releases", "plain", made_up_products(), folder, SHOP)
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    running = Server(folder / "releases", workers=2).start()
    yield running
    running.stop()


@pytest.fixture
def clients(server: Server) -> Iterator[list[httpx.Client]]:
    held = clients_of(server)
    yield held
    for client in held:
        client.close()


def clients_of(server: Server) -> list[httpx.Client]:
    """One of each worker: answers' ids begin with the worker's."""
    held: dict[str, httpx.Client] = {}
    while len(held) < 2:
        client = server.client(token=None)
        client.headers["X-Intentrie-Key"] = "of-the-page"
        worker = client.get("/v1/shops/plain/suggest", params={"q": "l"}).json()["suggest_id"][:12]
        if held.setdefault(worker, client) is not client:
            client.close()
    return list(held.values())


def suggested(client: httpx.Client, prefix: str) -> dict[str, str]:
    """Source by text in lower case."""
    answer = client.get("/v1/shops/plain/suggest", params={"q": prefix, "limit": 10}).json()
    return {each["text"].lower(): each["source"] for each in answer["suggestions"]}


def everywhere(clients: list[httpx.Client], prefix: str, holds: Callable[[dict[str, str]], bool]) -> bool:
    return all(holds(suggested(client, prefix)) for client in clients)


def curate(client: httpx.Client, method: str, what: str, **fields: Any) -> dict[str, Any]:
    path = f"/v1/shops/plain/curation/{what}"
    sent: dict[str, Any] = {"params": fields} if method == "DELETE" else {"json": fields}
    answer = client.request(method, path, headers=ADMIN, **sent)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_curators_word_holds_on_every_worker(server: Server, clients: list[httpx.Client]) -> None:
    assert everywhere(clients, "ke", lambda found: "kettle" in found)  # remembered from now on
    assert curate(clients[0], "PUT", "bans", text="Kettle") == {"revision": 1, "finds": 4, "within": False}
    wait_for(lambda: everywhere(clients, "ke", lambda found: "kettle" not in found), CURATED_WITHIN_S)
    assert everywhere(clients, "ke", lambda found: any("kettle" in text for text in found))
    assert curate(clients[1], "PUT", "bans", text="kettle", within=True)["revision"] == 2
    assert curate(clients[0], "PUT", "bans", text="kettle") == {"revision": 2, "finds": 4, "within": True}
    wait_for(
        lambda: everywhere(clients, "ke", lambda found: not any("kettle" in text for text in found)), CURATED_WITHIN_S
    )

    assert curate(clients[1], "PUT", "pins", prefix="k", text="blue lamp")["finds"] == 1
    wait_for(lambda: everywhere(clients, "k", lambda found: list(found)[:1] == ["blue lamp"]), CURATED_WITHIN_S)
    assert everywhere(clients, "k", lambda found: found["blue lamp"] == "curated")

    assert curate(clients[0], "PUT", "labels", text="black day lamp")["finds"] == 1
    assert curate(clients[0], "PUT", "labels", text="black spaceship")["finds"] == 0
    wait_for(lambda: everywhere(clients, "day", lambda found: "black day lamp" in found), CURATED_WITHIN_S)
    assert everywhere(clients, "black sp", lambda found: "black spaceship" not in found)

    held = clients[0].get("/v1/shops/plain/curation", headers=ADMIN).json()
    assert [ban["text"] for ban in held["bans"]] == ["kettle"]
    assert [(pin["prefix"], pin["text"]) for pin in held["pins"]] == [("k", "blue lamp")]
    assert [label["text"] for label in held["labels"]] == ["black day lamp", "black spaceship"]

    # Acknowledged, and killed at once: the next server knows.
    curate(clients[0], "PUT", "bans", text="jacket")
    assert server.process is not None
    for process in (*server.worker_processes(), server.process.pid):
        os.kill(process, signal.SIGKILL)
    server.process.wait()
    for client in clients:
        client.close()
    clients[:] = clients_of(server.start())
    assert everywhere(clients, "ja", lambda found: "jacket" not in found)
    assert everywhere(clients, "ke", lambda found: not any("kettle" in text for text in found))
    assert everywhere(clients, "k", lambda found: "blue lamp" in found)

    assert curate(clients[0], "DELETE", "bans", text="KETTLE")["dropped"]
    assert not curate(clients[0], "DELETE", "bans", text="KETTLE")["dropped"]
    wait_for(lambda: everywhere(clients, "ke", lambda found: "kettle" in found), CURATED_WITHIN_S)
    assert curate(clients[1], "DELETE", "pins", text="blue lamp", prefix="k")["dropped"]
    wait_for(lambda: everywhere(clients, "k", lambda found: "blue lamp" not in found), CURATED_WITHIN_S)


def test_the_command_says_the_same_while_servers_run(folder: Path, server: Server, clients: list[httpx.Client]) -> None:
    def said(*arguments: str) -> str:
        program = "from api.cli.main import main; main()"
        command = [sys.executable, "-c", program, "curate", *arguments, "--releases", str(folder / "releases")]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    assert said("ban", "backpack") == "banned: backpack\n"
    wait_for(lambda: everywhere(clients, "backp", lambda found: "backpack" not in found), CURATED_WITHIN_S)
    said("ban", "jacket", "--within")
    assert "as before" in said("ban", "jacket")
    assert "ban    und      jacket (and longer texts)\n" in said("list")
    assert said("unban", "jacket") == "dropped: jacket\n"
    for refused in (["pin", "lamp", "--prefix", "🎁"], ["pin", "lamp", "--until", "2001-01-01"], ["ban", "a\tb"]):
        with pytest.raises(subprocess.CalledProcessError) as refusal:
            said(*refused)
        assert refusal.value.returncode == 1
        assert refusal.value.stderr.startswith("intentrie: ")
        assert "expected" in refusal.value.stderr
    said("add", "corvid blue backpack")
    said("pin", "green lamp", "--prefix", "la")
    wait_for(lambda: everywhere(clients, "la", lambda found: next(iter(found)) == "green lamp"), CURATED_WITHIN_S)
    listed = said("list")
    assert "ban    und      backpack\n" in listed
    assert "pin    und      green lamp (place 1 from 'la' on)\n" in listed
    assert said("unban", "backpack") == "dropped: backpack\n"
    assert said("unban", "backpack") == "there was none: backpack\n"
    wait_for(lambda: everywhere(clients, "backp", lambda found: "backpack" in found), CURATED_WITHIN_S)


@pytest.mark.parametrize(
    ("method", "what", "sent", "status"),
    [
        ("PUT", "bans", {"text": "…"}, 422),
        ("PUT", "bans", {"text": "x" * 201}, 422),
        ("PUT", "bans", {"text": "x", "until": 3}, 422),
        ("PUT", "bans", {}, 422),
        ("PUT", "pins", {"text": "x"}, 422),
        ("PUT", "pins", {"text": "x", "prefix": "y", "place": 11}, 422),
        ("PUT", "labels", {"text": "x", "locale": "not a locale"}, 422),
        ("PUT", "labels", {"text": "x", "locale": "en-GB"}, 422),
        ("PUT", "pins", {"text": "x", "prefix": "y", "until_ms": 10**18}, 422),
        ("PUT", "pins", {"text": "x", "prefix": "y", "until_ms": "soon"}, 422),
        ("PUT", "bans", {"text": ["x"]}, 422),
        ("PUT", "bans", {"text": "\x00"}, 422),
        ("PUT", "bans", {"text": "two\nlines"}, 422),
        ("PUT", "pins", {"text": "lamp", "prefix": "🎁"}, 422),
        ("PUT", "pins", {"text": "lamp", "prefix": "***"}, 422),
        ("PUT", "pins", {"text": "lamp", "prefix": "la", "until_ms": 1_000}, 422),
        ("DELETE", "bans", {}, 422),
    ],
)
def test_what_is_no_entry_is_told(
    clients: list[httpx.Client], method: str, what: str, sent: dict[str, Any], status: int
) -> None:
    kind: dict[str, Any] = {"params": sent} if method == "DELETE" else {"json": sent}
    answer = clients[0].request(method, f"/v1/shops/plain/curation/{what}", headers=ADMIN, **kind)
    assert answer.status_code == status
    assert "expected" in answer.json()["detail"] or answer.json()["errors"]


def test_only_who_may_write_curates(clients: list[httpx.Client]) -> None:
    for method in ("GET", "PUT", "DELETE"):
        path = "/v1/shops/plain/curation" + ("" if method == "GET" else "/bans")
        assert clients[0].request(method, path, json={"text": "lamp"}).status_code == 401
    assert everywhere(clients, "la", lambda found: "lamp" in found)


def test_what_sells_out_is_not_suggested_until_it_is_back(server: Server, clients: list[httpx.Client]) -> None:
    def stock(pieces: int, *colours: str) -> None:
        for colour in colours:
            path = f"/v1/shops/plain/products/headphones-{colour}"
            assert clients[0].patch(path, json={"stock": pieces}, headers=ADMIN).status_code == 200

    assert everywhere(clients, "green head", lambda found: any("green headphones" in text for text in found))
    stock(0, "green")
    wait_for(
        lambda: everywhere(clients, "green head", lambda found: "green headphones" not in found), SOLD_OUT_WITHIN_S
    )
    assert everywhere(clients, "head", lambda found: "headphones" in found)
    stock(0, "red", "blue", "black")
    wait_for(lambda: everywhere(clients, "head", lambda found: found == {}), SOLD_OUT_WITHIN_S)
    assert everywhere(clients, "egr", lambda found: "egret" not in found)
    stock(1, "blue")
    wait_for(lambda: everywhere(clients, "head", lambda found: "headphones" in found), SOLD_OUT_WITHIN_S)
    assert everywhere(clients, "green head", lambda found: "green headphones" not in found)
    assert everywhere(clients, "blue head", lambda found: "blue headphones" in found)
    path = "/v1/shops/plain/products/headphones-blue"
    assert clients[1].delete(path, headers=ADMIN).status_code == 200
    wait_for(lambda: everywhere(clients, "head", lambda found: found == {}), SOLD_OUT_WITHIN_S)
    # What was sold out before a start is never suggested.
    server.stop()
    for client in clients:
        client.close()
    clients[:] = clients_of(server.start())
    assert everywhere(clients, "head", lambda found: found == {})


def test_a_release_that_comes_holds_to_what_was_said(folder: Path, server: Server, clients: list[httpx.Client]) -> None:
    curate(clients[0], "PUT", "bans", text="backpack", within=True)
    curate(clients[0], "PUT", "pins", prefix="z", text="blue lamp")
    wait_for(lambda: everywhere(clients, "backp", lambda found: "backpack" not in found), CURATED_WITHIN_S)
    release = publish(folder / "releases", "plain", made_up_products("later"), folder, SHOP).id
    until = time.monotonic() + 60
    swapped = set[int]()
    while len(swapped) < len(clients):
        assert time.monotonic() < until
        for number, client in enumerate(clients):
            answer = client.get("/v1/shops/plain/suggest", params={"q": "backp", "limit": 10}).json()
            assert not any("backpack" in each["text"].lower().split() for each in answer["suggestions"])
            if answer["release"] == release:
                swapped.add(number)
    assert everywhere(clients, "z", lambda found: list(found) == ["blue lamp"])
    scraped = clients[0].get("/metrics", headers=ADMIN).text
    assert 'intentrie_live_suggestions{shop="plain",what="pin"}' in scraped
    curate(clients[0], "DELETE", "bans", text="Backpack")
    curate(clients[0], "DELETE", "pins", text="blue lamp", prefix="z")


def test_what_many_people_search_for_trends(clients: list[httpx.Client]) -> None:
    def search(text: str, people: range, name: str = "p", address: str = "") -> None:
        events = [
            {"action_name": "search", "user_query": text, "client_id": f"{name}{person}", "query_id": f"q{person}"}
            for person in people
        ]
        headers = {"X-Forwarded-For": address} if address else {}
        assert clients[0].post("/v1/shops/plain/events", json=events, headers=headers).status_code == 200

    search("dunlin green jacket", range(12))
    search("corvid red backpack", range(3))  # too few
    search("flying saucer", range(12))  # finds nothing
    for _ in range(20):
        search("acme red lamp", range(1), "robot")
    search("acme black lamp", range(40), "invented", "8.8.4.4")
    started = time.monotonic()
    wait_for(
        lambda: everywhere(clients, "", lambda found: found.get("dunlin green jacket") == "trending"),
        TRENDING_WITHIN_S,
    )
    assert time.monotonic() - started < TRENDING_WITHIN_S
    assert everywhere(clients, "gre", lambda found: found.get("dunlin green jacket") == "trending")
    trending = [text for text, source in suggested(clients[0], "").items() if source == "trending"]
    assert trending == ["dunlin green jacket"]
    # Forgotten people never searched.
    for person in range(10):
        assert clients[0].delete(f"/v1/shops/plain/users/p{person}", headers=ADMIN).status_code == 200
    wait_for(
        lambda: everywhere(clients, "", lambda found: found.get("dunlin green jacket") != "trending"),
        TRENDING_WITHIN_S,
    )
