"""Ranking measures per query, by ir-measures over trec_eval."""

from collections.abc import Mapping, Sequence
from statistics import fmean

import ir_measures
from ir_measures import RR, R, nDCG

from api.evaluate.bootstrap import Interval, bootstrap_mean

Qrels = Mapping[str, Mapping[str, float]]
Values = dict[str, dict[str, float]]

# The judged pool is shallow wherever people judged (unjudged is not irrelevant), so nDCG is always given twice: with
# unjudged products counting 0, and with them dropped from the run.
_MEASURES = {
    "ndcg@10": nDCG @ 10,
    "judged_ndcg@10": nDCG(judged_only=True) @ 10,
    "recall@100": R(rel=1) @ 100,
    "mrr@10": RR(rel=1) @ 10,
}
MEASURES = tuple(_MEASURES)

# trec_eval reads whole relevance levels and takes them as gains. nDCG does not change when all gains are scaled, so
# three decimals of 2^rating - 1 are kept (Home Depot's ratings are thirds).
_GAIN_SCALE = 1000


def gain(rating: float) -> int:
    """The gain of a rating, 2^rating - 1, in thousandths."""
    return round(_GAIN_SCALE * (2 ** max(0.0, rating) - 1))


def usable(qrels: Qrels) -> dict[str, Mapping[str, float]]:
    """The queries that can be answered well: at least one rating above 0."""
    return {query: ratings for query, ratings in qrels.items() if any(rating > 0 for rating in ratings.values())}


def measure_runs(qrels: Qrels, runs: Mapping[str, Sequence[str]]) -> Values:
    """Every measure of every query of `qrels`.

    Args:
        qrels: Ratings by query and document; each query has one above 0.
        runs: Documents by query, best first, distinct; a query without a run scores 0.

    Returns:
        By query, by measure; all in [0, 1].
    """
    gains = {query: {document: gain(rating) for document, rating in held.items()} for query, held in qrels.items()}
    # trec_eval orders by score and breaks ties its own way, so the ranks themselves are the scores.
    scores = {
        query: {document: -float(rank) for rank, document in enumerate(runs.get(query, ()), start=1)} for query in qrels
    }
    names = {measure: name for name, measure in _MEASURES.items()}
    values: Values = {query: dict.fromkeys(MEASURES, 0.0) for query in qrels}
    for value in ir_measures.iter_calc(list(names), gains, scores):
        values[value.query_id][names[value.measure]] = float(value.value)
    return values


def summarise(values: Values) -> dict[str, float | int | list[float]]:
    """Means over queries, each with `NAME_interval` ([low, high], 95%), and `queries`."""
    summary: dict[str, float | int | list[float]] = {}
    names = next(iter(values.values())) if values else {}
    for name in names:
        interval: Interval = bootstrap_mean([held[name] for held in values.values()])
        summary[name] = fmean(held[name] for held in values.values())
        summary[f"{name}_interval"] = [interval.low, interval.high]
    summary["queries"] = len(values)
    return summary
