"""The best rows of an array of scores."""

import numpy as np
from numpy.typing import NDArray


def best_rows(
    scores: NDArray[np.float32], top_k: int, within: NDArray[np.int32] | None = None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The `top_k` rows with the highest positive scores, best first, ties by row.

    Args:
        scores: Shape (rows,), by row.
        top_k: How many at most.
        within: Sorted rows to choose from; all when `None`.

    Returns:
        Rows and their scores.
    """
    rows = np.flatnonzero(scores > 0).astype(np.int32) if within is None else within[scores[within] > 0]
    held = scores[rows]
    if len(rows) > top_k > 0:
        # Everything above the k-th score, then the first rows among those equal to it.
        least = np.partition(held, len(held) - top_k)[len(held) - top_k]
        above = np.flatnonzero(held > least)
        equal = np.flatnonzero(held == least)[: top_k - len(above)]
        chosen = np.sort(np.concatenate((above, equal)))
        rows, held = rows[chosen], held[chosen]
    order = np.argsort(-held, kind="stable")[: max(0, top_k)]
    return rows[order].astype(np.int32, copy=False), held[order]
