import math

import pytest

from api.evaluate.measures import measure_runs, summarise, usable


def test_worked_by_hand() -> None:
    # Ideal: 3, 1 -> gains 7, 1. The run puts an unjudged product first, the 1 second, a 0 third, the 3 fourth.
    qrels = {"lamp": {"a": 3.0, "b": 1.0, "c": 0.0}}
    values = measure_runs(qrels, {"lamp": ["x", "b", "c", "a"]})["lamp"]
    ideal = 7 / math.log2(2) + 1 / math.log2(3)
    assert values["ndcg@10"] == pytest.approx((1 / math.log2(3) + 7 / math.log2(5)) / ideal, abs=1e-6)
    # Without the unjudged one: b, c, a.
    assert values["judged_ndcg@10"] == pytest.approx((1 / math.log2(2) + 7 / math.log2(4)) / ideal, abs=1e-6)
    assert values["mrr@10"] == pytest.approx(1 / 2)
    assert values["recall@100"] == pytest.approx(1.0)


def test_fractional_ratings_keep_their_gain() -> None:
    qrels = {"q": {"a": 2.67, "b": 1.33}}
    values = measure_runs(qrels, {"q": ["b", "a"]})["q"]
    high, low = 2**2.67 - 1, 2**1.33 - 1
    assert values["ndcg@10"] == pytest.approx((low + high / math.log2(3)) / (high + low / math.log2(3)), abs=1e-3)


def test_run_order_is_kept_where_scores_would_tie() -> None:
    qrels = {"q": {"a": 1.0, "z": 0.0}}
    assert measure_runs(qrels, {"q": ["a", "z"]})["q"]["mrr@10"] == 1.0
    assert measure_runs(qrels, {"q": ["z", "a"]})["q"]["mrr@10"] == 0.5


def test_query_without_a_run_scores_nothing() -> None:
    assert set(measure_runs({"q": {"a": 1.0}}, {})["q"].values()) == {0.0}


def test_only_queries_with_something_to_find_count() -> None:
    assert list(usable({"good": {"a": 1.0}, "hopeless": {"a": 0.0}, "empty": {}})) == ["good"]


def test_summary_means_and_intervals() -> None:
    summary = summarise({"a": {"mrr@10": 1.0}, "b": {"mrr@10": 0.0}})
    assert summary["mrr@10"] == 0.5
    assert summary["queries"] == 2
    assert summary["mrr@10_interval"] == [0.0, 1.0]
