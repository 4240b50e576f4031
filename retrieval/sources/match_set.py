"""The match set: which products an answer is about. Totals, facets, every sort and every page are over it."""

import numpy as np

from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.sources.bm25 import LexicalScores


def find_matches(plan: Plan, lexical: LexicalScores, concept: Rows, dense: Rows, world: World) -> Rows:
    """Lexical matches under minimum-should-match, products of linked concepts, and dense hits above the cut.

    Args:
        plan: Everything matches when it browses.
        lexical: Of every row.
        concept: Distinct rows; see `concept_matches`.
        dense: Distinct rows, at most 1,000; see `dense_matches`.
        world: Only what is there matches.

    Returns:
        Sorted, distinct rows, not yet filtered.
    """
    if plan.browse:
        return world.everything
    matching = np.zeros(world.size, bool)
    if plan.terms:
        matching |= lexical.groups >= max(1, plan.min_should_match)
    matching[concept] = True
    matching[dense] = True
    return world.visible(np.flatnonzero(matching).astype(np.int32))
