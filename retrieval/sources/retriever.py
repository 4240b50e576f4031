"""A source of candidates."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.planning.plan import Plan
from retrieval.sources.candidate import Run


class Retriever(Protocol):
    """One source: how it ranks rows, as a pure function of the plan and the release.

    What of it belongs to the match set is decided by `match_set`, over live products too.
    """

    @property
    def source(self) -> str:
        """Its name in runs, weights and explanations."""

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best `top_k` rows with a positive score, of `within` (sorted rows) when given; ties by row."""
