"""The same expressions on Spark give the same rows as on DuckDB."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis.expr.types import Table

from data.mining.clicks import attractiveness, click_counts, looks, outcome_counts, shown_counts
from data.mining.co_occurrence import co_bought, co_bought_categories, co_viewed
from data.mining.completions import clusters, completions, query_counts
from data.mining.prefixes import prefix_counts, prefix_log
from data.mining.robots import behaviour
from data.mining.run import MiningRequest, mine
from data.mining.sessions import attributed, each_search_once, in_sequence, reformulations, with_outcomes
from tests.mining.log import shoppers

# PySpark's own calls of pandas and of sockets that it leaves open; nothing here can change them.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string'"),
]

Tables = dict[str, Table]
SPELLINGS = pa.table({"norm": ["tent", "nobody"], "locale": ["en", "en"], "right": ["lamp", "sofa"]})
CATEGORIES = pa.table({"product_id": ["tea", "teapot"], "category": ["Drinks", "Pots"]})


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spark")
    log = shoppers(days=2)
    log.search(60, "s0-0", "couch", ["sofa-1"], query_id="again")
    for person in range(4):
        for product in ("tea", "teapot"):
            log.act("purchase", person * 600 + 400, f"s0-{person}", product)
            log.act("view", person * 600 + 300, f"s0-{person}", product)
    mine(MiningRequest((log.write(folder / "events"),), folder / "out"))
    return folder / "out" / "days"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    session_module = pytest.importorskip("pyspark.sql")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        session_module.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


def _derived(read: Callable[[str], Table], keep: Callable[[Table, str], Table]) -> Tables:
    """Every table that a run makes from the days' tables, as expressions."""
    searches = each_search_once(read("searches"))
    actions = read("actions")
    acted = keep(attributed(actions, searches), "acted")
    sequence = keep(in_sequence(with_outcomes(searches, acted)), "sequence")
    counts = keep(query_counts(sequence, acted), "counts")
    surfaces = clusters(counts, ibis.memtable(SPELLINGS))
    log = keep(prefix_log(read("keystrokes"), read("picks"), searches), "log")
    shown = keep(shown_counts(searches), "shown")
    curve = shown.select("position").distinct().mutate(examination=1.0 / shown.position)
    outcomes = outcome_counts(acted, ["norm", "locale", "product_id"])
    return {
        "behaviour": behaviour(searches, actions),
        "searches": sequence,
        "reformulations": reformulations(sequence),
        "counts": counts,
        "clusters": surfaces,
        "completions": completions(sequence, counts, surfaces, surfaces.select("norm", "locale")),
        "prefix_log": log,
        "prefix_counts": prefix_counts(log),
        "shown": shown,
        "clicks": click_counts(acted),
        "attractiveness": attractiveness(looks(shown, curve), outcomes, 0.3),
        "co_bought": co_bought(actions),
        "co_viewed": co_viewed(actions),
        "co_bought_categories": co_bought_categories(actions, ibis.memtable(CATEGORIES)),
    }


def _plain(table: pa.Table) -> list[str]:
    """Rows as text, floats rounded: Spark reads a literal such as 0.3 as a decimal, and divides those to six digits."""

    def rounded(value: Any) -> Any:
        return round(value, 4) if isinstance(value, float) else value

    names = sorted(table.column_names)
    return sorted(repr([(name, rounded(row[name])) for name in names]) for row in table.to_pylist())


def _rows(backend: Any, days: Path, folder: Path) -> dict[str, list[str]]:
    """The rows of every table; what several are made of is computed once, as a run does."""

    def keep(table: Table, name: str) -> Table:
        backend.to_parquet(table, str(folder / f"{name}.parquet"))
        return backend.read_parquet(str(folder / f"{name}.parquet"))

    found = _derived(lambda name: backend.read_parquet(str(days / "*" / f"{name}.parquet")), keep)
    return {name: _plain(table.to_pyarrow()) for name, table in found.items()}


def test_spark_gives_the_rows_of_duckdb(days: Path, spark: Any, tmp_path: Path) -> None:
    for name in ("duckdb", "spark"):
        (tmp_path / name).mkdir()
    here = _rows(ibis.duckdb.connect(), days, tmp_path / "duckdb")
    there = _rows(spark, days, tmp_path / "spark")
    assert all(here.values()), [name for name, found in here.items() if not found]
    for name, expected in here.items():
        assert there[name] == expected, name
