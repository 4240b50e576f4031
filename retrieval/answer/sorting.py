"""Orders of the match set, and the collapse of variants into groups.

An order is a list of key columns, ascending, ties by product_id. A group stands where its best variant stands, and
that variant represents it.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidSort
from retrieval.index.product_table import UNKNOWN
from retrieval.index.world import Rows, World


class Sort(StrEnum):
    """What to sort by; unknown prices and times come last in either direction."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    NEWEST = "newest"
    OLDEST = "oldest"


SORTS = tuple(sort.value for sort in Sort)


@dataclass(frozen=True, slots=True, eq=False)
class Ordering:
    """The match set in order, one row a group.

    Attributes:
        rows: Representatives, best first.
        keys: Their key columns without the last, each shape (len(rows),).
        ranks: Their last key: the place of each product_id.
    """

    rows: Rows
    keys: tuple[NDArray[np.float64], ...]
    ranks: NDArray[np.int64]

    def after(self, values: tuple[float, ...], rank: float) -> int:
        """How many representatives stand at or before a key, which need not be there any more.

        Args:
            values: One per key column.
            rank: Of the product_id.
        """
        before = np.zeros(len(self.rows), bool)
        equal = np.ones(len(self.rows), bool)
        for column, value in zip((*self.keys, self.ranks), (*values, rank), strict=True):
            before |= equal & (column < value)
            equal &= column == value
        return int((before | equal).sum())


def parse_sort(name: str | None) -> Sort:
    """The sort of a request; `None` is by relevance.

    Raises:
        InvalidSort: There is no such sort.
    """
    try:
        return Sort.RELEVANCE if name is None else Sort(name)
    except ValueError:
        raise InvalidSort(f"sort: expected one of {', '.join(SORTS)}, got {name!r}") from None


def order_rows(
    rows: Rows, scores: NDArray[np.float32] | None, sort: Sort, world: World, currency: str | None
) -> Ordering:
    """Order the match set and collapse it.

    Args:
        rows: Sorted.
        scores: Theirs, shape (len(rows),). `None` when there is no query to be relevant to: then what is available
            comes first, newer before older.
        sort: By what.
        world: Where the rows are.
        currency: Whose prices come first when prices are compared; other currencies follow, one after the other by
            code, because amounts are never converted.
    """
    keys = _keys(rows, scores, sort, world, currency)
    ranks = world.rank(rows)
    order = np.lexsort((ranks, *reversed(keys)))
    if world.siblings is not None:
        order = order[first_of_each(world.group(rows[order]), world.groups)]
    return Ordering(rows[order], tuple(key[order] for key in keys), ranks[order])


def first_of_each(groups: Rows, count: int) -> NDArray[np.bool_]:
    """Marks the first place of every group.

    Args:
        groups: Numbers below `count`, shape (n,).
        count: Of groups.
    """
    places = np.arange(len(groups))
    first = np.empty(count, np.int64)
    first[groups[::-1]] = places[::-1]  # of repeated numbers the last one written holds
    marked: NDArray[np.bool_] = first[groups] == places
    return marked


def count_groups(rows: Rows, world: World) -> int:
    """Groups among distinct rows."""
    if world.siblings is None:
        return len(rows)
    seen = np.zeros(world.groups, bool)
    seen[world.group(rows)] = True
    return int(seen.sum())


def _keys(
    rows: Rows, scores: NDArray[np.float32] | None, sort: Sort, world: World, currency: str | None
) -> list[NDArray[np.float64]]:
    if sort is Sort.RELEVANCE and scores is not None:
        return [-scores.astype(np.float64)]
    if sort is Sort.RELEVANCE:
        return [(world.stock(rows) == 0).astype(np.float64), *_by_time(rows, world, -1)]
    if sort in (Sort.NEWEST, Sort.OLDEST):
        return _by_time(rows, world, -1 if sort is Sort.NEWEST else 1)
    prices = world.price(rows)
    unknown = np.isnan(prices)
    prices = np.where(unknown, 0.0, prices if sort is Sort.PRICE_ASC else -prices)
    names = sorted(world.currency_numbers, key=lambda name: (name != currency, name))
    places = np.full(len(names) + 1, len(names), np.float64)  # the last one is of number -1, unknown
    places[[world.currency_numbers[name] for name in names]] = np.arange(len(names))
    return [np.where(unknown, len(names), places[world.currency(rows)]), prices]


def _by_time(rows: Rows, world: World, direction: int) -> list[NDArray[np.float64]]:
    times = world.updated_at(rows).astype(np.float64)
    unknown = times == UNKNOWN
    return [np.where(unknown, np.inf, direction * times)]
