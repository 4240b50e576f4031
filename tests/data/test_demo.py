"""The demo shop: a seed is a shop, and the shop is fit to be shown."""

from collections import Counter, defaultdict
from urllib.parse import unquote
from xml.etree import ElementTree

from data.demo.pictures import draw
from data.demo.products import demo_products
from data.demo.queries import demo_queries
from data.demo.small_words import COLOURS, LOCALES, MATERIALS, TYPES


def test_the_same_seed_is_the_same_shop() -> None:
    assert demo_products(7) == demo_products(7)
    assert demo_products(7) != demo_products(8)


def test_some_five_hundred_products_in_three_locales() -> None:
    products = demo_products()
    assert 480 <= len(products) <= 520
    assert len({product.product_id for product in products}) == len(products)
    assert all(tuple(product.texts) == LOCALES for product in products)


def test_two_variants_a_style_that_differ_in_one_attribute() -> None:
    groups = defaultdict(list)
    for product in demo_products():
        groups[product.group_id].append(product)
    assert {len(variants) for variants in groups.values()} == {2}
    for one, other in groups.values():
        different = [name for name in one.attributes if one.attributes[name] != other.attributes[name]]
        assert len(different) == 1, (one.attributes, other.attributes)
        assert one.texts["en"].title != other.texts["en"].title


def test_one_collection_is_priced_in_yen() -> None:
    currencies = defaultdict(Counter)
    for product in demo_products():
        currencies[product.currency][product.category[0]] += 1
        assert product.price_minor is not None
        assert product.price_minor > 0
    assert set(currencies) == {"EUR", "JPY"}
    assert list(currencies["JPY"]) == ["Kyoto collection"]


def test_pictures_are_drawings_in_the_products_colour() -> None:
    pictures = set()
    for entry in TYPES:
        for _, paint in COLOURS.values():
            url = draw(entry.shape, paint)
            prefix, _, body = url.partition(",")
            assert prefix == "data:image/svg+xml"
            assert paint in body.replace("%23", "#")
            ElementTree.fromstring(unquote(body))  # our own drawing, well-formed
            pictures.add(url)
    assert len(pictures) == len({entry.shape for entry in TYPES}) * len(COLOURS)


def test_every_word_has_three_languages() -> None:
    for words in [*(entry.names for entry in TYPES), *MATERIALS.values(), *(words for words, _ in COLOURS.values())]:
        assert len(words) == len(LOCALES)
        assert all(words)


def test_queries_fall_like_a_shop_log() -> None:
    queries = demo_queries()
    counts = [query.count for query in queries]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 20 * counts[100]
    assert len({(query.query, query.locale) for query in queries}) == len(queries)
    assert all(0 < query.people <= query.count for query in queries)
