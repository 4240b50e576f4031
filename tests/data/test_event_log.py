import multiprocessing
from pathlib import Path

import pytest

from data.errors import StorageError
from data.event import Event, read_events
from data.event_log import EventLog
from data.mining.state import pseudonym
from data.quarantine import Quarantine

SEARCH = Event("search", 1_700_000_000_123, client_id="c1", query_id="q1", user_query="zelt für 3 ⛺")
CLICK = Event(
    "click",
    1_700_000_001_000,
    application="shop",
    query_id="q1",
    session_id="s",
    client_id="c1",
    user_id="u1",
    event_attributes={"object": {"object_id": "tent-1", "object_id_field": "product_id"}, "position": {"ordinal": 2}},
)


@pytest.fixture
def log(tmp_path):
    log = EventLog(tmp_path / "live" / "events.sqlite")
    yield log
    log.close()


def test_events_come_back_equal_and_in_order(log):
    assert log.position == 0
    assert log.append([SEARCH, CLICK]) == 2
    assert log.append([SEARCH]) == 3
    assert log.append([]) == 3
    assert [(logged.position, logged.event) for logged in log.read(0)] == [(1, SEARCH), (2, CLICK), (3, SEARCH)]
    assert [logged.position for logged in log.read(1, limit=1)] == [2]
    assert log.position == 3


def test_who_did_it_stands_in_columns(log):
    log.append([SEARCH, CLICK])
    rows = log._store._connection.execute("SELECT client_id, user_id FROM events ORDER BY position").fetchall()
    assert rows == [("c1", ""), ("c1", "u1")]


@pytest.mark.parametrize("name", ["events.jsonl", "events.jsonl.gz"])
def test_an_export_is_read_as_canonical_events(log, tmp_path, name):
    log.append([SEARCH, CLICK])
    assert log.export(tmp_path / name) == 2
    assert list(read_events(tmp_path / name, Quarantine())) == [SEARCH, CLICK]


def test_everything_is_read_across_batches(log, monkeypatch):
    monkeypatch.setattr("data.event_log._BATCH", 3)
    log.append([SEARCH] * 8)
    assert [logged.position for logged in log.read_all()] == list(range(1, 9))


def test_a_full_disk_is_said_and_nothing_is_half_written(log):
    log.append([SEARCH])
    pages = log._store._connection.execute("PRAGMA page_count").fetchone()[0]
    log._store._connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageError, match="the disk is full"):
        log.append([CLICK] * 500)
    assert log.position == 1


def _append_many(path: str, client: str) -> None:
    log = EventLog(Path(path))
    for number in range(20):
        log.append([Event("search", number, client_id=client, user_query="tent")])
    log.close()


def test_workers_that_append_at_once_get_one_order(tmp_path):
    path = tmp_path / "events.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(str(path), client)) for client in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    log = EventLog(path)
    logged = log.read(0)
    log.close()
    assert [one.position for one in logged] == list(range(1, 61))
    for client in "abc":
        assert [one.event.at_ms for one in logged if one.event.client_id == client] == list(range(20))


def test_a_person_is_forgotten_with_their_browser_and_nobody_else(log):
    other = Event("search", 1_700_000_000_000, client_id="c1", user_id="u2", user_query="their sister's")
    stranger = Event("search", 1_700_000_000_000, client_id="c2", user_query="a stranger's")
    nobody = Event("search", 1_700_000_000_000, user_query="nobody's")
    log.append([SEARCH, CLICK, other, stranger, nobody])
    assert log.forget("u1") == 2  # CLICK, and SEARCH from the same client before anybody was signed in
    assert [logged.event for logged in log.read(0)] == [other, stranger, nobody]
    assert log.forgotten() == [(1, pseudonym("u1"))]
    assert log.forget("c2") == 1
    assert log.forget("nobody that is known") == 0
    assert [logged.event for logged in log.read(0)] == [other, nobody]
    assert [name for _, name in log.forgotten(1)] == [pseudonym("c2"), pseudonym("nobody that is known")]
    # No id, or none of a client, is not everybody's.
    assert log.forget("") == 0
    assert len(log.read(0)) == 2


def test_what_was_forgotten_stands_in_no_byte_of_the_files(log, tmp_path):
    log.append([Event("search", 1_700_000_000_000, user_id="u9", user_query="unmistakable words")])
    assert log.forget("u9") == 1
    held = b"".join(path.read_bytes() for path in (tmp_path / "live").iterdir())
    assert b"unmistakable" not in held
    assert b"u9" not in held


def test_a_forgotten_person_is_forgotten_after_a_restart(tmp_path):
    path = tmp_path / "events.sqlite"
    log = EventLog(path)
    log.append([CLICK])
    log.forget("u1")
    log.close()
    again = EventLog(path)
    assert (again.read(0), len(again.forgotten())) == ([], 1)
    again.close()
