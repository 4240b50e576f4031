"""The gate: better on average, and surely not worse."""

import pytest

from api.learn.verdict import LEAST_QUERIES, judge, refused
from data.errors import InputError


def values(*numbers: float) -> dict[str, dict[str, float]]:
    return {f"q{number:03}": {"ndcg@10": value} for number, value in enumerate(numbers)}


def test_a_better_model_is_accepted() -> None:
    found = judge("reranker", "ndcg@10", values(*[0.5] * 40), values(*[0.6] * 40))
    assert found.accepted
    assert found.champion == pytest.approx(0.5)
    assert found.challenger == pytest.approx(0.6)
    assert found.comparison is not None
    assert found.comparison.wins == 40
    assert "+0.1000" in found.reason


def test_an_equal_model_is_not_better() -> None:
    found = judge("reranker", "ndcg@10", values(*[0.5] * 40), values(*[0.5] * 40))
    assert not found.accepted
    assert found.reason.startswith("not better")


def test_a_sabotaged_model_is_refused() -> None:
    found = judge("reranker", "ndcg@10", values(*[0.8] * 40), values(*[0.1] * 40))
    assert not found.accepted
    assert "-0.7000" in found.reason


def test_a_lucky_mean_is_not_enough() -> None:
    # One query won by 1, thirty-nine lost by .02: the mean is +.0055, the interval reaches to about -.02.
    champion = values(0.0, *[0.5] * 39)
    challenger = values(1.0, *[0.48] * 39)
    found = judge("suggester", "ndcg@10", champion, challenger)
    assert found.comparison is not None
    assert found.comparison.difference.mean == pytest.approx(0.22 / 40)
    assert not found.accepted
    assert found.reason.startswith("not surely better")


def test_too_few_queries_prove_nothing() -> None:
    few = LEAST_QUERIES - 1
    found = judge("encoder", "ndcg@10", values(*[0.1] * few), values(*[0.9] * few))
    assert not found.accepted
    assert found.comparison is None
    assert str(few) in found.reason


def test_a_refusal_says_why() -> None:
    assert refused("encoder", "mrr@10", "no pairs").reason == "no pairs"
    with pytest.raises(InputError):
        refused("encoder", "mrr@10", "")
