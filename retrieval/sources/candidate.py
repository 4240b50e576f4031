"""A run: what one source found, best first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Run:
    """Candidates of one source, by row of the release's product table.

    Attributes:
        source: `bm25`, `dense`, `concept`, ...
        rows: Shape (n,), distinct, best first, ties by row's product_id.
        scores: Shape (n,), descending.
    """

    source: str
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
