"""What a mined log says of completions, from its table to the terminal."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from api.build.mined import read_mined_queries
from api.build.pipeline import build_release
from api.cli.suggest import app
from tests.api.catalogues import camping_products, write_catalogue
from tests.autocomplete import prefix_log

# 20,454 days are 56 years with 14 leap days in them: 56 * 365 + 14, so 2026-01-01.
DAY, DAY_MS = 20_454, 86_400_000


def mined(folder: Path, purchases: int) -> Path:
    """One query, searched eight times with six clicks."""
    prefix_log.write(folder, [prefix_log.search("q1", DAY * DAY_MS, "s1", "tent")], [])
    row = {"query": "tent", "locale": "en", "count": 8, "people": 6, "clicks": 6, "carts": 3, "purchases": purchases}
    row |= {"first_seen_ms": DAY * DAY_MS, "last_seen_ms": (DAY + 2) * DAY_MS}
    row |= {"daily": [{"day": DAY, "count": 5}, {"day": DAY + 2, "count": 3}]}
    parquet.write_table(pa.Table.from_pylist([row]), folder / "completions.parquet")
    (folder / "candidates.jsonl").write_bytes(b"")
    return folder


def test_a_log_without_a_purchase_is_one_that_is_not_told_of_them(tmp_path: Path) -> None:
    (query,) = read_mined_queries(mined(tmp_path, 0))
    assert (query.clicks, query.purchases) == (6, None)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    (folder / "mined").mkdir()
    catalogue = write_catalogue(folder / "catalog.jsonl", camping_products())
    build_release(
        catalog=catalogue,
        shop="camping",
        releases=folder / "releases",
        mined=mined(folder / "mined", 2),
        force=True,
    )
    return folder / "releases"


def test_explanations_tell_them_on_the_wire(releases: Path) -> None:
    said = CliRunner().invoke(app, ["tent", "--releases", str(releases), "--explain", "--json"])
    assert said.exit_code == 0, said.output
    first = json.loads(said.stdout)["suggestions"][0]
    assert (first["text"], first["source"]) == ("tent", "log")
    reasons = first["reasons"]
    assert (reasons["people"], reasons["locale"], reasons["last_seen"]) == (6, "en", "2026-01-03")
    assert (reasons["click_rate"], reasons["conversion"]) == (0.75, 0.25)


def test_explanations_tell_them_on_the_terminal(releases: Path) -> None:
    said = CliRunner().invoke(app, ["tent", "--releases", str(releases), "--explain"], env={"COLUMNS": "400"})
    assert said.exit_code == 0, said.output
    assert "people 6, locale en, last_seen 2026-01-03, click_rate 0.75, conversion 0.25" in said.stdout
