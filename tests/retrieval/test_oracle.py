"""The engine against its definition, on random shops."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.product import Product
from graph.concept import Scheme
from retrieval.answer.facets import MOST_VALUES
from retrieval.answer.filters import OPERATORS
from retrieval.planning.plan import Plan
from retrieval.planning.planner import plan_search
from tests.retrieval import oracle
from tests.retrieval.shops import WORDS, Shop, build_shop, catalogues
from understanding.query import Query

queries = st.lists(st.sampled_from([*WORDS, "acme", "home", "zither", "under 3 euro"]), max_size=4).map(" ".join)
texts = {
    "colour": ["red", "RED", "Green", "mauve"],
    "brand": ["acme", "Zenith"],
    "category": ["Home", "home > Lamps", "Audio"],
    "eco": [True, False],
    "in_stock": [True, False],
    "product_id": ["p1", "p2", "p3"],
    "group_id": ["g1", "p4"],
    "pins": [1.0, 3.0, 12.0],
    "price": [100.0, 200.0],
}
numbers = {"size": [5.0, 10.0, 15.6, 40.0], "pins": [1.0, 6.0], "price": [100.0, 200.5], "stock": [0.0, 3.0]}


@st.composite
def filters(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    wanted: dict[str, dict[str, Any]] = {}
    for _ in range(draw(st.integers(0, 3))):
        operator = draw(st.sampled_from(OPERATORS))
        if operator in ("in", "not"):
            field = draw(st.sampled_from(sorted(texts)))
            value: Any = draw(st.lists(st.sampled_from(texts[field]), min_size=1, max_size=2))
        elif operator == "exists":
            field = draw(st.sampled_from(["colour", "size", "price", "brand", "category", "stock", "eco"]))
            value = draw(st.booleans())
        else:
            field = draw(st.sampled_from(sorted(numbers)))
            value = draw(st.sampled_from(numbers[field]))
        wanted.setdefault(field, {})[operator] = value
    return wanted


def known(shop: Shop, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without what this shop would refuse: fields that nobody has, comparisons where there are no numbers."""
    fields = oracle.Fields(shop.products)
    held = {name for product in shop.products for name in product.attributes} | {
        "brand", "category", "price", "stock", "in_stock", "product_id", "group_id",
    }  # fmt: skip
    with_numbers = {"price", "stock"} | {
        name for name in held for product in shop.products if fields.amount(product, name) is not None
    }
    return {
        field: {
            operator: value
            for operator, value in conditions.items()
            if operator in ("in", "not", "exists") or field in with_numbers
        }
        for field, conditions in wanted.items()
        if field in held
    }


class Truth:
    """What one search of a shop should find."""

    def __init__(self, shop: Shop, query: str) -> None:
        self.shop = shop
        sources = shop.engine._sources
        self.plan: Plan = plan_search(
            shop.understander.understand(Query(query, "en")),
            shop.snapshot,
            sources.encoder,
            shop.config,
            sources.lexical,
            sources.dense,
        )
        self.row = {product.product_id: row for row, product in enumerate(shop.products)}
        self.fields = oracle.Fields(shop.products)

    def under(self, product: Product, concept: int) -> bool:
        return self.row[product.product_id] in self.shop.snapshot.products(concept).tolist()

    def is_typed(self, product: Product) -> bool:
        types = self.shop.snapshot.by_scheme(Scheme.PRODUCT_TYPE).tolist()
        return any(self.under(product, concept) for concept in types)

    def nearness(self, product: Product) -> float:
        if self.plan.vector is None or self.shop.understander.vectors is None:
            return 0.0
        return float(np.dot(self.shop.understander.vectors[self.row[product.product_id]], self.plan.vector))

    def unfiltered(self) -> list[Product]:
        """With the query's own conditions."""
        own = {(each.field, each.operator): each.values for each in self.plan.filters}
        return [
            product
            for product in self.shop.products
            if oracle.matches(product, self.plan, self.under, self.nearness)
            and all(
                self.fields.passes(
                    product, {field: {operator: list(values) if operator in ("in", "not") else values[0]}}
                )
                for (field, operator), values in own.items()
            )
        ]

    def filtered(self, wanted: oracle.Filters) -> list[Product]:
        return [product for product in self.unfiltered() if self.fields.passes(product, wanted)]

    def scores(self) -> dict[str, float]:
        held = [p for p in self.shop.products if oracle.matches(p, self.plan, self.under, self.nearness)]
        return oracle.fused(
            {
                "bm25": {p.product_id: oracle.bm25(p, self.plan, self.shop.products) for p in held},
                "concept": {p.product_id: oracle.concept(p, self.plan, self.under, self.is_typed) for p in held},
                "dense": {p.product_id: self.nearness(p) for p in held},
            },
            self.plan.weights,
        )


random_shops = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@random_shops
@given(catalogues(), queries, filters())
def test_match_set_filters_and_order(catalogue: list[Product], query: str, wanted: dict[str, Any]) -> None:
    shop = build_shop(catalogue)
    truth, wanted = Truth(shop, query), known(shop, wanted)
    result = shop.search(query, filters=wanted)
    expected = truth.filtered(wanted)
    assert result.total == oracle.groups(expected)
    assert {hit.group_id for hit in result.hits} == {product.group_id for product in expected}
    assert len(result.hits) == result.total
    if truth.plan.browse:
        return
    scores = truth.scores()
    for hit in result.hits:
        siblings = [product.product_id for product in expected if product.group_id == hit.group_id]
        assert hit.product_id in siblings
        assert hit.score == pytest.approx(scores[hit.product_id], abs=1e-5)
        assert hit.score >= max(scores[each] for each in siblings) - 1e-5
    placed = [(-hit.score, hit.product_id) for hit in result.hits]
    assert placed == sorted(placed)


@settings(random_shops, max_examples=8)
@given(catalogues(least=8, most=20), queries)
def test_match_set_with_vectors(catalogue: list[Product], query: str) -> None:
    shop = build_shop(catalogue, encoder="cooccurrence", dense_weight=0.3)
    truth = Truth(shop, query)
    result = shop.search(query)
    assert result.total == oracle.groups(truth.unfiltered())
    if not truth.plan.browse:
        scores = truth.scores()
        assert [hit.score for hit in result.hits] == pytest.approx(
            [scores[hit.product_id] for hit in result.hits], abs=1e-5
        )


@random_shops
@given(catalogues(), queries, st.sampled_from(["price_asc", "price_desc", "newest", "oldest"]))
def test_sorts_are_over_the_whole_match_set(catalogue: list[Product], query: str, sort: str) -> None:
    shop = build_shop(catalogue)
    expected = Truth(shop, query).unfiltered()

    def key(product: Product) -> tuple[Any, ...]:
        if sort in ("newest", "oldest"):
            at = product.updated_at
            return (at is None, (-1 if sort == "newest" else 1) * (at or 0), product.product_id)
        price = product.price_minor
        direction = -1 if sort == "price_desc" else 1
        return (price is None, product.currency != "EUR", direction * (price or 0), product.product_id)

    best: dict[str, Product] = {}
    for product in sorted(expected, key=key):
        best.setdefault(product.group_id, product)
    assert shop.ids(query, sort=sort) == [product.product_id for product in best.values()]


@random_shops
@given(
    catalogues(least=3),
    queries,
    filters(),
    st.sampled_from([None, "price_asc", "price_desc", "newest"]),
    st.integers(1, 4),
)
def test_walking_all_pages_is_the_whole_order(
    catalogue: list[Product], query: str, wanted: dict[str, Any], sort: str | None, size: int
) -> None:
    shop = build_shop(catalogue)
    wanted = known(shop, wanted)
    whole = shop.search(query, filters=wanted, sort=sort)
    pages = shop.pages(query, size, filters=wanted, sort=sort)
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert all(len(page.hits) == size for page in pages[:-1])
    assert {page.total for page in pages} == {whole.total}


@random_shops
@given(catalogues(), queries, filters())
def test_facets_count_groups_and_ignore_their_own_filter(
    catalogue: list[Product], query: str, wanted: dict[str, Any]
) -> None:
    shop = build_shop(catalogue)
    truth, wanted = Truth(shop, query), known(shop, wanted)
    names = ("brand", "category", "colour", "eco", "size", "pins", "price", "in_stock")
    facets = {facet.field: facet for facet in shop.search(query, filters=wanted, facets=names).facets}
    for name in names:
        others = {field: conditions for field, conditions in wanted.items() if field != name}
        held = truth.filtered(others)
        counted = facets[name].values if name in facets else ()
        for value in counted:
            if value.value is not None:
                has = {name: {"in": [value.value]}}
            else:
                has = {name: {k: v for k, v in (("gte", value.gte), ("lt", value.lt)) if v is not None}}
                has[name] = has[name] or {"gte": 0.0}
            assert value.count == oracle.groups([p for p in held if truth.fields.passes(p, has)]), (name, value)
            assert value.count > 0
        if name in ("brand", "colour", "eco"):
            every = {text for product in held for text in truth.fields.texts(product, name)}
            assert len(counted) == min(len(every), MOST_VALUES)
        if name == "category":
            roots = {text.partition(" > ")[0] for product in held for text in truth.fields.texts(product, name)}
            assert sum(value.depth == 0 for value in counted) == len(roots)
        if name in ("pins", "price") and name in facets:
            amounts = [
                number for product in held if (number := truth.fields._read(product, name, "EUR")[0]) is not None
            ]
            assert (facets[name].minimum, facets[name].maximum) == (min(amounts), max(amounts))
            # A variant counts in one range only, so the ranges of single groups add up to all that have an amount.
            assert sum(value.count for value in counted) >= len(
                {product.group_id for product in held if truth.fields._read(product, name, "EUR")[0] is not None}
            )
