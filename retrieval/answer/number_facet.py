"""Facets of amounts: the amounts themselves where they are few, else ranges with round bounds."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from data.currency import MINOR_DIGITS
from retrieval.answer.filters import PRICE
from retrieval.answer.result import Facet, FacetValue
from retrieval.answer.selection import Selection
from retrieval.index.field_values import comparable, shown
from retrieval.index.world import World

# Of more distinct amounts than that, ranges are shown.
MOST_AMOUNTS = 8
# About as many results in each; bounds are rounded to these steps of a power of ten.
RANGES = 5
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 10.0)


def number_facet(
    name: str, selection: Selection, places: NDArray[np.int64], amounts: NDArray[np.float64], unit: str
) -> Facet:
    """The facet of an attribute with amounts.

    Args:
        name: Of the field.
        selection: The results.
        places: Of those that have an amount, ascending, at least one.
        amounts: Theirs, as filters compare them.
        unit: The field's.
    """
    behind = f" {unit}" if unit else ""
    distinct = np.unique(amounts)
    if len(distinct) <= MOST_AMOUNTS:
        counts = selection.by_label(places, np.searchsorted(distinct, amounts), len(distinct))[1]
        said = [shown(amount, unit) for amount in distinct.tolist()]
        values = tuple(
            FacetValue(amount, f"{amount:g}{behind}", count)
            for amount, count in zip(said, counts.tolist(), strict=True)
        )
    else:
        values = _ranges(
            selection,
            places,
            amounts,
            round_bounds(amounts, lambda amount: shown(amount, unit)),
            lambda bound: comparable(bound, "", unit) or 0.0,
            lambda bound: f"{bound:g}{behind}",
        )
    ends = shown(float(amounts.min()), unit), shown(float(amounts.max()), unit)
    return Facet(name, "number", values, 0, unit or None, *ends)


def price_facet(selection: Selection, world: World, currency: str | None) -> Facet | None:
    """Ranges of the prices in one currency, in minor units; `None` when no result has one."""
    number = world.currency_numbers.get(currency or "")
    prices = world.price(selection.rows)
    places = (
        np.flatnonzero((world.currency(selection.rows) == number) & ~np.isnan(prices)) if number is not None else ()
    )
    if currency is None or not len(places):
        return None
    prices = prices[places]
    main = 10.0 ** MINOR_DIGITS.get(currency, 2)
    bounds = [bound for bound in round_bounds(prices) if bound == int(bound)]
    values = _ranges(
        selection, np.asarray(places), prices, bounds, lambda bound: bound, lambda bound: f"{bound / main:g} {currency}"
    )
    return Facet(PRICE, "number", values, 0, currency, float(prices.min()), float(prices.max()))


def round_bounds(amounts: NDArray[np.float64], read: Callable[[float], float] = float) -> list[float]:
    """Ascending bounds between `RANGES` ranges with about as many amounts in each, rounded, without empty ends.

    Args:
        amounts: At least one.
        read: An amount in the unit of the bounds.
    """
    ordered = np.sort(amounts)
    quantiles = ordered[[len(ordered) * part // RANGES for part in range(1, RANGES)]]
    bounds = sorted({_rounded(read(float(quantile))) for quantile in quantiles})
    return [bound for bound in bounds if read(float(ordered[0])) < bound <= read(float(ordered[-1]))]


def _rounded(amount: float) -> float:
    """The nearest of `_ROUND` times a power of ten."""
    if amount == 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(abs(amount)))
    step = min(_ROUND, key=lambda each: abs(each - abs(amount) / power))
    return math.copysign(float(f"{step * power:.6g}"), amount)


def _ranges(
    selection: Selection,
    places: NDArray[np.int64],
    amounts: NDArray[np.float64],
    bounds: list[float],
    compared: Callable[[float], float],
    named: Callable[[float], str],
) -> tuple[FacetValue, ...]:
    labels = np.searchsorted(np.array([compared(bound) for bound in bounds], np.float64), amounts, side="right")
    present, counts = selection.by_label(places, labels, len(bounds) + 1)
    values = []
    for place, count in zip(present.tolist(), counts.tolist(), strict=True):
        low = bounds[place - 1] if place else None
        high = bounds[place] if place < len(bounds) else None
        if low is None:
            label = "all" if high is None else f"under {named(high)}"
        else:
            label = f"{named(low)} and more" if high is None else f"{named(low)} to {named(high)}"
        values.append(FacetValue(None, label, count, low, high))
    return tuple(values)
