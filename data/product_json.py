"""A product as the JSON that logs and tables keep: exact, and read back to an equal `Product`."""

from collections.abc import Mapping
from typing import Any

import orjson

from data.product import AttributeValue, Product, ProductText, Quantity


def encode_product(product: Product) -> bytes:
    """Every field by its name; a quantity is `{"amount", "unit"}`, a set of alternatives a list."""
    return orjson.dumps(product, default=dict)


def decode_product(encoded: bytes | str) -> Product:
    """The inverse of `encode_product`."""
    record = orjson.loads(encoded)
    record["texts"] = {locale: ProductText(**text) for locale, text in record["texts"].items()}
    record["category"] = tuple(record["category"])
    record["attributes"] = {name: decode_attribute(value) for name, value in record["attributes"].items()}
    return Product(**record)


def decode_attribute(value: Any) -> AttributeValue:
    """A JSON value as the attribute value it stands for; whole numbers become floats.

    Raises:
        ValueError: For a JSON value that no attribute can have.
    """
    match value:
        case bool() | str():
            return value
        case int() | float():
            return float(value)
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case Mapping() if set(value) == {"amount", "unit"}:
            return Quantity(float(value["amount"]), str(value["unit"]))
        case Quantity():
            return value
    raise ValueError(
        f'expected a text, a number, true or false, a list of texts or {{"amount", "unit"}}, got {value!r}'
    )
