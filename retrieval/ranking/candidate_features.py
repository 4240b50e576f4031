"""The features of a search's candidates, read from the release and what is live over it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.ranking.features import Matrix, rank_features
from retrieval.ranking.popularity import Popularity
from retrieval.sources.matching import Matched, Sources
from retrieval.sources.scoring import dense_scores
from retrieval.titles.asked import Asked, ask_titles
from retrieval.titles.columns import TitleColumns
from retrieval.titles.compare import Columns, compare_titles
from retrieval.titles.reading import TitleReading, read_title
from retrieval.titles.table import TitleTable, tabulate, take_titles

# Live titles that were read; a live product is seen again with every search that finds it.
_REMEMBERED = 10_000
_BY_FIELD = {
    "description": "in_description",
    "brand": "in_brand",
    "category": "in_category",
    "attributes": "in_attributes",
}
_BY_SCHEME = {"product_type": "type", "brand": "brand", "category": "category", "value": "value", "constraint": "value"}


class CandidateReader:
    """Reads the features of the rows of one release.

    Args:
        titles: Of each locale that is indexed.
        popularity: As of some day; `None` without a log.
        sources: Of the release.
        locales: Of the shop, in which a text is looked for when it is not there in the one asked for.
    """

    def __init__(
        self,
        titles: Mapping[str, TitleColumns],
        popularity: Popularity | None,
        sources: Sources,
        locales: Sequence[str],
    ) -> None:
        self._titles = titles
        self.popularity = popularity
        self._sources = sources
        self._locales = tuple(locales)
        self._read = lru_cache(maxsize=_REMEMBERED)(self._read_title)
        prices = sources.table.price
        known = prices[prices > 0]
        self._price = float(np.median(np.log(known))) if len(known) else 0.0

    def features(self, plan: Plan, rows: Rows, matched: Matched, world: World) -> Matrix:
        """`FEATURES` of some sorted rows of the match set, the candidates of one search.

        Args:
            plan: Of the search; not a browsing one.
            rows: Sorted.
            matched: Scores of rows, these among them.
            world: Where the rows are.
        """
        locale = self._sources.lexical.locale(plan.locale)
        columns = self._titles[locale]
        asked = ask_titles(plan.text, plan.terms, columns, self._sources.lexical.analyser(locale))
        found = self._compare(asked, columns, locale, rows, world)
        places = np.searchsorted(matched.rows, rows)
        if matched.scores is not None:
            found["fused"] = matched.scores[places]
        zeros = np.zeros(len(rows))
        for name, source in (("text", "bm25"), ("concepts", "concept")):
            found[name] = matched.parts[source][places] if source in matched.parts else zeros
        if self._sources.dense is not None and plan.vector is not None and "dense" in matched.parts:
            found["dense"] = dense_scores(plan, rows, world, self._sources.dense)
        found |= self._evidence(plan, rows, world)
        found |= self._fields(plan, rows, world, asked)
        with np.errstate(divide="ignore"):
            prices = np.log(world.price(rows))
        found["price"] = np.where(np.isfinite(prices), prices - self._price, np.nan)
        if self.popularity is not None:
            norm = self._sources.lexical.analyser(locale).normalise(plan.text)
            found |= self.popularity.columns(self._released(rows, world), norm, plan.locale)
        return rank_features(found, len(rows))

    def _compare(self, asked: Asked, columns: TitleColumns, locale: str, rows: Rows, world: World) -> Columns:
        first = int(np.searchsorted(rows, world.first_live))
        released = compare_titles(asked, take_titles(columns, rows[:first]))
        if first == len(rows):
            return released
        live = compare_titles(asked, self._live_titles(columns, locale, rows[first:].tolist(), world))
        return {name: np.concatenate((released[name], live[name])) for name in released}

    def _live_titles(self, columns: TitleColumns, locale: str, rows: Sequence[int], world: World) -> TitleTable:
        titles = (world.product(row).text(locale, self._locales).title for row in rows)
        return tabulate(columns, [self._read(title, locale) for title in titles])

    def _read_title(self, title: str, locale: str) -> TitleReading:
        return read_title(title, self._sources.lexical.analyser(locale))

    def _evidence(self, plan: Plan, rows: Rows, world: World) -> Columns:
        found: Columns = {name: np.zeros(len(rows)) for name in _BY_SCHEME.values()}
        for evidence in plan.evidence:
            held = within(rows, evidence.rows)
            if world.live and evidence.concept >= 0:
                held |= within(rows, world.under(evidence.concept))
            name = _BY_SCHEME.get(evidence.scheme)
            if name is not None:
                found[name] = np.maximum(found[name], held * evidence.weight)
        return found

    def _fields(self, plan: Plan, rows: Rows, world: World, asked: Asked) -> Columns:
        """BM25 of single fields; missing of live products, whose fields are not indexed apart."""
        released = rows < world.first_live
        best = max(float(asked.weights.sum()), 1e-9)
        scores = self._sources.lexical.field_scores(plan, np.where(released, rows, 0), tuple(_BY_FIELD))
        return {_BY_FIELD[name]: np.where(released, held / best, np.nan) for name, held in scores.items()}

    def _released(self, rows: Rows, world: World) -> NDArray[np.int32]:
        """Rows of the release that live products replace; -1 for new ones."""
        if not world.live:
            return rows
        table = self._sources.table
        replaced = [
            row if row < world.first_live else _row_or_none(table.row(world.product_id(row))) for row in rows.tolist()
        ]
        return np.array(replaced, np.int32)


def _row_or_none(row: int | None) -> int:
    return -1 if row is None else row


def within(rows: Rows, held: Rows) -> NDArray[np.bool_]:
    """Which of some rows are among others; both sorted."""
    if not len(held):
        return np.zeros(len(rows), bool)
    places = np.minimum(np.searchsorted(held, rows), len(held) - 1)
    found: NDArray[np.bool_] = held[places] == rows
    return found
