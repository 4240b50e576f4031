"""Facets: how many groups of the results have which value, exactly, field by field.

A group counts once per value when any of its matching variants has it. Counts of a field ignore the filter on the
field itself, as shoppers expect: who has chosen "red" sees how many more "blue" would bring. Conditions that the query
itself says ("under 50") are no choice in the panel and always hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from retrieval.answer.category_facet import category_facet
from retrieval.answer.filters import CURRENCY, IN_STOCK, PRICE, Mask
from retrieval.answer.number_facet import MOST_AMOUNTS, RANGES, number_facet, price_facet
from retrieval.answer.result import Facet, FacetValue
from retrieval.answer.selection import Selection
from retrieval.index.field_values import BRAND, CATEGORY, FLAG, YES, split_key
from retrieval.index.world import Rows, World

# A panel shows no more of a field; the rest is counted in `more`.
MOST_VALUES = 12
# Chosen fields besides category, brand and price; what a panel has room for.
CHOSEN_FIELDS = 8
# A field is offered when at least this share of the results has it: otherwise filtering by it hides most of them.
LEAST_COVERAGE = 0.25
# In bits; below it one value has nearly everything (.47 is nine of ten) and choosing it changes nothing.
LEAST_ENTROPY = 0.4
# Share of a field's occurrences that its most frequent values, as many as are shown, must make up: of part numbers
# there are as many as products, and no list of them is of use.
LEAST_SHOWN = 0.5
# What ranges are worth beside values: they divide every result set evenly, and a panel of width, depth, height and
# weight alone helps few (six of eight chosen facets of Icecat's "laptop" were such).
RANGE_WORTH = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class FacetQuestion:
    """What facets are counted over.

    Attributes:
        rows: Sorted rows of the match set before the request's filters.
        masks: The request's filters by field, shape (len(rows),) each.
        world: Where the rows are.
        currency: Of the price facet.
        opened: Categories that are filtered by, below which is shown too.
    """

    rows: Rows
    masks: Mapping[str, Mask]
    world: World
    currency: str | None
    opened: Sequence[str] = ()
    _selections: dict[str | None, Selection] = field(default_factory=dict)

    def selection(self, ignoring: str | None = None) -> Selection:
        """The rows that fulfil every filter, but the one on a field."""
        ignored = ignoring if ignoring in self.masks else None
        if ignored not in self._selections:
            masks = [mask for name, mask in self.masks.items() if name != ignored]
            rows = self.rows[reduce(np.logical_and, masks)] if masks else self.rows
            self._selections[ignored] = Selection(rows, self.world)
        return self._selections[ignored]


def count_facet(name: str, question: FacetQuestion) -> Facet | None:
    """The facet of a field; `None` when no result has it.

    An attribute is counted as texts, as yes and no, or as amounts, whichever most results have.
    """
    selection = question.selection(name)
    world = question.world
    if name == PRICE:
        return price_facet(selection, world, question.currency)
    if name == IN_STOCK:
        available = world.stock(selection.rows) != 0
        return _flags(name, selection.having(available), selection.having(~available))
    if name == CURRENCY:
        return _currencies(selection, world)
    codes, counts = selection.codes
    places = world.reader.vocabulary.places_of(name, codes)
    where, amounts = selection.amounts_of(world.reader.vocabulary.number_field(name))
    if len(amounts) > counts[places].sum():
        return number_facet(name, selection, where, amounts, world.reader.vocabulary.units.get(name, ""))
    if not len(places):
        return None
    if name == CATEGORY:
        return category_facet(codes[places], counts[places], world.reader.vocabulary, question.opened, MOST_VALUES)
    return _texts(name, codes[places], counts[places], world)


def choose_facets(question: FacetQuestion) -> list[str]:
    """Fields worth offering for these results, best first.

    Category, brand and price where they divide the results, then the attributes with the greatest coverage times
    entropy of what would be shown, ties by name.
    """
    selection = question.selection()
    vocabulary = question.world.reader.vocabulary
    if not selection.groups:
        return []
    codes, counts = selection.codes
    least = LEAST_COVERAGE * selection.groups
    worth = {
        name: _worth(counts[vocabulary.places_of(name, codes)], selection.groups)
        for name in vocabulary.fields_with(codes, counts, least)
        if not vocabulary.is_identifier(name)
    }
    for number in np.flatnonzero(np.bincount(selection.amounts[1]) >= least).tolist():
        name = vocabulary.number_fields[number]
        counted = _worth_of_amounts(selection.amounts_of(number)[1], selection.groups)
        worth[name] = max(worth.get(name, 0.0), counted)
    first = [name for name in (CATEGORY, BRAND) if worth.pop(name, 0.0) > 0]
    prices = question.world.price(selection.rows)
    if len(np.unique(prices[~np.isnan(prices)])) > 1:
        first.append(PRICE)
    ordered = sorted((name for name in worth if worth[name] > 0), key=lambda name: (-worth[name], name))
    return first + ordered[:CHOSEN_FIELDS]


def _worth(counts: NDArray[np.int64], groups: int) -> float:
    """Coverage times the entropy in bits of the values that would be shown and their share; 0 below the thresholds."""
    total = int(counts.sum())
    shown = np.sort(counts)[::-1][:MOST_VALUES]
    coverage = min(1.0, total / groups)
    if coverage < LEAST_COVERAGE or shown.sum() < LEAST_SHOWN * total:
        return 0.0
    shares = shown / shown.sum()
    entropy = float(-(shares * np.log2(shares)).sum())
    return coverage * entropy * float(shown.sum()) / total if entropy >= LEAST_ENTROPY else 0.0


def _worth_of_amounts(amounts: NDArray[np.float64], groups: int) -> float:
    """Of many different amounts ranges are shown, about as many in each."""
    counts = np.unique(amounts, return_counts=True)[1]
    if len(counts) <= MOST_AMOUNTS:
        return _worth(counts, groups)
    return RANGE_WORTH * _worth(np.full(RANGES, len(amounts) // RANGES), groups)


def _texts(name: str, codes: NDArray[np.int64], counts: NDArray[np.int64], world: World) -> Facet | None:
    vocabulary = world.reader.vocabulary
    order = np.lexsort((codes, -counts))[:MOST_VALUES].tolist()
    kinds = {split_key(vocabulary.key(int(codes[place])))[1:] for place in order}
    if {kind for kind, _ in kinds} == {FLAG}:
        by_flag = {split_key(vocabulary.key(int(codes[place])))[2]: int(counts[place]) for place in order}
        return _flags(name, by_flag.get(YES, 0), sum(by_flag.values()) - by_flag.get(YES, 0))
    surfaces = [(vocabulary.surface(int(codes[place])), int(counts[place])) for place in order]
    values = tuple(FacetValue(surface, surface, count) for surface, count in surfaces)
    return Facet(name, "text", values, len(codes) - len(values))


def _flags(name: str, yes: int, no: int) -> Facet | None:
    values = [FacetValue(True, "yes", yes)] * (yes > 0) + [FacetValue(False, "no", no)] * (no > 0)
    return Facet(name, "boolean", tuple(values)) if values else None


def _currencies(selection: Selection, world: World) -> Facet | None:
    held = world.currency(selection.rows)
    counted = [(name, selection.having(held == number)) for name, number in world.currency_numbers.items()]
    values = sorted((FacetValue(name, name, count) for name, count in counted if count), key=_most_first)
    return Facet(CURRENCY, "text", tuple(values)) if values else None


def _most_first(value: FacetValue) -> tuple[int, str]:
    return -value.count, value.label
