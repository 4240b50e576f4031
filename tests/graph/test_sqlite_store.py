"""The embedded store keeps the contract, also across processes and reopenings."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.errors import ConfigError, StorageError
from graph.concept import Scheme
from graph.sqlite_store import SqliteGraphStore
from graph.statements import ConceptKey
from graph.store import GraphStore, open_store
from tests.contracts.graph_store import LAMP, SHOP, GraphStoreContract, statements


class TestSqliteGraphStore(GraphStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[GraphStore]:
        store = SqliteGraphStore(tmp_path / "graph.sqlite")
        yield store
        store.close()


def test_a_reopened_store_holds_what_was_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/graph.sqlite"
    first = open_store(url)
    first.rebuild(SHOP, statements(LAMP))
    state = first.read(SHOP)
    first.close()
    second = open_store(url)
    assert second.read(SHOP) == state
    second.close()


def mint_many(path: Path, start: int) -> None:
    store = SqliteGraphStore(path)
    for number in range(start, start + 20):
        store.mint(SHOP, ConceptKey(Scheme.BRAND, f"brand {number}"))
    store.close()


def test_two_processes_never_mint_one_id_twice(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    SqliteGraphStore(path).close()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=mint_many, args=(path, start)) for start in (0, 10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    store = SqliteGraphStore(path)
    ids = {store.mint(SHOP, ConceptKey(Scheme.BRAND, f"brand {number}")) for number in range(30)}
    assert len(ids) == 30
    store.close()


def test_unknown_backends_are_named() -> None:
    with pytest.raises(ConfigError, match=r"sqlite:///graph\.sqlite.*got 'oracle://x'"):
        open_store("oracle://x")


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StorageError):
        open_store(f"sqlite:///{path}")


def test_three_slashes_are_relative_and_four_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    open_store("sqlite:///there/relative.sqlite").close()
    open_store(f"sqlite:///{tmp_path}/there/absolute.sqlite").close()
    assert {path.name for path in (tmp_path / "there").iterdir()} >= {"relative.sqlite", "absolute.sqlite"}
