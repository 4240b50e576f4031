import math
from pathlib import Path
from typing import Any

import orjson
import pytest

from data.errors import TooManyBadRows
from data.quarantine import Quarantine
from data.query_log import DAY_MS, LoggedQuery, read_query_log
from data.shop import ShopConfig

CONFIG = ShopConfig(name="test")


def read(path: Path, *, events: bool = False) -> list[LoggedQuery]:
    return read_query_log(path if events else None, None if events else path, CONFIG, Quarantine())


def log(path: Path, *records: dict[str, Any]) -> Path:
    path.write_bytes(b"\n".join(map(orjson.dumps, records)))
    return path


def search(text: str, at_ms: int, query_id: str = "", client: str = "", **more: Any) -> dict[str, Any]:
    return {
        "action_name": "search",
        "user_query": text,
        "timestamp": at_ms,
        "query_id": query_id,
        "client_id": client,
        **more,
    }


def test_events_are_counted_once_a_search(tmp_path: Path) -> None:
    path = log(
        tmp_path / "e.jsonl",
        search("Blue  Lamp", 5 * DAY_MS, "q1", "anna"),
        {**search("blue lamp", 5 * DAY_MS + 9, "q1", "anna"), "action_name": "click"},
        search("blue lamp", 3 * DAY_MS, "q2", "bert"),
        search("blue lamp", 5 * DAY_MS + 50_000, "q3", "anna"),
        search("blue lamp", 7 * DAY_MS),
        search("blue lamp", 7 * DAY_MS + 1),
        {"action_name": "click", "user_query": "blue lamp", "timestamp": 8 * DAY_MS},  # of which search?
        search("Lampe", DAY_MS, "q4", "bert", event_attributes={"locale": "de"}),
        search("!!", DAY_MS, "q5", "bert"),
        search("x" * 300, DAY_MS, "q6", "bert"),
    )
    assert read(path, events=True) == [
        LoggedQuery("blue lamp", "en", 5, 3, 3 * DAY_MS, 7 * DAY_MS + 1, ((3, 1), (5, 2), (7, 2))),
        LoggedQuery("Lampe", "de", 1, 1, DAY_MS, DAY_MS, ((1, 1),)),
    ]


def test_of_typing_only_what_it_came_to_counts(tmp_path: Path) -> None:
    path = log(
        tmp_path / "e.jsonl",
        *(search("wool sweater"[:end], end * 150, f"q{end}", "anna") for end in range(1, 13)),
        search("wool", 200, "other", "bert"),
        search("wool sweater red", 60_000, "later", "anna"),
    )
    assert [(query.text, query.count) for query in read(path, events=True)] == [
        ("wool", 1), ("wool sweater", 1), ("wool sweater red", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "query,count\nRed shoes,12\nred  SHOES,2\nlamp,0\n", [("Red shoes", 14, 14)]),
        ("a.csv", "Search_Term;Searches;Users\nlamp;9;4\n", [("lamp", 9, 4)]),
        ("a.tsv", "red shoes\t12\nblue, big\t3.5\n", [("red shoes", 12, 12), ("blue, big", 4, 4)]),
        ("a.csv", 'red shoes,12\n"blue, big",3\n', [("red shoes", 12, 12), ("blue, big", 3, 3)]),
        ("a.txt", "red shoes\nRed shoes\nlamp\n", [("Red shoes", 2, 1), ("lamp", 1, 1)]),
        ("a.csv", "query,client_id\nlamp,a\nlamp,b\nlamp,a\n", [("lamp", 3, 2)]),
        ("a.jsonl", '{"query":"lamp","count":3}\n{"query":"lamp","client_id":"a"}\n', [("lamp", 4, 4)]),
    ],
)
def test_lists_of_queries(tmp_path: Path, name: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    path = tmp_path / name
    path.write_text(text)
    found = read(path)
    assert [(query.text, query.count, query.people) for query in found] == expected
    assert all(query.last_seen_ms is None and query.daily == () for query in found)


def test_times_and_locales_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("query,count,timestamp,locale\nlamp,3,1970-01-11,de\nlamp,1,1970-01-21T12:00:00Z,de\n")
    [query] = read(path)
    assert query == LoggedQuery("lamp", "de", 4, 4, 10 * DAY_MS, 20 * DAY_MS + DAY_MS // 2, ((10, 3), (20, 1)))
    # By hand: half-life 10 days, on day 30 the three count a quarter each and the one a half.
    assert math.isclose(query.decayed(30 * DAY_MS, 10), 3 / 4 + 1 / 2)
    assert query.decayed(10 * DAY_MS, 10) == 4  # what is yet to come counts whole
    assert LoggedQuery("lamp", "en", 4, 4).decayed(30 * DAY_MS, 10) == 4


def test_a_list_without_queries_is_refused(tmp_path: Path) -> None:
    path = log(tmp_path / "a.jsonl", *({"name": "x", "count": 1} for _ in range(10)))
    with pytest.raises(TooManyBadRows, match="expected a column 'query'"):
        read(path)
    bad = tmp_path / "a.csv"
    bad.write_text("query,count\n" + "lamp,many\n" * 10 + "lamp,1\n")
    with pytest.raises(TooManyBadRows, match="count: expected a number"):
        read(bad)


def test_no_files_no_queries() -> None:
    assert read_query_log(None, None, CONFIG, Quarantine()) == []
