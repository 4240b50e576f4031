"""Folding the live overlay into a catalogue: the newer statement about each product wins."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.change import apply_patch
from data.overlay_log import LiveProduct, Stamp
from data.product import Product

# A catalogue row that says nothing of its age is taken as older than any live change: an acknowledged change is undone
# only by something that is known to be newer. `catalogue_at_ms` is how a shop whose rows bear no time says so.
UNKNOWN_TIME = -1


Patches = Mapping[tuple[str, ...], tuple[Stamp, Any]]


@dataclass(frozen=True, slots=True)
class Fold:
    """The products of the next release and what became of the live changes.

    Attributes:
        products: The catalogue's order; products that only the overlay has come last, by id.
        upserted, patched, deleted: Live statements that hold.
        superseded: Products whose live changes are all older than their catalogue row.
        orphaned: Ids of products that only have patches and are not in the catalogue; they are left out.
    """

    products: list[Product]
    upserted: int
    patched: int
    deleted: int
    superseded: int
    orphaned: tuple[str, ...]


def fold_live(
    catalogue: Sequence[Product],
    live: Iterable[LiveProduct],
    catalogue_at_ms: int | None = None,
    currency: str | None = None,
) -> Fold:
    """Join catalogue rows and live changes, product by product and field by field.

    The rule: of two statements the one with the greater (version, time) holds; the time of a catalogue row is its
    `updated_at`, that of an upsert its own `updated_at` or when it was taken in, that of a patch or a delete when it
    was taken in. On a tie the live statement holds. So a deleted product stays deleted unless its row is newer than the
    delete, and a patch outlives every row older than itself, whatever upsert came between.

    Args:
        catalogue: Ids unique.
        live: As `OverlayLog.live_products` gives them.
        catalogue_at_ms: The time of rows without `updated_at`; without it they are older than any live change.
        currency: Of prices that a patch gave to products without one.
    """
    unknown = UNKNOWN_TIME if catalogue_at_ms is None else catalogue_at_ms
    by_id = {one.product_id: one for one in live}
    products: list[Product] = []
    outcomes: Counter[str] = Counter()
    orphaned = []
    listed = {row.product_id for row in catalogue}
    only_live = [by_id[product_id] for product_id in sorted(by_id.keys() - listed)]
    for row, one in (*((row, by_id.get(row.product_id)) for row in catalogue), *((None, one) for one in only_live)):
        if one is None:
            outcome, product = "", row
        else:
            stamp = (row.version, unknown if row.updated_at is None else row.updated_at) if row else _NOTHING
            outcome, product = _settle(row, stamp, one, currency)
        outcomes[outcome] += 1
        if product is not None:
            products.append(product)
        elif one is not None and outcome == "orphaned":
            orphaned.append(one.product_id)
    return Fold(
        products,
        outcomes["upserted"],
        outcomes["patched"],
        outcomes["deleted"],
        outcomes["superseded"],
        tuple(orphaned),
    )


_NOTHING: Stamp = (-1, UNKNOWN_TIME)


def _settle(
    row: Product | None, row_stamp: Stamp, one: LiveProduct, currency: str | None
) -> tuple[str, Product | None]:
    if one.deleted:
        return ("superseded", row) if row_stamp > one.stamp else ("deleted", None)
    if one.product is not None and one.product_stamp >= row_stamp:
        # The log's own order: every patch in the head came after its upsert, whatever the shop's clock said.
        return ("patched" if one.patches else "upserted"), _patched(one.product, one.stamp, one.patches, currency)
    newer = {path: (stamp, value) for path, (stamp, value) in one.patches.items() if stamp >= row_stamp}
    if row is None:
        return ("orphaned" if newer else "superseded"), None
    return ("patched" if newer else "superseded"), _patched(row, one.stamp, newer, currency)


def _patched(product: Product, stamp: Stamp, patches: Patches, currency: str | None) -> Product:
    if not patches:
        return product
    patch: dict[str, Any] = {}
    for path, (_, value) in patches.items():
        if len(path) == 1:
            patch[path[0]] = value
        else:
            patch.setdefault(path[0], {})[path[1]] = value
    return replace(apply_patch(product, patch, currency), version=max(product.version, stamp[0]))
