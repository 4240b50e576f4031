"""Judged titles as a reranker sees them: features by the statistics of the titles themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.evaluate.measures import Qrels
from data.text import analyser_for
from retrieval.index.terms import typed_terms
from retrieval.ranking.features import FEATURES, Matrix, rank_features
from retrieval.titles.asked import ask_titles
from retrieval.titles.columns import read_titles
from retrieval.titles.compare import compare_titles
from retrieval.titles.table import take_titles

Scores = Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates of many queries, one query after the other.

    Attributes:
        queries: Texts.
        sizes: (queries,) candidates of each.
        rows: (candidates, features).
        ratings: (candidates,) at least 0.
        fused: (candidates,) the score they were found by, in [0, 1].
    """

    queries: Sequence[str]
    sizes: NDArray[np.int64]
    rows: Matrix
    ratings: NDArray[np.float64]
    fused: NDArray[np.float64]

    def of(self, chosen: NDArray[np.bool_]) -> "Examples":
        """The examples of some queries; `chosen` has shape (queries,)."""
        rows = np.repeat(chosen, self.sizes)
        queries = [query for query, taken in zip(self.queries, chosen.tolist(), strict=True) if taken]
        return Examples(queries, self.sizes[chosen], self.rows[rows], self.ratings[rows], self.fused[rows])

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each query's candidates begin and end."""
        ends = np.cumsum(self.sizes).tolist()
        return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []


def join_examples(
    queries: Sequence[str],
    blocks: Sequence[Matrix],
    ratings: Sequence[NDArray[np.float64]],
    fused: Sequence[NDArray[np.floating]],
) -> Examples:
    """Examples of each query's rows, ratings and scores."""
    nothing = np.empty(0)
    return Examples(
        list(queries),
        np.array([len(block) for block in blocks], np.int64),
        np.concatenate([np.empty((0, len(FEATURES)), np.float32), *blocks]),
        np.concatenate([nothing, *ratings]),
        np.concatenate([nothing, *fused]),
    )


def pair_examples(qrels: Qrels, titles: Sequence[str], locale: str, vectors: Scores, fused: Scores) -> Examples:
    """Features of every judged pair, with the statistics of `titles`, the shop's own.

    Args:
        qrels: Ratings by query and title.
        titles: Distinct; those of `qrels` are among them.
        locale: Of both.
        vectors: Of each query's titles their cosines, all 0 where the titles teach no encoder.
        fused: Of the same their fused scores.
    """
    analyser = analyser_for(locale)
    columns = read_titles(titles, analyser)
    row_of = {title: row for row, title in enumerate(titles)}
    taught = any(cosines.any() for cosines in vectors.values())
    blocks, ratings = [], []
    for query, held in qrels.items():
        asked = ask_titles(query, typed_terms(query, analyser), columns, analyser)
        found = compare_titles(asked, take_titles(columns, np.array([row_of[title] for title in held], np.int32)))
        found["fused"] = fused[query]
        if taught:
            found["dense"] = vectors[query]
        blocks.append(rank_features(found, len(held)))
        ratings.append(np.array([*held.values()], np.float64))
    return join_examples(list(qrels), blocks, ratings, [fused[query] for query in qrels])
