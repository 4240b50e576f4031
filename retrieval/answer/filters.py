"""Filters: what a request may ask of fields, and which rows fulfil it.

`{"field": {"in": [...], "not": [...], "gte": ..., "gt": ..., "lte": ..., "lt": ..., "exists": true}}`: everything joins
by AND, within one variant. A text is compared folded; of several values of a field one must be `in`, none may be
`not`. A category holds all below it. A bare number is in the field's own unit, a text such as "16 GB" says its own.
Prices are minor units of the shop's currency, or of the currencies that a filter on `currency` names; a price in
another one fulfils no comparison. A field that a product does not have fulfils `not` and `exists: false` alone.
"""

import difflib
import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidFilter
from data.text import analyser_for, fold, parse_quantities
from retrieval.index.field_values import (
    BRAND,
    CATEGORY,
    CATEGORY_SEPARATOR,
    FLAG,
    NO,
    YES,
    category_key,
    comparable,
    split_key,
    text_key,
)
from retrieval.index.world import Rows, World
from understanding.understanding import Constraint

PRICE, CURRENCY, STOCK, IN_STOCK = "price", "currency", "stock", "in_stock"
PRODUCT_ID, GROUP_ID, UPDATED_AT = "product_id", "group_id", "updated_at"
LISTED_FIELDS = (PRICE, CURRENCY, STOCK, IN_STOCK, PRODUCT_ID, GROUP_ID, UPDATED_AT)
COMPARISONS = ("gte", "gt", "lte", "lt")
OPERATORS = ("in", "not", *COMPARISONS, "exists")
_NUMBERS = frozenset({PRICE, STOCK, UPDATED_AT})
_ALWAYS = {name: name in _NUMBERS for name in (*LISTED_FIELDS, BRAND, CATEGORY)}
_COMPARE = {"gte": np.greater_equal, "gt": np.greater, "lte": np.less_equal, "lt": np.less}
_FLAGS = {True: YES, False: NO}

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one field, with the values that it compares with."""

    field: str
    operator: str
    values: tuple[str | bool | float, ...]


def parse_filters(filters: Mapping[str, Mapping[str, Any]], fields: Mapping[str, bool]) -> tuple[Condition, ...]:
    """The conditions of a request's filters.

    Args:
        filters: By field and operator.
        fields: Every field, with whether it has numbers; see `known_fields`.

    Raises:
        InvalidFilter: An unknown field or operator, or a value of the wrong type.
    """
    conditions = []
    for field, wanted in filters.items():
        if field not in fields:
            close = difflib.get_close_matches(field, sorted(fields), 3)
            hint = f"; did you mean {' or '.join(close)}?" if close else "; no product has it"
            raise InvalidFilter(f"filter on {field!r}: there is no such field{hint}")
        if not isinstance(wanted, Mapping):
            raise InvalidFilter(f'filter on {field!r}: expected an object such as {{"in": [...]}}, got {wanted!r}')
        conditions += [_parse(field, operator, value, fields[field]) for operator, value in wanted.items()]
    return tuple(conditions)


def constraint_conditions(constraints: Sequence[Constraint], fields: Mapping[str, bool]) -> tuple[Condition, ...]:
    """What a query itself says that products must be, as far as fields can say it."""
    return tuple(
        Condition(each.field, each.operator, each.values)
        for each in constraints
        if each.field in fields and (fields[each.field] or each.operator not in COMPARISONS)
    )


def mask_conditions(conditions: Sequence[Condition], rows: Rows, world: World, currency: str | None) -> dict[str, Mask]:
    """Which rows fulfil the conditions, field by field.

    Args:
        conditions: As parsed.
        rows: Sorted.
        world: Where the rows are.
        currency: In which bare prices are; `None` is the release's most used one.

    Returns:
        By field that has a condition, shape (len(rows),).
    """
    if not conditions or not len(rows):
        return {condition.field: np.ones(len(rows), bool) for condition in conditions}
    named = {value for each in conditions if each.field == CURRENCY and each.operator == "in" for value in each.values}
    columns = _Columns(rows, world, {str(each).upper() for each in named} or {currency or default_currency(world)})
    masks: dict[str, Mask] = {}
    for condition in conditions:
        mask = columns.fulfilling(condition)
        masks[condition.field] = masks[condition.field] & mask if condition.field in masks else mask
    return masks


def default_currency(world: World) -> str | None:
    """The currency that most prices of the release are in."""
    return next(iter(world.currency_numbers), None)


def known_fields(world: World) -> Mapping[str, bool]:
    """Fields that some product has or had, and whether with numbers."""
    return ChainMap(_ALWAYS, world.reader.vocabulary.fields)


def _parse(field: str, operator: str, value: Any, has_numbers: bool) -> Condition:
    where = f"filter on {field!r}, {operator!r}"
    if operator not in OPERATORS:
        raise InvalidFilter(f"filter on {field!r}: no operator {operator!r}; there are {', '.join(OPERATORS)}")
    if operator == "exists":
        if not isinstance(value, bool):
            raise InvalidFilter(f"{where}: expected true or false, got {value!r}")
        return Condition(field, operator, (value,))
    if operator in COMPARISONS:
        if not has_numbers:
            raise InvalidFilter(f"{where}: expected a field with numbers, and no product has one in this; use 'in'")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidFilter(f"{where}: expected a number, got {value!r}")
        return Condition(field, operator, (float(value),))
    if not isinstance(value, list | tuple):
        raise InvalidFilter(f"{where}: expected a list of values, got {value!r}")
    for each in value:
        if not isinstance(each, str | bool | int | float) or (isinstance(each, float) and not math.isfinite(each)):
            raise InvalidFilter(f"{where}: expected texts, numbers, true or false, got {each!r}")
        if field in _NUMBERS and (isinstance(each, str | bool)):
            raise InvalidFilter(f"{where}: expected numbers, got {each!r}")
        if field == IN_STOCK and _flag(each) is None:
            raise InvalidFilter(f"{where}: expected true or false, got {each!r}")
        if field in (PRODUCT_ID, GROUP_ID, CURRENCY, BRAND, CATEGORY) and not isinstance(each, str):
            raise InvalidFilter(f"{where}: expected texts, got {each!r}")
    return Condition(field, operator, tuple(value))


def _flag(value: str | bool | float) -> bool | None:
    """Yes or no, also as text."""
    if isinstance(value, bool):
        return value
    return {YES: True, NO: False}.get(fold(value)) if isinstance(value, str) else None


class _Columns:
    """The rows' columns, each read once however many conditions ask for it."""

    def __init__(self, rows: Rows, world: World, currencies: set[str | None]) -> None:
        self._rows = rows
        self._world = world
        self._vocabulary = world.reader.vocabulary
        self._currencies = currencies
        self._codes: tuple[NDArray[np.int64], NDArray[np.int32]] | None = None
        self._amounts: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]] | None = None

    def fulfilling(self, condition: Condition) -> Mask:
        """Which rows fulfil one condition."""
        if condition.operator == "exists":
            present = self._present(condition.field)
            return present if condition.values[0] else ~present
        if condition.operator in _COMPARE:
            return self._compared(condition)
        equal = self._equal(condition.field, condition.values)
        return equal if condition.operator == "in" else ~equal

    def _present(self, field: str) -> Mask:
        match field:
            case "price":
                return ~np.isnan(self._world.price(self._rows))
            case "currency":
                return self._world.currency(self._rows) >= 0
            case "stock":
                return self._world.stock(self._rows) >= 0
            case "updated_at":
                return self._world.updated_at(self._rows) >= 0
            case "in_stock" | "product_id" | "group_id":
                return np.ones(len(self._rows), bool)
        return self._with_codes(self._vocabulary.codes_of(field)) | ~np.isnan(self._amount(field))

    def _compared(self, condition: Condition) -> Mask:
        field, bound = condition.field, float(condition.values[0])
        if field not in _NUMBERS:
            bound = comparable(bound, "", self._vocabulary.units.get(field, "")) or 0.0
        with np.errstate(invalid="ignore"):
            mask: Mask = _COMPARE[condition.operator](self._number(field), bound)
        return mask

    def _equal(self, field: str, values: Sequence[str | bool | float]) -> Mask:
        match field:
            case "price" | "stock" | "updated_at":
                return np.isin(self._number(field), np.array(values, np.float64))
            case "in_stock":
                return np.isin(self._world.stock(self._rows) != 0, [_flag(each) is True for each in values])
            case "currency":
                numbers = [self._world.currency_numbers.get(str(each).upper(), -2) for each in values]
                return np.isin(self._world.currency(self._rows), numbers)
            case "product_id":
                found = [self._world.row(str(each)) for each in values]
                return np.isin(self._rows, [row for row in found if row is not None])
            case "group_id":
                groups = [self._world.reader.find_group(str(each)) for each in values]
                return np.isin(self._world.group(self._rows), [group for group in groups if group is not None])
        codes = [code for each in values for code in self._matching_codes(field, each)]
        mask = self._with_codes(codes)
        amounts = [amount for each in values if (amount := self._said_amount(field, each)) is not None]
        return mask | np.isin(self._amount(field), amounts) if amounts else mask

    def _number(self, field: str) -> NDArray[np.float64]:
        """Of a column or an attribute; NaN where it is unknown or not comparable."""
        if field == PRICE:
            numbers = [number for name, number in self._world.currency_numbers.items() if name in self._currencies]
            prices = self._world.price(self._rows)
            return np.where(np.isin(self._world.currency(self._rows), numbers), prices, np.nan)
        if field in (STOCK, UPDATED_AT):
            column = self._world.stock(self._rows) if field == STOCK else self._world.updated_at(self._rows)
            return np.where(column >= 0, column, np.nan)
        return self._amount(field)

    def _amount(self, field: str) -> NDArray[np.float64]:
        amounts = np.full(len(self._rows), np.nan)
        number = self._vocabulary.number_field(field)
        if number is not None:
            if self._amounts is None:
                self._amounts = self._world.amounts(self._rows)
            places, fields, held = self._amounts
            of_field = fields == number
            amounts[places[of_field]] = held[of_field]
        return amounts

    def _with_codes(self, codes: Sequence[int]) -> Mask:
        """Rows that have one of some values."""
        mask = np.zeros(len(self._rows), bool)
        if codes:
            if self._codes is None:
                self._codes = self._world.codes(self._rows)
            places, held = self._codes
            mask[places[np.isin(held, codes)]] = True
        return mask

    def _matching_codes(self, field: str, value: str | bool | float) -> list[int]:
        flag = _flag(value)
        keys = [] if flag is None else [text_key(field, _FLAGS[flag], FLAG)]
        if isinstance(value, str):
            if field == CATEGORY:
                return self._categories(value)
            keys.append(text_key(field, fold(value)))
        found = (self._vocabulary.code(key) for key in keys)
        return [code for code in found if code is not None]

    def _categories(self, value: str) -> list[int]:
        """A path; should there be none, all categories of that name."""
        for path in (fold(value), category_key(value.split(CATEGORY_SEPARATOR.strip()))):
            code = self._vocabulary.code(text_key(CATEGORY, path))
            if code is not None and self._world.has_value(code):
                return [code]
        named = f"{CATEGORY_SEPARATOR}{fold(value)}"
        codes = self._vocabulary.codes_of(CATEGORY)
        return [code for code in codes if split_key(self._vocabulary.key(code))[2].endswith(named)]

    def _said_amount(self, field: str, value: str | bool | float) -> float | None:
        """A number in the field's unit, or an amount with its own ("16 GB")."""
        if isinstance(value, bool) or self._vocabulary.number_field(field) is None:
            return None
        unit = self._vocabulary.units.get(field, "")
        if not isinstance(value, str):
            return comparable(float(value), "", unit)
        measures = parse_quantities(analyser_for("und").tokens(value))
        return comparable(measures[0].amount, measures[0].unit, unit) if len(measures) == 1 else None
