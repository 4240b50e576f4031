"""A block list that is given while a server runs: in force on every worker, for every release, after a restart too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from data.release import ShopFolder, load_release_config, open_release, rollback
from tests.api.shop import Server, made_up_products, publish, wait_for

SHOP = '[safety.block_lists]\nen = "blocked.txt"\n'
# What is promised of everything live.
_VISIBLE_WITHIN_S = 2.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases; the older one was built without a list, the newer one blocks kettles."""
    folder = tmp_path_factory.mktemp("blocked")
    publish(folder / "releases", "plain", made_up_products(), folder)
    (folder / "blocked.txt").write_text("# nothing to drink\nkettle\n", encoding="utf-8")
    publish(folder / "releases", "plain", made_up_products(), folder, SHOP)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    running = Server(folder / "releases", workers=2).start()
    yield running
    assert running.stop() == 0


def block(folder: Path, text: str) -> None:
    (folder / "blocked.txt").write_text(text, encoding="utf-8")
    arguments = ["block", "--config", str(folder / "plain.toml"), "--releases", str(folder / "releases")]
    program = "from api.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True, timeout=60)


def suggested(client: httpx.Client, prefix: str, session: str = "") -> list[str]:
    asked = {"q": prefix, "limit": 10, **({"session": session} if session else {})}
    answer = client.get("/v1/shops/plain/suggest", params=asked).json()
    return [each["text"].lower() for each in answer["suggestions"]]


def both_show(clients: list[httpx.Client], prefix: str, word: str) -> list[bool]:
    return [any(word in text for text in suggested(client, prefix)) for client in clients]


@pytest.fixture
def clients(server: Server) -> Iterator[list[httpx.Client]]:
    """A client of each worker: answers' ids begin with the worker's."""
    held: dict[str, httpx.Client] = {}
    spare = []
    while len(held) < 2:
        client = server.client()
        worker = client.get("/v1/shops/plain/suggest", params={"q": "l"}).json()["suggest_id"][:12]
        if held.setdefault(worker, client) is not client:
            spare.append(client)
    yield list(held.values())
    for client in [*held.values(), *spare]:
        client.close()


def test_the_release_is_built_without_them_and_shows_no_word(folder: Path) -> None:
    release = open_release(folder / "releases", "plain")
    assert load_release_config(release).safety.block_lists == {}
    for path in release.path.rglob("*"):
        if path.is_file() and "autocomplete" in path.parts:
            assert b"kettle" not in path.read_bytes().lower(), path


def test_a_list_given_now_holds_for_every_worker_and_release(
    folder: Path, server: Server, clients: list[httpx.Client]
) -> None:
    # Asked before, so that the answer is a remembered one.
    assert both_show(clients, "la", "lamp") == [True, True]
    assert both_show(clients, "ke", "kettle") == [False, False]
    here = clients[0]
    assert here.post("/v1/shops/plain/search", json={"query": "red lamp", "session": "s"}).status_code == 200
    assert "red lamp" in suggested(here, "re", session="s")
    block(folder, "1amp\nlamp\n")
    assert wait_for(lambda: both_show(clients, "la", "lamp") == [False, False], 10) < _VISIBLE_WITHIN_S
    assert both_show(clients, "ja", "jacket") == [True, True]
    assert "red lamp" not in suggested(here, "re", session="s")

    rollback(folder / "releases", "plain")
    older = ShopFolder(folder / "releases", "plain").pointer.read_text().strip()
    wait_for(lambda: all(c.get("/health/ready").json()["shops"]["plain"] == older for c in clients), 10)
    # The older release knows kettles, and its lamps stay blocked.
    assert both_show(clients, "ke", "kettle") == [True, True]
    assert both_show(clients, "la", "lamp") == [False, False]


def test_it_holds_after_a_restart_and_until_another_is_given(
    folder: Path, server: Server, clients: list[httpx.Client]
) -> None:
    assert both_show(clients, "la", "lamp") == [False, False]
    in_force = ShopFolder(folder / "releases", "plain").block_list
    whole = in_force.read_bytes()
    # What cannot be read is refused by name, and the list before goes on.
    in_force.write_bytes(whole[:-9])
    wait_for(lambda: any("block list" in str(line) for line in server.log_lines()), 10)
    assert both_show(clients, "la", "lamp") == [False, False]
    block(folder, "jacket*\n")
    wait_for(lambda: both_show(clients, "ja", "jacket") == [False, False], 15)
    assert both_show(clients, "la", "lamp") == [True, True]
