"""The largest singular vectors of a sparse matrix, the same on every run."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

OVERSAMPLING = 12
"""Extra random directions; Halko et al. recommend 5 to 10, a few more cost nothing here."""

POWER_ITERATIONS = 3
"""The spectrum of word co-occurrence decays slowly, so two to three rounds are needed; a fourth changes no figure."""


def truncated_svd(matrix: "csr_matrix", rank: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Right singular vectors and singular values by randomised subspace iteration.

    Args:
        matrix: Shape (n, m), sparse, float32.
        rank: How many; cut to min(n, m).
        seed: Of the random start.

    Returns:
        (`values` (k,) descending, `vectors` (m, k)); the entry of largest magnitude of every vector is positive, so
        that a sign does not depend on the machine.

    References:
        Halko, Martinsson, Tropp: Finding Structure with Randomness, SIAM Review 2011, algorithms 4.4 and 5.1.
    """
    rank = min(rank, *matrix.shape)
    width = min(rank + OVERSAMPLING, *matrix.shape)
    start = np.random.default_rng(seed).standard_normal((matrix.shape[1], width)).astype(np.float32)
    basis: Any = np.linalg.qr(matrix @ start)[0]
    for _ in range(POWER_ITERATIONS):
        basis = np.linalg.qr(matrix.T @ basis)[0]
        basis = np.linalg.qr(matrix @ basis)[0]
    _, values, rows = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    vectors = rows[:rank].T
    strongest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[strongest, np.arange(vectors.shape[1])])
    return values[:rank].astype(np.float32), np.ascontiguousarray(vectors * np.where(signs == 0, 1, signs), np.float32)
