"""What each source says of every row of the world: the release's rows by its index, live ones by its statistics."""

from collections.abc import Mapping
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.sources.bm25 import Bm25Retriever, LexicalScores, evaluate_terms
from retrieval.sources.concept import UNKNOWN_TYPE, ConceptRetriever, type_weight
from retrieval.sources.dense import MATCHES, DenseRetriever


def lexical_scores(plan: Plan, world: World, lexical: Bm25Retriever) -> LexicalScores:
    """BM25 and words held, shape (world.size,) each."""
    released = lexical.evaluate(plan)
    if not world.live:
        return released
    live = evaluate_terms(world.terms(lexical.locale(plan.locale)), plan.terms)
    return LexicalScores(np.concatenate((released.scores, live.scores)), np.concatenate((released.groups, live.groups)))


def concept_scores(plan: Plan, world: World, concepts: ConceptRetriever) -> NDArray[np.float32]:
    """Summed weight of the evidence that holds each row, shape (world.size,)."""
    scores = concepts.scores(plan)
    if not world.live:
        return scores
    untyped = np.array([not document.typed for document in world.live], np.float32)
    scores = np.concatenate((scores, untyped * np.float32(UNKNOWN_TYPE * type_weight(plan))))
    for evidence in plan.evidence:
        scores[world.under(evidence.concept)] += np.float32(evidence.weight)
    return scores


def concept_matches(plan: Plan, world: World) -> Rows:
    """Rows that stand under all concepts by which the plan lets products match."""
    if not plan.concepts:
        return plan.concept_rows
    live = reduce(np.intersect1d, (world.under(concept) for concept in plan.concepts)) if world.live else ()
    return np.concatenate((plan.concept_rows, np.asarray(live, np.int32)))


def dense_matches(plan: Plan, world: World, dense: DenseRetriever) -> Rows:
    """Rows above the plan's cut, the nearest `MATCHES` of them."""
    if plan.vector is None:
        return np.empty(0, np.int32)
    run = dense.matches(plan, MATCHES + len(world.overlay.hidden))
    shown = np.isin(run.rows, world.visible(run.rows), assume_unique=True)
    rows, scores = run.rows[shown], run.scores[shown]
    if world.live_vectors is not None:
        near = world.live_vectors @ plan.vector
        above = np.flatnonzero((near >= plan.dense_cut) & (near > 0))
        rows = np.concatenate((rows, (above + world.first_live).astype(np.int32)))
        scores = np.concatenate((scores, near[above]))
    return rows[np.lexsort((rows, -scores))[:MATCHES]]


def dense_scores(plan: Plan, rows: Rows, world: World, dense: DenseRetriever) -> NDArray[np.float32]:
    """Inner products of sorted rows with the plan's vector, at least 0."""
    if plan.vector is None:
        return np.zeros(len(rows), np.float32)
    first = int(np.searchsorted(rows, world.first_live))
    scores = dense.scores(plan.vector, rows[:first])
    if world.live_vectors is not None and first < len(rows):
        scores = np.concatenate((scores, world.live_vectors[rows[first:] - world.first_live] @ plan.vector))
    return np.maximum(scores, 0)


def weigh(sources: Mapping[str, NDArray[np.float32]], weights: Mapping[str, float]) -> dict[str, NDArray[np.float64]]:
    """What each source adds to the fused score of the same rows.

    A source's scores are divided by its best one, which is convex fusion with a floor of 0 (see `fuse_convex`) for
    sources that score every row; the sum over the sources is the fused score, in [0, 1].

    Args:
        sources: Scores at least 0, one shape.
        weights: A convex combination; a source without one adds nothing.
    """
    parts = {}
    for source, scores in sources.items():
        best = float(scores.max(initial=0.0))
        parts[source] = scores.astype(np.float64) * (weights.get(source, 0.0) / best if best > 0 else 0.0)
    return parts
