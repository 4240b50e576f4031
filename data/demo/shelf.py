"""The products as a shopper meets them on one day: what is on sale, what is left, what takes whom."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.demo.catalogue import DAYS, Catalogue
from data.demo.clicks import PAGE
from data.demo.shoppers import Shopper

# Beside the crowd's taste: a liked brand or colour against another, and what the dearest of a kind loses with the
# thriftiest shopper, the cheapest gaining as much.
LIKED_BRAND, OTHER_BRAND = 1.5, 0.9
LIKED_COLOUR, OTHER_COLOUR = 1.4, 0.9
THRIFT = 0.4
# What the crowd takes most against least.
LEAST_APPEAL, APPEAL_RANGE = 0.4, 1.2


class Shelf:
    """All products by row of the catalogue; `open` sets the day.

    Attributes:
        facts: By row.
        on_sale: Shape (products,), on the day.
        in_stock: Shape (products,), on the day.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids = [product.product_id for product in catalogue.products]
        self.facts = [catalogue.facts[product_id] for product_id in self._ids]
        self._launched = np.array([each.launch_day for each in self.facts])
        self._sold_out = np.array([each.sold_out_day or DAYS + 1 for each in self.facts])
        self._crowd = LEAST_APPEAL + APPEAL_RANGE * np.array([each.attractiveness for each in self.facts])
        self._brands = np.array([each.brand for each in self.facts])
        self._colours = np.array([each.colour for each in self.facts])
        self._dearness = _dearness(catalogue)
        self.open(1)

    def open(self, day: int) -> None:
        """Put out what is on sale on a day."""
        self.on_sale = self._launched <= day
        self.in_stock = self._sold_out > day

    def page(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first page of results, without what is not on sale yet."""
        return rows[self.on_sale[rows]][:PAGE]

    def ids(self, rows: NDArray[np.int64]) -> list[str]:
        """Of the products of rows."""
        return [self._ids[row] for row in rows.tolist()]

    def acted_on(self, row: int) -> dict[str, Any]:
        """The attributes of an event about a product."""
        return {"object": {"object_id": self._ids[row], "object_id_field": "product_id"}}

    def appeal(self, rows: NDArray[np.int64], shopper: Shopper) -> NDArray[np.float64]:
        """Shape (rows,), around 1: how much products attract a shopper, whatever is needed."""
        brands = np.isin(self._brands[rows], list(shopper.brands))
        colours = np.isin(self._colours[rows], list(shopper.colours))
        taste = np.where(brands, LIKED_BRAND, OTHER_BRAND) * np.where(colours, LIKED_COLOUR, OTHER_COLOUR)
        found: NDArray[np.float64] = self._crowd[rows] * taste * (1 - THRIFT * shopper.thrift * self._dearness[rows])
        return found


def _dearness(catalogue: Catalogue) -> NDArray[np.float64]:
    """Shape (products,): from -1, the cheapest of its type, to 1, the dearest."""
    dearness = np.zeros(len(catalogue.products))
    by_type = defaultdict(list)
    for row, product in enumerate(catalogue.products):
        by_type[catalogue.facts[product.product_id].type].append(row)
    for rows in by_type.values():
        prices = np.array([catalogue.products[row].price_minor or 0 for row in rows])
        if len(rows) > 1:
            dearness[rows] = 2 * prices.argsort(kind="stable").argsort(kind="stable") / (len(rows) - 1) - 1
    return dearness
