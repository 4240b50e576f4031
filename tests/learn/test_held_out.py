"""Held-out choices as judgments: debiased by position, graded within a query."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from api.learn.held_out import LoggedSearch, judgments_of, prefix_cases, read_searches

EXAMINATION = {1: 1.0, 2: 0.5, 3: 0.25}


def search(*hits: str, clicked: str = "", bought: str = "", query: str = "lamp") -> LoggedSearch:
    return LoggedSearch(0, query, "en", hits, frozenset(clicked.split()), frozenset(), frozenset(bought.split()))


def grades(searches: list[LoggedSearch]) -> dict[str, float]:
    (judged,) = judgments_of(searches, EXAMINATION).values()
    return {judgment.product_id: judgment.rating for judgment in judged}


def test_a_click_further_down_says_more() -> None:
    # Eight searches: a is examined 8 times, b 4, c 2. Clicks: a 2 (.25 each look), b 2 (.5), c 0.
    shown = [search("a", "b", "c", clicked="a b")] * 2 + [search("a", "b", "c")] * 6
    assert grades(shown) == {"a": 2.0, "b": 3.0, "c": 0.0}


def test_a_purchase_counts_more_than_a_click() -> None:
    # Of four looks each (a first, b first in turn, examined 4 + 2): a is clicked 4 times, b bought once after a click.
    shown = [search("a", "b", clicked="a")] * 4 + [search("b", "a", clicked="b", bought="b")] + [search("b", "a")] * 3
    # a earned 4 of 6 looks, b 5 of 6: shares .8 and 1.
    assert grades(shown) == {"a": 3.0, "b": 3.0}


def test_what_was_hardly_seen_is_not_judged() -> None:
    shown = [search("a", "b", clicked="a b")] * 3
    assert grades(shown) == {"a": 3.0}


def test_queries_without_a_choice_are_left_out() -> None:
    assert judgments_of([search("a", "b")] * 5, EXAMINATION) == {}


def test_only_held_out_days_are_read(tmp_path: Path) -> None:
    rows = [
        {"at_ms": at, "query": "lamp", "locale": "en", "hits": ["a"], "clicked": ["a"], "carted": [], "bought": []}
        for at in (999, 1000, 1001)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "searches.parquet")
    assert [one.at_ms for one in read_searches(tmp_path, 1000)] == [1000, 1001]


def test_prefixes_count_how_often_they_led_somewhere(tmp_path: Path) -> None:
    rows = [
        {"at_ms": at, "prefix": prefix, "locale": "en", "final_query": final}
        for at, prefix, final in (
            (1, "la", "lamp"),
            (5, "la", "lamp"),
            (6, "la", "lamp"),
            (7, "la", None),
            (8, "lamp", "lamp"),
            (9, "", "lamp"),
            (9, "la", "ladder"),
        )
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "prefix_log.parquet")
    found = [(case.prefix, case.target, case.weight) for case in prefix_cases(tmp_path, 5)]
    assert found == [("la", "lamp", 2), ("la", "ladder", 1)]
