"""`evaluate suggest` and `bench suggest` on files of their own."""

import json
from pathlib import Path

import pytest

from api.bench.suggest import bench_suggest
from api.evaluate.prefixes import read_prefixes, read_weighted_texts, typed_prefixes
from api.evaluate.suggest import evaluate_suggest
from data.errors import InputError


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.tsv"
    path.write_text("drill bits\t4\ncordless drill\t2\ndriver\t1\n")
    return path


def write_prefixes(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "prefixes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_ranks_by_hand(corpus: Path, tmp_path: Path) -> None:
    prefixes = write_prefixes(
        tmp_path,
        {"case": "p75", "prefix": "dri", "target": "driver", "weight": 1},  # second
        {"case": "p75", "prefix": "cord", "target": "Cordless Drill", "weight": 3},  # first
        {"case": "typo75", "prefix": "crod", "target": "Cordless Drill", "weight": 1},  # first
        {"case": "typo75", "prefix": "zzzzzz", "target": "driver", "weight": 1},  # not at all
    )
    result, per_prefix = evaluate_suggest(corpus=corpus, prefixes=prefixes)
    clean, typo = result["cases"]
    assert per_prefix["p75: dri -> driver"] == {"mrr@10": 0.25}
    assert result["completions"] == 3
    assert (clean["case"], clean["queries"], clean["mrr@10"], clean["success@10"]) == ("p75", 2, 0.875, 1.0)
    assert (typo["mrr@10"], typo["success@10"], typo["by_weight_mrr@10"], typo["gain"]) == (0.5, 0.5, 0.0, 0.5)
    # Clean reciprocals, weighted: 0.5 * 0.5 and 1 * 1.5 ; with a slip: 0 and 1.
    assert typo["share_of_clean"] == pytest.approx(1 / 1.75, abs=1e-3)


def test_bench_has_times_and_quality_by_case(corpus: Path, tmp_path: Path) -> None:
    prefixes = write_prefixes(tmp_path, {"prefix": "dri", "target": "driver"})
    (row,) = bench_suggest(corpus=corpus, prefixes=prefixes)["cases"]
    assert (row["case"], row["mrr@10"]) == ("all", 0.5)
    assert 0 < row["p50_us"] <= row["p99_us"]
    assert 0 < row["cold_p50_us"] <= row["cold_p99_us"]


def test_prefixes_are_typed_where_none_are_given(corpus: Path) -> None:
    texts = read_weighted_texts(corpus)
    cases = typed_prefixes(texts, None, seed=3)
    assert cases == typed_prefixes(texts, None, seed=3)
    assert {case.case for case in cases} == {"p1", "p2", "p3", "p5", "p8", "p50", "p75", "typo75"}
    assert all(case.target.startswith(case.prefix) for case in cases if case.case != "typo75")
    share = sum(case.target == "drill bits" for case in cases if case.case == "p1") / 2000
    assert share == pytest.approx(4 / 7, abs=0.05)


@pytest.mark.parametrize("line", ["drill", "drill\tmany", "\t3", "drill\t-1", "drill\tnan", "drill\tinf"])
def test_a_bad_line_of_a_corpus_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "corpus.tsv"
    path.write_text(f"ok\t1\n{line}\n")
    with pytest.raises(InputError, match=r"corpus\.tsv:2: expected text<TAB>weight"):
        read_weighted_texts(path)


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"prefix": "a"}', '{"prefix": "a", "target": "b", "weight": "x"}'])
def test_a_bad_line_of_prefixes_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "prefixes.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(InputError, match=r"prefixes\.jsonl:1: expected"):
        read_prefixes(path)


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(InputError, match="--corpus"):
        evaluate_suggest()
