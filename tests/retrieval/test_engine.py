"""The engine: what is left out when a stage fails or is late, browsing, explanations, counts."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from data.errors import ProductNotFound
from data.product import Product, ProductText
from retrieval.answer.stages import Stages
from retrieval.engine import SearchEngine
from tests.retrieval.shops import Shop, build_shop


def product(product_id: str, title: str, **rest: Any) -> Product:
    return Product(
        product_id, rest.pop("group_id", product_id), {"en": ProductText(title), **rest.pop("texts", {})}, **rest
    )


@pytest.fixture(scope="module")
def shop() -> Shop:
    colours = ["red", "blue", "green", "black"]
    return build_shop(
        [
            product(f"{thing}-{i}", f"Acme {thing} {colour}", brand="Acme", attributes={"colour": colour})
            for thing in ("lamp", "kettle", "chair")
            for i, colour in enumerate(colours)
        ],
        encoder="cooccurrence",
        dense_weight=0.3,
    )


def with_engine(shop: Shop, **sources: Any) -> Shop:
    """The shop over other sources."""
    old = shop.engine._sources
    held = {name: sources.get(name, getattr(old, name)) for name in type(old).__slots__}
    engine = SearchEngine(type(old)(**held), shop.config, "r")
    return Shop(shop.products, shop.config, shop.snapshot, shop.understander, engine)


class Broken:
    """Fails whatever is asked of it."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError(f"{name} broke")

        return fail


def test_a_broken_encoder_is_named_and_the_rest_answers(shop: Shop) -> None:
    broken = with_engine(shop, encoder=Broken())
    whole, result = shop.search("red lamp"), broken.search("red lamp")
    assert whole.degraded == ()
    assert result.degraded == ("dense",)
    assert result.hits[0].product_id == "lamp-0"
    assert {hit.product_id for hit in broken.search("red lamp").hits} <= {hit.product_id for hit in whole.hits}


def test_broken_vectors_are_named_once(shop: Shop) -> None:
    class BrokenVectors(Broken):
        cut = 0.5

    result = with_engine(shop, dense=BrokenVectors()).search("red lamp")
    assert result.degraded == ("dense",)
    assert result.total > 0


def test_broken_concepts_are_named(shop: Shop) -> None:
    result = with_engine(shop, concepts=Broken()).search("red lamp")
    assert result.degraded == ("concept",)
    assert result.hits[0].product_id == "lamp-0"


def test_a_broken_planner_leaves_the_bare_words(shop: Shop) -> None:
    result = with_engine(shop, snapshot=Broken()).search("lamp green")
    assert "planning" in result.degraded
    assert result.hits[0].product_id == "lamp-2"


def test_pages_after_a_degraded_one_leave_out_the_same(shop: Shop) -> None:
    broken = with_engine(shop, dense=Broken())
    mended = with_engine(shop)
    first = broken.search("acme lamp", size=2)
    rest = mended.search("acme lamp", size=50, cursor=first.cursor)
    assert rest.degraded == first.degraded == ("dense",)
    assert [*first.hits, *rest.hits] == list(broken.search("acme lamp").hits)


def test_what_would_come_late_is_left_out_when_in_a_hurry(shop: Shop) -> None:
    clock = itertools.count(0, 40_000)
    slow = SearchEngine(shop.engine._sources, shop.config, ticks_us=lambda: next(clock))
    late = Shop(shop.products, shop.config, shop.snapshot, shop.understander, slow)
    hurried = late.search("red lamp", hurried=True)
    assert {"dense", "concept", "facets"} <= set(hurried.degraded)
    assert hurried.facets == ()
    assert hurried.hits[0].product_id == "lamp-0"
    assert late.search("red lamp").degraded == ()


def test_stages_name_a_skipped_stage_once_and_time_the_rest() -> None:
    clock = itertools.count(0, 5)
    stages = Stages(None, ["b"], lambda: next(clock))
    assert stages.must("a", lambda: 1) == 1
    assert stages.must("a", lambda: 2) == 2
    assert [stages.may("b", lambda: 3, 0), stages.may("b", lambda: 3, 0)] == [0, 0]
    assert stages.may("c", lambda: 1 // 0, 7) == 7
    assert (stages.timings, stages.degraded) == ({"a": 10}, ["b", "c"])


def test_reasons_add_up_to_the_score(shop: Shop) -> None:
    result = shop.search("red lamp", explain=True)
    for hit in result.hits:
        parts = [hit.reasons.get(source, 0.0) for source in ("bm25", "concept", "dense")]
        assert sum(parts) == pytest.approx(hit.score, abs=1e-6)
    assert result.hits[0].reasons["bm25_title"] > 0
    assert result.explain is not None
    assert result.explain["min_should_match"] >= 1
    assert shop.search("red lamp").explain is None
    assert shop.search("red lamp").hits[0].reasons == {}


def test_highlights_are_the_words_of_the_query_in_the_title(shop: Shop) -> None:
    hit = shop.search("lamps red").hits[0]
    assert [hit.title[start:end] for start, end in hit.highlights] == ["lamp", "red"]


def test_browsing_shows_what_is_available_first_and_newer_before_older() -> None:
    held = [
        product("a", "thing", stock=0, updated_at=9_000),
        product("b", "thing", stock=1, updated_at=1_000),
        product("c", "thing", updated_at=2_000),
        product("d", "thing", stock=3),
        product("e", "thing", stock=1, updated_at=1_000),
    ]
    assert build_shop(held).ids("") == ["c", "b", "e", "d", "a"]


def test_a_group_is_shown_as_its_best_variant() -> None:
    held = [
        product("v1", "desk lamp", group_id="g", attributes={"colour": "red"}),
        product("v2", "desk lamp desk lamp", group_id="g", attributes={"colour": "blue"}),
        product("other", "lamp and much more than only a desk to stand on"),
    ]
    shop = build_shop(held, concept_weight=0.0)
    result = shop.search("desk lamp")
    assert (result.total, [hit.group_id for hit in result.hits]) == (2, ["g", "other"])
    red = shop.search("desk lamp", filters={"colour": {"in": ["red"]}})
    assert [hit.product_id for hit in red.hits] == ["v1"]


def test_a_filter_keeps_the_order(shop: Shop) -> None:
    whole = shop.ids("acme red lamp")
    kept = shop.ids("acme red lamp", filters={"colour": {"not": ["green"]}})
    assert kept == [product_id for product_id in whole if not product_id.endswith("-2")]


def test_count_is_the_words_total(shop: Shop) -> None:
    plain = build_shop(shop.products, concept_weight=0.0)
    for text in ("lamp", "red", "acme kettle", "lamp red", "nothing here"):
        assert plain.engine.count(text, "en") == plain.search(text).total, text
    assert plain.engine.count("", "en") == 0


def test_nothing_asked_nothing_found(shop: Shop) -> None:
    assert shop.search("🎧").total == 0
    assert shop.search("-").total == 0
    empty = shop.search("lamp", size=0)
    assert (empty.hits, empty.cursor) == ((), None)
    assert empty.total > 0


def test_texts_are_shown_in_the_locale_asked_for() -> None:
    german = {"de": ProductText("Lampe")}
    shop = build_shop([product("a", "lamp", texts=german), product("b", "lamp")])
    assert [hit.title for hit in shop.search("lamp", locale="de-CH").hits] == ["Lampe", "lamp"]


def test_an_unknown_product_has_no_similar_ones(shop: Shop) -> None:
    with pytest.raises(ProductNotFound):
        shop.engine.similar("nobody", 3, "en")
    assert shop.engine.product("nobody") is None


def test_an_empty_field_list_and_ids_of_any_characters() -> None:
    held = [product(product_id, "lamp") for product_id in ("b", "a/ü", "a", "\U0001f3a7", "Z")]
    shop = build_shop(held)
    assert shop.ids("lamp") == sorted(each.product_id for each in held)
    for each in held:
        assert shop.engine.product(each.product_id) == each
