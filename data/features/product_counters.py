"""How products did, as of a day: decayed clicks, carts, purchases, and clicks per look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import InputError
from data.features.decay import day_of, decayed
from data.mining.state import PRODUCTS

HALF_LIVES = (7, 28)
# Imagined looks at the shop's mean rate: one lucky click makes no bestseller.
PRIOR_LOOKS = 20.0
COUNTERS = ("clicks_7", "clicks_28", "carts_28", "purchases_28", "click_rate")
_COLUMNS = ("product_id", "day", "examined", "clicks", "carts", "purchases")


@dataclass(frozen=True, slots=True, eq=False)
class ProductState:
    """What is known of products at the beginning of a day.

    Attributes:
        day: UTC, since 1970; nothing from this day on is in here.
        places: Product id to row.
        values: (products, COUNTERS); counts as log(1 + count).
        mean_rate: The shop's, of a product that nobody has seen.
    """

    day: int
    places: Mapping[str, int]
    values: NDArray[np.float32]
    mean_rate: float

    def of(self, product_ids: Sequence[str]) -> NDArray[np.float32]:
        """(product_ids, COUNTERS); of an unknown product no events and the mean rate."""
        unknown = np.zeros(len(COUNTERS), np.float32)
        unknown[-1] = self.mean_rate
        found = np.tile(unknown, (len(product_ids), 1))
        for row, product_id in enumerate(product_ids):
            place = self.places.get(product_id)
            if place is not None:
                found[row] = self.values[place]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class ProductCounters:
    """A row a product and day that something happened.

    Attributes:
        product_ids: Distinct.
        products: (rows,) place in `product_ids`.
        days: (rows,) UTC, since 1970.
        examined: (rows,) how often it was probably looked at.
        clicks, carts, purchases: (rows,)
    """

    product_ids: tuple[str, ...]
    products: NDArray[np.int64]
    days: NDArray[np.int64]
    examined: NDArray[np.float64]
    clicks: NDArray[np.float64]
    carts: NDArray[np.float64]
    purchases: NDArray[np.float64]

    @classmethod
    def load(cls, mined: Path) -> "ProductCounters":
        """Read `products.parquet` of `intentrie mine`.

        Raises:
            InputError: It is missing, or not that.
        """
        table = read_mined(mined / PRODUCTS, _COLUMNS)
        ids = table["product_id"].to_pylist()
        product_ids = tuple(sorted(set(ids)))
        place = {product_id: number for number, product_id in enumerate(product_ids)}
        return cls(
            product_ids,
            np.array([place[product_id] for product_id in ids], np.int64),
            np.asarray(table["day"].to_numpy(), np.int64),
            *(np.asarray(table[name].to_numpy(), np.float64) for name in _COLUMNS[2:]),
        )

    @property
    def next_day(self) -> int:
        """The day after the last one, 0 without any."""
        return int(self.days.max()) + 1 if len(self.days) else 0

    def as_of(self, at_ms: int) -> ProductState:
        """What was known when the day of a moment began."""
        return self.at_day(day_of(at_ms))

    def at_day(self, day: int) -> ProductState:
        """What was known when a day began."""
        before = self.days < day
        products, days = self.products[before], self.days[before]

        def total(column: NDArray[np.float64], half_life: int) -> NDArray[np.float64]:
            counts = np.bincount(products, column[before] * decayed(days, day, half_life), len(self.product_ids))
            return np.asarray(counts, np.float64)

        short, long = HALF_LIVES
        clicks, looks = total(self.clicks, long), total(self.examined, long)
        mean = min(1.0, float(clicks.sum() / looks.sum())) if looks.sum() > 0 else 0.0
        rate = (clicks + PRIOR_LOOKS * mean) / (np.maximum(looks, clicks) + PRIOR_LOOKS)
        counts = [total(self.clicks, short), clicks, total(self.carts, long), total(self.purchases, long)]
        values = np.stack([*map(np.log1p, counts), rate], axis=1).astype(np.float32)
        return ProductState(day, {each: place for place, each in enumerate(self.product_ids)}, values, mean)


def read_mined(path: Path, columns: Sequence[str]):  # type: ignore[no-untyped-def]  # pyarrow has no types
    """Columns of one of mining's tables.

    Raises:
        InputError: It cannot be read, or has others.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.read_table(path, columns=list(columns))
    except (OSError, pyarrow.ArrowException, KeyError) as error:
        raise InputError(
            f"{path}: expected a table of `intentrie mine` with the columns {', '.join(columns)}: {error}"
        ) from error
