"""What is live over suggestions, followed step by step in one process: products that come, go and are called otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.assembly import now_ms
from api.shop import Shop
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from data.overlay_log import Change
from data.product import Product
from data.product_row import ProductReader
from tests.api.shop import made_up_products, publish

COLOURS = ("red", "blue", "green", "black")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("following")
    publish(folder / "releases", "plain", made_up_products(), folder)
    return folder / "releases"


@pytest.fixture
def shop(releases: Path) -> Iterator[Shop]:
    opened = Shop(str(releases), "plain", lambda _: None)
    yield opened
    opened.close()
    for file in (releases / "plain" / "live").iterdir():
        file.unlink()


def settle(shop: Shop) -> None:
    """As the following threads do in some tenths of a second."""
    for _ in range(5):
        shop.follow()
        shop.refresh()


def suggested(shop: Shop, prefix: str) -> list[str]:
    found = shop.current.completer.complete(Prefix(prefix, 10, "en"), Context(now_ms()))
    return [each.text.lower() for each in found]


def product(product_id: str, **fields: Any) -> dict[str, Any]:
    held = {each["product_id"]: each for each in made_up_products()}
    return {**held.get(product_id, held["lamp-red"]), "product_id": product_id, "group_id": product_id, **fields}


def upsert(shop: Shop, *records: dict[str, Any]) -> None:
    config = shop.current.config
    reader = ProductReader(config.catalog, config.locale, config.currency)
    read: list[Product] = [reader.read(record, lambda *_: None) for record in records]
    shop.append([Change(0, now_ms(), each.product_id, "upsert", each) for each in read])
    settle(shop)


def patch(shop: Shop, thing: str, **fields: Any) -> None:
    shop.append([Change(0, now_ms(), f"{thing}-{colour}", "patch", None, fields) for colour in COLOURS])
    settle(shop)


def delete(shop: Shop, product_id: str) -> None:
    shop.append([Change(0, now_ms(), product_id, "delete")])
    settle(shop)


def test_what_sold_out_is_back_with_a_product_that_the_release_never_had(shop: Shop) -> None:
    patch(shop, "headphones", stock=0)
    assert suggested(shop, "head") == []
    upsert(shop, product("headphones-new", title="Egret headphones black", description=""))
    assert "headphones" in suggested(shop, "head")
    assert "black headphones" in suggested(shop, "head")
    assert "red headphones" not in suggested(shop, "head")
    delete(shop, "headphones-new")
    assert suggested(shop, "head") == []


def test_what_products_are_called_no_longer_is_not_suggested(shop: Shop) -> None:
    assert "kettle" in suggested(shop, "ket")
    renamed = [
        product(f"kettle-{colour}", title=f"Borealis jug {colour}", description="", category=["Home", "Jugs"])
        for colour in COLOURS
    ]
    upsert(shop, *renamed[:3])
    assert "kettle" in suggested(shop, "ket")
    assert "red kettle" not in suggested(shop, "ket")
    upsert(shop, renamed[3])
    assert suggested(shop, "ket") == []
    upsert(shop, product("kettle-red"))
    assert {"kettle", "red kettle"} <= set(suggested(shop, "ket"))


def test_a_feed_that_says_the_same_again_counts_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    upsert(shop, *(product(f"lamp-{colour}") for colour in COLOURS))
    counted: list[str] = []
    monkeypatch.setattr(type(shop.current.engine), "count_in_stock", lambda _, text, __: counted.append(text) or 1)
    upsert(shop, *(product(f"lamp-{colour}") for colour in COLOURS))
    patch(shop, "lamp", price_minor=100)
    assert counted == []
