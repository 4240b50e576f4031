import pytest

from data.privacy import is_private
from data.privacy.numbers import is_iban, passes_luhn


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.com",
        "send to anna @ example.com please",
        "0171 2345678",
        "call +1 (212) 555-0199",
        "212-555-0199",
        "4111 1111 1111 1111",
        "4111111111111111",
        "DE89 3704 0044 0532 0130 00",
        "gb29nwbk60161331926819",
    ],
)
def test_private_data_is_recognised(text: str) -> None:
    assert is_private(text)


@pytest.mark.parametrize(
    "text",
    [
        "sofa",
        "120x60 desk",
        "90 x 200 cm",
        "iphone 13 128gb",
        "wh-1000xm4",
        "4006381333931",  # a barcode
        "jacket 2024 2025",
        "50-100-150 w",
        "1920x1080 144hz",
        "4111 1111 1111 1112",  # no card by Luhn, too long for a telephone
        "@home",
    ],
)
def test_what_shoppers_search_is_not(text: str) -> None:
    assert not is_private(text)


def test_luhn_by_hand() -> None:
    assert passes_luhn("79927398713")  # the standard's own example: the doubled digits make 70
    assert not any(passes_luhn(f"7992739871{digit}") for digit in "012456789")
    assert not passes_luhn("0000000000000")


def test_iban_needs_its_check_digits() -> None:
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB83 WEST 1234 5698 7654 32")
