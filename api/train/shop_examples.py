"""Examples of product rankings from a shop: judged queries, or what people did after a day began.

A log teaches by *windows*: what was shown, clicked and bought within a few days are the ratings, and every feature is
as of the beginning of the first of them. A model so sees what it will be asked with: counters that end before the
search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.assembly import ShopRelease
from api.evaluate.measures import usable
from api.evaluate.pair_features import Examples, join_examples
from api.evaluate.trial import read_release_titles
from data.features.decay import DAY_MS
from data.features.product_counters import ProductCounters
from data.features.query_counters import QueryCounters, QueryState, by_query
from data.judgment import Judgment
from retrieval.answer.stages import Stages
from retrieval.index.world import Rows
from retrieval.planning.plan import Plan
from retrieval.ranking.candidate_features import CandidateReader
from retrieval.ranking.count_popularity import count_popularity
from retrieval.ranking.popularity import Popularity
from retrieval.ranking.reranker import MOST_CANDIDATES
from retrieval.sources.matching import Matched, make_plan, match_plan
from understanding.query import Query

# Days of one window, and how many there are, the newest last.
WINDOW_DAYS = 7
MOST_WINDOWS = 4
# Queries of a window that are learned from, the most looked at first.
MOST_QUERIES = 1_500
# A product that was hardly looked at for a query says nothing; one that somebody acted on does.
LEAST_EXAMINED = 0.5
# Candidates that nobody was shown, from the far end of the fusion: taken for worthless.
UNSEEN = 10
# What the best product of a query is worth, in ratings.
BEST_RATING = 3.0


@dataclass(frozen=True, slots=True)
class Rated:
    """A query with the ratings of some rows."""

    query: str
    locale: str
    ratings: Mapping[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """A rated query as the release answers it.

    Attributes:
        rows: Candidates, sorted.
        ratings: Theirs; 0 of the unrated.
    """

    query: str
    plan: Plan
    matched: Matched
    rows: Rows
    ratings: NDArray[np.float64]

    @property
    def fused(self) -> NDArray[np.float64]:
        """Fused scores of the candidates."""
        assert self.matched.scores is not None
        return self.matched.scores[self.places].astype(np.float64)

    @property
    def places(self) -> NDArray[np.int64]:
        """Of the candidates in the match set."""
        return np.searchsorted(self.matched.rows, self.rows)


class ShopExamples:
    """Reads a release's own candidates as training would see them."""

    def __init__(self, held: ShopRelease) -> None:
        self._held = held
        self._engine = held.engine
        self._world = held.engine.released
        self._titles = read_release_titles(held)
        table = held.engine.sources.table
        self._row_of = {table.product_id(row): row for row in range(len(table))}

    def judged(self, judgments: Iterable[Judgment]) -> list[Rated]:
        """Judged queries with a rating above 0; products that the release does not have are passed over."""
        ratings: dict[str, dict[str, float]] = {}
        for judgment in judgments:
            if judgment.product_id in self._row_of:
                ratings.setdefault(judgment.query, {})[judgment.product_id] = judgment.rating
        return [
            Rated(query, self._held.locale, {self._row_of[product]: rating for product, rating in held.items()})
            for query, held in usable(ratings).items()
        ]

    def logged(self, mined: Path, until_ms: int | None = None) -> Iterator[tuple[list[Rated], Popularity]]:
        """Each of the log's last windows: what people did in it, and the counters before it.

        Args:
            mined: Folder of `intentrie mine`.
            until_ms: Nothing from the day of this moment on is read.
        """
        products, queries = ProductCounters.load(mined), QueryCounters.load(mined)
        end = products.next_day if until_ms is None else min(products.next_day, until_ms // DAY_MS)
        first = int(products.days.min()) if len(products.days) else end
        for number in range(MOST_WINDOWS, 0, -1):
            day = end - number * WINDOW_DAYS
            # The first window has history before it, too.
            if day >= first + WINDOW_DAYS or (number == 1 and day > first):
                rated = rate(queries.between(day, day + WINDOW_DAYS), queries, self._row_of)
                yield rated, count_popularity(products, queries, self._row_of, day)

    def popularity(self, mined: Path, until_ms: int | None = None) -> Popularity:
        """The counters after the log's last day, or at the beginning of the day of a moment."""
        products = ProductCounters.load(mined)
        end = products.next_day if until_ms is None else min(products.next_day, until_ms // DAY_MS)
        return count_popularity(products, QueryCounters.load(mined), self._row_of, end)

    def examples(self, rated: Iterable[Rated], popularity: Popularity | None) -> Examples:
        """Features of the candidates of rated queries, with the counters of one day."""
        sources, locales = self._engine.sources, self._held.config.locales
        reader = CandidateReader(self._titles, popularity, sources, locales)
        names, blocks, ratings, fused = [], [], [], []
        for each in self.search(rated):
            names.append(each.query)
            blocks.append(reader.features(each.plan, each.rows, each.matched, self._world))
            ratings.append(each.ratings)
            fused.append(each.fused)
        return join_examples(names, blocks, ratings, fused)

    def search(self, rated: Iterable[Rated]) -> Iterator[Searched]:
        """Search rated queries as shoppers do; those whose candidates have no rating above 0 are passed over."""
        sources, config, world = self._engine.sources, self._held.config, self._world
        for each in rated:
            understanding = self._held.understander.understand(Query(each.query, each.locale))
            stages = Stages(None, (), lambda: 0)
            plan = make_plan(understanding, sources, config, stages)
            matched = match_plan(plan, world, sources, stages)
            rows = candidates(matched, each.ratings)
            gained = np.array([each.ratings.get(row, 0.0) for row in rows.tolist()])
            if len(rows) > 1 and gained.any():
                yield Searched(each.query, plan, matched, rows, gained)


def candidates(matched: Matched, rated: Mapping[int, float]) -> Rows:
    """Sorted rows of the first `MOST_CANDIDATES` of the fusion: the rated ones, and the last `UNSEEN` of the others."""
    if matched.scores is None:
        return np.empty(0, np.int32)
    best = matched.rows[np.lexsort((matched.rows, -matched.scores))[:MOST_CANDIDATES]]
    known = np.isin(best, np.fromiter(rated, np.int32, len(rated)))
    return np.sort(np.concatenate((best[known], best[~known][-UNSEEN:])))


def rate(state: QueryState, queries: QueryCounters, row_of: Mapping[str, int]) -> list[Rated]:
    """What people did as ratings: attraction over the query's most attractive product, times `BEST_RATING`.

    Queries after which nobody did anything say nothing and are left out; of the rest the most looked at are kept.
    """
    rows = np.array([row_of.get(product_id, -1) for product_id in queries.product_ids], np.int64)
    found: list[tuple[float, Rated]] = []
    for (locale, norm), span in by_query(state, queries.queries).items():
        at = np.arange(span.start, span.stop)
        at = at[(rows[state.pairs[at, 1]] >= 0) & ((state.examined[at] >= LEAST_EXAMINED) | (state.acted[at] > 0))]
        if len(at) < 2 or not state.acted[at].any():
            continue
        worth = grades(state.attraction[at], state.acted[at])
        held = dict(zip(rows[state.pairs[at, 1]].tolist(), worth.tolist(), strict=True))
        found.append((float(state.examined[at].sum()), Rated(norm, locale, held)))
    found.sort(key=lambda pair: (-pair[0], pair[1].locale, pair[1].query))
    return [each for _, each in found[:MOST_QUERIES]]


def grades(attraction: NDArray[np.float64], acted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratings in [0, `BEST_RATING`] of a query's products: 0 for what nobody acted on."""
    best = float(attraction[acted > 0].max(initial=0.0))
    return np.where(acted > 0, BEST_RATING * attraction / best if best > 0 else 0.0, 0.0)


def join(parts: Sequence[Examples]) -> Examples:
    """The examples of several windows, one after the other."""
    blocks = [part.rows[begin:end] for part in parts for begin, end in part.spans]
    ratings = [part.ratings[begin:end] for part in parts for begin, end in part.spans]
    fused = [part.fused[begin:end] for part in parts for begin, end in part.spans]
    return join_examples([query for part in parts for query in part.queries], blocks, ratings, fused)
