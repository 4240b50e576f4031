"""One world of products to search: the rows of the release that are not hidden, and live documents behind them."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from retrieval.index.live_document import LiveDocument, LiveReader
from retrieval.index.overlay import Listing, Overlay
from retrieval.index.product_table import UNKNOWN, ProductTable, offsets_of
from retrieval.index.strings import place_of

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class LiveTerms:
    """The terms of live documents in one locale, searched by comparing: 1.5 µs a term at 100 documents, 150 at 10,000.

    Attributes:
        numbers: Of the terms, document after document.
        scores: Theirs.
        places: The document of each.
        documents: How many there are.
        number_of: See `LiveReader.term_numbers`.
    """

    numbers: NDArray[np.int32]
    scores: NDArray[np.float32]
    places: NDArray[np.int32]
    documents: int
    number_of: Callable[[str], int | None]

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Documents that hold a term, ascending, and what it adds to their scores."""
        number = self.number_of(term)
        found = np.flatnonzero(self.numbers == (UNKNOWN if number is None else number))
        return self.places[found], self.scores[found]


class World:
    """Reads columns over the release and one state of the overlay; arrays over the live documents are made when asked.

    Rows below `len(table)` are the release's; the i-th live document is row `len(table) + i`.
    """

    def __init__(self, table: ProductTable, overlay: Overlay, reader: LiveReader) -> None:
        self.table = table
        self.overlay = overlay
        self.reader = reader
        self.live: tuple[LiveDocument, ...] = tuple(overlay.documents.values())
        self.first_live = len(table)
        self.size = len(table) + len(self.live)

    @cached_property
    def _shown(self) -> NDArray[np.bool_]:
        shown = np.ones(self.size, bool)
        shown[list(self.overlay.hidden)] = False
        return shown

    def visible(self, rows: Rows) -> Rows:
        """Rows without those of the release that are deleted or replaced."""
        return rows[self._shown[rows]] if self.overlay.hidden else rows

    @cached_property
    def everything(self) -> Rows:
        """All rows, ascending."""
        return self.visible(np.arange(self.size, dtype=np.int32))

    def row(self, product_id: str) -> int | None:
        """The row of a product that is there."""
        if product_id in self._live_numbers:
            return self.first_live + self._live_numbers[product_id]
        row = self.table.row(product_id)
        return None if row is None or row in self.overlay.hidden else row

    def product(self, row: int) -> Product:
        """The whole record of a row."""
        return self._current(row, self.table.product)

    def card(self, row: int) -> Product:
        """What a result shows of a row; descriptions and attributes may be missing."""
        return self._current(row, self.table.card)

    def _current(self, row: int, read: Callable[[int], Product]) -> Product:
        if row >= self.first_live:
            return self.live[row - self.first_live].product
        listing = self.overlay.listings.get(row)
        return read(row) if listing is None else listing.over(read(row))

    def product_id(self, row: int) -> str:
        """The id of a row."""
        return (
            self.table.product_id(row) if row < self.first_live else self.live[row - self.first_live].product.product_id
        )

    def position(self, row: int) -> int:
        """Of the change that made the row what it is; 0 for what the release says."""
        if row >= self.first_live:
            return self.live[row - self.first_live].position
        listing = self.overlay.listings.get(row)
        return 0 if listing is None else listing.position

    def rank(self, rows: Rows) -> NDArray[np.int64]:
        """The place of each row's product_id among all ids, hidden ones included."""
        rank = self._take(self.table.rank_of, self._live_ranks, rows).astype(np.int64)
        if len(self.live):
            released = rows < self.first_live
            rank[released] += np.searchsorted(self._live_places, rank[released], side="right")
        return rank

    def rank_of(self, product_id: str) -> float:
        """The same of an id; of one that no product has, half a place before the one that would follow."""
        place = place_of(self.table.ids, product_id)
        rank = place + bisect_left(self._live_order, product_id, key=lambda i: self.live[i].product.product_id)
        return rank if product_id in self._live_numbers or self.table.row(product_id) is not None else rank - 0.5

    def group(self, rows: Rows) -> Rows:
        """What each row collapses to."""
        groups: Rows = self._take(self.table.group_of, self._live_groups, rows)
        return groups

    @property
    def groups(self) -> int:
        """How many groups are numbered."""
        return self.reader.groups

    @cached_property
    def siblings(self) -> NDArray[np.bool_] | None:
        """By group whether it has several rows; `None` when no group has."""
        several = np.bincount(self.group(self.everything), minlength=self.groups) > 1
        return several if several.any() else None

    def price(self, rows: Rows) -> NDArray[np.float64]:
        """Minor units, NaN when unknown."""
        return self._listed("price", self.table.price, rows)

    def currency(self, rows: Rows) -> NDArray[np.int16]:
        """Numbers as in `currency_numbers`, -1 when unknown."""
        return self._listed("currency", self.table.currency, rows)

    def stock(self, rows: Rows) -> NDArray[np.int64]:
        """Pieces, -1 when unknown, which counts as available."""
        return self._listed("stock", self.table.stock, rows)

    def updated_at(self, rows: Rows) -> NDArray[np.int64]:
        """UTC epoch milliseconds, -1 when unknown."""
        return self._listed("updated_at", self.table.updated_at, rows)

    @cached_property
    def currency_numbers(self) -> dict[str, int]:
        """Every currency by number, the release's most used one first."""
        numbers = {currency: number for number, currency in enumerate(self.table.currencies)}
        live = (document.product.currency for document in self.live)
        relisted = (listing.currency for listing in self.overlay.listings.values())
        for currency in (*live, *relisted):
            if currency is not None:
                numbers.setdefault(currency, len(numbers))
        return numbers

    def codes(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Values of sorted rows: the place in `rows` of each, ascending, and its code."""
        released, live = self._split(rows)
        places, found = gather(self.table.code_offsets, released)
        codes = self.table.codes[found]
        if not len(live):
            return places, codes
        offsets, live_codes = self._live_codes
        live_places, found = gather(offsets, live)
        return np.concatenate((places, live_places + len(released))), np.concatenate((codes, live_codes[found]))

    def has_value(self, code: int) -> bool:
        """Whether a product that is there has a value; the vocabulary also keeps those of former ones."""
        if not self.overlay.hidden and not self.live:
            return True
        return bool((self.codes(self.everything)[1] == code).any())

    def amounts(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        """Amounts of sorted rows: the place in `rows` of each, ascending, its field and itself."""
        released, live = self._split(rows)
        places, found = gather(self.table.amount_offsets, released)
        fields, amounts = self.table.amount_fields[found], self.table.amounts[found]
        if not len(live):
            return places, fields, amounts
        offsets, live_fields, live_amounts = self._live_amounts
        live_places, found = gather(offsets, live)
        return (
            np.concatenate((places, live_places + len(released))),
            np.concatenate((fields, live_fields[found])),
            np.concatenate((amounts, live_amounts[found])),
        )

    def _split(self, rows: Rows) -> tuple[Rows, Rows]:
        """Sorted rows of the release, and places of live documents."""
        first = int(np.searchsorted(rows, self.first_live))
        return rows[:first], rows[first:] - np.int32(self.first_live)

    @cached_property
    def _live_codes(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        parts = [document.codes for document in self.live]
        return offsets_of([len(part) for part in parts]), np.concatenate(parts)

    @cached_property
    def _live_amounts(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        offsets = offsets_of([len(document.amounts) for document in self.live])
        fields = np.concatenate([document.amount_fields for document in self.live])
        return offsets, fields, np.concatenate([document.amounts for document in self.live])

    def terms(self, locale: str) -> LiveTerms:
        """The terms of the live documents in a locale that has an index."""
        if locale not in self._terms:
            parts = [document.terms[locale] for document in self.live]
            counts = [len(numbers) for numbers, _ in parts]
            self._terms[locale] = LiveTerms(
                np.concatenate([np.empty(0, np.int32), *(numbers for numbers, _ in parts)]),
                np.concatenate([np.empty(0, np.float32), *(scores for _, scores in parts)]),
                np.repeat(np.arange(len(parts), dtype=np.int32), counts),
                len(parts),
                self.reader.term_numbers.get,
            )
        return self._terms[locale]

    @cached_property
    def _terms(self) -> dict[str, LiveTerms]:
        return {}

    def under(self, concept: int) -> Rows:
        """Live rows that stand under a concept, ascending."""
        concepts, places = self._live_concepts
        rows: Rows = places[concepts == concept] + np.int32(self.first_live)
        return rows

    @cached_property
    def _live_concepts(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        parts = [document.concepts for document in self.live]
        places = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
        return np.concatenate([np.empty(0, np.int32), *parts]), places

    @cached_property
    def live_vectors(self) -> NDArray[np.float32] | None:
        """Shape (live documents, d); `None` without an encoder or live documents."""
        vectors = [document.vector for document in self.live if document.vector is not None]
        return np.stack(vectors) if vectors else None

    @cached_property
    def _live_numbers(self) -> dict[str, int]:
        return {product_id: number for number, product_id in enumerate(self.overlay.documents)}

    @cached_property
    def _live_order(self) -> list[int]:
        return sorted(range(len(self.live)), key=lambda i: self.live[i].product.product_id)

    @cached_property
    def _live_places(self) -> NDArray[np.int64]:
        """Ascending; see `LiveDocument.place`."""
        return np.array([self.live[i].place for i in self._live_order], np.int64)

    @cached_property
    def _live_ranks(self) -> NDArray[np.int64]:
        ranks = np.empty(len(self.live), np.int64)
        ranks[self._live_order] = self._live_places + np.arange(len(self.live))
        return ranks

    @cached_property
    def _live_groups(self) -> NDArray[np.int32]:
        return np.array([document.group for document in self.live], np.int32)

    @cached_property
    def _relisted(self) -> Rows:
        """Rows of the release with a listing of their own, ascending."""
        return np.array(sorted(self.overlay.listings), np.int32)

    @cached_property
    def _columns(self) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
        """By column: of the relisted rows, and of the live documents."""
        relisted = [self.overlay.listings[row] for row in self._relisted.tolist()]
        live = [document.product for document in self.live]
        return {name: (self._read(name, relisted), self._read(name, live)) for name in _READ}

    def _read(self, name: str, products: Sequence[Product | Listing]) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self.table, name)
        return np.array([_READ[name](product, self.currency_numbers) for product in products], column.dtype)

    def _listed(self, name: str, column: NDArray[Any], rows: Rows) -> NDArray[Any]:
        if not self.overlay.listings and not self.live:
            return column[rows]
        relisted, live = self._columns[name]
        taken = self._take(column, live, rows)
        if len(relisted):
            places = np.minimum(np.searchsorted(self._relisted, rows), len(relisted) - 1)
            changed = self._relisted[places] == rows
            taken[changed] = relisted[places[changed]]
        return taken

    def _take(self, column: NDArray[Any], live: NDArray[Any], rows: Rows) -> NDArray[Any]:
        if not self.live:
            return column[rows]
        is_live = rows >= self.first_live
        taken = np.empty(len(rows), column.dtype)
        taken[~is_live] = column[rows[~is_live]]
        taken[is_live] = live[rows[is_live] - self.first_live]
        return taken


def gather(offsets: NDArray[np.int64], rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the values of some rows stand in a ragged array.

    Args:
        offsets: The values of row `r` are `offsets[r]:offsets[r + 1]`.
        rows: Any rows.

    Returns:
        For each value the place in `rows`, ascending, and where it stands.
    """
    starts = offsets[rows]
    lengths = offsets[rows + 1] - starts
    before = np.cumsum(lengths) - lengths
    places = np.repeat(np.arange(len(rows)), lengths)
    return places, np.arange(len(places)) + np.repeat(starts - before, lengths)


_READ: dict[str, Callable[[Product | Listing, Mapping[str, int]], float]] = {
    "price": lambda each, _: math.nan if each.price_minor is None else each.price_minor,
    "currency": lambda each, numbers: UNKNOWN if each.currency is None else numbers[each.currency],
    "stock": lambda each, _: UNKNOWN if each.stock is None else each.stock,
    "updated_at": lambda each, _: UNKNOWN if each.updated_at is None else each.updated_at,
}
