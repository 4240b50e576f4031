"""From an understanding to scored matches, by the sources that do not fail."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.shop import ShopConfig
from graph.snapshot import Snapshot
from retrieval.answer.stages import Stages
from retrieval.index.product_table import ProductTable
from retrieval.index.terms import typed_terms
from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.planning.planner import ENOUGH_MATCHES, convex, plan_search
from retrieval.sources.bm25 import Bm25Retriever
from retrieval.sources.concept import ConceptRetriever
from retrieval.sources.dense import DenseRetriever
from retrieval.sources.match_set import find_matches
from retrieval.sources.scoring import (
    concept_matches,
    concept_scores,
    dense_matches,
    dense_scores,
    lexical_scores,
    weigh,
)
from understanding.encoders.encoder import Encoder
from understanding.understanding import Understanding


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What one release searches with; `dense` and `encoder` are `None` where the shop has no vectors."""

    table: ProductTable
    lexical: Bm25Retriever
    concepts: ConceptRetriever
    dense: DenseRetriever | None
    encoder: Encoder | None
    vectors: NDArray[np.float32] | None
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The match set with its scores: sorted rows, what each source adds, and the sum (`None` when browsing)."""

    rows: Rows
    parts: Mapping[str, NDArray[np.float64]]
    scores: NDArray[np.float32] | None


def make_plan(understanding: Understanding, sources: Sources, config: ShopConfig, stages: Stages) -> Plan:
    """With vectors; should these fail, without; should the planner fail, the bare words."""

    def make(encoder: Encoder | None, dense: DenseRetriever | None) -> Plan:
        return plan_search(understanding, sources.snapshot, encoder, config, sources.lexical, dense)

    plan = None
    if sources.dense is not None:
        plan = stages.may("dense", lambda: make(sources.encoder, sources.dense), None)
    if plan is None:
        plan = stages.may("planning", lambda: make(None, None), None)
    if plan is None:
        locale, text = understanding.query.locale, understanding.query.text
        terms = typed_terms(text, sources.lexical.analyser(locale))
        quorum = sources.lexical.quorum(terms, locale, ENOUGH_MATCHES)
        plan = Plan(text, locale, terms, quorum, weights={"bm25": 1.0}, browse=not text.strip())
    return plan


def match_plan(plan: Plan, world: World, sources: Sources, stages: Stages) -> Matched:
    """The match set and its scores by the sources that did not fail.

    A source that fails half way is left out altogether, so that an answer depends on what is in `degraded` and not
    on where it happened: the next page leaves the source out from the start.
    """
    while True:
        known = len(stages.degraded)
        matched = _match_once(plan, world, sources, stages)
        if len(stages.degraded) == known:
            return matched


def _match_once(plan: Plan, world: World, sources: Sources, stages: Stages) -> Matched:
    if plan.browse:
        return Matched(world.everything, {}, None)
    nothing = np.empty(0, np.int32)
    lexical = stages.must("bm25", lambda: lexical_scores(plan, world, sources.lexical))
    concept = stages.may("concept", lambda: concept_matches(plan, world), nothing)
    dense = nothing
    vectors = sources.dense if plan.vector is not None else None
    if vectors is not None:
        dense = stages.may("dense", lambda: dense_matches(plan, world, vectors), nothing)
    rows = stages.must("match", lambda: find_matches(plan, lexical, concept, dense, world))
    scored = {"bm25": lexical.scores[rows]}
    zeros = np.zeros(len(rows), np.float32)
    if plan.evidence:
        scored["concept"] = stages.may("concept", lambda: concept_scores(plan, world, sources.concepts)[rows], zeros)
    if vectors is not None:
        scored["dense"] = stages.may("dense", lambda: dense_scores(plan, rows, world, vectors), zeros)
    weights = convex({source: weight for source, weight in plan.weights.items() if source not in stages.degraded})
    parts = stages.must("fusion", lambda: weigh(scored, weights))
    return Matched(rows, parts, np.sum(list(parts.values()), axis=0).astype(np.float32))
