"""Filters by hand: what holds, and what is refused and how."""

import math
from dataclasses import replace
from typing import Any

import pytest

from data.errors import InvalidFilter, InvalidSort
from data.product import Product, ProductText, Quantity
from tests.retrieval.shops import Shop, build_shop


def product(product_id: str, group_id: str | None = None, **rest: Any) -> Product:
    return Product(product_id, group_id or product_id, {"en": ProductText("thing")}, **rest)


@pytest.fixture(scope="module")
def shop() -> Shop:
    inches, eur = (lambda amount: Quantity(amount, "in")), {"currency": "EUR"}
    made = [
        product("a1", "a", attributes={"colour": "Crème", "size": inches(15.6)}, price_minor=1_000, **eur),
        product("a2", "a", attributes={"colour": "Blue", "size": inches(13.0)}, price_minor=2_000, **eur),
        product("b", attributes={"colour": ("Blue", "Red"), "size": Quantity(39.624, "cm")}),
        product("c", attributes={"memory": Quantity(1.0, "TB"), "eco": True}, category=("Home", "Desk > Lamps")),
        product("d", attributes={"memory": Quantity(500.0, "GB"), "eco": False}, category=("Home",), brand="Æther"),
        product("e", attributes={"memory": Quantity(256.0, "GB"), "ports": 4.0}, category=("Garden", "lamps")),
    ]
    listed = {"b": {"price_minor": 1_000, "currency": "USD"}, "c": {"stock": 0}, "d": {"stock": 2}}
    return build_shop([replace(each, **listed.get(each.product_id, {})) for each in made])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"colour": {"in": ["creme"]}}, ["a1"]),
        ({"colour": {"in": ["BLUE"]}}, ["a2", "b"]),
        ({"colour": {"in": ["blue"], "not": ["red"]}}, ["a2"]),
        ({"colour": {"not": ["blue"]}}, ["a1", "c", "d", "e"]),
        ({"colour": {"exists": False}}, ["c", "d", "e"]),
        # A filter holds within one variant: no variant of `a` is both blue and 15.6 inches.
        ({"colour": {"in": ["blue"]}, "size": {"gte": 15}}, ["b"]),
        ({"size": {"in": [15.6]}}, ["a1", "b"]),
        ({"size": {"in": ["39.624 cm"]}}, ["a1", "b"]),
        ({"size": {"gt": 13}}, ["a1", "b"]),
        ({"memory": {"gte": 500}}, ["c", "d"]),
        ({"memory": {"in": ["1000 gb", "0.256tb"]}}, ["c", "e"]),
        ({"memory": {"lt": 500}, "ports": {"exists": True}}, ["e"]),
        ({"eco": {"in": [True]}}, ["c"]),
        ({"eco": {"in": ["false"]}}, ["d"]),
        ({"eco": {"not": [True]}}, ["a1", "b", "d", "e"]),
        ({"brand": {"in": ["aether"]}}, ["d"]),
        ({"category": {"in": ["home"]}}, ["c", "d"]),
        ({"category": {"in": ["Home > Desk > Lamps"]}}, ["c"]),
        ({"category": {"in": ["lamps"]}}, ["c", "e"]),
        ({"category": {"in": ["Nowhere"]}}, []),
        ({"price": {"lte": 1_000}}, ["a1"]),
        ({"price": {"lte": 1_000}, "currency": {"in": ["usd"]}}, ["b"]),
        ({"price": {"in": [1_000, 2_000]}}, ["a1"]),
        ({"price": {"exists": False}}, ["c", "d", "e"]),
        ({"stock": {"gte": 1}}, ["d"]),
        ({"in_stock": {"in": [False]}}, ["c"]),
        ({"in_stock": {"in": ["true"]}, "memory": {"exists": True}}, ["d", "e"]),
        ({"product_id": {"in": ["a2", "nobody"]}}, ["a2"]),
        ({"group_id": {"not": ["a", "b"]}}, ["c", "d", "e"]),
    ],
)
def test_what_holds(shop: Shop, filters: dict[str, Any], expected: list[str]) -> None:
    found = shop.ids(filters=filters)
    assert sorted(found) == expected


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"color": {"in": ["red"]}}, "no such field; did you mean colour"),
        ({"zzz": {"in": ["red"]}}, "no product has it"),
        ({"colour": {"is": ["red"]}}, "no operator 'is'; there are in, not, gte"),
        ({"colour": ["red"]}, "expected an object"),
        ({"colour": {"in": "red"}}, "'in': expected a list of values, got 'red'"),
        ({"colour": {"in": [{"a": 1}]}}, "expected texts, numbers"),
        ({"colour": {"gte": 3}}, "'gte': expected a field with numbers"),
        ({"size": {"gte": "large"}}, "expected a number, got 'large'"),
        ({"size": {"gte": True}}, "expected a number, got True"),
        ({"size": {"gte": math.nan}}, "expected a number"),
        ({"colour": {"exists": "yes"}}, "expected true or false, got 'yes'"),
        ({"price": {"in": ["cheap"]}}, "expected numbers, got 'cheap'"),
        ({"in_stock": {"in": ["perhaps"]}}, "expected true or false, got 'perhaps'"),
        ({"brand": {"in": [7]}}, "expected texts, got 7"),
    ],
)
def test_what_is_refused(shop: Shop, filters: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidFilter, match="filter on ") as error:
        shop.search(filters=filters)
    assert says in str(error.value)
    with pytest.raises(InvalidFilter):
        shop.search("no such words", filters=filters)


def test_an_unknown_sort_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidSort, match="expected one of relevance, price_asc"):
        shop.search(sort="by-magic")


def test_what_a_facet_shows_finds_what_it_counted() -> None:
    """50 cm among inches are 19.685039... in; a rounded bound would find nothing."""
    held = [product(str(i), attributes={"size": Quantity(13.0, "in")}) for i in range(3)]
    shop = build_shop([*held, product("cm", attributes={"size": Quantity(50.0, "cm")})])
    values = {each.label: each for each in shop.search(facets=("size",)).facets[0].values}
    assert values["19.685 in"].count == 1
    assert shop.ids(filters={"size": {"in": [values["19.685 in"].value]}}) == ["cm"]
