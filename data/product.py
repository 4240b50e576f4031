"""A product: the sellable variant, as every package reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as the catalogue gave it (`Quantity(15.6, "in")`)."""

    amount: float
    unit: str


# A tuple is a set of alternatives of one attribute (a bag that is sold as "work" and "travel").
AttributeValue = str | bool | float | Quantity | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductText:
    """What a product says in one locale; plain text, HTML already removed."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """One sellable variant.

    Attributes:
        product_id: Unique in its shop.
        group_id: What variants collapse to; the product's own id when it has no siblings.
        texts: By BCP 47 locale, at least one, in the catalogue's order; see `text`.
        brand: As written; empty when unknown.
        category: Path from the root to the leaf; empty when unknown.
        attributes: Typed values by field name (`colour`, `screen_size`, ...).
        price_minor: In the currency's minor unit (cents; whole yen), `None` when unknown.
        currency: ISO 4217, `None` exactly when `price_minor` is.
        stock: Pieces, `None` when unknown, which counts as available.
        image: URL or data URL of a picture.
        url: Of the product's page.
        updated_at: UTC epoch milliseconds, `None` when unknown.
        version: Non-negative; an upsert with a smaller one is refused.
    """

    product_id: str
    group_id: str
    texts: Mapping[str, ProductText]
    brand: str = ""
    category: tuple[str, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    price_minor: int | None = None
    currency: str | None = None
    stock: int | None = None
    image: str | None = None
    url: str | None = None
    updated_at: int | None = None
    version: int = 0

    @property
    def in_stock(self) -> bool:
        """Unknown stock counts as available."""
        return self.stock is None or self.stock > 0

    def text(self, locale: str, fallbacks: Sequence[str] = ()) -> ProductText:
        """The text to show: of `locale`, its language, each fallback, or the first there is."""
        for candidate in locale_chain(locale, fallbacks):
            if candidate in self.texts:
                return self.texts[candidate]
        return next(iter(self.texts.values()))


def locale_chain(locale: str, fallbacks: Sequence[str] = ()) -> Iterator[str]:
    """`de-CH` -> `de-CH`, `de`, then each fallback likewise; duplicates are harmless."""
    for name in (locale, *fallbacks):
        yield name
        while "-" in name:
            name = name.rpartition("-")[0]
            yield name
