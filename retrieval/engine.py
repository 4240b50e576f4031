"""The search engine of one release: plan, match set, filters, ranking, facets, page; and what is live over it."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.change import Change
from data.errors import InvalidCursor, ProductNotFound
from data.product import Product
from data.shop import ShopConfig
from retrieval.answer.cursor import Cursor, decode_cursor, digest_search, encode_cursor
from retrieval.answer.facets import FacetQuestion, choose_facets, count_facet
from retrieval.answer.filters import (
    Condition,
    Mask,
    constraint_conditions,
    known_fields,
    mask_conditions,
    parse_filters,
)
from retrieval.answer.hits import HitMaker
from retrieval.answer.request import SearchRequest
from retrieval.answer.result import Facet, Hit, SearchResult
from retrieval.answer.selection import Selection
from retrieval.answer.similar import similar_rows
from retrieval.answer.sorting import Ordering, Sort, count_groups, order_rows, parse_sort
from retrieval.answer.stages import Stages
from retrieval.index.field_values import CATEGORY
from retrieval.index.live_document import LiveDocument, LiveReader
from retrieval.index.overlay import Overlay, apply_changes, find_product
from retrieval.index.terms import typed_terms
from retrieval.index.vocabulary import Vocabulary
from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.planning.planner import ENOUGH_MATCHES
from retrieval.ranking.reranking import SOURCE as RERANKER
from retrieval.ranking.reranking import Learned, rerank
from retrieval.sources.match_set import find_matches
from retrieval.sources.matching import Matched, Sources, make_plan, match_plan
from retrieval.sources.naming import naming_rows, saying_rows
from retrieval.sources.scoring import lexical_scores
from understanding.understanding import Understanding

# States of the overlay that pages go on in. At a change a second, a shopper may look at a page for a minute; one state
# more costs what the change made new, and 100 bytes per live product for its place in the list.
KEPT_STATES = 64


class SearchEngine:
    """Searches one release and the live changes over it; safe to call from any thread.

    Args:
        sources: Of the release.
        config: Of the shop.
        release: The release's id, for cursors.
        position: Of the overlay's log that the release has folded in.
        ticks_us: Microseconds since some moment; only durations are read from it.
        learned: A learned order of the best results; `None` leaves them as fusion has them.
    """

    def __init__(
        self,
        sources: Sources,
        config: ShopConfig,
        release: str = "",
        position: int = 0,
        ticks_us: Callable[[], int] = lambda: time.perf_counter_ns() // 1_000,
        learned: Learned | None = None,
    ) -> None:
        self._sources = sources
        self._config = config
        self._folded_in = position
        self._learned = learned
        self._release = release
        self._ticks_us = ticks_us
        self._reader = LiveReader(
            sources.table,
            Vocabulary(sources.table.values),
            sources.lexical,
            sources.snapshot,
            sources.encoder,
            config,
        )
        self._currency = config.currency or next(iter(sources.table.currencies), None)
        self._world = World(sources.table, Overlay(position), self._reader)
        self._hits = HitMaker(sources.lexical, config.locales)
        self._before: tuple[Overlay, ...] = ()
        self._applying = threading.Lock()

    @property
    def position(self) -> int:
        """Of the last change of the overlay's log that answers know of."""
        return self._world.overlay.position

    @property
    def sources(self) -> Sources:
        """What the release searches with, for training on it."""
        return self._sources

    @property
    def released(self) -> World:
        """The release without its live changes."""
        return World(self._sources.table, Overlay(self._folded_in), self._reader)

    def ranked_by(self, learned: Learned | None, config: ShopConfig) -> "SearchEngine":
        """Another engine over the same release, without its live changes: for trials."""
        return SearchEngine(self._sources, config, self._release, self._folded_in, self._ticks_us, learned)

    def product(self, product_id: str) -> Product | None:
        """A product as it now is."""
        return find_product(self._world.overlay, self._sources.table, product_id)

    def card(self, product_id: str) -> Product | None:
        """What a result shows of a product, as it now is; descriptions and attributes may be missing."""
        world = self._world
        row = world.row(product_id)
        return None if row is None else world.card(row)

    def apply(self, changes: Sequence[Change]) -> None:
        """Take in changes of the log; a search sees all of a batch, or none."""
        with self._applying:
            before = self._world.overlay
            after = apply_changes(before, changes, self._sources.table, self._reader, self._currency)
            if after.position != before.position:
                self._before = (before, *self._before[: KEPT_STATES - 1])
                self._world = World(self._sources.table, after, self._reader)

    @property
    def documents(self) -> Mapping[str, LiveDocument]:
        """Products that the release does not have, or has otherwise, by id; a later state is another mapping."""
        return self._world.overlay.documents

    def released_product(self, product_id: str) -> Product | None:
        """A product as the release has it, whatever came since."""
        row = self._sources.table.row(product_id)
        return None if row is None else self._sources.table.product(row)

    def said_of(self, document: LiveDocument, locale: str) -> Collection[str]:
        """All that a live product is found by in a locale, and what its concepts are called."""
        lexical, snapshot = self._sources.lexical, self._sources.snapshot
        analyser = lexical.analyser(locale)
        names = (label.text for concept in document.concepts.tolist() for label in snapshot.labels(concept))
        return {
            *lexical.terms(document.product, lexical.locale(locale)),
            *(t for n in names for t in analyser.terms(n)),
        }

    def unavailable(self) -> frozenset[str]:
        """Ids of the release's and the live products that are sold out or deleted."""
        world = self._world
        sold_out = world.everything[world.stock(world.everything) == 0].tolist()
        hidden = map(self._sources.table.product_id, world.overlay.hidden)
        return frozenset(map(world.product_id, sold_out)) | (frozenset(hidden) - world.overlay.documents.keys())

    def in_stock(self) -> NDArray[np.bool_]:
        """By row of the release, whether its product is as it was, save in price or stock, and not sold out."""
        world = self._world
        rows = world.visible(np.arange(world.first_live, dtype=np.int32))
        flags = np.zeros(world.first_live, np.bool_)
        flags[rows[world.stock(rows) != 0]] = True
        return flags

    def saying(self, query_text: str, locale: str) -> tuple[Rows, Rows]:
        """Rows of products that say every word of a query, or are what it names: in stock, and sold out."""
        world = self._world
        rows = saying_rows(query_text, self._sources.lexical.locale(locale), world, self._sources)
        in_stock = world.stock(rows) != 0
        return rows[in_stock], rows[~in_stock]

    def count(self, query_text: str, locale: str) -> int:
        """Groups that hold the words of a query, without understanding it: what completions say they find."""
        return self.count_with_stock(query_text, locale)[0]

    def count_with_stock(self, query_text: str, locale: str) -> tuple[int, int, Rows]:
        """The groups of `count`, how many of them have something that is not sold out, and their rows, those first."""
        lexical = self._sources.lexical
        terms = typed_terms(query_text, lexical.analyser(locale))
        quorum = lexical.quorum(terms, locale, ENOUGH_MATCHES)
        world = self._world
        rows = self._matches(Plan(query_text, locale, terms, quorum), world)
        in_stock = world.stock(rows) != 0
        stocked = rows[in_stock]
        return count_groups(rows, world), count_groups(stocked, world), np.concatenate((stocked, rows[~in_stock]))

    def count_in_stock(self, query_text: str, locale: str) -> int:
        """Groups with a product that holds every word of a query and is not sold out."""
        world = self._world
        rows = self._holding(query_text, locale, world)
        return count_groups(rows[world.stock(rows) != 0], world)

    def categories_in_stock(self, query_text: str, locale: str) -> dict[str, int]:
        """Groups with a product that is what a query says and not sold out, by the path of each category.

        What only a description mentions is not what a product is. A category counts with all below it.
        """
        world = self._world
        rows = self._holding(query_text, locale, world)
        rows = rows[world.stock(rows) != 0]
        rows = naming_rows(query_text, self._sources.lexical.locale(locale), rows, world, self._sources)
        codes, counts = Selection(rows, world).codes
        vocabulary = world.reader.vocabulary
        places = vocabulary.places_of(CATEGORY, codes)
        return {
            vocabulary.surface(code): count
            for code, count in zip(codes[places].tolist(), counts[places].tolist(), strict=True)
        }

    def _holding(self, query_text: str, locale: str, world: World) -> Rows:
        """Rows that hold every word of a query."""
        terms = typed_terms(query_text, self._sources.lexical.analyser(locale))
        if not terms:
            return np.empty(0, np.int32)
        every = 1 + max(group for term in terms for group in term.groups)
        return self._matches(Plan(query_text, locale, terms, every), world)

    def _matches(self, plan: Plan, world: World) -> Rows:
        """Rows that hold the words of a plan."""
        nothing = np.empty(0, np.int32)
        return find_matches(plan, lexical_scores(plan, world, self._sources.lexical), nothing, nothing, world)

    def similar(self, product_id: str, size: int, locale: str) -> list[Hit]:
        """Products like one, its own variants left out.

        Raises:
            ProductNotFound: There is no such product.
        """
        world = self._world
        row = world.row(product_id)
        if row is None:
            raise ProductNotFound(f"there is no product {product_id!r}; it may have been deleted")
        run = similar_rows(row, locale, world, self._sources.lexical, self._sources.snapshot, self._sources.vectors)
        return [
            self._hits.hit(world.product(found), score, locale)
            for found, score in zip(run.rows[:size].tolist(), run.scores[:size].tolist(), strict=True)
        ]

    def search(self, request: SearchRequest, understanding: Understanding) -> SearchResult:
        """One page of one search.

        Args:
            request: As asked.
            understanding: Of `request.query`.

        Raises:
            InvalidFilter, InvalidSort: The request asks for what there is not.
            InvalidCursor: The cursor was altered, or is of another search.
            CursorExpired: The cursor is of another release.
        """
        current = self._world
        sort = parse_sort(request.sort)
        search = digest_search(request.query, request.filters, sort, request.locale)
        cursor = self._read_cursor(request.cursor, search)
        world = self._world_of(cursor, current)
        fields = known_fields(world)
        filters = parse_filters(request.filters, fields)
        stages = self._stages(request, cursor)
        plan = make_plan(understanding, self._sources, self._config, stages)
        found = match_plan(plan, world, self._sources, stages)
        kept, choices = stages.must("filters", lambda: self._masks(plan, found.rows, filters, fields, world))
        matched = Matched(
            found.rows[kept],
            {source: part[kept] for source, part in found.parts.items()},
            None if found.scores is None else found.scores[kept],
        )
        passing = reduce(np.logical_and, choices.values(), np.ones(len(matched.rows), bool))
        rows = matched.rows[passing]
        scores = None if matched.scores is None else matched.scores[passing]
        ordering = stages.must("order", lambda: order_rows(rows, scores, sort, world, self._currency))
        learned = self._learned
        if learned is not None and sort is Sort.RELEVANCE and scores is not None and len(ordering.rows):
            ordering, matched = stages.may(
                RERANKER, lambda: rerank(ordering, matched, plan, world, learned), (ordering, matched)
            )
        total = len(ordering.rows)
        start = 0
        if cursor is not None:
            ordering = self._without_touched(ordering, cursor, world)
            start = ordering.after(cursor.keys, world.rank_of(cursor.product_id))
        stop = min(start + request.size, len(ordering.rows))
        no_facets: tuple[Facet, ...] = ()
        facets = stages.may("facets", lambda: self._facets(request, matched.rows, choices, world, fields), no_facets)
        shown = ordering.rows[start:stop]
        hits = stages.must("hits", lambda: self._hits.page(shown, request, plan, matched, world, current))
        following = None
        if start < stop < len(ordering.rows):
            following = self._next(world, request, search, stages, ordering, stop - 1, cursor)
        explain = _explanation(plan, len(matched.rows)) if request.explain else None
        return SearchResult(hits, facets, total, following, tuple(stages.degraded), stages.timings, explain)

    def _stages(self, request: SearchRequest, cursor: Cursor | None) -> Stages:
        """A page after the first waits for every stage that the first had: otherwise the order would be another."""
        budgets = self._config.budgets
        sources_ms = budgets.bm25_ms + budgets.concept_ms + budgets.dense_ms
        budget_us = 1_000 * (sources_ms + budgets.facets_ms + budgets.rerank_ms)
        hurried = request.hurried and cursor is None
        return Stages(budget_us if hurried else None, cursor.degraded if cursor else (), self._ticks_us)

    def _masks(
        self, plan: Plan, rows: Rows, filters: Sequence[Condition], fields: Mapping[str, bool], world: World
    ) -> tuple[Mask, dict[str, Mask]]:
        """Which rows the query's own conditions keep, and which of those the request's filters keep, by field."""
        own = constraint_conditions(plan.filters, fields)
        kept = reduce(
            np.logical_and, mask_conditions(own, rows, world, self._currency).values(), np.ones(len(rows), bool)
        )
        return kept, mask_conditions(filters, rows[kept], world, self._currency)

    def _facets(
        self, request: SearchRequest, rows: Rows, masks: Mapping[str, Mask], world: World, fields: Mapping[str, bool]
    ) -> tuple[Facet, ...]:
        chosen = request.filters.get(CATEGORY, {}).get("in", ())
        question = FacetQuestion(rows, masks, world, self._currency, [str(each) for each in chosen])
        names: Sequence[str] | None = request.facets if request.facets is not None else self._config.facets
        if names is None:
            # What is filtered by stays in the panel, whatever it is worth among the results.
            names = choose_facets(question)
            names = [*names, *(name for name in masks if name not in names)]
        facets = [count_facet(name, question) for name in dict.fromkeys(names) if name in fields]
        # A chosen facet with one value divides nothing, unless it is the one that is filtered by.
        least = 1 if request.facets is not None or self._config.facets is not None else 2
        return tuple(each for each in facets if each and (len(each.values) >= least or each.field in masks))

    def _read_cursor(self, text: str | None, search: str) -> Cursor | None:
        if text is None:
            return None
        cursor = decode_cursor(text, self._release, self._sources.table.seal)
        if cursor.search != search:
            raise InvalidCursor(
                "the cursor is of another search; query, filters, sort and locale must be those of its first page"
            )
        return cursor

    def _world_of(self, cursor: Cursor | None, current: World) -> World:
        """The state in which the first page was answered, while it is kept; else the current one."""
        if cursor is None or cursor.position == current.overlay.position:
            return current
        kept = next((each for each in self._before if each.position == cursor.position), None)
        return current if kept is None else World(self._sources.table, kept, self._reader)

    def _without_touched(self, ordering: Ordering, cursor: Cursor, world: World) -> Ordering:
        """In another state than the first page's, groups that changed since are left out: they may have been shown."""
        touched = [group for group, position in world.overlay.touched.items() if position > cursor.position]
        if not touched:
            return ordering
        kept = ~np.isin(world.group(ordering.rows), touched)
        return Ordering(ordering.rows[kept], tuple(key[kept] for key in ordering.keys), ordering.ranks[kept])

    def _next(
        self,
        world: World,
        request: SearchRequest,
        search: str,
        stages: Stages,
        ordering: Ordering,
        last: int,
        before: Cursor | None,
    ) -> str:
        degraded = tuple(stages.degraded) if before is None else before.degraded
        position = world.overlay.position if before is None else before.position
        seed = request.seed if before is None else before.seed
        keys = tuple(float(key[last]) for key in ordering.keys)
        product_id = world.product_id(int(ordering.rows[last]))
        cursor = Cursor(self._release, position, seed, search, degraded, keys, product_id)
        return encode_cursor(cursor, self._sources.table.seal)


def _explanation(plan: Plan, matched: int) -> dict[str, Any]:
    """The plan in words."""
    return {
        "text": plan.text,
        "terms": [{"words": term.words, "weight": term.weight, "groups": term.groups} for term in plan.terms],
        "min_should_match": plan.min_should_match,
        "evidence": [
            {"scheme": each.scheme, "label": each.label, "weight": each.weight, "products": len(each.rows)}
            for each in plan.evidence
        ],
        "weights": dict(plan.weights),
        "filters": [
            {"field": each.field, "operator": each.operator, "values": each.values, "text": each.text}
            for each in plan.filters
        ],
        "browse": plan.browse,
        "matched": matched,
    }
