"""The concept source: products of the concepts that the query speaks of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.concept import Scheme
from graph.snapshot import Snapshot
from retrieval.planning.plan import Plan
from retrieval.ranking.best_rows import best_rows
from retrieval.sources.candidate import Run

# What a product of unknown type gains of the type's weight: it may be one of those wanted, while a product known to be
# something else is none. On Icecat (a quarter of whose titles name no type) 0 gives .7785 nDCG@10, this .7809.
UNKNOWN_TYPE = 0.5


class ConceptRetriever:
    """Ranks rows by the summed weight of the evidence that holds them.

    Args:
        snapshot: The release's graph.
        rows: How many products the release has.

    Attributes:
        untyped: Rows of which no product type is known, ascending.
        is_untyped: The same by row.
    """

    source = "concept"

    def __init__(self, snapshot: Snapshot, rows: int) -> None:
        self._rows = rows
        self._snapshot = snapshot
        self.is_untyped = np.ones(rows, bool)
        self._types: dict[str, set[int]] = {}
        for concept in snapshot.by_scheme(Scheme.PRODUCT_TYPE).tolist():
            self.is_untyped[snapshot.products(concept)] = False
            for word in snapshot.key(concept).split():
                self._types.setdefault(word, set()).add(concept)
        self.untyped = np.flatnonzero(self.is_untyped)

    def kinds(self, concepts: Sequence[int]) -> list[int]:
        """The kinds of product among some concepts, with those that say more: a "rain jacket" is a jacket."""
        found: set[int] = set()
        for concept in concepts:
            scheme = self._snapshot.scheme(concept)
            if scheme is Scheme.CATEGORY:
                found.add(concept)
            elif scheme is Scheme.PRODUCT_TYPE and (words := self._snapshot.key(concept).split()):
                found |= set.intersection(*(self._types[word] for word in words))
        return sorted(found)

    def scores(self, plan: Plan) -> NDArray[np.float32]:
        """Shape (rows,), at least 0."""
        scores = np.zeros(self._rows, np.float32)
        for evidence in plan.evidence:
            scores[evidence.rows] += np.float32(evidence.weight)
        scores[self.untyped] += np.float32(UNKNOWN_TYPE * type_weight(plan))
        return scores

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best rows; see `Retriever.retrieve`."""
        if not plan.evidence:
            return Run(self.source, np.empty(0, np.int32), np.empty(0, np.float32))
        return Run(self.source, *best_rows(self.scores(plan), top_k, within))


def type_weight(plan: Plan) -> float:
    """The greatest weight among the product types of a plan, 0 without one."""
    return max((each.weight for each in plan.evidence if each.scheme == Scheme.PRODUCT_TYPE), default=0.0)
