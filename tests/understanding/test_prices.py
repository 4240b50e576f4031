"""Price limits in five languages, and what is none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.text import UNITS
from understanding.prices import read_prices

UNIT_WORDS = frozenset(UNITS) | {'"', "''", "'"}


def read(text: str, currency: str | None = "EUR", decimal_comma: bool = False) -> list[tuple[str, int, str, str]]:
    limits = read_prices(text, currency, decimal_comma, UNIT_WORDS)
    return [(limit.operator, limit.minor, limit.currency, text[limit.start : limit.end]) for limit in limits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kettle under 50", [("lt", 5000, "EUR", "under 50")]),
        ("less than $20 kettle", [("lt", 2000, "USD", "less than $20")]),
        ("up to 1,200 dollars", [("lte", 120000, "USD", "up to 1,200 dollars")]),
        ("no more than 30 euros", [("lte", 3000, "EUR", "no more than 30 euros")]),
        ("lamp over 100", [("gt", 10000, "EUR", "over 100")]),
        ("50-100 € lamp", [("gte", 5000, "EUR", "50-100 €"), ("lte", 10000, "EUR", "50-100 €")]),
        (
            "between 20 and 40 lamp",
            [("gte", 2000, "EUR", "between 20 and 40"), ("lte", 4000, "EUR", "between 20 and 40")],
        ),
        ("moins de 30 euros", [("lt", 3000, "EUR", "moins de 30 euros")]),
        ("à partir de 15 €", [("gte", 1500, "EUR", "à partir de 15 €")]),
        ("menos de 30", [("lt", 3000, "EUR", "menos de 30")]),
        ("hasta 25 €", [("lte", 2500, "EUR", "hasta 25 €")]),
        ("ab 20 Euro", [("gte", 2000, "EUR", "ab 20 Euro")]),
        ("Lampe bis zu 80€", [("lte", 8000, "EUR", "bis zu 80€")]),
        ("ランプ 5000円以下", [("lte", 5000, "JPY", "5000円以下")]),
        ("3000円未満", [("lt", 3000, "JPY", "3000円未満")]),
        ("UNDER £9.99", [("lt", 999, "GBP", "UNDER £9.99")]),
    ],
)
def test_limits(text: str, expected: list[tuple[str, int, str, str]]) -> None:
    assert read(text) == expected


def test_grouping_follows_the_language() -> None:
    assert read("unter 1.500 €", decimal_comma=True) == [("lt", 150000, "EUR", "unter 1.500 €")]
    assert read("max 99,99 €", decimal_comma=True) == [("lte", 9999, "EUR", "max 99,99 €")]


def test_a_bare_sign_is_the_shops_own_currency_where_several_share_it() -> None:
    assert read("under $20", "CAD") == [("lt", 2000, "CAD", "under $20")]
    assert read("under US$20", "CAD") == [("lt", 2000, "USD", "under US$20")]


@pytest.mark.parametrize(
    "text",
    [
        "lamp under 15 inch",
        "at least 8gb",
        "between 10 and 20 cm",
        "10-20",
        "iphone 10",
        "over the ear",
        "from 2010",
        "€",
        "under",
        "under fifty",
        "100 € - 50 €",
    ],
)
def test_no_price(text: str) -> None:
    assert read(text) == []


def test_without_a_currency_of_the_shop_only_what_says_one() -> None:
    assert read("under 50", None) == []
    assert read("under 50 €", None) == [("lt", 5000, "EUR", "under 50 €")]


@given(st.text(alphabet=st.sampled_from("under bis 0123456789.,€$-円以下 "), max_size=80))
def test_never_raises_and_never_overlaps(text: str) -> None:
    limits = read_prices(text, "EUR", True, UNIT_WORDS)
    spans = sorted({(limit.start, limit.end) for limit in limits})
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
