import numpy as np
import pytest

from api.evaluate.bootstrap import (
    bootstrap_mean,
    bootstrap_p_value,
    paired_bootstrap,
    randomisation_p_value,
)


def test_constant_values_have_no_width() -> None:
    interval = bootstrap_mean([0.25, 0.25, 0.25])
    assert (interval.mean, interval.low, interval.high) == (0.25, 0.25, 0.25)


def test_interval_agrees_with_the_normal_one_where_that_holds() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    interval = bootstrap_mean(values.tolist())
    half = 1.96 * values.std() / 20
    assert interval.mean == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - half, abs=0.03)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.03)


def test_same_seed_same_interval() -> None:
    values = np.random.default_rng(0).normal(0, 1, 50).tolist()
    assert bootstrap_mean(values, seed=3) == bootstrap_mean(values, seed=3)
    assert bootstrap_mean(values, seed=3) != bootstrap_mean(values, seed=4)


def test_pairs_are_compared_query_by_query() -> None:
    # Queries differ wildly from one another, the systems by a constant: pairing sees exactly that constant.
    first = [0.9, 0.1, 0.5, 0.3]
    second = [0.8, 0.0, 0.4, 0.2]
    interval = paired_bootstrap(first, second)
    assert interval.low == pytest.approx(0.1)
    assert interval.high == pytest.approx(0.1)


def test_randomisation_counts_sign_flips() -> None:
    # Three equal differences: of the 8 sign patterns only +++ and --- are as extreme, p = 1/4.
    assert randomisation_p_value([1, 1, 1], [0, 0, 0], samples=40_000) == pytest.approx(0.25, abs=0.01)


def test_no_difference_is_no_evidence() -> None:
    assert bootstrap_p_value([0.5, 0.6], [0.5, 0.6]) == 1.0
    assert randomisation_p_value([0.5, 0.6], [0.5, 0.6]) == 1.0


def test_clear_difference_is_evidence() -> None:
    generator = np.random.default_rng(2)
    second = generator.uniform(0, 0.5, 60)
    first = second + generator.normal(0.2, 0.1, 60)
    assert bootstrap_p_value(first.tolist(), second.tolist()) < 0.001
    assert randomisation_p_value(first.tolist(), second.tolist()) < 0.001


@pytest.mark.parametrize(("first", "second"), [([], []), ([1.0], [1.0, 2.0])])
def test_refuses_what_cannot_be_paired(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError, match="equally long"):
        paired_bootstrap(first, second)
