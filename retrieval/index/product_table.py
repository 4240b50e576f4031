"""The products of a release: one mapped array a column, and each product's record to make results of.

| array | shape | holds |
|---|---|---|
| ids | (rows,) texts | product ids, sorted |
| row_of, rank_of | (rows,) int32 | the row of the i-th id; the place of a row's id |
| group_ids | (groups,) texts | sorted; a group's number is its place |
| group_of | (rows,) int32 | what each row collapses to |
| price | (rows,) float64 | minor units (exact to 2^53), NaN when unknown |
| currency | (rows,) int16 | place in `currencies`, -1 when unknown |
| stock, updated_at | (rows,) int64 | -1 when unknown |
| documents | (rows,) texts | `encode_product` |
| cards | (rows,) texts | the same of `card_of` |
| code_offsets, codes | (rows + 1,), (values,) | values of each row, ascending; see `Vocabulary` |
| amount_offsets, amount_fields, amounts | the same | amounts of each row |
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.product import Product, ProductText
from data.product_json import decode_product, encode_product
from graph.storage import Strings, write_strings
from retrieval.index.field_values import learn_units, read_values
from retrieval.index.postings import map_array
from retrieval.index.strings import find_string
from retrieval.index.vocabulary import BaseValues, load_values, write_values

UNKNOWN = -1
_STRINGS = ("ids", "group_ids", "documents", "cards")
_ARRAYS = (
    "row_of", "rank_of", "group_of", "price", "currency", "stock", "updated_at",
    "code_offsets", "codes", "amount_offsets", "amount_fields", "amounts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ProductTable:
    """See the module; `seal` is a digest of all documents, `currencies` the most used one first."""

    ids: Strings
    group_ids: Strings
    documents: Strings
    cards: Strings
    row_of: NDArray[np.int32]
    rank_of: NDArray[np.int32]
    group_of: NDArray[np.int32]
    price: NDArray[np.float64]
    currency: NDArray[np.int16]
    stock: NDArray[np.int64]
    updated_at: NDArray[np.int64]
    code_offsets: NDArray[np.int64]
    codes: NDArray[np.int32]
    amount_offsets: NDArray[np.int64]
    amount_fields: NDArray[np.int32]
    amounts: NDArray[np.float64]
    values: BaseValues
    currencies: tuple[str, ...]
    seal: bytes

    def __len__(self) -> int:
        return len(self.documents)

    def row(self, product_id: str) -> int | None:
        """The row of a product."""
        place = find_string(self.ids, product_id)
        return None if place is None else int(self.row_of[place])

    def product_id(self, row: int) -> str:
        """The id of a row."""
        return self.ids[int(self.rank_of[row])]

    def product(self, row: int) -> Product:
        """The whole record of a row."""
        return decode_product(self.documents[row])

    def card(self, row: int) -> Product:
        """What a result shows of a row: the record without descriptions and attributes, a tenth of the reading."""
        return decode_product(self.cards[row])


def build_product_table(folder: Path, products: Sequence[Product]) -> ProductTable:
    """Write the table of a catalogue with distinct ids, and map it."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = [product.product_id for product in products]
    row_of = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32)
    rank_of = np.empty(len(ids), np.int32)
    rank_of[row_of] = np.arange(len(ids), dtype=np.int32)
    groups = sorted({product.group_id for product in products})
    number_of = {group: number for number, group in enumerate(groups)}
    used = Counter(product.currency for product in products if product.currency is not None)
    currencies = sorted(used, key=lambda currency: (-used[currency], currency))
    documents = [encode_product(product) for product in products]
    arrays: dict[str, NDArray[Any]] = {
        "row_of": row_of,
        "rank_of": rank_of,
        "group_of": np.array([number_of[product.group_id] for product in products], np.int32),
        "price": np.array([np.nan if p.price_minor is None else p.price_minor for p in products], np.float64),
        "currency": np.array(
            [UNKNOWN if p.currency is None else currencies.index(p.currency) for p in products], np.int16
        ),
        "stock": np.array([UNKNOWN if p.stock is None else p.stock for p in products], np.int64),
        "updated_at": np.array([UNKNOWN if p.updated_at is None else p.updated_at for p in products], np.int64),
        **_values(folder, products),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    write_strings(folder, "ids", [ids[row] for row in row_of.tolist()])
    write_strings(folder, "group_ids", groups)
    write_strings(folder, "documents", [document.decode() for document in documents])
    write_strings(folder, "cards", [encode_product(card_of(product)).decode() for product in products])
    seal = hashlib.blake2b(b"\n".join(documents), digest_size=32).hexdigest()
    about = {"currencies": currencies, "seal": seal}
    (folder / "table.json").write_text(json.dumps(about), encoding="utf-8")
    return load_product_table(folder)


def card_of(product: Product) -> Product:
    """The product without its descriptions and attributes."""
    titles = {locale: ProductText(text.title) for locale, text in product.texts.items()}
    return replace(product, texts=titles, attributes={})


def load_product_table(folder: Path) -> ProductTable:
    """Map what `build_product_table` wrote."""
    about = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    columns: dict[str, Any] = {name: map_array(folder / f"{name}.npy") for name in _ARRAYS}
    columns |= {name: Strings(folder, name) for name in _STRINGS}
    return ProductTable(
        **columns,
        values=load_values(folder),
        currencies=tuple(about["currencies"]),
        seal=bytes.fromhex(about["seal"]),
    )


def _values(folder: Path, products: Sequence[Product]) -> dict[str, NDArray[Any]]:
    units = learn_units(products)
    surfaces: dict[str, Counter[str]] = {}
    keys: list[tuple[str, ...]] = []
    amount_counts: list[int] = []
    amount_fields: list[str] = []
    amounts: list[float] = []
    for product in products:
        values = read_values(product, units)
        keys.append(tuple(values.texts))
        for key, surface in values.texts.items():
            surfaces.setdefault(key, Counter())[surface] += 1
        amount_counts.append(len(values.amounts))
        amount_fields += values.amounts
        amounts += values.amounts.values()
    number_fields = sorted(set(amount_fields))
    write_values(folder, surfaces, number_fields, units)
    code_of = {key: code for code, key in enumerate(sorted(surfaces))}
    number_of = {field: number for number, field in enumerate(number_fields)}
    return {
        "code_offsets": offsets_of([len(each) for each in keys]),
        "codes": np.array([code for each in keys for code in sorted(code_of[key] for key in each)], np.int32),
        "amount_offsets": offsets_of(amount_counts),
        "amount_fields": np.array([number_of[field] for field in amount_fields], np.int32),
        "amounts": np.array(amounts, np.float64),
    }


def offsets_of(lengths: Sequence[int]) -> NDArray[np.int64]:
    """Where each of some lists begins when they stand one after the other, and where the last ends."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
