"""Currencies: their minor units, and amounts of money as exact integers."""

import re
from decimal import Decimal, InvalidOperation

# ISO 4217 with the number of digits behind the point; codes for metals, funds and tests are left out.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
MINOR_DIGITS: dict[str, int] = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}

# A lone sign names its most traded currency; feeds that mean another say the code.
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₪": "ILS"}
_MONEY = re.compile(
    r"\s*(?P<before>[A-Za-z]{3}|[€$£¥₹₩₺₽₪])?\s*(?P<amount>[-+]?[0-9.,'’\s]*[0-9])\s*(?P<after>[A-Za-z]{3}|[€$£¥₹₩₺₽₪])?\s*"
)


def is_currency(code: str) -> bool:
    """Whether it is an ISO 4217 code in use."""
    return code in MINOR_DIGITS


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in the main unit as whole minor units, halves rounded up.

    Raises:
        ValueError: For an unknown currency, or an amount that is not finite.
    """
    if currency not in MINOR_DIGITS:
        raise ValueError(f"expected an ISO 4217 currency, got {currency!r}")
    if not amount.is_finite():
        raise ValueError(f"expected a finite amount, got {amount}")
    if abs(amount) > Decimal(10) ** 15:
        raise ValueError(f"expected an amount below 10^15, got {amount}")
    return int((amount.scaleb(MINOR_DIGITS[currency]) * 2 + 1) // 2)


def parse_money(text: str) -> tuple[Decimal, str | None]:
    """`12.99`, `12,99 €`, `USD 1,299.00`, `1.299,00 EUR` -> amount and the currency that was said, if any.

    A single comma before exactly three digits groups thousands unless the amount begins with a zero ("1,299" is 1299,
    "0,500" a half); any other single separator is the decimal one, as is the last of two kinds.

    Raises:
        ValueError: When it is no amount.
    """
    match = _MONEY.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        raise ValueError(f"expected a price such as 12.99 or '12.99 EUR', got {text[:40]!r}")
    sign = match["before"] or match["after"]
    currency = None if sign is None else _SIGNS.get(sign, sign.upper())
    if currency is not None and not is_currency(currency):
        raise ValueError(f"expected an ISO 4217 currency, got {currency!r} in {text[:40]!r}")
    digits = re.sub(r"[\s'’]", "", match["amount"])
    try:
        return Decimal(_with_point(digits)), currency
    except InvalidOperation as error:
        raise ValueError(f"expected a price such as 12.99, got {text[:40]!r}") from error


def _with_point(digits: str) -> str:
    """With a decimal point and without grouping."""
    separators = [character for character in digits if character in ".,"]
    if not separators:
        return digits
    last = separators[-1]
    whole, _, fraction = digits.rpartition(last)
    kinds = set(separators)
    alone = len(separators) == 1
    thousands = alone and last == "," and len(fraction) == 3 and len(whole.lstrip("+-")) <= 3 and whole.strip("+-0")
    if len(kinds) == 1 and (thousands or not alone):
        whole, fraction = digits, ""
    first, *groups = re.split(r"[.,]", whole)
    # Two digits a group is how lakhs are written.
    if not first.strip("+-") or any(len(group) not in (2, 3) for group in groups) or (fraction and last in whole):
        raise InvalidOperation
    return f"{first}{''.join(groups)}.{fraction or 0}"
