"""Which numeric fields the shop has, in which unit, and how many products have which amount.

Many catalogues give bare numbers (`memory: 16`). Their unit is learned from the titles: when a hundred products are
titled "16 GB" and have a 16 in `memory`, that field is counted in gigabytes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from data.product import Product, Quantity
from data.text import UNITS, analyser_for, canonical, parse_quantities

LEAST_VOTES = 5
"""Products whose title says the amount that a bare field holds, before its unit is believed."""

LEAST_VOTE_SHARE = 0.3
"""Of the products that have the field and a title in that dimension: `weight` 16 beside "16 GB" is chance."""

SAME_AMOUNT = 0.005
"""Relative difference within which two amounts are the same number."""

PRICE = "price"


@dataclass(frozen=True, slots=True)
class NumericField:
    """A field with numbers.

    Attributes:
        name: As in filters.
        unit: Symbol its amounts are in, "" when it is not known.
        dimension: Of the unit, "" when it is not known.
        rows: Sorted rows of the products that have it, shape (n,).
        amounts: Theirs, in `unit`, shape (n,).
        told: How many of their titles say the amount: what sellers tell is what shoppers ask for.
    """

    name: str
    unit: str
    dimension: str
    rows: NDArray[np.int32]
    amounts: NDArray[np.float32]
    told: int

    def matching(self, low: float, high: float, within: NDArray[np.bool_] | None = None) -> int:
        """How many products have an amount in [low, high]; of those marked in `within`, shape (all rows,), if given."""
        fits = (self.amounts >= low) & (self.amounts <= high)
        return int(np.count_nonzero(fits if within is None else fits & within[self.rows]))


class QuantityTable:
    """The shop's numeric fields by dimension, the yes/no fields, and prices by currency."""

    def __init__(
        self, fields: Sequence[NumericField], flags: Mapping[str, int], prices: Mapping[str, NumericField]
    ) -> None:
        """Take the table; `build_quantities` and `load_quantities` make it."""
        self.fields = tuple(fields)
        self.flags = dict(flags)
        self.prices = dict(prices)
        self._by_dimension: dict[str, list[NumericField]] = defaultdict(list)
        for numeric in fields:
            if numeric.dimension:
                self._by_dimension[numeric.dimension].append(numeric)

    def in_dimension(self, dimension: str) -> Sequence[NumericField]:
        """Fields whose unit measures this."""
        return self._by_dimension.get(dimension, ())

    def save(self, folder: Path) -> None:
        """Write three arrays and a page about them."""
        folder.mkdir(parents=True, exist_ok=True)
        columns = [*self.fields, *self.prices.values()]
        np.save(folder / "rows.npy", _joined([column.rows for column in columns], np.int32))
        np.save(folder / "amounts.npy", _joined([column.amounts for column in columns], np.float32))
        about = {
            "fields": [
                [column.name, column.unit, column.dimension, len(column.rows), column.told] for column in self.fields
            ],
            "prices": [[currency, len(column.rows)] for currency, column in self.prices.items()],
            "flags": self.flags,
        }
        (folder / "quantities.json").write_bytes(orjson.dumps(about))


def load_quantities(folder: Path) -> QuantityTable:
    """Map what `QuantityTable.save` wrote."""
    about = orjson.loads((folder / "quantities.json").read_bytes())
    # Plain views of the mapped files: slices of `np.memmap` itself are ten times as slow to make.
    rows = np.asarray(np.load(folder / "rows.npy", mmap_mode="r"))
    amounts = np.asarray(np.load(folder / "amounts.npy", mmap_mode="r"))
    at = 0

    def column(name: str, unit: str, dimension: str, size: int, told: int) -> NumericField:
        nonlocal at
        begin, at = at, at + size
        return NumericField(name, unit, dimension, rows[begin:at], amounts[begin:at], told)

    fields = [column(*entry) for entry in about["fields"]]
    prices = {currency: column(PRICE, currency, "money", size, 0) for currency, size in about["prices"]}
    return QuantityTable(fields, about["flags"], prices)


def build_quantities(products: Sequence[Product]) -> QuantityTable:
    """Collect the catalogue's numbers."""
    numbers: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    flags: Counter[str] = Counter()
    prices: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, product in enumerate(products):
        if product.price_minor is not None and product.currency is not None:
            prices[product.currency].append((row, float(product.price_minor)))
        for name, value in product.attributes.items():
            if isinstance(value, bool):
                flags[name] += value
            elif isinstance(value, Quantity):
                numbers[name].append((row, value.amount, value.unit))
            elif isinstance(value, float | int):
                numbers[name].append((row, float(value), ""))
    units = {name: _stated_unit(entries) for name, entries in numbers.items()}
    votes, chances = _title_votes(
        products, {name: {row: amount for row, amount, _ in entries} for name, entries in numbers.items()}
    )
    for name in numbers:
        units[name] = units[name] or _learnt_unit(votes[name], chances[name])
    fields = [_field(name, units[name], numbers[name], votes[name][units[name]]) for name in sorted(numbers)]
    priced = {currency: _column(PRICE, currency, "money", prices[currency], 0) for currency in sorted(prices)}
    return QuantityTable(fields, dict(sorted((name, n) for name, n in flags.items() if n)), priced)


def _title_votes(
    products: Sequence[Product], amounts: Mapping[str, Mapping[int, float]]
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """How the titles speak of each field.

    Args:
        products: The catalogue.
        amounts: Field name to amounts by row.

    Returns:
        By field, the titles that say its amount if it were in a unit, by unit; and the titles that say any amount of a
        dimension, by dimension.
    """
    by_row: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for name, of_rows in amounts.items():
        for row, amount in of_rows.items():
            if amount:
                by_row[row].append((name, amount))
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    chances: dict[str, Counter[str]] = defaultdict(Counter)
    for row, present in by_row.items():
        measures = list(_title_measures(products[row]))
        dimensions = {UNITS[unit].dimension for _, unit in measures}
        for name, amount in present:
            chances[name].update(dimensions)
            votes[name].update(
                {
                    unit
                    for said, in_unit in measures
                    for unit, factor in _UNITS_BY_DIMENSION[UNITS[in_unit].dimension]
                    if _same(canonical(said, in_unit)[0], amount * factor)
                }
            )
    return votes, chances


def _learnt_unit(votes: Mapping[str, int], chances: Mapping[str, int]) -> str:
    """The unit that enough titles agree on, "" when none."""
    unit, count = min(votes.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    enough = count >= LEAST_VOTES and count >= LEAST_VOTE_SHARE * chances[UNITS[unit].dimension]
    return unit if enough else ""


_UNITS_BY_DIMENSION: dict[str, list[tuple[str, float]]] = defaultdict(list)
for _unit in {unit.symbol: unit for unit in UNITS.values()}.values():
    _UNITS_BY_DIMENSION[_unit.dimension].append((_unit.symbol, _unit.factor))


def _title_measures(product: Product) -> Iterator[tuple[float, str]]:
    for locale, text in product.texts.items():
        for measure in parse_quantities(analyser_for(locale).tokens(text.title)):
            yield measure.amount, measure.unit


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= SAME_AMOUNT * max(abs(first), abs(second))


def _stated_unit(entries: Sequence[tuple[int, float, str]]) -> str:
    counts = Counter(unit for _, _, unit in entries if unit)
    if not counts:
        return ""
    unit = min(counts, key=lambda name: (-counts[name], name))
    return UNITS[unit.casefold()].symbol if unit.casefold() in UNITS else unit


def _field(name: str, unit: str, entries: Sequence[tuple[int, float, str]], told: int) -> NumericField:
    known = UNITS.get(unit)
    rows = []
    for row, amount, stated in entries:
        if stated and known is not None and UNITS.get(stated.casefold()) is not None:
            other = UNITS[stated.casefold()]
            if other.dimension != known.dimension:
                continue
            amount = amount * other.factor / known.factor
        rows.append((row, amount))
    return _column(name, unit, known.dimension if known is not None else "", rows, told)


def _column(name: str, unit: str, dimension: str, entries: Sequence[tuple[int, float]], told: int) -> NumericField:
    ordered = sorted(entries)
    rows = np.asarray([row for row, _ in ordered], np.int32)
    return NumericField(name, unit, dimension, rows, np.asarray([amount for _, amount in ordered], np.float32), told)


def _joined(arrays: Sequence[NDArray[np.generic]], dtype: type[np.generic]) -> NDArray[np.generic]:
    return np.concatenate([np.empty(0, dtype), *arrays]).astype(dtype)
