"""The sweep finds what was planted, and nothing where nothing was."""

import json
from pathlib import Path

import numpy as np
import pytest

from api.assembly import open_shop
from api.build.pipeline import build_release
from api.evaluate.safety import evaluate_safety
from autocomplete.context import Context
from autocomplete.matching.index import CompletionIndex
from autocomplete.prefix import Prefix
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


def test_a_completion_that_typing_it_whole_does_not_find_is_counted(folder: Path) -> None:
    releases = build(folder, "lost")
    sound = evaluate_safety(releases, folder / "truth.json")
    assert sound["violations"]["not_found"] == 0, sound["examples"]
    (index,) = Path(releases).glob("plain/*/autocomplete/en/completions")
    arrays = CompletionIndex.load(index)
    names = [arrays.text(each) for each in range(len(arrays))]
    assert sound["typed_whole"] >= len(names) > 10
    assert sum(sound["hidden"].values()) < sound["typed_whole"] / 10
    # "Egret" loses its place in the order of word sequences, by which beginnings are looked up, and in the postings
    # of its word, by which what holds it is: one of "headphones" is said to stand there.
    lost, other = names.index("Egret"), names.index("headphones")
    for name in ("lexical", "postings"):
        array = np.load(index / f"{name}.npy")
        array[array == lost] = other
        np.save(index / f"{name}.npy", array)
    found = evaluate_safety(releases, folder / "truth.json")
    assert found["violations"] == {**sound["violations"], "not_found": 1}
    assert {"rule": "not_found", "text": "Egret", "locale": "en"} in found["examples"]
    assert found["typed_whole"] == sound["typed_whole"]


def test_what_may_be_missing_is_counted_by_its_reason(tmp_path: Path) -> None:
    # Many titles spell out what becomes a completion; the product that is called nothing else gives way to it.
    products = made_up_products()
    for place, each in enumerate(products[:14]):
        each |= {"title": "Farrow picnic rug", "product_id": f"rug-{place:02}", "group_id": f"rug-{place:02}"}
    (tmp_path / "catalog.jsonl").write_text("".join(json.dumps(each) + "\n" for each in products), encoding="utf-8")
    (tmp_path / "truth.json").write_text(json.dumps({"private": [], "stuffing": []}), encoding="utf-8")
    releases = str(tmp_path / "releases")
    build_release(tmp_path / "catalog.jsonl", shop="plain", releases=Path(releases), force=True)
    suggestions = open_shop(releases, "plain").completer.complete(Prefix("Farrow picnic rug", 10, "en"), Context())
    assert [(each.text.casefold(), each.product_id) for each in suggestions[:1]] == [("farrow picnic rug", None)]
    found = evaluate_safety(releases, tmp_path / "truth.json")
    assert found["violations"]["not_found"] == 0, found["examples"]
    assert found["hidden"] == {"refused": 0, "twin": 1, "near_duplicate": 0, "filled_up": 0}
