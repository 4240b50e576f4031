"""The best of a ranking in the order of a model; the rest follows as it was."""

from dataclasses import dataclass, replace

import numpy as np

from retrieval.answer.sorting import Ordering
from retrieval.index.world import World
from retrieval.planning.plan import Plan
from retrieval.ranking.candidate_features import CandidateReader
from retrieval.ranking.reranker import MOST_CANDIDATES, Reranker, mix
from retrieval.sources.matching import Matched

SOURCE = "reranker"


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A model and what it needs to see candidates."""

    reranker: Reranker
    reader: CandidateReader


def rerank(
    ordering: Ordering, matched: Matched, plan: Plan, world: World, learned: Learned
) -> tuple[Ordering, Matched]:
    """Order the first `MOST_CANDIDATES` representatives by fusion and trees together.

    Their final scores are in [.5, 1], those of the rest, half of what fusion gave them, in [0, .5]: whatever the trees
    say of a candidate, nothing that they have not seen comes before it.

    Args:
        ordering: By fused score.
        matched: Scores of all its rows.
        plan: Of the search.
        world: Where the rows are.
        learned: What orders.

    Returns:
        The new order, keyed by the final scores, and the scores with what the trees said as one source more.
    """
    count = min(MOST_CANDIDATES, len(ordering.rows))
    ascending = np.argsort(ordering.rows[:count])
    rows = ordering.rows[:count][ascending]
    said = np.empty(count)
    said[ascending] = learned.reranker.scores(learned.reader.features(plan, rows, matched, world))
    fused = -ordering.keys[0]
    final = np.concatenate((0.5 + 0.5 * mix(fused[:count], said, learned.reranker.in_search), 0.5 * fused[count:]))
    order = np.lexsort((ordering.ranks, -final))
    scores, part = np.zeros(len(matched.rows), np.float32), np.zeros(len(matched.rows))
    if matched.scores is not None:
        scores = 0.5 * matched.scores
    places = np.searchsorted(matched.rows, ordering.rows)
    scores[places] = final
    part[places[:count]] = said
    return (
        Ordering(ordering.rows[order], (-final[order],), ordering.ranks[order]),
        replace(matched, parts={**matched.parts, SOURCE: part}, scores=scores),
    )
