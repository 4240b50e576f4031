"""Convex weights of the sources, by the nDCG@10 of a shop's own queries.

Three weights that sum to 1 are two numbers: all of them in steps of a tenth are tried, then the best one's
neighbours in half steps (coordinate search would do with less and could stop beside the best).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.assembly import load_shop_release
from api.train.reranker import FEWEST_QUERIES, ndcg_of
from api.train.shop_examples import Rated, Searched, ShopExamples
from data.errors import InputError
from data.judgment import read_judgments
from data.release import only_shop, open_release
from data.storage import storage_errors
from retrieval.planning.planner import strength
from retrieval.ranking.learned import SOURCES

STEP = 0.1
# A better mean by less than this is chance; then the weights that stand are kept.
LEAST_GAIN = 0.001

Weights = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class SourceScores:
    """One query's candidates.

    Attributes:
        scores: (candidates, SOURCES), each over the source's best one.
        strength: Factor on the concepts' weight; see `retrieval.planning.planner.strength`.
        ratings: (candidates,)
    """

    scores: NDArray[np.float64]
    strength: float
    ratings: NDArray[np.float64]

    def fused(self, weights: Weights) -> NDArray[np.float64]:
        """As the planner would weigh them: a source that is silent leaves its share to the others."""
        held = np.array(weights) * (1.0, self.strength, 1.0) * self.scores.any(axis=0)
        fused: NDArray[np.float64] = self.scores @ (held / max(held.sum(), 1e-9))
        return fused


def train_fusion(
    releases: str,
    mined: Path | None,
    out: Path,
    shop: str | None = None,
    until_ms: int | None = None,
    judgments: Path | None = None,
) -> dict[str, Any]:
    """Weights for a shop, written to `out/fusion.json`; the arguments are those of `train_reranker`.

    Raises:
        InputError: There is too little to learn from, or a file cannot be read.
        ReleaseError: The release cannot be used.
    """
    if mined is None and judgments is None:
        raise InputError("expected a folder of `intentrie mine` (--mined) or a file of --judgments, got neither")
    release = open_release(releases, shop or only_shop(releases))
    held = load_shop_release(release)
    shop_examples = ShopExamples(held)
    rated: list[Rated] = []
    if judgments is not None:
        rated = shop_examples.judged(read_judgments(judgments))
    elif mined is not None:
        rated = [each for window, _ in shop_examples.logged(mined, until_ms) for each in window]
    queries = [source_scores(each) for each in shop_examples.search(rated)]
    settings = held.config.search
    standing = (settings.bm25_weight, settings.concept_weight, settings.dense_weight)
    result = choose(queries, standing) | {"release": release.manifest.id}
    with storage_errors("writing the fusion's weights", out):
        out.mkdir(parents=True, exist_ok=True)
        (out / "fusion.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
    return result


def source_scores(searched: Searched) -> SourceScores:
    """What each source says of a query's candidates."""
    columns = []
    for source in SOURCES:
        part = searched.matched.parts.get(source)
        best = 0.0 if part is None else float(part.max(initial=0.0))
        columns.append(np.zeros(len(searched.rows)) if part is None or best <= 0 else part[searched.places] / best)
    return SourceScores(np.stack(columns, axis=1), strength(searched.plan.evidence), searched.ratings)


def choose(queries: Sequence[SourceScores], standing: Weights) -> dict[str, Any]:
    """The best weights, or those that stand when none is better by `LEAST_GAIN`.

    Raises:
        InputError: There are too few queries.
    """
    if len(queries) < FEWEST_QUERIES:
        raise InputError(f"expected at least {FEWEST_QUERIES} queries with ratings to learn from, got {len(queries)}")
    total = sum(standing)
    standing = (standing[0] / total, standing[1] / total, standing[2] / total)
    before = mean_ndcg(queries, standing)
    best, figure = best_of(queries, simplex(STEP), standing)
    finer = [
        (1 - concept - dense, concept, dense)
        for concept, dense in product(*((value - STEP / 2, value, value + STEP / 2) for value in best[1:]))
        if min(concept, dense) >= 0 and concept + dense < 1
    ]
    best, figure = best_of(queries, [best, *finer], standing)
    if figure < before + LEAST_GAIN:
        best, figure = standing, before
    return {
        "weights": {source: round(weight, 4) for source, weight in zip(SOURCES, best, strict=True)},
        "queries": len(queries),
        "ndcg@10": round(figure, 4),
        "before_ndcg@10": round(before, 4),
    }


def simplex(step: float) -> list[Weights]:
    """Weights that sum to 1, in steps; the words always have one."""
    count = round(1 / step)
    return [
        ((count - concept - dense) * step, concept * step, dense * step)
        for concept in range(count)
        for dense in range(count - concept)
    ]


def best_of(queries: Sequence[SourceScores], weights: Iterable[Weights], standing: Weights) -> tuple[Weights, float]:
    """The best weights with their figure; of equals those nearest to what stands."""

    def worth(each: Weights) -> tuple[float, float]:
        return mean_ndcg(queries, each), -sum(abs(one - other) for one, other in zip(each, standing, strict=True))

    best = max(weights, key=worth)
    return best, mean_ndcg(queries, best)


def mean_ndcg(queries: Sequence[SourceScores], weights: Weights) -> float:
    """Of the candidates in the order that weights give."""
    fused = [each.fused(weights) for each in queries]
    return float(np.mean([ndcg_of(each.ratings, scores) for each, scores in zip(queries, fused, strict=True)]))
