"""Types of text columns: what every value of a column is, the column is."""

import re
from collections.abc import Mapping, Sequence

from data.product import AttributeValue, Quantity
from data.text.units import UNITS, parse_number

_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:[.,][0-9]+)?|-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MEASURE = re.compile(rf"({_NUMBER.pattern})\s?([a-zA-Z%\"/]+)")
_SIGNS = {'"': "in"}


def typed_columns(rows: Sequence[Mapping[str, object]], names: Sequence[str]) -> dict[str, str]:
    """What each column holds: `boolean`, `number`, `quantity` or `text`.

    A column is what *all* its values are, so that one file never mixes types under one name; codes with a leading zero
    ("007") are text.
    """
    found = {}
    for name in names:
        values = {value.strip() for row in rows if isinstance(value := row.get(name), str) and value.strip()}
        found[name] = next((kind for kind, fits in _KINDS if values and all(fits(value) for value in values)), "text")
    return found


def _is_boolean(value: str) -> bool:
    return value.lower() in _BOOLEANS


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def _is_quantity(value: str) -> bool:
    match = _MEASURE.fullmatch(value)
    return match is not None and (match[2].lower() in UNITS or match[2] in _SIGNS)


_KINDS = (("boolean", _is_boolean), ("number", _is_number), ("quantity", _is_quantity))


def typed_value(text: str, kind: str) -> AttributeValue:
    """A value of a column of that kind; alternatives in a text are separated by `|`."""
    text = text.strip()
    if kind == "boolean":
        return _BOOLEANS[text.lower()]
    if kind == "number":
        return _number(text)
    if kind == "quantity":
        match = _MEASURE.fullmatch(text)
        assert match is not None  # `typed_columns` saw it match
        return Quantity(_number(match[1]), _SIGNS.get(match[2], match[2].lower()))
    parts = tuple(part.strip() for part in text.split("|") if part.strip())
    return parts if len(parts) > 1 else text


def _number(text: str) -> float:
    negative = text.startswith("-")
    value = parse_number(text.removeprefix("-")) or 0.0
    return -value if negative else value


def measure_or_text(text: str) -> AttributeValue:
    """A single value, without a column to compare with: a quantity when it is one, else the text (`"5"` stays one)."""
    text = text.strip()
    return typed_value(text, "quantity") if _is_quantity(text) else text
