"""Price limits in a query: "under 50", "50-100 €", "ab 20 Euro", "menos de 30", "5000円以下"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from data.currency import MINOR_DIGITS, to_minor
from data.text.units import parse_number

# Folded and lower-cased by the caller's flags; longest first, so that "no more than" is not read as "more than".
_UPPER = (
    "no more than|not more than|less than|cheaper than|lower than|up to|at most|maximum of|maximum|max\\.?|under|below|"
    "within|unter|bis zu|bis|weniger als|höchstens|hochstens|maximal|günstiger als|menos de|hasta|por debajo de|"
    "como máximo|máximo|moins de|moins cher que|jusqu['’]?à|jusque|inférieur à|en dessous de|<=|<"
)
_LOWER = (
    "no less than|not less than|more than|at least|minimum of|minimum|min\\.?|starting at|starting from|over|above|"
    "from|mehr als|mindestens|über|uber|ab|más de|mas de|desde|a partir de|al menos|por encima de|plus de|à partir de|"
    "a partir de|au moins|dès|>=|>"
)
_STRICTLY = frozenset("less than|cheaper than|lower than|under|below|unter|weniger als|menos de|moins de|<".split("|"))  # noqa: SIM905
_STRICTLY_MORE = frozenset("more than|over|above|mehr als|über|uber|más de|mas de|plus de|>".split("|"))  # noqa: SIM905
_BETWEEN = "between|from|zwischen|von|entre|de|desde"
_AND = "-|–|—|~|〜|to|and|bis|und|y|a|hasta|et|à"
_WORDS_FOR = {
    "EUR": "€|eur|euros?",
    "USD": "us\\$|\\$|usd|dollars?|bucks|dólares",
    "GBP": "£|gbp|quid",
    "JPY": "¥|jpy|yen|円",
    "CHF": "chf|franken|sfr\\.?",
    "INR": "₹|inr|rupees?|rs\\.?",
    "PLN": "pln|zł",
    "SEK": "sek|kronor",
}
_SHARED_SIGNS = {
    "$": frozenset("AUD BRL CAD CLP COP HKD MXN NZD SGD TWD USD".split()),  # noqa: SIM905
    "¥": frozenset({"CNY", "JPY"}),
    "£": frozenset({"EGP", "GBP"}),
}
_CURRENCY = "|".join(
    sorted((word for words in _WORDS_FOR.values() for word in words.split("|")), key=len, reverse=True)
)
_NUMBER = r"(?:[0-9]{1,3}(?:[ .,'’][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?)(?![0-9])"
_EDGE = r"(?<![\w.,])"


def _amount(name: str) -> str:
    """A number with a currency before or behind it, or none; not when a unit or more digits follow."""
    return (
        rf"(?:(?P<{name}_before>{_CURRENCY})\s?)?(?P<{name}>{_NUMBER})"
        rf"(?:\s?(?P<{name}_behind>{_CURRENCY})(?!\w))?"
    )


_RANGE = re.compile(
    rf"{_EDGE}(?:(?P<between>{_BETWEEN})\s+)?{_amount('low')}\s*(?:{_AND})\s*{_amount('high')}", re.IGNORECASE
)
_ONE_SIDED = re.compile(
    rf"{_EDGE}(?:(?P<upper>{_UPPER})|(?P<lower>{_LOWER}))\s*(?:of\s+)?{_amount('limit')}", re.IGNORECASE
)
_JAPANESE = re.compile(
    rf"(?P<limit>{_NUMBER})\s?円\s?(?:(?P<upper>以下|以内|まで)|(?P<below>未満)|(?P<lower>以上|から|より))"
)
_FOLLOWED_BY_UNIT = re.compile(r"[ -]?(?:[^\W\d_]+|['\"%]+)")

SAID = 1.0
"""Confidence with a currency: nothing else is meant."""

UNSAID = 0.8
"""Confidence of "under 50" without one: people mean money, unless the shop has nothing at that price."""

YEARS = range(1980, 2041)
"""Bare numbers that are no prices behind "from" or "ab"."""


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """One bound, in minor units of `currency`."""

    operator: str
    minor: int
    currency: str
    said: bool
    start: int
    end: int
    confidence: float


def read_prices(text: str, currency: str | None, decimal_comma: bool, units: frozenset[str]) -> tuple[PriceLimit, ...]:
    """Every price limit of a query, in order.

    Args:
        text: As typed.
        currency: The shop's, for limits that say none; `None` reads only those that say one.
        decimal_comma: Whether "1.500" groups thousands in this language.
        units: Words that make a number something else than money ("under 15 inch"); folded.
    """
    found: list[PriceLimit] = []
    taken: list[tuple[int, int]] = []
    for limits in (*_ranges(text, currency, decimal_comma, units), *_limits(text, currency, decimal_comma, units)):
        start, end = limits[0].start, limits[0].end
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            found.extend(limits)
    return tuple(sorted(found, key=lambda limit: (limit.start, limit.operator)))


def _ranges(
    text: str, currency: str | None, decimal_comma: bool, units: frozenset[str]
) -> Iterator[tuple[PriceLimit, ...]]:
    for match in _RANGE.finditer(text):
        said = next((_code(match[name], currency) for name in _SIDES if match[name]), None)
        # Without a currency "10-20" is a size, a model or an age; "between 10 and 20" is as good as "under 20".
        if said is None and (match["between"] or "").lower() not in ("between", "zwischen", "entre"):
            continue
        if said is None and _unit_behind(text, match.end("high"), units):
            continue
        code = said or currency
        low, high = _minor(match["low"], code, decimal_comma), _minor(match["high"], code, decimal_comma)
        if code is None or low is None or high is None or low > high:
            continue
        sure = SAID if said else UNSAID
        yield (
            PriceLimit("gte", low, code, said is not None, match.start(), match.end(), sure),
            PriceLimit("lte", high, code, said is not None, match.start(), match.end(), sure),
        )


_SIDES = ("low_before", "low_behind", "high_before", "high_behind")


def _limits(
    text: str, currency: str | None, decimal_comma: bool, units: frozenset[str]
) -> Iterator[tuple[PriceLimit, ...]]:
    for match in _JAPANESE.finditer(text):
        minor = _minor(match["limit"], "JPY", False)
        if minor is not None:
            operator = "lte" if match["upper"] else "lt" if match["below"] else "gte"
            yield (PriceLimit(operator, minor, "JPY", True, match.start(), match.end(), SAID),)
    for match in _ONE_SIDED.finditer(text):
        said = _code(match["limit_before"] or match["limit_behind"], currency)
        if said is None and (_unit_behind(text, match.end("limit"), units) or _is_year(match)):
            continue
        code = said or currency
        minor = _minor(match["limit"], code, decimal_comma)
        if code is None or minor is None:
            continue
        words = " ".join((match["upper"] or match["lower"]).lower().split())
        operator = (
            ("lt" if words in _STRICTLY else "lte") if match["upper"] else "gt" if words in _STRICTLY_MORE else "gte"
        )
        yield (
            PriceLimit(operator, minor, code, said is not None, match.start(), match.end(), SAID if said else UNSAID),
        )


def _is_year(match: re.Match[str]) -> bool:
    return match["limit"].isdigit() and int(match["limit"]) in YEARS and bool(match["lower"])


def _unit_behind(text: str, at: int, units: frozenset[str]) -> bool:
    behind = _FOLLOWED_BY_UNIT.match(text, at)
    return behind is not None and behind.group().strip(" -").casefold() in units


def _code(words: str | None, currency: str | None) -> str | None:
    """The currency that was said; a bare sign is the shop's own where several currencies share it."""
    if words is None:
        return None
    for sign, sharing in _SHARED_SIGNS.items():
        if words == sign and currency in sharing:
            return currency
    return next(code for code, known in _WORDS_FOR.items() if re.fullmatch(known, words, re.IGNORECASE))


def _minor(number: str, currency: str | None, decimal_comma: bool) -> int | None:
    """The amount in minor units; `None` for no currency or an absurd number."""
    amount = parse_number(re.sub(r"[ '’]", "", number), decimal_comma)
    if currency not in MINOR_DIGITS or amount is None or amount > 1e9:
        return None
    return to_minor(Decimal(str(amount)), currency)
