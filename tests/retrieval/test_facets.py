"""Facets by hand: which are offered, how they are cut, and how categories open."""

from typing import Any

import numpy as np
import pytest

from data.product import Product, ProductText, Quantity
from retrieval.answer.facets import MOST_VALUES
from retrieval.answer.number_facet import round_bounds
from retrieval.answer.result import Facet
from tests.retrieval.shops import Shop, build_shop


def product(number: int, **rest: Any) -> Product:
    return Product(f"p{number:03}", rest.pop("group_id", f"p{number:03}"), {"en": ProductText("thing")}, **rest)


def facet(shop: Shop, name: str, **request: Any) -> Facet:
    return next(each for each in shop.search(facets=(name,), **request).facets if each.field == name)


@pytest.fixture(scope="module")
def shop() -> Shop:
    paths = [("Home", "Lamps", "Desk"), ("Home", "Lamps", "Floor"), ("Home", "Chairs"), ("Garden", "Lamps")]
    return build_shop(
        [
            product(
                number,
                category=paths[number % 4],
                brand=["Acme", "ACME", "Zenith"][number % 3],
                attributes={
                    "colour": ["red", "blue", "Blue"][number % 3],
                    "part": f"X-{number}",
                    "rare": "yes it is",
                    "memory": Quantity(float(2 ** (number % 4)), "GB"),
                    "width": float(100 + 7 * number),
                    "odd": number % 2 == 1,
                }
                if number != 5
                else {"rarest": "only here"},
                price_minor=1_000 + 250 * number,
                currency="EUR",
            )
            for number in range(40)
        ]
    )


def test_offered_are_fields_that_divide_the_results(shop: Shop) -> None:
    """No part numbers, no field that has one value, none that a fortieth of the results has."""
    offered = [each.field for each in shop.search().facets]
    assert offered[:3] == ["category", "brand", "price"]
    assert set(offered[3:]) == {"memory", "colour", "width", "odd"}


def test_what_is_filtered_by_stays_offered(shop: Shop) -> None:
    offered = {each.field: each for each in shop.search(filters={"part": {"in": ["X-3"]}}).facets}
    assert len(offered["part"].values) == MOST_VALUES
    assert offered["part"].more == 39 - MOST_VALUES


def test_spellings_of_a_value_are_one_and_counts_fall(shop: Shop) -> None:
    brands = facet(shop, "brand")
    assert [(each.value, each.count) for each in brands.values] == [("Acme", 27), ("Zenith", 13)]
    colours = facet(shop, "colour", filters={"colour": {"in": ["red"]}})
    assert {each.label.lower(): each.count for each in colours.values} == {"blue": 25, "red": 14}


def test_categories_open_where_one_is_chosen(shop: Shop) -> None:
    def shown(**request: Any) -> list[tuple[str, int, int]]:
        return [(str(each.value), each.depth, each.count) for each in facet(shop, "category", **request).values]

    assert shown() == [("Home", 0, 30), ("Garden", 0, 10)]
    assert shown(filters={"category": {"in": ["home > lamps"]}}) == [
        ("Home", 0, 30),
        ("Home > Lamps", 1, 20),
        ("Home > Lamps > Desk", 2, 10),
        ("Home > Lamps > Floor", 2, 10),
        ("Home > Chairs", 1, 10),
        ("Garden", 0, 10),
    ]
    # The only one on its level is opened by itself.
    assert shown(filters={"product_id": {"in": ["p000"]}}) == [
        ("Home", 0, 1),
        ("Home > Lamps", 1, 1),
        ("Home > Lamps > Desk", 2, 1),
    ]


def test_few_amounts_are_listed_and_many_are_ranges(shop: Shop) -> None:
    memory = facet(shop, "memory")
    assert [(each.value, each.label, each.count) for each in memory.values] == [
        (1.0, "1 gb", 10),
        (2.0, "2 gb", 9),
        (4.0, "4 gb", 10),
        (8.0, "8 gb", 10),
    ]
    width = facet(shop, "width")
    assert (width.minimum, width.maximum) == (100.0, 373.0)
    assert [each.count for each in width.values] == [
        shop.search(filters={"width": {k: v for k, v in (("gte", each.gte), ("lt", each.lt)) if v is not None}}).total
        for each in width.values
    ]
    assert sum(each.count for each in width.values) == 39


def test_prices_are_ranges_in_minor_units_with_labels_in_money(shop: Shop) -> None:
    prices = facet(shop, "price")
    assert (prices.minimum, prices.maximum, prices.unit) == (1_000.0, 10_750.0, "EUR")
    assert prices.values[0].label == "under 30 EUR"
    assert (prices.values[0].gte, prices.values[0].lt, prices.values[0].count) == (None, 3_000.0, 8)
    assert prices.values[-1].label.endswith("EUR and more")


def test_yes_and_no(shop: Shop) -> None:
    odd = facet(shop, "odd")
    assert [(each.value, each.count) for each in odd.values] == [(True, 19), (False, 20)]


def test_a_configured_panel_is_kept_to(shop: Shop) -> None:
    assert [each.field for each in shop.search(facets=("colour", "part", "nothing")).facets] == ["colour", "part"]
    assert shop.search(facets=()).facets == ()


@pytest.mark.parametrize(
    ("amounts", "bounds"),
    [
        ([5.0], []),
        ([0.0, 0.0, 0.0, 10.0], [10.0]),
        (list(range(1, 101)), [20.0, 40.0, 60.0, 75.0]),
        ([-20.0, -10.0, 0.0, 10.0, 20.0], [-10.0, 0.0, 10.0, 20.0]),
        ([0.013, 0.021, 0.034, 0.055, 0.089], [0.02, 0.03, 0.05]),
    ],
)
def test_bounds_are_round_and_leave_no_end_empty(amounts: list[float], bounds: list[float]) -> None:
    assert round_bounds(np.array(amounts, np.float64)) == bounds
