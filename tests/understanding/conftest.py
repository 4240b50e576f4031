"""The small shop, built once."""

import pytest

from data.product import Product
from tests.understanding.shop import LOCALES, make_products
from understanding.lexicon import Lexicon, build_lexicon


@pytest.fixture(scope="session")
def products() -> list[Product]:
    return make_products()


@pytest.fixture(scope="session")
def lexicon(products: list[Product]) -> Lexicon:
    return build_lexicon(products, [], {}, LOCALES)
