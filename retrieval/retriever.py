"""A source of candidates."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.candidate import Run
from retrieval.plan import Plan


class Retriever(Protocol):
    """One source: which rows it holds to match, and how it ranks rows.

    Both are pure functions of the plan and the release. Ties are broken by row, which is why the product table keeps
    rows of equal score comparable across sources; the fusion's caller breaks its own ties by product_id.
    """

    @property
    def source(self) -> str:
        """Its name in runs, weights and explanations."""

    def matches(self, plan: Plan) -> NDArray[np.int32]:
        """Sorted rows that this source alone would put into the match set."""

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best `top_k` rows with a positive score, of `within` (sorted rows) when given."""
