"""The sweep finds what was planted, and nothing where nothing was."""

import json
from pathlib import Path

import pytest

from api.build.pipeline import build_release
from api.evaluate.safety import evaluate_safety
from autocomplete.safety.check import SafetyCheck
from tests.api.shop import made_up_products

SECRET = "anna@example.com"
PADDING = "kettle backpack jacket 正規品"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose log holds a secret that fifty people typed, and whose titles one merchant padded."""
    folder = tmp_path_factory.mktemp("sweep")
    products = made_up_products()
    products[0]["title"] += f" {PADDING}"
    (folder / "catalog.jsonl").write_text("".join(json.dumps(each) + "\n" for each in products), encoding="utf-8")
    rows = [("red lamp", 90, 50), (f"lamp {SECRET}", 90, 50), ("blue lamp", 9, 3)]
    lines = ["query,count,people", *(f"{query},{count},{people}" for query, count, people in rows)]
    (folder / "queries.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    truth = {"private": [SECRET], "stuffing": [PADDING]}
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def build(folder: Path, name: str) -> str:
    releases = folder / name
    build_release(folder / "catalog.jsonl", shop="plain", releases=releases, queries=folder / "queries.csv", force=True)
    return str(releases)


def test_nothing_that_was_planted_is_shown(folder: Path) -> None:
    found = evaluate_safety(build(folder, "safe"), folder / "truth.json")
    assert found["violations"] == dict.fromkeys(found["violations"], 0), found["examples"]
    assert found["suggestions"] > 20
    assert found["prefixes"] > found["suggestions"]


def test_a_sweep_of_a_shop_without_the_check_finds_the_padding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autocomplete.sources.titles.makes_claim", lambda _: False)
    monkeypatch.setattr(SafetyCheck, "refusal", lambda *_: None)
    found = evaluate_safety(build(folder, "unsafe"), folder / "truth.json")
    assert found["violations"]["stuffed"] > 0
    assert any("kettle" in each["text"] for each in found["examples"])
