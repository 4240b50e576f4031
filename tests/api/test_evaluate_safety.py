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
CARD = "4111111111111111"
TELEPHONE = "0171-2345678"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose log holds a secret that fifty people typed; merchants padded a title and put numbers into two."""
    folder = tmp_path_factory.mktemp("sweep")
    products = made_up_products()
    products[0]["title"] += f" {PADDING}"
    products[1]["title"] += f" ({TELEPHONE})"
    products[2]["title"] = f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]} {products[2]['title']}"
    (folder / "catalog.jsonl").write_text("".join(json.dumps(each) + "\n" for each in products), encoding="utf-8")
    rows = [("red lamp", 90, 50), (f"lamp {SECRET}", 90, 50), ("blue lamp", 9, 3)]
    lines = ["query,count,people", *(f"{query},{count},{people}" for query, count, people in rows)]
    (folder / "queries.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    truth = {"private": [SECRET, CARD], "stuffing": [PADDING]}
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


def test_what_the_check_takes_from_the_words_of_titles_is_counted(folder: Path) -> None:
    found = evaluate_safety(build(folder, "words"), folder / "truth.json")
    titles = [json.loads(line)["title"] for line in (folder / "catalog.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found["words"] == len({word.strip(".,()") for title in titles for word in title.split()})
    assert (found["words_refused"], found["refused_words"]) == (1, [TELEPHONE])


def test_a_sweep_of_a_shop_without_the_check_finds_the_padding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autocomplete.sources.titles.makes_claim", lambda _: False)
    monkeypatch.setattr(SafetyCheck, "refusal", lambda *_: None)
    found = evaluate_safety(build(folder, "unsafe"), folder / "truth.json")
    assert found["violations"]["stuffed"] > 0
    assert any("kettle" in each["text"] for each in found["examples"])
    # However its digits are grouped.
    assert found["violations"]["private"] > 0
