"""Live changes: one world with the release's products."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.change import INHERIT, Change, apply_patch
from data.errors import ProductNotFound
from data.product import Product, ProductText, Quantity
from data.text import fold
from retrieval.answer.result import SearchResult
from tests.retrieval.shops import Shop, build_shop, catalogues, products

PATCHES: Sequence[dict[str, Any]] = (
    {"price_minor": 150, "currency": "EUR"},
    {"price_minor": 300, "currency": "CHF"},
    {"price_minor": None},
    {"stock": 0},
    {"stock": None, "updated_at": 5_000},
    {"brand": "Corvid"},
    {"attributes": {"colour": "mauve", "size": None}},
    {"attributes": {"weight": 2.5}},
    {"category": ["Toys", "Lamps"]},
    {"texts": {"en": {"title": "zither walnut"}}},
)


def product(product_id: str, title: str = "thing", **rest: Any) -> Product:
    return Product(product_id, rest.pop("group_id", product_id), {"en": ProductText(title)}, **rest)


def upsert(position: int, made: Product) -> Change:
    return Change(position, 0, made.product_id, "upsert", made, None, made.version)


def patch(position: int, product_id: str, **fields: Any) -> Change:
    return Change(position, 0, product_id, "patch", None, fields)


def delete(position: int, product_id: str) -> Change:
    return Change(position, 0, product_id, "delete")


@st.composite
def histories(draw: st.DrawFn, catalogue: Sequence[Product]) -> tuple[list[Change], list[Product]]:
    """Changes, and the catalogue after them by the plain rules of `apply_patch`."""
    held = {each.product_id: each for each in catalogue}
    changes: list[Change] = []
    for position in range(1, draw(st.integers(1, 8)) + 1):
        kind = draw(st.sampled_from(["upsert", "patch", "patch", "delete"]))
        if kind == "upsert" or not held:
            made = draw(products(draw(st.sampled_from(["p1", "p5", "p9", "new"]))))
            changes.append(upsert(position, made))
            held[made.product_id] = made
            continue
        product_id = draw(st.sampled_from(sorted(held)))
        if kind == "delete":
            changes.append(delete(position, product_id))
            del held[product_id]
        else:
            fields = draw(st.sampled_from(PATCHES))
            changes.append(patch(position, product_id, **fields))
            held[product_id] = apply_patch(held[product_id], fields, "EUR")
    return changes, list(held.values())


def panel(result: SearchResult) -> dict[str, Any]:
    """Counts by value; how a value is spelled, and the order of equal counts, is the release's."""
    return {
        facet.field: (facet.minimum, facet.maximum, {(fold(each.label), each.gte): each.count for each in facet.values})
        for facet in result.facets
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_release_and_overlay_together_answer_like_a_rebuilt_release(data: st.DataObject) -> None:
    """All but relevance scores, which use the release's statistics, and what the graph mines, which is the build's."""
    catalogue = data.draw(catalogues(least=2, most=10))
    changes, after = data.draw(histories(catalogue))
    live, rebuilt = build_shop(catalogue), build_shop(after or [product("none")])
    if not after:
        rebuilt.engine.apply([delete(1, "none")])
    cut = data.draw(st.integers(0, len(changes)))
    for batch in (changes[:cut], changes[cut:]):
        live.engine.apply(batch)
    assert live.engine.position == changes[-1].position
    held = {each.product_id: each for each in after}
    for product_id in {*held, *(each.product_id for each in catalogue)}:
        assert live.engine.product(product_id) == held.get(product_id)
    names = ("brand", "category", "colour", "eco", "price", "in_stock", "currency", "weight")
    requests: list[dict[str, Any]] = [
        {"facets": names},
        {"sort": "price_asc", "facets": ()},
        {"sort": "newest", "filters": {"in_stock": {"in": [True]}}, "facets": names},
        {"filters": {"price": {"lte": 200}, "brand": {"not": ["Acme"]}}, "facets": names},
        {"filters": {"category": {"in": ["Home"]}}, "facets": names},
        {"filters": {"product_id": {"in": ["p1", "new"]}}, "facets": names},
        {"filters": {"group_id": {"in": ["g1", "g2"]}}, "sort": "price_desc", "facets": names},
    ]
    for request in requests:
        ours, theirs = live.search(**request), rebuilt.search(**request)
        assert ours.hits == theirs.hits, request
        assert ours.total == theirs.total
        assert panel(ours) == panel(theirs), request
    walked = [hit for page in live.pages("", 2) for hit in page.hits]
    assert walked == list(rebuilt.search().hits)


@pytest.fixture(scope="module")
def catalogue() -> list[Product]:
    lamps = [
        product(
            f"lamp-{i}", f"Acme lamp {colour}", brand="Acme", category=("Home", "Lamps"), attributes={"colour": colour}
        )
        for i, colour in enumerate(["red", "red", "blue", "blue"])
    ]
    kettles = [
        product(
            f"kettle-{i}", f"Zenith kettle {colour}", brand="Zenith", category=("Home",), attributes={"colour": colour}
        )
        for i, colour in enumerate(["red", "blue", "blue", "red"])
    ]
    return [*lamps, *kettles]


@pytest.fixture
def shop(catalogue: list[Product]) -> Shop:
    return build_shop(catalogue)


def test_a_live_product_scores_as_it_would_in_the_release(shop: Shop) -> None:
    shop.engine.apply([upsert(1, product("copy", "Acme lamp red", brand="Acme", category=("Home", "Lamps")))])
    scores = {hit.product_id: hit.reasons["bm25"] for hit in shop.search("red lamp", explain=True).hits}
    assert scores["copy"] == pytest.approx(scores["lamp-0"], abs=1e-6)


def test_a_live_product_stands_under_the_concepts_of_its_brand_category_values_and_type(shop: Shop) -> None:
    made = product("new", "Corvid lamp", brand="ACME", category=("Home", "Lamps"), attributes={"colour": "Blue"})
    shop.engine.apply([upsert(1, made)])
    world = shop.engine._world
    snapshot = shop.snapshot
    held = {(snapshot.scheme(concept).value, snapshot.key(concept)) for concept in world.live[0].concepts.tolist()}
    assert {("brand", "acme"), ("category", "Home"), ("category", "Home > Lamps"), ("value", "colour=blue")} <= held
    found = {hit.product_id: hit for hit in shop.search("blue acme lamp", explain=True).hits}
    # It says neither word, its concepts do.
    assert found["new"].reasons["concept"] > 0


def test_words_that_the_release_does_not_know_are_found(shop: Shop) -> None:
    assert shop.ids("zither") == []
    shop.engine.apply([upsert(1, product("zither", "Walnut zither"))])
    assert shop.ids("zither") == ["zither"]
    assert shop.engine.count("zither", "en") == 1
    shop.engine.apply([delete(2, "zither")])
    assert shop.ids("zither") == []
    assert shop.engine.count("zither", "en") == 0


def test_price_and_stock_keep_the_words_of_the_release(shop: Shop) -> None:
    before = shop.search("red lamp", explain=True).hits
    shop.engine.apply([patch(1, "lamp-0", stock=0), patch(2, "lamp-0", price_minor=777, currency="EUR")])
    after = shop.search("red lamp", explain=True).hits
    assert not shop.engine._world.live, "a listing needs no live document"
    assert [(hit.product_id, hit.score, hit.reasons) for hit in after] == [
        (hit.product_id, hit.score, hit.reasons) for hit in before
    ]
    changed = next(hit for hit in after if hit.product_id == "lamp-0")
    assert (changed.price_minor, changed.currency, changed.in_stock) == (777, "EUR", False)
    assert shop.ids(filters={"price": {"gte": 777}}) == ["lamp-0"]


def test_older_versions_and_changes_of_what_is_not_there_are_passed_over(shop: Shop) -> None:
    shop.engine.apply([upsert(1, product("new", "first", version=5))])
    older = product("new", "older", version=4)
    shop.engine.apply(
        [
            upsert(2, older),
            replace(patch(3, "new", stock=0), version=4),
            replace(delete(4, "new"), version=4),
            patch(5, "nobody", stock=1),
            delete(6, "nobody"),
        ]
    )
    held = shop.engine.product("new")
    assert held is not None
    assert (held.texts["en"].title, held.stock, held.version) == ("first", None, 5)
    assert shop.engine.product("nobody") is None
    assert shop.engine.position == 6


def test_a_replayed_change_is_passed_over(shop: Shop) -> None:
    changes = [upsert(1, product("new", stock=1)), patch(2, "new", stock=7), delete(3, "lamp-0")]
    shop.engine.apply(changes)
    shop.engine.apply([changes[0], changes[2]])
    held = shop.engine.product("new")
    assert held is not None
    assert held.stock == 7
    assert shop.engine.position == 3


def test_a_deleted_product_may_come_back(shop: Shop) -> None:
    shop.engine.apply([delete(1, "lamp-0"), upsert(2, product("lamp-0", "Acme lamp green", version=INHERIT + 1))])
    assert [hit.title for hit in shop.search("lamp green").hits if hit.product_id == "lamp-0"] == ["Acme lamp green"]
    assert shop.search().total == 8


def test_a_reader_keeps_the_state_it_began_with(shop: Shop) -> None:
    world = shop.engine._world
    before = world.everything.tolist()
    shop.engine.apply([delete(1, "lamp-0"), upsert(2, product("new"))])
    assert world.everything.tolist() == before
    assert shop.engine._world.size == world.size + 1


def test_similar_sees_live_products(shop: Shop) -> None:
    twin = product("twin", "Acme lamp red", brand="Acme", category=("Home", "Lamps"), attributes={"colour": "red"})
    shop.engine.apply([upsert(1, twin), delete(2, "lamp-1")])
    similar = [hit.product_id for hit in shop.engine.similar("lamp-0", 5, "en")]
    assert similar[0] == "twin"
    assert "lamp-1" not in similar
    assert [hit.product_id for hit in shop.engine.similar("twin", 1, "en")] == ["lamp-0"]
    with pytest.raises(ProductNotFound, match="lamp-1"):
        shop.engine.similar("lamp-1", 5, "en")


def test_new_fields_and_units_of_live_products_can_be_filtered_by(shop: Shop) -> None:
    shop.engine.apply([upsert(1, product("tv", attributes={"diagonal": Quantity(55.0, "in"), "hdr": True}))])
    assert shop.ids(filters={"hdr": {"in": [True]}}) == ["tv"]
    assert shop.ids(filters={"diagonal": {"gte": 50}}) == ["tv"]
