"""From a title to a filter: what `mine` reads in titles, a build puts into empty fields."""

from pathlib import Path

import pytest

from api.assembly import ShopRelease, load_shop_release
from api.build.pipeline import build_release
from data.catalog import write_products
from data.mining.run import MiningRequest, mine
from data.product import Product, ProductText
from data.release import open_release
from tests.mining.log import Log

COLOURS = ("navy", "red")


def lamp(number: int, colour: str, stated: bool = True) -> Product:
    title = f"Acme lamp X{number}y, {colour}"
    fields = {"colour": colour} if stated else {}
    return Product(f"lamp-{number}", f"lamp-{number}", {"en": ProductText(title)}, "Acme", ("Home", "Lamps"), fields)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("titles")
    products = [*(lamp(number, COLOURS[number % 2]) for number in range(30)), lamp(99, "navy", stated=False)]
    write_products(folder / "catalog.jsonl", products)
    log = Log()
    for person in range(6):
        log.search(person * 60, f"s{person}", "lamp", ["lamp-1"])
    result = mine(MiningRequest((log.write(folder / "events"),), folder / "mined", tuple(products)))
    assert result.rows["attributes.jsonl"] == 1
    return folder


def built(folder: Path, name: str, config: str = "") -> ShopRelease:
    toml = folder / f"{name}.toml"
    toml.write_text(f'locales = ["en"]\nfacets = ["colour"]\n{config}')
    build_release(
        folder / "catalog.jsonl",
        shop=name,
        releases=folder / "releases",
        mined=folder / "mined",
        config=toml,
        force=True,
    )
    return load_shop_release(open_release(folder / "releases", name))


def test_the_product_is_found_by_the_field_its_merchant_forgot(folder: Path) -> None:
    release = built(folder, "filled")
    found = release.engine.product("lamp-99")
    assert found is not None
    assert found.attributes == {"colour": "navy"}
    navy = next(one for one in release.snapshot.find("navy") if release.snapshot.key(one) == "colour=navy")
    assert len(release.snapshot.products(navy)) == 16


def test_a_shop_may_refuse(folder: Path) -> None:
    for name, refused in (("one", '["colour"]'), ("every", '["*"]')):
        found = built(folder, name, f"[catalog]\nnot_from_titles = {refused}\n").engine.product("lamp-99")
        assert found is not None
        assert found.attributes == {}
