"""Neo4j keeps the contract, for real: also when it dies, when a commit is repeated, and when two write at once."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import neo4j
import pytest
from hypothesis import given, settings
from neo4j.exceptions import TransientError

from data.errors import ConfigError, StorageError
from graph import neo4j_store
from graph.changes import Changes
from graph.concept import Scheme
from graph.moving import move
from graph.neo4j_address import Neo4jAddress, parse_address
from graph.neo4j_store import Neo4jGraphStore
from graph.neo4j_transactions import Run, apply_records, apply_rest, create_records
from graph.statements import ConceptKey, Statements
from graph.store import EMPTY, GraphState, GraphStore, open_store
from tests.contracts.graph_store import (
    ACME,
    BROADER,
    DESK_LAMP,
    LAMP,
    SHOP,
    GraphStoreContract,
    concept,
    statements,
)
from tests.graph.states import sound_states
from tests.servers.neo4j import Neo4jServer


@pytest.fixture
def store(neo4j_server: Neo4jServer) -> Iterator[GraphStore]:
    """Over an empty database."""
    address = parse_address(neo4j_server.url)
    with neo4j.GraphDatabase.driver(address.server) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n", database_=address.database)
    store = open_store(neo4j_server.url)
    assert isinstance(store, Neo4jGraphStore)
    yield store
    store.close()


class TestNeo4jGraphStore(GraphStoreContract):
    pass


def brands(count: int) -> Statements:
    return Statements(tuple(concept(ConceptKey(Scheme.BRAND, f"brand {number}")) for number in range(count)))


def fail_once(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> list[int]:
    """The first write of a difference fails when all but the commit is done; gives how often it was tried."""
    tries: list[int] = []

    def failing(run: Run, shop: str, changed: Changes) -> None:
        apply_rest(run, shop, changed)
        tries.append(1)
        if len(tries) == 1:
            raise failure

    monkeypatch.setattr(neo4j_store, "apply_rest", failing)
    return tries


def test_a_retried_transaction_writes_once(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.rebuild(SHOP, statements(ACME))
    tries = fail_once(monkeypatch, TransientError("planted"))
    assert store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,))).revision == 2
    assert len(tries) == 2
    state = store.read(SHOP)
    assert [c.concept_id for c in state.concepts] == ["c000001", "c000002", "c000003"]
    assert (len(state.labels), len(state.relations), state.revision) == (2, 1, 2)


def test_a_commit_whose_answer_was_lost_is_found_done(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver repeats the callback after a commit that it did not hear of."""
    original = neo4j.Session.execute_write

    def twice(session: neo4j.Session, work, *arguments, **named):  # type: ignore[no-untyped-def]
        original(session, work, *arguments, **named)
        return original(session, work, *arguments, **named)

    monkeypatch.setattr(neo4j.Session, "execute_write", twice)
    assert store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,))).revision == 1
    assert store.mint(SHOP, ACME) == "c000003"
    assert store.revision(SHOP) == 1


def test_a_failed_write_leaves_no_half(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.rebuild(SHOP, statements(ACME))
    before = store.read(SHOP)
    fail_once(monkeypatch, KeyError("planted"))
    with pytest.raises(KeyError, match="planted"):
        store.rebuild(SHOP, brands(10))
    assert store.read(SHOP) == before
    fail_once(monkeypatch, KeyError("planted"))
    with pytest.raises(KeyError, match="planted"):
        store.rebuild("new", brands(10))
    assert store.shops() == [SHOP]


@pytest.mark.slow
def test_a_server_killed_in_the_middle_of_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed when everything but the commit is sent: the restarted server has the old state; the retry, the new."""
    server = Neo4jServer(tmp_path / "neo4j")
    server.start()
    store = open_store(server.url)
    killed_in: dict[str, GraphState] = {}

    def kill_once(shop: str) -> None:
        if shop not in killed_in:
            server.kill()
            server.start()
            other = open_store(server.url)
            killed_in[shop] = other.read(shop)
            other.close()

    def killing(run: Run, shop: str, changed: Changes) -> None:
        apply_records(run, shop, changed)
        kill_once(shop)

    def killing_a_new_shop(run: Run, shop: str, state: GraphState) -> None:
        create_records(run, shop, state)
        kill_once(shop)

    try:
        store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,)))
        before = store.read(SHOP)
        monkeypatch.setattr(neo4j_store, "apply_records", killing)
        monkeypatch.setattr(neo4j_store, "create_records", killing_a_new_shop)
        assert store.rebuild(SHOP, brands(200)).revision == 2
        assert killed_in[SHOP] == before
        state = store.read(SHOP)
        assert (state.revision, len(state.concepts), len(state.labels)) == (2, 202, 200)
        # A large new shop comes in many transactions: none of them is seen before the last.
        monkeypatch.setattr(neo4j_store, "ONE_TRANSACTION", 100)
        store.restore("large", state)
        assert killed_in["large"] == EMPTY
        assert store.read("large") == state
    finally:
        store.close()
        server.stop()


def test_a_large_new_shop_is_invisible_until_it_is_whole(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,)))
    state = store.read(SHOP)
    monkeypatch.setattr(neo4j_store, "ONE_TRANSACTION", 1)
    fail_once(monkeypatch, KeyError("planted"))
    with pytest.raises(KeyError, match="planted"):
        store.restore("large", state)
    assert store.read("large") == EMPTY
    assert store.lookup("large", "lamp", 10) == []
    assert store.shops() == [SHOP]
    # What it left counts for nothing, whoever comes next.
    assert store.mint("large", ACME) == "c000001"
    other = replace(state, labels=state.labels[:1], relations=(), reserved=((Scheme.BRAND, "acme", "c000009"),))
    store.restore("large", other)
    assert store.read("large") == other


def test_the_second_writer_waits_and_builds_on_the_first(store: GraphStore, neo4j_server: Neo4jServer) -> None:
    store.rebuild(SHOP, statements(LAMP))
    started = threading.Barrier(4)
    ids: list[str] = []

    def write(number: int) -> None:
        own = open_store(neo4j_server.url)
        started.wait(30)
        for step in range(5):
            ids.append(own.mint(SHOP, ConceptKey(Scheme.BRAND, f"brand {number} {step}")))
        own.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert len(set(ids)) == 20
    assert {spare[2] for spare in store.read(SHOP).reserved} == set(ids)


def test_a_read_sees_one_revision(store: GraphStore, neo4j_server: Neo4jServer) -> None:
    """Two states take turns; whoever reads meanwhile sees one of them whole."""
    ours = [statements(LAMP, DESK_LAMP, relations=(BROADER,)), statements(LAMP)]
    store.rebuild(SHOP, ours[0])
    done = threading.Event()

    def write() -> None:
        own = open_store(neo4j_server.url)
        for turn in range(12):
            own.rebuild(SHOP, ours[turn % 2])
        own.close()
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        state = store.read(SHOP)
        assert (state.revision - 1) % 2 == (0 if state.relations else 1)
        assert len(state.labels) == (2 if state.relations else 1)
    writer.join(60)


def test_an_unreachable_server_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(StorageError, match=r"(?s)cannot be reached.*is it up") as raised:
            open_store(f"bolt://somebody:secret@127.0.0.1:{taken.getsockname()[1]}/neo4j")
    assert "secret" not in str(raised.value)


def test_an_unknown_database_is_a_clear_error(neo4j_server: Neo4jServer) -> None:
    with pytest.raises(StorageError, match="elsewhere"):
        open_store(neo4j_server.url.replace("/neo4j", "/elsewhere"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("bolt://127.0.0.1:17687/shops", Neo4jAddress("bolt://127.0.0.1:17687", "shops")),
        ("neo4j+s://graph.example", Neo4jAddress("neo4j+s://graph.example:7687", "neo4j")),
        ("bolt://a%40b:p%2Fw@h/d", Neo4jAddress("bolt://h:7687", "d", "a@b", "p/w")),
        ("bolt://[::1]:7000", Neo4jAddress("bolt://[::1]:7000", "neo4j")),
    ],
)
def test_addresses(url: str, address: Neo4jAddress) -> None:
    assert parse_address(url, {}) == address


def test_the_password_comes_from_the_environment_and_is_never_shown() -> None:
    environment = {"INTENTRIE_NEO4J_PASSWORD": "hush"}
    assert parse_address("bolt://h", environment) == Neo4jAddress("bolt://h:7687", "neo4j", "neo4j", "hush")
    assert parse_address("bolt://me@h", environment).user == "me"
    assert "hush" not in repr(parse_address("bolt://h", environment))


@pytest.mark.parametrize("url", ["bolt://", "bolt://h/a/b", "bolt://h:port", "neo4j://h?x=1", "bolt+x://u:pw@h"])
def test_other_forms_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="expected a Neo4j URL") as raised:
        open_store(url)
    assert "pw" not in str(raised.value)


def test_the_driver_is_loaded_only_for_its_own_urls(tmp_path: Path) -> None:
    code = (
        "import sys, graph.load, graph.build; from graph.store import open_store; "
        f"open_store({str(tmp_path / 'graph.sqlite')!r}).close(); sys.exit('neo4j' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_graphs_move_both_ways(store: GraphStore, neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    """Any sound state, over Neo4j and back, with what no source says twice."""
    back = open_store(str(tmp_path / "back.sqlite"))

    @settings(max_examples=25, deadline=None)
    @given(sound_states())
    def there_and_back(state: GraphState) -> None:
        (tmp_path / "here.sqlite").unlink(missing_ok=True)
        here = open_store(str(tmp_path / "here.sqlite"))
        here.restore(SHOP, state)
        assert here.read(SHOP) == state
        move(here, store, [SHOP], replace=True)
        move(store, back, [SHOP], replace=True)
        here.close()
        assert back.read(SHOP) == store.read(SHOP) == state

    there_and_back()
    back.close()
