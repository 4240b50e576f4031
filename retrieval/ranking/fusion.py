"""Convex fusion of runs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.sources.candidate import Run

# Weights are read from configuration as decimals; their sum is allowed this much rounding.
_CONVEX_TOLERANCE = 1e-6


def fuse_convex(runs: Sequence[Run], weights: Sequence[float], floor: float | None = None) -> Run:
    """Fuse runs by a weighted sum of min-max normalised scores.

    Args:
        runs: One per source, best first.
        weights: One per run, non-negative, summing to 1.
        floor: The least score that any run could give, which becomes 0; `None` takes each run's own least. With a
            floor a product's normalised score does not depend on how many worse ones a run still lists.

    Returns:
        Union of the candidates, best first, ties by row; scores in [0, 1]. A candidate absent from a run
        scores 0 there.

    Raises:
        ValueError: If lengths differ or the weights are not a convex combination.

    References:
        Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023 (with
        `floor`: its theoretical min-max, TM2C2).
    """
    if len(runs) != len(weights):
        raise ValueError(f"expected one weight per run, got {len(runs)} runs and {len(weights)} weights")
    if any(weight < 0 for weight in weights) or (weights and abs(sum(weights) - 1) > _CONVEX_TOLERANCE):
        raise ValueError(f"expected non-negative weights that sum to 1, got {list(weights)}")
    if not runs:
        return Run("fusion", np.empty(0, np.int32), np.empty(0, np.float32))
    rows = np.unique(np.concatenate([run.rows for run in runs])).astype(np.int32)
    fused = np.zeros(len(rows), np.float64)
    for run, weight in zip(runs, weights, strict=True):
        fused[np.searchsorted(rows, run.rows)] += weight * min_max(run.scores, floor)
    order = np.lexsort((rows, -fused))
    return Run("fusion", rows[order], fused[order].astype(np.float32))


def min_max(scores: NDArray[np.float32], floor: float | None = None) -> NDArray[np.float64]:
    """Scores onto [0, 1]; a run whose scores are all equal becomes all 1 (its candidates beat the absent ones)."""
    if not len(scores):
        return np.empty(0, np.float64)
    low, high = float(scores.min()) if floor is None else floor, float(scores.max())
    if high <= low:
        return np.ones(len(scores), np.float64)
    return (scores.astype(np.float64) - low) / (high - low)
