from pathlib import Path

import pytest

from api.evaluate.compare import compare
from api.evaluate.per_query import read_per_query, write_per_query
from data.errors import InputError

A = {"lamp": {"ndcg@10": 0.5}, "chair": {"ndcg@10": 1.0}, "rug": {"ndcg@10": 0.2}, "only in A": {"ndcg@10": 0.0}}
B = {"lamp": {"ndcg@10": 0.9}, "chair": {"ndcg@10": 0.4}, "rug": {"ndcg@10": 0.2}}


def test_wins_losses_and_the_worst_losers() -> None:
    result = compare(A, B, "ndcg@10")
    assert (result.queries, result.wins, result.losses, result.ties) == (3, 1, 1, 1)
    assert result.difference.mean == pytest.approx((0.4 - 0.6) / 3)
    assert result.worst == (("chair", 1.0, 0.4),)
    assert result.best == (("lamp", 0.5, 0.9),)


def test_nothing_in_common() -> None:
    with pytest.raises(InputError, match="no query in common"):
        compare({"a": {"m": 1.0}}, {"b": {"m": 1.0}}, "m")


def test_unknown_measure_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'map'; it has ndcg@10"):
        compare(A, B, "map")


def test_file_round_trip(tmp_path: Path) -> None:
    values = {'17" monitor, curved': {"ndcg@10": 0.123456, "mrr@10": 1.0}}
    write_per_query(tmp_path / "run.csv", values)
    assert read_per_query(tmp_path / "run.csv") == values


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "header"), ("q,m\na,1\n", "header"), ("query,m\na,good\n", ":2:"), ("query,m,n\na,1\n", ":2:")],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "run.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        read_per_query(tmp_path / "run.csv")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_per_query(tmp_path / "none.csv")
