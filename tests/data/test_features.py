"""Counters as of a day: worked by hand, and blind to what comes later."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from data.errors import InputError
from data.features.decay import DAY_MS
from data.features.product_counters import COUNTERS, PRIOR_LOOKS, ProductCounters
from data.features.query_counters import QueryCounters, by_query
from data.mining.clicks import PRIOR_LOOKS as PRIOR_PAIR_LOOKS
from retrieval.ranking.count_popularity import count_popularity
from retrieval.ranking.popularity import load_popularity, save_popularity

Row = dict[str, Any]


def product_day(product_id: str, day: int, examined: float, clicks: int, carts: int = 0, purchases: int = 0) -> Row:
    return {
        "product_id": product_id, "day": day, "shown": 9, "examined": examined,
        "clicks": clicks, "carts": carts, "purchases": purchases,
    }  # fmt: skip


def search(day: int, norm: str, hits: list[str], clicked: list[str], bought: list[str] | None = None) -> Row:
    return {
        "at_ms": day * DAY_MS + 5, "norm": norm, "locale": "en", "hits": hits, "clicked": clicked, "carted": [],
        "bought": bought or [],
    }  # fmt: skip


PRODUCTS = [product_day("a", 100, 4.0, 2, 1), product_day("a", 107, 2.0, 1), product_day("b", 107, 10.0, 1, 0, 1)]
SEARCHES = [search(100, "lamp", ["a", "b"], ["a"]), search(107, "lamp", ["b", "a"], ["b"], ["b"])]


def write(folder: Path, products: list[Row] = PRODUCTS, searches: list[Row] = SEARCHES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lists = pa.list_(pa.string())
    schema = pa.schema(
        [("at_ms", pa.int64()), ("norm", pa.string()), ("locale", pa.string())]
        + [(name, lists) for name in ("hits", "clicked", "carted", "bought")]
    )
    parquet.write_table(pa.Table.from_pylist(products), folder / "products.parquet")
    parquet.write_table(pa.Table.from_pylist(searches, schema), folder / "searches.parquet")
    curve = [{"position": 1, "examination": 1.0}, {"position": 2, "examination": 0.5}]
    parquet.write_table(pa.Table.from_pylist(curve), folder / "examination.parquet")
    return folder


def test_decayed_counts_worked_by_hand(tmp_path: Path) -> None:
    state = ProductCounters.load(write(tmp_path)).as_of(108 * DAY_MS + 77)
    values = dict(zip(COUNTERS, state.of(["a"])[0].tolist(), strict=True))
    # Of the day before in full, of a week earlier by half.
    assert values["clicks_7"] == pytest.approx(np.log1p(1 + 2 * 0.5))
    week = 0.5 ** (7 / 28)
    assert values["clicks_28"] == pytest.approx(np.log1p(1 + 2 * week))
    assert values["carts_28"] == pytest.approx(np.log1p(week))
    assert values["purchases_28"] == 0.0
    clicks, looks = 1 + 2 * week, 2 + 4 * week
    mean = (clicks + 1) / (looks + 10)
    assert values["click_rate"] == pytest.approx((clicks + PRIOR_LOOKS * mean) / (looks + PRIOR_LOOKS))
    unknown = dict(zip(COUNTERS, state.of(["new"])[0].tolist(), strict=True))
    assert unknown == pytest.approx({**dict.fromkeys(COUNTERS, 0.0), "click_rate": mean})


def test_attraction_worked_by_hand(tmp_path: Path) -> None:
    counters = QueryCounters.load(write(tmp_path))
    state = counters.at_day(108)
    span = by_query(state, counters.queries)["en", "lamp"]
    found = dict(zip((counters.product_ids[p] for p in state.pairs[span, 1]), state.attraction[span], strict=True))
    average = 2 / 3  # clicks over looks of 1 + .5 + 1 + .5
    # a: seen 1 + .5, clicked once; b: seen .5 + 1, clicked once, and bought, which weighs 2.
    assert found["a"] == pytest.approx((1 + average * PRIOR_PAIR_LOOKS) / (1.5 + PRIOR_PAIR_LOOKS))
    assert found["b"] == pytest.approx((3 + average * PRIOR_PAIR_LOOKS) / (3.5 + PRIOR_PAIR_LOOKS))


@pytest.mark.parametrize("day", [101, 107])
def test_a_future_click_changes_nothing(tmp_path: Path, day: int) -> None:
    later = [product_day("b", day, 1.0, 1, 1, 1), product_day("c", day + 3, 1.0, 1)]
    planted = [search(day, "lamp", ["b"], ["b"], ["b"]), search(day + 1, "sofa", ["c"], ["c"])]
    rows = {"a": 0, "b": 1, "c": 2}
    found = []
    for name, products, searches in (("before", PRODUCTS, SEARCHES), ("after", PRODUCTS + later, SEARCHES + planted)):
        mined = write(tmp_path / name, products, searches)
        popularity = count_popularity(ProductCounters.load(mined), QueryCounters.load(mined), rows, day)
        found.append(popularity.columns(np.array([0, 1, 2, -1], np.int32), "lamp", "en"))
    before, after = found
    assert before.keys() == after.keys()
    for name, column in before.items():
        assert column.tolist() == after[name].tolist(), name
    # And the day after, it does.
    mined = tmp_path / "after"
    known = count_popularity(ProductCounters.load(mined), QueryCounters.load(mined), rows, day + 1)
    assert known.columns(np.array([1], np.int32), "lamp", "en")["clicks_7"] > before["clicks_7"][1]


def test_what_a_release_keeps_is_what_was_counted(tmp_path: Path) -> None:
    mined = write(tmp_path / "mined")
    counted = count_popularity(ProductCounters.load(mined), QueryCounters.load(mined), {"b": 0, "x": 1, "a": 2}, 108)
    save_popularity(tmp_path / "kept", counted)
    kept = load_popularity(tmp_path / "kept")
    rows = np.array([2, 0, 1, -1], np.int32)
    for query in ("lamp", "sofa"):
        one, other = counted.columns(rows, query, "en"), kept.columns(rows, query, "en")
        assert {name: column.tolist() for name, column in one.items()} == {
            name: column.tolist() for name, column in other.items()
        }
    known, unknown = kept.columns(rows, "lamp", "en"), kept.columns(rows, "sofa", "en")
    assert known["attraction"][1] > known["attraction"][2] == unknown["attraction"][0]
    assert known["attraction_seen"].tolist() == pytest.approx([np.log1p(1.5), np.log1p(1.5), 0, 0])
    assert kept.columns(rows, "lamp", "de")["attraction_seen"].tolist() == [0, 0, 0, 0]


def test_other_folders_are_refused(tmp_path: Path) -> None:
    for load in (ProductCounters.load, QueryCounters.load):
        with pytest.raises(InputError, match="expected a table of `intentrie mine`"):
            load(tmp_path)


def test_an_empty_log_knows_nothing(tmp_path: Path) -> None:
    mined = write(tmp_path, PRODUCTS, SEARCHES)
    early = count_popularity(ProductCounters.load(mined), QueryCounters.load(mined), {"a": 0}, 3)
    assert all(not column.any() for column in early.columns(np.array([0, -1], np.int32), "lamp", "en").values())
