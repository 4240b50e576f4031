"""How attractive products were for a query, as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.features.decay import DAY_MS
from data.features.product_counters import read_mined
from data.mining.clicks import CART_WEIGHT, PRIOR_LOOKS, PURCHASE_WEIGHT
from data.mining.state import EXAMINATION, SEARCHES

_LISTS = ("hits", "clicked", "carted", "bought")


@dataclass(frozen=True, slots=True, eq=False)
class QueryState:
    """Attractiveness by query and product, between two days.

    Attributes:
        pairs: (n, 2) place of the query and of the product in their lists, ascending.
        examined: (n,) how often it was probably looked at.
        attraction: (n,) in [0, 1]; see `data.mining.clicks.attractiveness`.
        acted: (n,) clicks, and carts and purchases by their weights.
        average: What a product nobody has looked at for the query is taken for.
    """

    pairs: NDArray[np.int64]
    examined: NDArray[np.float64]
    attraction: NDArray[np.float64]
    acted: NDArray[np.float64]
    average: float


@dataclass(frozen=True, slots=True, eq=False)
class QueryCounters:
    """A row a product shown, or acted on, in a search.

    Attributes:
        queries: Distinct (locale, normal form).
        product_ids: Distinct.
        query, product: (rows,) places in these.
        days: (rows,) UTC, since 1970.
        examined, clicks, more: (rows,) looks, clicks, and carts and purchases by their weights.
    """

    queries: tuple[tuple[str, str], ...]
    product_ids: tuple[str, ...]
    query: NDArray[np.int64]
    product: NDArray[np.int64]
    days: NDArray[np.int64]
    examined: NDArray[np.float64]
    clicks: NDArray[np.float64]
    more: NDArray[np.float64]

    @classmethod
    def load(cls, mined: Path) -> "QueryCounters":
        """Read `searches.parquet` and `examination.parquet` of `intentrie mine`.

        Raises:
            InputError: One is missing, or not that.
        """
        table = read_mined(mined / SEARCHES, ("at_ms", "norm", "locale", *_LISTS))
        positions = read_mined(mined / EXAMINATION, ("position", "examination"))
        curve = np.zeros(1 + max(positions["position"].to_pylist(), default=0))
        curve[positions["position"].to_numpy()] = positions["examination"].to_numpy()
        names = [*zip(table["locale"].to_pylist(), table["norm"].to_pylist(), strict=True)]
        queries = tuple(sorted(set(names)))
        number = {name: place for place, name in enumerate(queries)}
        of_search = np.array([number[name] for name in names], np.int64)
        day = np.asarray(table["at_ms"].to_numpy(), np.int64) // DAY_MS
        lists = {name: _flat(table[name].to_pylist()) for name in _LISTS}
        product_ids = tuple(sorted({product for _, _, products in lists.values() for product in products}))
        place = {product_id: at for at, product_id in enumerate(product_ids)}
        rows: list[tuple[NDArray[Any], ...]] = []
        for name, (searches, at, products) in lists.items():
            some = np.array([place[product] for product in products], np.int64)
            ones, zeros = np.ones(len(some)), np.zeros(len(some))
            seen = curve[np.minimum(at + 1, len(curve) - 1)] if name == "hits" else zeros
            clicked = ones if name == "clicked" else zeros
            weight = {"carted": CART_WEIGHT, "bought": PURCHASE_WEIGHT}.get(name, 0.0)
            rows.append((of_search[searches], some, day[searches], seen, clicked, ones * weight))
        columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
        return cls(queries, product_ids, *columns)

    def between(self, first: int, end: int) -> QueryState:
        """What happened from one day to before another."""
        chosen = (self.days >= first) & (self.days < end)
        key = self.query[chosen] * len(self.product_ids) + self.product[chosen]
        keys, of_key = np.unique(key, return_inverse=True)

        def total(column: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(np.bincount(of_key, column[chosen], len(keys)), np.float64)

        examined, clicks, more = total(self.examined), total(self.clicks), total(self.more)
        average = min(1.0, float(clicks.sum() / examined.sum())) if examined.sum() > 0 else 0.0
        acted = clicks + more
        attraction = (acted + average * PRIOR_LOOKS) / (np.maximum(examined + more, acted) + PRIOR_LOOKS)
        pairs = np.stack(np.divmod(keys, max(1, len(self.product_ids))), axis=1)
        return QueryState(pairs, examined, attraction, acted, average)

    def at_day(self, day: int) -> QueryState:
        """What was known when a day began."""
        return self.between(0, day)


def _flat(lists: Iterable[Sequence[str] | None]) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Of each product its search, its place there from 0, and itself."""
    held = [each or () for each in lists]
    sizes = [len(each) for each in held]
    searches = np.repeat(np.arange(len(held)), sizes)
    places = np.concatenate([np.empty(0, np.int64), *(np.arange(size) for size in sizes)])
    return searches, places, [product for each in held for product in each]


def by_query(state: QueryState, queries: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], slice]:
    """Where each query's pairs stand in a state."""
    starts = np.searchsorted(state.pairs[:, 0], np.arange(len(queries) + 1)).tolist()
    return {
        name: slice(begin, end)
        for name, begin, end in zip(queries, starts[:-1], starts[1:], strict=True)
        if end > begin
    }
