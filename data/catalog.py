"""The catalogue: canonical files into products, each id once, nothing lost without a word."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.column_types import typed_columns, typed_value
from data.errors import BadRow, InputError, TooManyBadRows
from data.product import Product
from data.product_json import encode_product
from data.product_row import ALIASES, ProductReader
from data.quarantine import Quarantine
from data.rows import Row, format_of, read_rows, write_jsonl
from data.shop import ShopConfig

# A feed may repeat products as they change; when most rows repeat an id, the wrong column is taken for the id.
MOST_DUPLICATES = 0.5
FEW_DUPLICATES = 20


def read_products(path: Path, config: ShopConfig, quarantine: Quarantine) -> list[Product]:
    """Read a canonical catalogue (.jsonl, .csv, .tsv or .parquet, each also .gz), in file order.

    Of rows with one id the highest (version, updated_at) is kept, of equals the last, at the first one's place; the
    others are reported as duplicates. Rows in = products + set aside + duplicates.

    Raises:
        InputError: When the file cannot be read, has no rows, or its ids repeat as no id does.
        TooManyBadRows: When more than `config.catalog.quarantine_share` of its rows were set aside.
    """
    before = quarantine.rejected
    rows = list(read_rows(path, quarantine))
    if format_of(path) == "csv":
        rows = _typed(rows, config, path)
    return products_of_rows(rows, path.name, config, quarantine, quarantine.rejected - before)


def products_of_rows(
    rows: Sequence[Row], source: str, config: ShopConfig, quarantine: Quarantine, unreadable: int = 0
) -> list[Product]:
    """The products of records; see `read_products`.

    Args:
        rows: In file order.
        source: The file's name, for reports.
        config: The shop's.
        quarantine: Takes what cannot be used.
        unreadable: Rows of the file that were set aside before they became records.
    """
    before = quarantine.rejected - unreadable
    total = len(rows) + unreadable
    if not total:
        raise InputError(f"{source}: no rows; expected one product a line")
    reader = ProductReader(config.catalog, config.locale, config.currency)
    found: list[tuple[Row, Product]] = []
    once: set[str] = set()
    for row in rows:
        mended: list[tuple[str, str]] = []
        try:
            found.append((row, reader.read(row.record, lambda *what: mended.append(what))))  # noqa: B023 - used at once
        except BadRow as error:
            quarantine.reject(source, row.line, error.field, error.reason, row.record)
            continue
        for field, reason in mended:
            if field == "currency":  # the same for every row
                if reason in once:
                    continue
                once.add(reason)
            quarantine.mend(source, row.line, field, reason, row.record)
    quarantine.check(source, total, config.catalog.quarantine_share, before)
    return _each_id_once(found, source, quarantine)


def write_products(path: Path, products: Iterable[Product]) -> int:
    """Write the canonical JSONL (zipped when the name ends in .gz), which reads back to equal products.

    Raises:
        InputError: For another format.
    """
    if format_of(path) != "jsonl":
        raise InputError(f"{path}: products are written as .jsonl or .jsonl.gz")
    return write_jsonl(path, (encode_product(product) for product in products))


def main_currency(products: Sequence[Product], config: ShopConfig) -> str | None:
    """The shop's currency, or the most frequent one of its prices: what "under 50" is read in."""
    if config.currency is not None:
        return config.currency
    counts = Counter(product.currency for product in products if product.currency is not None)
    return min(counts, key=lambda code: (-counts[code], code), default=None)


def _typed(rows: list[Row], config: ShopConfig, path: Path) -> list[Row]:
    """CSV cells of attributes as typed values; the columns of a product's own fields stay text."""
    names = list(dict.fromkeys(name for row in rows for name in row.record))
    own = {alias for aliases in ALIASES.values() for alias in aliases} | {"title", "description"}
    mapped = config.catalog.fields
    own_columns = {
        name
        for name in names
        if name.strip().lower().replace(" ", "_") in own
        or name.lower().startswith(("title", "description"))
        or any(column == name and not field.startswith("attributes.") for field, column in mapped.items())
    }
    for needed in ("product_id", "title"):
        aliases = (mapped[needed],) if needed in mapped else ALIASES[needed]
        lowered = {name.strip().lower().replace(" ", "_") for name in names} | set(names)
        localised = needed == "title" and any(name.lower().startswith("title") for name in names)
        if not (lowered & set(aliases) or localised or needed in config.catalog.defaults):
            raise InputError(
                f"{path}: no column for the {needed} (looked for {', '.join(aliases)}); the columns are "
                f'{", ".join(names) or "none"}. Name it in the field map: [catalog.fields] {needed} = "COLUMN"'
            )
    attributes = [name for name in names if name not in own_columns]
    kinds = typed_columns([row.record for row in rows], attributes)
    typed = []
    for line, record in rows:
        cells: dict[str, Any] = dict(record)
        for name in attributes:
            cell = cells.get(name)
            if isinstance(cell, str) and cell.strip():
                cells[name] = typed_value(cell, kinds[name])
        typed.append(Row(line, cells))
    return typed


def _each_id_once(found: list[tuple[Row, Product]], source: str, quarantine: Quarantine) -> list[Product]:
    kept: dict[str, tuple[Row, Product]] = {}
    duplicates = 0
    for row, product in found:
        other = kept.get(product.product_id)
        if other is None:
            kept[product.product_id] = (row, product)
            continue
        duplicates += 1
        wins = _age(product) >= _age(other[1])
        winner, loser = ((row, product), other) if wins else (other, (row, product))
        kept[product.product_id] = winner
        reason = f"{product.product_id!r} again; line {winner[0].line} is kept (higher version or newer, else the last)"
        quarantine.duplicate(source, loser[0].line, "product_id", reason, loser[0].record)
    if duplicates > max(MOST_DUPLICATES * len(found), FEW_DUPLICATES):
        raise TooManyBadRows(
            f"{source}: {duplicates} of {len(found)} rows repeat an id, at most {MOST_DUPLICATES:.0%} may; "
            "is the column taken for product_id the right one?"
        )
    return [product for _, product in kept.values()]


def _age(product: Product) -> tuple[int, int]:
    return product.version, -1 if product.updated_at is None else product.updated_at
