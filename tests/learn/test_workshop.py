"""What learning keeps between nights."""

from pathlib import Path

import pytest

from api.learn.workshop import Workshop, export_events, forgotten_people
from data.event import Event, read_events
from data.event_log import EventLog
from data.mining.state import pseudonym
from data.quarantine import Quarantine

DAY_MS = 86_400_000


def logged(path: Path, *events: Event) -> None:
    log = EventLog(path)
    log.append(events)
    log.close()


def event(number: int, day: int = 0) -> Event:
    return Event("search", day * DAY_MS + number, query_id=f"q{day}-{number}", session_id="s", user_query="lamp")


def exported(folder: Path) -> dict[str, list[str]]:
    return {path.stem: [one.query_id for one in read_events(path, Quarantine())] for path in folder.glob("*.jsonl")}


def test_events_are_exported_once_by_day(tmp_path: Path) -> None:
    log, out = tmp_path / "events.sqlite", tmp_path / "out"
    logged(log, event(1), event(2), event(1, day=1))
    assert export_events(log, out) == 3
    assert exported(out) == {"1970-01-01": ["q0-1", "q0-2"], "1970-01-02": ["q1-1"]}
    logged(log, event(2, day=1))
    assert export_events(log, out) == 1
    assert export_events(log, out) == 0
    assert exported(out)["1970-01-02"] == ["q1-1", "q1-2"]


def test_what_a_killed_export_left_is_not_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, out = tmp_path / "events.sqlite", tmp_path / "out"
    logged(log, event(1))
    export_events(log, out)
    logged(log, event(2))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("api.learn.workshop.write_durably", die)
        with pytest.raises(KeyboardInterrupt):
            export_events(log, out)
    assert export_events(log, out) == 1
    assert exported(out) == {"1970-01-01": ["q0-1", "q0-2"]}


def test_a_shop_without_a_log_has_nothing_to_export(tmp_path: Path) -> None:
    assert export_events(tmp_path / "none.sqlite", tmp_path / "out") == 0
    assert not (tmp_path / "out").exists()


def test_an_accepted_model_replaces_the_one_before(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.clear_trial()
    for text in ("old", "new"):
        folder = shop.challenger("reranker")
        folder.mkdir(exist_ok=True)
        (folder / text).write_text(text)
        (shop.challenger("fusion") / "fusion.json").write_text(text)
        shop.accept("reranker")
        shop.accept("fusion")
        shop.clear_trial()
    assert [path.name for path in (shop.models / "reranker").iterdir()] == ["new"]
    assert (shop.models / "fusion.json").read_text() == "new"
    assert shop.has("fusion")
    assert not shop.has("encoder")


def test_tables_are_kept_without_the_days(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    (shop.mined / "days" / "2026-01-01").mkdir(parents=True)
    (shop.mined / "reports").mkdir()
    for name in ("searches.parquet", "reports/zero_results.parquet", "state.json"):
        (shop.mined / name).write_text("x")
    shop.keep_tables()
    kept = sorted(str(path.relative_to(shop.everything)) for path in shop.everything.rglob("*") if path.is_file())
    assert kept == ["reports/zero_results.parquet", "searches.parquet"]


def test_who_was_forgotten_leaves_the_export_too(tmp_path: Path) -> None:
    log, out = tmp_path / "events.sqlite", tmp_path / "out"
    theirs = Event("search", 5, query_id="theirs", user_id="u1", user_query="unmistakable words")
    logged(log, event(1), theirs, Event("search", 2 * DAY_MS, query_id="alone", user_id="u1"))
    export_events(log, out)
    assert exported(out) == {"1970-01-01": ["q0-1", "theirs"], "1970-01-03": ["alone"]}
    held = EventLog(log)
    held.forget("u1")
    held.close()
    assert export_events(log, out) == 1
    assert exported(out) == {"1970-01-01": ["q0-1"]}
    assert forgotten_people(log) == (pseudonym("u1"),)
    logged(log, event(2))
    assert export_events(log, out) == 1
    assert exported(out) == {"1970-01-01": ["q0-1", "q0-2"]}
