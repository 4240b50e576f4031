"""Numeric fields: stated units, units learnt from titles, counting within."""

from pathlib import Path

import numpy as np
import pytest

from data.product import AttributeValue, Product, ProductText, Quantity
from understanding.quantities import LEAST_VOTES, build_quantities, load_quantities


def product(number: int, title: str, **attributes: AttributeValue) -> Product:
    return Product(
        f"p{number}",
        f"p{number}",
        {"en": ProductText(title)},
        attributes=attributes,
        price_minor=100 * number,
        currency="EUR",
    )


def test_the_unit_of_bare_numbers_is_what_the_titles_say() -> None:
    made = [product(i, f"rope {i} m", length=float(i), colours=float(i % 3)) for i in range(2, 30)]
    fields = {each.name: each for each in build_quantities(made).fields}
    assert (fields["length"].unit, fields["length"].dimension, fields["length"].told) == ("m", "length", 28)
    assert fields["colours"].unit == ""


def test_another_unit_than_the_titles_is_found_by_its_factor() -> None:
    made = [product(i, f"rope {i} m", length=float(i * 100)) for i in range(2, 30)]
    assert build_quantities(made).fields[0].unit == "cm"


def test_a_few_coincidences_teach_nothing() -> None:
    made = [product(i, f"rope {i} m", knots=float(i if i < LEAST_VOTES else 1)) for i in range(2, 30)]
    assert build_quantities(made).fields[0].unit == ""


def test_stated_units_are_brought_to_the_commonest() -> None:
    made = [product(0, "a", width=Quantity(2, "m")), product(1, "b", width=Quantity(30, "cm"))]
    made += [product(2, "c", width=Quantity(40, "cm")), product(3, "d", width=Quantity(5, "kg"))]
    (width,) = build_quantities(made).fields
    assert (width.unit, width.rows.tolist()) == ("cm", [0, 1, 2])
    assert width.amounts.tolist() == [200, 30, 40]


def test_counts_flags_and_prices_survive_the_disk(tmp_path: Path) -> None:
    made = [product(i, "pan", lid=i % 2 == 0, width=Quantity(10.0 * i, "cm")) for i in range(6)]
    build_quantities(made).save(tmp_path)
    table = load_quantities(tmp_path)
    (width,) = table.in_dimension("length")
    assert table.flags == {"lid": 3}
    assert width.matching(10, 30) == 3
    assert width.matching(10, 30, np.array([False, True, False, True, True, True])) == 2
    assert table.prices["EUR"].matching(200, np.inf) == 4
    assert list(table.in_dimension("mass")) == []


@pytest.mark.parametrize("products", [[], [product(1, "pan")]])
def test_no_numbers(products: list[Product], tmp_path: Path) -> None:
    build_quantities(products).save(tmp_path)
    assert load_quantities(tmp_path).fields == ()
