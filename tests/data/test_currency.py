from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.currency import MINOR_DIGITS, parse_money, to_minor


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12.99", "12.99", None),
        ("12,99 €", "12.99", "EUR"),
        ("$5", "5", "USD"),
        ("usd 1,299.00", "1299", "USD"),
        ("1.299,00 EUR", "1299", "EUR"),
        ("1'299.50 CHF", "1299.5", "CHF"),
        ("1 299,50 PLN", "1299.5", "PLN"),
        ("1.000.000", "1000000", None),
        ("1,299", "1299", None),
        ("1.299", "1.299", None),
        ("0,500", "0.5", None),
        ("-3", "-3", None),
        ("¥1200", "1200", "JPY"),
    ],
)
def test_money_as_feeds_write_it(text: str, amount: str, currency: str | None) -> None:
    assert parse_money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["", "abc", "NaN", "1e5", "12 EURO", "EUR 5 USD", "5 XYZ", "1,2.3,4.5", "--5", "5-", "٣"]
)
def test_what_is_no_money(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_money(text)


def test_minor_units_by_currency() -> None:
    assert to_minor(Decimal("12.995"), "EUR") == 1300
    assert to_minor(Decimal("1200.4"), "JPY") == 1200
    assert to_minor(Decimal("1.2345"), "KWD") == 1235
    for amount, currency in ((Decimal("NaN"), "EUR"), (Decimal(1), "XXX"), (Decimal(10) ** 20, "EUR")):
        with pytest.raises(ValueError, match="expected"):
            to_minor(amount, currency)


@given(st.integers(0, 10**12), st.sampled_from(sorted(MINOR_DIGITS)))
def test_money_goes_round(minor: int, currency: str) -> None:
    digits = MINOR_DIGITS[currency]
    for text in (f"{Decimal(minor).scaleb(-digits):f} {currency}", f"{currency} {Decimal(minor).scaleb(-digits):,f}"):
        if digits != 3 or "," in text or text.count(".") == 1:
            amount, said = parse_money(text)
            assert (to_minor(amount, currency), said) == (minor, currency)
