"""Completions that nothing in stock is found for, against counting every one of them anew after each change."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.assembly import ShopRelease, load_shop_release
from api.live.in_stock import COUNT_EVERY_MS, InStock
from api.live.sold_out import SoldOut
from autocomplete.completer import TrieCompleter
from autocomplete.found import FoundProducts
from autocomplete.locale_completer import LocaleCompleter
from data.overlay_log import Change
from data.product import Product
from data.product_row import ProductReader
from data.release import open_release
from data.text import analyser_for
from retrieval.engine import SearchEngine
from tests.api.shop import made_up_products, publish

EN = analyser_for("en")
PRODUCTS = {each["product_id"]: each for each in made_up_products()}
IDS = ["lamp-red", "lamp-blue", "kettle-red", "kettle-blue", "jacket-red", "new-1", "new-2"]
TITLES = ["Acme lamp red", "Acme lamp blue", "Borealis kettle red", "Dunlin jug", "Corvid red backpack black"]
# Of an id: so many pieces, another title, gone; or the stock of all products at once.
STEPS = st.one_of(
    st.tuples(st.just("stock"), st.sampled_from(IDS), st.integers(0, 1)),
    st.tuples(st.just("title"), st.sampled_from(IDS), st.sampled_from(TITLES), st.integers(0, 1)),
    st.tuples(st.just("delete"), st.sampled_from(IDS)),
    st.tuples(st.just("all"), st.integers(0, 1)),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> ShopRelease:
    folder = tmp_path_factory.mktemp("sold_out")
    publish(folder / "releases", "plain", made_up_products(), folder)
    return load_shop_release(open_release(str(folder / "releases"), "plain"))


def changes_of(step: tuple[Any, ...], release: ShopRelease, position: int) -> list[Change]:
    match step:
        case "stock", product_id, stock:
            return [Change(position, position, product_id, "patch", None, {"stock": stock})]
        case "delete", product_id:
            return [Change(position, position, product_id, "delete")]
        case "title", product_id, title, stock:
            record = {**PRODUCTS["lamp-red"], "product_id": product_id, "group_id": product_id, "title": title}
            record |= {"stock": stock, "description": "", "category": ["Things"], "brand": title.split()[0]}
            reader = ProductReader(release.config.catalog, "en", release.config.currency)
            product = reader.read(record, lambda *_: None)
            return [Change(position, position, product_id, "upsert", product)]
        case _:
            return [
                Change(position + place, position, product_id, "patch", None, {"stock": step[1]})
                for place, product_id in enumerate(PRODUCTS)
            ]


def said(product: Product) -> set[str]:
    """The stems of all that is said of a product, what its attributes are among it."""
    values = " ".join(str(value) for value in product.attributes.values())
    text = f"{product.texts['en'].title} {product.texts['en'].description} {product.brand} {' '.join(product.category)}"
    return set(EN.terms(f"{text} {values}"))


def gone_by_definition(release: ShopRelease, engine: SearchEngine) -> set[str]:
    """What products of the release say all of, and none in stock now."""
    released = [said(product) for product in map(engine.released_product, PRODUCTS) if product is not None]
    now = [engine.product(product_id) for product_id in {*PRODUCTS, *IDS}]
    sold = [said(product) for product in now if product is not None and product.stock != 0]
    index = release.completions.of("en").completions
    texts = {text: set(EN.query_terms(text)) for text in map(index.text, range(len(index)))}
    assert all(any(stems <= words for words in released) for stems in texts.values())
    return {text for text, stems in texts.items() if not any(stems <= words for words in sold)}


def renamed(engine: SearchEngine) -> set[str]:
    """Live products that the release calls otherwise."""
    pairs = ((engine.released_product(each), live.product) for each, live in engine.documents.items())
    return {now.product_id for before, now in pairs if before and before.texts["en"].title != now.texts["en"].title}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(("all", 0), True, 9), (("title", "new-1", "Acme lamp red", 1), True, 9)])
@example([(("title", "new-1", "Dunlin jug", 1), True, 9), (("all", 0), True, 9), (("delete", "new-1"), True, 9)])
@given(st.lists(st.tuples(STEPS, st.booleans(), st.integers(0, 3)), max_size=10))
def test_what_is_followed_is_what_counting_everything_gives(
    release: ShopRelease, steps: list[tuple[tuple[Any, ...], bool, int]]
) -> None:
    engine = release.engine.ranked_by(None, release.config)
    followed = SoldOut(release.completions, engine)
    followed.follow(60.0)
    position = engine.position
    for step, is_looked_at, most_steps in steps:
        changes = changes_of(step, release, position + 1)
        engine.apply(changes)
        position = changes[-1].position
        if not is_looked_at:
            continue
        # Cut short wherever its time is up: what was not done waits, and further changes come meanwhile.
        ticks = iter(range(100_000))
        followed.follow(most_steps, lambda ticks=ticks: float(next(ticks)))  # type: ignore[misc]
    while not followed.is_idle or followed.follow(60.0):
        followed.follow(60.0)
    assert followed.texts["en"] == gone_by_definition(release, engine)
    assert followed.products == engine.unavailable() | renamed(engine)


def test_new_texts_are_counted_first_and_all_of_them_from_time_to_time() -> None:
    stock = {"a": 1, "b": 0, "c": 2}
    asked: list[str] = []

    def count(text: str, _: str) -> int:
        asked.append(text)
        return stock[text]

    counts = InStock(count)
    wanted = [("en", "a"), ("en", "b")]
    assert counts.follow(wanted, 1, 10_000, 60.0)
    assert asked == ["a", "b"]
    assert not counts.follow(wanted, 1, 20_000, 60.0)
    assert not counts.follow(wanted, 2, 10_000 + COUNT_EVERY_MS - 1, 60.0)
    assert asked == ["a", "b"]
    stock["b"] = 1
    assert counts.follow(wanted, 2, 10_000 + COUNT_EVERY_MS, 0.0) is False  # time for one of them
    assert asked == ["a", "b", "a"]
    more = [*wanted, ("en", "c")]
    assert counts.follow(more, 2, 10_000 + COUNT_EVERY_MS, 0.0)
    assert asked == ["a", "b", "a", "c"]
    assert counts.follow(more, 2, 10_000 + COUNT_EVERY_MS, 0.0)
    assert [counts.of(text, "en") for text in "abcd"] == [1, 1, 2, 0]
    counts.follow([("en", "b")], 2, 10_000 + COUNT_EVERY_MS, 60.0)
    assert counts.counts == {("en", "b"): 1}
    # The next release goes on with what is known, and counts it in turn.
    later = InStock(count, counts.counts)
    assert later.of("b", "en") == 1
    assert not later.is_idle


def test_what_is_called_so_by_an_attribute_alone_goes_with_it(tmp_path: Path) -> None:
    # No lamp's title says its colour: only the attribute does, and so do the completions that are put together of it.
    products = made_up_products()
    for each in products:
        if each["product_id"].startswith("lamp"):
            each |= {"title": "Acme lamp", "description": "For every day."}
    publish(tmp_path / "releases", "plain", products, tmp_path)
    held = load_shop_release(open_release(str(tmp_path / "releases"), "plain"))
    followed = SoldOut(held.completions, held.engine)
    followed.follow(60.0)
    assert held.engine.count_in_stock("red lamp", "en") == 0
    index = held.completions.of("en").completions
    assert {"red lamp", "blue lamp"} <= {index.text(each).casefold() for each in range(len(index))}

    def gone_at(position: int, stock: int) -> set[str]:
        held.engine.apply([Change(position, position, "lamp-red", "patch", None, {"stock": stock})])
        followed.follow(60.0)
        return {text.casefold() for text in followed.texts["en"]}

    gone = gone_at(held.overlay_position + 1, 0)
    assert "red lamp" in gone
    assert not gone & {"blue lamp", "lamp", "red", "acme lamp"}
    assert gone_at(held.overlay_position + 2, 3) == set()


def test_what_finds_more_than_is_kept_is_asked_for(release: ShopRelease, tmp_path: Path) -> None:
    completer = release.completions.of("en")
    index, found = completer.completions, completer.found
    assert found is not None
    found.save(tmp_path / "all")
    offsets, rows = (np.load(tmp_path / "all" / f"{name}.npy") for name in ("offsets", "rows"))
    lengths = np.diff(offsets.astype(np.int64))
    assert (lengths > 0).all()
    one = FoundProducts(np.arange(len(index) + 1, dtype=np.uint32), rows[offsets[:-1]], lengths > 1)
    engine = release.engine.ranked_by(None, release.config)
    short = TrieCompleter(index, completer.titles, found=one)
    followed = SoldOut(LocaleCompleter({"en": short}, ("en",)), engine)
    followed.follow(60.0)
    for place, product_id in enumerate(PRODUCTS, start=1):
        position = engine.position + 1
        engine.apply([Change(position, position, product_id, "patch", None, {"stock": 0})])
        # Half a look: what has to be asked for stays as it was until it is known.
        before = followed.texts["en"]
        followed.follow(0.0)
        assert before <= followed.texts["en"] <= gone_by_definition(release, engine)
        while not followed.is_idle:
            followed.follow(60.0)
        assert followed.texts["en"] == gone_by_definition(release, engine), place
    assert followed.texts["en"]
