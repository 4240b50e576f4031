"""Constraints: what a query asks of a product's price, numbers and values.

Strict constraints filter: price limits, explicit comparisons ("at least 16 GB") and "without" say what a product must
be. Everything else ("black", "15 inch", a brand) only lifts what fulfils it: catalogues leave fields empty, and a
filter on them would hide products that are just what was asked for.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.text import UNITS, Analyser, Measure, Token, TokenKind, canonical, fold, parse_quantities
from graph.concept import Scheme
from graph.snapshot import Snapshot
from understanding.linking import Link
from understanding.prices import UNSAID, read_prices
from understanding.quantities import PRICE, NumericField, QuantityTable
from understanding.understanding import Constraint
from understanding.word import Word

TOLERANCE = 0.03
"""Relative: people write 500 GB for 512 GB (2.4%), and feeds round 15.6" to 40 cm (.9%)."""

WHOLE_INCHES = 1.0
"""A screen of "15 inches" is anything from 15.0 to 15.9."""

TOLD_PRIOR = 0.1
"""Titles added to the count of those that tell a field's amount, so that a field no title tells can be meant at all."""

SAME_UNIT = 3.0
"""Factor for a field kept in the unit that was said: "15 inch" is the display in inches, not the depth in mm."""

NAMED = 3.0
"""Factor for a field with a word of the query in its name: "1 tb ssd" is `ssd_capacity`."""

LEAST_VALUE = 0.4
"""Confidence of a value below which it is only a word: "hdmi" is the value of thirty fields, of none in particular."""

UNMATCHED = 0.3
"""Confidence of a comparison that no product of the wanted type fulfils: read, but not filtered by."""

WITHOUT = frozenset(
    "without no not except excluding minus ohne kein keine keinen nicht außer ausser sin excepto sans sauf pas".split()  # noqa: SIM905
)
"""Words before a value that is not wanted; compared folded."""

FREE = frozenset({"free", "frei"})
"""Words behind a value that is not wanted ("sugar free"), unless the shop has that as a value itself."""

_COMPARATIVE = {
    "under": "lt", "below": "lt", "less than": "lt", "smaller than": "lt", "lighter than": "lt", "shorter than": "lt",
    "up to": "lte", "at most": "lte", "no more than": "lte", "max": "lte", "maximum": "lte", "within": "lte",
    "over": "gt", "above": "gt", "more than": "gt", "bigger than": "gt", "larger than": "gt", "longer than": "gt",
    "at least": "gte", "min": "gte", "minimum": "gte", "from": "gte", "no less than": "gte",
    "unter": "lt", "weniger als": "lt", "kleiner als": "lt", "leichter als": "lt",
    "bis": "lte", "bis zu": "lte", "höchstens": "lte", "maximal": "lte",
    "über": "gt", "mehr als": "gt", "größer als": "gt", "mindestens": "gte", "ab": "gte",
    "menos de": "lt", "hasta": "lte", "más de": "gt", "al menos": "gte", "desde": "gte",
    "moins de": "lt", "jusqu'à": "lte", "plus de": "gt", "au moins": "gte", "à partir de": "gte",
}  # fmt: skip
COMPARATORS = {tuple(fold(words).replace("'", " ").split()): operator for words, operator in _COMPARATIVE.items()}
LONGEST_COMPARATOR = 3
_PROTECTED = frozenset(word for words in COMPARATORS for word in words) | {fold(word) for word in WITHOUT}


@dataclass(frozen=True, slots=True)
class Setting:
    """What constraints are read against."""

    snapshot: Snapshot
    quantities: QuantityTable
    currency: str | None
    language: str


def said_otherwise(words: Sequence[Word]) -> frozenset[int]:
    """Places of words that belong to a constraint's grammar and are therefore no misspelt product words."""
    return frozenset(i for i, word in enumerate(words) if word.text in _PROTECTED)


def price_constraints(
    text: str, setting: Setting, decimal_comma: bool
) -> tuple[list[Constraint], frozenset[tuple[int, int]]]:
    """Price limits, strict where the shop has something at such a price.

    A limit in another currency than the shop's comes with a `currency` constraint on the same span: amounts are never
    converted.

    Returns:
        The constraints, and the spans that are certainly about money and therefore no words to look for, whether or
        not they filter ("under 100 dollars" in a shop that sells in euro).
    """
    found = []
    money = set()
    for limit in read_prices(text, setting.currency, decimal_comma, _UNIT_WORDS):
        prices = setting.quantities.prices.get(limit.currency)
        possible = prices is not None and (limit.said or _count(prices, limit.operator, float(limit.minor), None) > 0)
        confidence = limit.confidence if possible else min(limit.confidence, UNSAID) / 2
        span = (limit.start, limit.end, text[limit.start : limit.end])
        found.append(Constraint(PRICE, limit.operator, (limit.minor,), *span, confidence, possible))
        if limit.currency != setting.currency:
            found.append(Constraint("currency", "in", (limit.currency,), *span, confidence, possible))
        if possible or limit.said or not setting.quantities.prices:
            money.add((limit.start, limit.end))
    return found, frozenset(money)


def quantity_constraints(
    text: str,
    tokens: Sequence[Token],
    setting: Setting,
    within: NDArray[np.bool_] | None,
) -> list[Constraint]:
    """Numbers with units, on the field whose products have such amounts.

    Args:
        text: As typed.
        tokens: Of it, as typed.
        setting: The shop.
        within: Marks the products that the query is about, shape (rows,); `None` asks the whole shop.
    """
    found: list[Constraint] = []
    named = {token.text for token in tokens} | {token.stem for token in tokens}
    for measure in parse_quantities(tokens):
        if measure.unit not in UNITS or UNITS[measure.unit].dimension == "count":
            continue
        comparator = _comparator_before(tokens, measure.start)
        chosen = _field(measure, comparator[0] if comparator else None, named, setting.quantities, within)
        if chosen is None:
            continue
        numeric, matching, confidence = chosen
        start = comparator[1] if comparator else measure.start
        span = (start, measure.end, text[start : measure.end])
        if comparator:
            bound = _in_unit(measure, numeric)
            strict = matching > 0 or _count(numeric, comparator[0], bound, None) > 0
            found.append(
                Constraint(numeric.name, comparator[0], (bound,), *span, confidence if strict else UNMATCHED, strict)
            )
        else:
            low, high = _around(measure, numeric)
            found.append(Constraint(numeric.name, "gte", (low,), *span, confidence, False))
            found.append(Constraint(numeric.name, "lte", (high,), *span, confidence, False))
    return found


def value_constraints(
    text: str, words: Sequence[Word], links: Sequence[Link], setting: Setting, analyser: Analyser
) -> tuple[list[Constraint], frozenset[int]]:
    """Brands, values and yes/no attributes that the query names, wanted or not.

    Returns:
        The constraints, and the places in `links` of what is not wanted.
    """
    found: list[Constraint] = []
    unwanted: set[int] = set()
    for i, link in enumerate(links):
        meant = _filter(link, setting)
        if meant is None:
            continue
        name, value, confidence = meant
        start, end = words[link.first].start, words[link.last - 1].end
        negated_from = _negated_from(words, link, analyser)
        if negated_from is not None:
            unwanted.add(i)
            before, after = negated_from
            span = (min(start, before), max(end, after), text[min(start, before) : max(end, after)])
            found.append(Constraint(name, "not", (value,), *span, confidence, True))
        else:
            found.append(Constraint(name, "in", (value,), start, end, text[start:end], confidence, False))
    return found, frozenset(unwanted)


def _filter(link: Link, setting: Setting) -> tuple[str, str, float] | None:
    """Field, value and confidence of the likeliest concept of a link that a filter can speak of."""
    snapshot = setting.snapshot
    for concept, confidence in zip(link.concepts, link.confidences, strict=True):
        scheme = snapshot.scheme(concept)
        if scheme in (Scheme.PRODUCT_TYPE, Scheme.CATEGORY):
            return None  # what a thing is comes first: "case" is not the value of a field when cases are sold
        if scheme is Scheme.BRAND:
            return "brand", snapshot.label(concept, setting.language), confidence
        if scheme is Scheme.VALUE:
            name, _, value = snapshot.key(concept).partition("=")
            if value and confidence >= LEAST_VALUE:
                return name, _as_written(concept, value, snapshot), confidence
        if scheme is Scheme.ATTRIBUTE and snapshot.key(concept) in setting.quantities.flags:
            return snapshot.key(concept), "true", confidence
    return None


def _as_written(concept: int, value: str, snapshot: Snapshot) -> str:
    """The value as the catalogue writes it: filters fold it to `value`, which a translation would not give."""
    return next((label.text for label in snapshot.labels(concept) if fold(label.text) == value), value)


def _negated_from(words: Sequence[Word], link: Link, analyser: Analyser) -> tuple[int, int] | None:
    """Span of the word that says "without" around a link, if there is one."""
    before = link.first - 1
    while before >= 0 and words[before].text not in _NEGATIONS and _filler(words[before], analyser):
        before -= 1
    if before >= 0 and words[before].text in _NEGATIONS:
        return words[before].start, words[before].end
    if link.last < len(words) and words[link.last].text in FREE:
        return words[link.last].start, words[link.last].end
    return None


_NEGATIONS = frozenset(fold(word) for word in WITHOUT)
_ARTICLES = frozenset("a an any the ein eine einen un una une de d la le el les los".split())  # noqa: SIM905


def _filler(word: Word, analyser: Analyser) -> bool:
    return word.text in _ARTICLES and analyser.is_stop(word.text)


def _comparator_before(tokens: Sequence[Token], start: int) -> tuple[str, int] | None:
    """Operator and start of the comparing words directly before a place."""
    place = next((i for i, token in enumerate(tokens) if token.start >= start), len(tokens))
    for used in range(min(LONGEST_COMPARATOR, place), 0, -1):
        before = tokens[place - used : place]
        operator = COMPARATORS.get(tuple(token.text for token in before))
        if operator is not None and all(
            token.kind is TokenKind.WORD or token.kind is TokenKind.UNIT for token in before
        ):
            return operator, before[0].start
    return None


def _field(
    measure: Measure,
    operator: str | None,
    named: AbstractSet[str],
    quantities: QuantityTable,
    within: NDArray[np.bool_] | None,
) -> tuple[NumericField, int, float] | None:
    """The field that is meant; with it how many products fulfil it, and its share of the evidence for all fields.

    Evidence is how many products (of the wanted kind) fulfil it or, for a comparison, have the field at all; times how
    often titles tell that field's amounts; more when the field is in the very unit that was said, or has a word of the
    query in its name.
    """
    weighed: list[tuple[float, int, NumericField]] = []
    for numeric in quantities.in_dimension(UNITS[measure.unit].dimension):
        if operator is None:
            matching = counted = numeric.matching(*_around(measure, numeric), within)
        else:
            matching = _count(numeric, operator, _in_unit(measure, numeric), within)
            counted = numeric.matching(-np.inf, np.inf, within)
        if counted:
            told = (numeric.told + TOLD_PRIOR) / (len(numeric.rows) + 1)
            same_unit = SAME_UNIT if numeric.unit == measure.unit else 1.0
            by_name = NAMED if named & set(numeric.name.split("_")) else 1.0
            weighed.append((counted * told * same_unit * by_name, matching, numeric))
    if not weighed:
        return None if within is None else _field(measure, operator, named, quantities, None)
    weight, matching, numeric = min(weighed, key=lambda entry: (-entry[0], entry[2].name))
    return numeric, matching, round(weight / sum(entry[0] for entry in weighed), 4)


def _count(numeric: NumericField, operator: str, bound: float, within: NDArray[np.bool_] | None) -> int:
    tiny = abs(bound) * 1e-6 + 1e-9
    low, high = {
        "lt": (-np.inf, bound - tiny),
        "lte": (-np.inf, bound + tiny),
        "gt": (bound + tiny, np.inf),
        "gte": (bound - tiny, np.inf),
    }[operator]
    return numeric.matching(low, high, within)


def _in_unit(measure: Measure, numeric: NumericField) -> float:
    """The measure in the field's own unit, exact when it is already in it."""
    if measure.unit == numeric.unit:
        return measure.amount
    return float(f"{canonical(measure.amount, measure.unit)[0] / UNITS[numeric.unit].factor:.6g}")


def _around(measure: Measure, numeric: NumericField) -> tuple[float, float]:
    """What counts as this amount, in the field's own unit."""
    scale = UNITS[measure.unit].factor / UNITS[numeric.unit].factor
    low, high = measure.amount * (1 - TOLERANCE), measure.amount * (1 + TOLERANCE)
    if measure.unit == "in" and measure.amount.is_integer() and measure.amount >= 5:
        high = max(high, measure.amount + WHOLE_INCHES * 0.999)
    return float(f"{low * scale:.6g}"), float(f"{high * scale:.6g}")


_UNIT_WORDS = frozenset(UNITS) | {'"', "''", "'"}
