"""How sure a mean over queries is: percentile bootstrap and paired randomisation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# 2,000 resamples put the Monte-Carlo error of a 95% bound at about 2% of the width of the interval.
SAMPLES = 2_000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds that hold it with 95% confidence."""

    mean: float
    low: float
    high: float


def bootstrap_mean(values: Sequence[float], samples: int = SAMPLES, seed: int = 0) -> Interval:
    """The mean of per-query values and its percentile bootstrap interval.

    Raises:
        ValueError: If there are no values.

    References:
        Efron, Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if not len(values):
        raise ValueError("expected at least one value to take a mean of, got none")
    return _interval(np.asarray(values, np.float64), samples, seed)


def _interval(array: Values, samples: int, seed: int) -> Interval:
    low, high = np.quantile(_resampled_means(array, samples, seed), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(array.mean()), float(low), float(high))


def paired_bootstrap(
    first: Sequence[float], second: Sequence[float], samples: int = SAMPLES, seed: int = 0
) -> Interval:
    """The mean of `first - second` over the same queries, with its interval.

    Raises:
        ValueError: If the lengths differ or are zero.
    """
    return _interval(_differences(first, second), samples, seed)


def bootstrap_p_value(first: Sequence[float], second: Sequence[float], samples: int = SAMPLES, seed: int = 0) -> float:
    """Two-sided p of "no difference": how often a resampled mean, shifted to 0, is as far out as the one seen.

    References:
        Sakai: Evaluating evaluation metrics based on the bootstrap, SIGIR 2006.
    """
    differences = _differences(first, second)
    observed = abs(differences.mean())
    shifted = _resampled_means(differences - differences.mean(), samples, seed)
    return float((np.count_nonzero(np.abs(shifted) >= observed - 1e-12) + 1) / (samples + 1))


def randomisation_p_value(
    first: Sequence[float], second: Sequence[float], samples: int = SAMPLES, seed: int = 0
) -> float:
    """Two-sided p by swapping the two systems' values query by query.

    References:
        Smucker, Allan, Carterette: A comparison of statistical significance tests for IR evaluation, CIKM 2007.
    """
    differences = _differences(first, second)
    observed = abs(differences.mean())
    generator = np.random.default_rng(seed)
    extreme = 0
    for size in _chunks(samples, len(differences)):
        signs = generator.integers(0, 2, (size, len(differences))) * 2 - 1
        extreme += int(np.count_nonzero(np.abs((signs * differences).mean(axis=1)) >= observed - 1e-12))
    return (extreme + 1) / (samples + 1)


def _differences(first: Sequence[float], second: Sequence[float]) -> Values:
    if len(first) != len(second) or not len(first):
        raise ValueError(f"expected two equally long, non-empty lists of values, got {len(first)} and {len(second)}")
    return np.asarray(first, np.float64) - np.asarray(second, np.float64)


def _resampled_means(values: Values, samples: int, seed: int) -> Values:
    generator = np.random.default_rng(seed)
    means = [
        values[generator.integers(0, len(values), (size, len(values)))].mean(axis=1)
        for size in _chunks(samples, len(values))
    ]
    return np.concatenate(means)


def _chunks(samples: int, length: int) -> list[int]:
    """Sizes of resampling rounds that keep each round's matrix near 2 million cells (16 MB)."""
    size = max(1, 2_000_000 // max(1, length))
    return [min(size, samples - start) for start in range(0, samples, size)]
