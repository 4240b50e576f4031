"""A change of a live product, and what a patch may say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from data.errors import InputError
from data.product import Product, ProductText
from data.product_json import decode_attribute

ChangeKind = Literal["upsert", "patch", "delete"]

# In a change that is not yet in the log: the version that the product has now. Shops without versions never say one.
INHERIT = -1


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one product.

    Attributes:
        position: Its place in the log, from 1; 0 before it is appended.
        at_ms: When it was taken in, UTC epoch milliseconds.
        product: The whole new product of an upsert.
        patch: The fields that a patch replaces, in JSON values; see `check_patch`.
        version: Of the product after the change; `INHERIT` only before it is appended.
    """

    position: int
    at_ms: int
    product_id: str
    kind: ChangeKind
    product: Product | None = None
    patch: Mapping[str, Any] | None = None
    version: int = INHERIT


_TEXT_FIELDS = ("brand", "currency", "image", "url")
_COUNT_FIELDS = ("price_minor", "stock", "updated_at")
PATCHABLE = (*_TEXT_FIELDS, *_COUNT_FIELDS, "category", "attributes", "texts")


def check_patch(patch: Mapping[str, Any]) -> None:
    """Refuse a patch that could not be applied to any product.

    Scalars replace (`null` clears, except `brand`); `attributes` and `texts` are merged by key, and an attribute of
    `null` is removed.

    Raises:
        InputError: Naming the field, what was expected and what came.
    """

    def expect(holds: bool, field: str, what: str) -> None:
        if not holds:
            raise InputError(f"patch field {field!r}: expected {what}, got {patch[field]!r}")

    if not patch:
        raise InputError(f"an empty patch changes nothing; give one or more of {', '.join(PATCHABLE)}")
    for field, value in patch.items():
        if field in _TEXT_FIELDS:
            expect(isinstance(value, str) or (value is None and field != "brand"), field, "a text")
        elif field in _COUNT_FIELDS:
            count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
            expect(value is None or count, field, "a whole number from 0 or null")
        elif field == "category":
            expect(
                isinstance(value, list | tuple) and all(isinstance(step, str) for step in value),
                field,
                "a list of texts",
            )
        elif field == "attributes":
            expect(isinstance(value, Mapping), field, "an object")
            for name, attribute in value.items():
                try:
                    _ = attribute is None or decode_attribute(attribute)
                except ValueError as error:
                    raise InputError(f"patch field 'attributes.{name}': {error}") from error
        elif field == "texts":
            expect(isinstance(value, Mapping) and all(_is_text(text) for text in value.values()), field, _TEXTS)
        else:
            raise InputError(f"patch field {field!r} is unknown; the fields are {', '.join(PATCHABLE)}")


_TEXTS = 'an object of locale to {"title", "description"?}, titles not empty'


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) <= {"title", "description"}
        and all(isinstance(part, str) for part in value.values())
        and bool(value.get("title", "").strip())
    )


def apply_patch(product: Product, patch: Mapping[str, Any], currency: str | None = None) -> Product:
    """The product after a checked patch; the version is the caller's to set.

    Args:
        product: Before.
        patch: As `check_patch` lets pass.
        currency: Of a price on a product that had none; without it such a price is left unknown.
    """
    fields: dict[str, Any] = {field: patch[field] for field in (*_TEXT_FIELDS, *_COUNT_FIELDS) if field in patch}
    if "category" in patch:
        fields["category"] = tuple(patch["category"])
    if "attributes" in patch:
        merged: dict[str, Any] = {**product.attributes, **patch["attributes"]}
        fields["attributes"] = {name: decode_attribute(value) for name, value in merged.items() if value is not None}
    if "texts" in patch:
        changed = {locale: ProductText(**text) for locale, text in patch["texts"].items()}
        fields["texts"] = {**product.texts, **changed}
    price = fields.get("price_minor", product.price_minor)
    known = fields.get("currency") or product.currency or currency
    fields["price_minor"], fields["currency"] = (None, None) if price is None or known is None else (price, known)
    return replace(product, **fields)
