"""The small shop, built once."""

from pathlib import Path

import pytest

from data.product import Product
from data.shop import ShopConfig
from graph.build import build_graph
from graph.load import load_graph
from graph.store import open_store
from tests.understanding.shop import LOCALES, make_products
from understanding.build import build_understanding
from understanding.lexicon import Lexicon, build_lexicon
from understanding.load import load_understanding
from understanding.pipeline import Understander


@pytest.fixture(scope="session")
def products() -> list[Product]:
    return make_products()


@pytest.fixture(scope="session")
def config() -> ShopConfig:
    return ShopConfig(name="small", locales=LOCALES, currency="EUR")


@pytest.fixture(scope="session")
def lexicon(products: list[Product]) -> Lexicon:
    return build_lexicon(products, [], {}, LOCALES)


@pytest.fixture(scope="session")
def built(products: list[Product], config: ShopConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("small")
    store = open_store(str(folder / "graph.sqlite"))
    snapshot = build_graph(folder / "graph", products, config, store)
    store.close()
    build_understanding(folder / "understanding", products, snapshot, config, {"red kettle": 30})
    return folder


@pytest.fixture(scope="session")
def understander(built: Path, config: ShopConfig) -> Understander:
    return load_understanding(built / "understanding", load_graph(built / "graph"), config)


@pytest.fixture(scope="session")
def reloaded(built: Path, config: ShopConfig) -> Understander:
    return load_understanding(built / "understanding", load_graph(built / "graph"), config)
