"""The concept source: products of the concepts that the query speaks of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.product import Product, Quantity
from data.text import Analyser, fold
from graph.concept import Scheme
from graph.snapshot import Snapshot
from retrieval.candidate import Run
from retrieval.plan import Evidence, Plan
from retrieval.ranking import best_rows

# What a product of unknown type gains of the type's weight: it may be one of those wanted, while a product known to be
# something else is none. On Icecat (a quarter of whose titles name no type) 0 gives .7785 nDCG@10, this .7809.
UNKNOWN_TYPE = 0.5


class ConceptRetriever:
    """Ranks rows by the summed weight of the evidence that holds them.

    Args:
        snapshot: The release's graph.
        rows: How many products the release has.
    """

    source = "concept"

    def __init__(self, snapshot: Snapshot, rows: int) -> None:
        self._rows = rows
        untyped = np.ones(rows, bool)
        for concept in snapshot.by_scheme(Scheme.PRODUCT_TYPE).tolist():
            untyped[snapshot.products(concept)] = False
        self._untyped = np.flatnonzero(untyped)

    def matches(self, plan: Plan) -> NDArray[np.int32]:
        """The products of the linked concepts, as the planner's rule chose them."""
        return plan.concept_rows

    def scores(self, plan: Plan) -> NDArray[np.float32]:
        """Shape (rows,), at least 0."""
        scores = np.zeros(self._rows, np.float32)
        for evidence in plan.evidence:
            scores[evidence.rows] += np.float32(evidence.weight)
        scores[self._untyped] += np.float32(UNKNOWN_TYPE * type_weight(plan))
        return scores

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best rows; see `Retriever.retrieve`."""
        if not plan.evidence:
            return Run(self.source, np.empty(0, np.int32), np.empty(0, np.float32))
        return Run(self.source, *best_rows(self.scores(plan), top_k, within))

    def score_documents(
        self, plan: Plan, products: Sequence[Product], analyser: Analyser, fallbacks: Sequence[str]
    ) -> NDArray[np.float32]:
        """Score live products, shape (len(products),); see `fits`."""
        scores = np.zeros(len(products), np.float32)
        for place, product in enumerate(products):
            fitting = [each for each in plan.evidence if fits(each, product, plan.locale, analyser, fallbacks)]
            scores[place] = sum(each.weight for each in fitting)
            if not any(each.scheme == Scheme.PRODUCT_TYPE for each in fitting):
                scores[place] += UNKNOWN_TYPE * type_weight(plan)
        return scores


def type_weight(plan: Plan) -> float:
    """The greatest weight among the product types of a plan, 0 without one."""
    return max((each.weight for each in plan.evidence if each.scheme == Scheme.PRODUCT_TYPE), default=0.0)


def fits(evidence: Evidence, product: Product, locale: str, analyser: Analyser, fallbacks: Sequence[str]) -> bool:
    """Whether a product the graph has not seen would stand under a concept.

    A brand or value is compared by its folded text, a category by its path (narrower ones included), a product type
    by its words in the title: what the graph does with more context when the next release is built.
    """
    if evidence.scheme == Scheme.BRAND:
        return fold(product.brand) == evidence.key
    if evidence.scheme == Scheme.CATEGORY:
        path = fold(" > ".join(product.category))
        key = fold(evidence.key)
        return path == key or path.startswith(f"{key} > ")
    if evidence.scheme == Scheme.VALUE:
        name, _, value = evidence.key.partition("=")
        return value in attribute_values(product, name)
    if evidence.scheme == Scheme.PRODUCT_TYPE:
        title = analyser.terms(product.text(locale, fallbacks).title)
        words = analyser.terms(evidence.label)
        return bool(words) and any(title[at : at + len(words)] == words for at in range(len(title)))
    return False


def attribute_values(product: Product, name: str) -> set[str]:
    """The folded texts of an attribute; empty when the product has none or it is not text."""
    value = product.attributes.get(name)
    if value is None or isinstance(value, Quantity | bool | float | int):
        return set()
    return {fold(each) for each in ((value,) if isinstance(value, str) else value)}
