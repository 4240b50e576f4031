"""What changed since the release: an immutable state, and the next one from a batch of changes.

A reader takes one state and answers from it alone; writing makes another one and swaps the reference. What only changes
a listing (price, stock, picture) of a product of the release is kept beside its row: its texts, values, concepts and
vector are the release's. Anything else makes it a live document that hides the row.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from data.change import INHERIT, Change, apply_patch
from data.product import Product
from retrieval.index.live_document import LiveDocument, LiveReader
from retrieval.index.product_table import ProductTable

LISTING_FIELDS = frozenset({"price_minor", "currency", "stock", "image", "url", "updated_at"})


@dataclass(frozen=True, slots=True)
class Listing:
    """What replaces the same fields of a row."""

    position: int
    price_minor: int | None
    currency: str | None
    stock: int | None
    image: str | None
    url: str | None
    updated_at: int | None
    version: int

    def over(self, product: Product) -> Product:
        """The row's product with this listing."""
        return replace(
            product,
            price_minor=self.price_minor,
            currency=self.currency,
            stock=self.stock,
            image=self.image,
            url=self.url,
            updated_at=self.updated_at,
            version=self.version,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A state.

    Attributes:
        position: Of the last change in it; the log's position that the release has folded in when there is none.
        documents: Live documents by product id, in the order in which they came.
        hidden: Rows of the release that are deleted or replaced.
        listings: By row.
        touched: Position of the last change by group, of the groups that a product was in before or after one.
    """

    position: int
    documents: Mapping[str, LiveDocument] = field(default_factory=dict)
    hidden: AbstractSet[int] = frozenset()
    listings: Mapping[int, Listing] = field(default_factory=dict)
    touched: Mapping[int, int] = field(default_factory=dict)


def find_product(overlay: Overlay, table: ProductTable, product_id: str) -> Product | None:
    """A product as it now is; `None` when there is none, or it was deleted."""
    document = overlay.documents.get(product_id)
    if document is not None:
        return document.product
    row = table.row(product_id)
    if row is None or row in overlay.hidden:
        return None
    listing = overlay.listings.get(row)
    return table.product(row) if listing is None else listing.over(table.product(row))


def apply_changes(
    overlay: Overlay, changes: Sequence[Change], table: ProductTable, reader: LiveReader, currency: str | None
) -> Overlay:
    """The state after some changes, in their order.

    A change that is older than the product it is about, by version, and a patch of a product that is not there, are
    passed over: the log refuses both, but what it was asked against may have been another release.

    Args:
        overlay: Stays as it is.
        changes: From the log; those up to the state's position are passed over.
        table: Of the release.
        reader: Of the release.
        currency: The shop's, of prices that a patch gives to products without one.
    """
    documents, hidden, listings = dict(overlay.documents), set(overlay.hidden), dict(overlay.listings)
    touched, position = dict(overlay.touched), overlay.position
    for change in changes:
        if change.position <= position:
            continue
        position = change.position
        held = find_product(Overlay(position, documents, hidden, listings), table, change.product_id)
        if held is not None and change.version != INHERIT and change.version < held.version:
            continue
        row = table.row(change.product_id)
        product = change.product
        for each in (held, product):
            if each is not None:
                touched[reader.group(each.group_id)] = position
        if change.kind == "patch" and change.patch is not None:
            if held is None:
                continue
            patched = apply_patch(held, change.patch, currency)
            product = replace(patched, version=held.version if change.version == INHERIT else change.version)
            if change.patch.keys() <= LISTING_FIELDS:
                if change.product_id in documents:
                    document = documents[change.product_id]
                    documents[change.product_id] = replace(document, product=product, position=position)
                elif row is not None:
                    listings[row] = listing_of(product, position)
                continue
        if row is not None:
            hidden.add(row)
            listings.pop(row, None)
        if change.kind == "delete" or product is None:
            documents.pop(change.product_id, None)
        else:
            documents[change.product_id] = reader.read(product, position)
    return Overlay(position, documents, hidden, listings, touched)


def listing_of(product: Product, position: int) -> Listing:
    """The listing fields of a product."""
    return Listing(
        position,
        product.price_minor,
        product.currency,
        product.stock,
        product.image,
        product.url,
        product.updated_at,
        product.version,
    )
