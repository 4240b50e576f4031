"""A product's fields as filters and facets compare them: folded texts, yes or no, amounts in one unit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.product import Product, Quantity
from data.text import UNITS, canonical, fold

# Between the parts of a key; folding turns control characters into blanks, so no folded text holds it.
SEPARATOR = "\x1f"
CATEGORY_SEPARATOR = " > "
TEXT, FLAG = "t", "b"
YES, NO = "true", "false"
BRAND, CATEGORY = "brand", "category"

# Amounts are compared with this many significant digits: 15.6 in and 39.624 cm are the same screen.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class ProductValues:
    """What one product has.

    Attributes:
        texts: Key (see `text_key`) to the text as written; yes and no as well.
        amounts: By field, in the base unit of the field's dimension.
    """

    texts: Mapping[str, str]
    amounts: Mapping[str, float]


def text_key(field: str, folded: str, kind: str = TEXT) -> str:
    """Of one value of one field; sorted keys keep the values of a field together."""
    return f"{field_prefix(field)}{kind}{folded}"


def field_prefix(field: str) -> str:
    """With which the keys of a field begin."""
    return f"{field.replace(SEPARATOR, ' ')}{SEPARATOR}"


def split_key(key: str) -> tuple[str, str, str]:
    """Field, kind and folded text of a key."""
    field, _, rest = key.partition(SEPARATOR)
    return field, rest[:1], rest[1:]


def category_key(path: Sequence[str]) -> str:
    """A path as filters compare it."""
    return CATEGORY_SEPARATOR.join(fold(step) for step in path)


def read_values(product: Product, units: Mapping[str, str]) -> ProductValues:
    """The values of a product.

    A category counts as itself and all above it. An amount in a unit that cannot be converted into the field's is kept
    as a text ("3 pack" among lengths), so nothing that the catalogue says is lost.

    Args:
        product: Of the catalogue or live.
        units: By field, as `learn_units` finds them.
    """
    texts: dict[str, str] = {}
    amounts: dict[str, float] = {}
    if product.brand:
        texts[text_key(BRAND, fold(product.brand))] = product.brand
    for depth in range(1, len(product.category) + 1):
        path = product.category[:depth]
        texts[text_key(CATEGORY, category_key(path))] = CATEGORY_SEPARATOR.join(path)
    for field, value in product.attributes.items():
        if field in (BRAND, CATEGORY):
            continue
        match value:
            case bool():
                said = YES if value else NO
                texts[text_key(field, said, FLAG)] = said
            case Quantity():
                amount = comparable(value.amount, value.unit, units.get(field, ""))
                if amount is None:
                    said = f"{value.amount:g} {value.unit}"
                    texts[text_key(field, fold(said))] = said
                else:
                    amounts[field] = amount
            case int() | float():
                amount = comparable(float(value), "", units.get(field, ""))
                if amount is not None:
                    amounts[field] = amount
            case str():
                texts[text_key(field, fold(value))] = value
            case _:
                texts |= {text_key(field, fold(each)): each for each in value}
    return ProductValues(texts, amounts)


def comparable(amount: float, unit: str, field_unit: str) -> float | None:
    """An amount in the base unit of a field's dimension.

    Args:
        amount: As given.
        unit: Its unit; "" is the field's.
        field_unit: See `learn_units`.

    Returns:
        `None` when the units measure different things.
    """
    based, base = canonical(amount, unit or field_unit)
    if base != canonical(1, field_unit)[1]:
        return None
    return float(f"{based:.{_DIGITS}g}")


def shown(amount: float, field_unit: str) -> float:
    """A compared amount in the field's own unit again, so exactly that filtering by it finds the same amount."""
    return float(f"{amount / canonical(1, field_unit)[0]:.{_DIGITS + 3}g}")


def learn_units(products: Iterable[Product]) -> dict[str, str]:
    """The unit that most amounts of each field are given in, ties by name; fields of bare numbers are left out.

    A filter's bare number is in this unit, as is a catalogue's.
    """
    counts: dict[str, Counter[str]] = {}
    for field, unit in _stated_units(products):
        counts.setdefault(field, Counter())[unit] += 1
    return {field: min(units, key=lambda unit: (-units[unit], unit)) for field, units in counts.items()}


def _stated_units(products: Iterable[Product]) -> Iterator[tuple[str, str]]:
    for product in products:
        for field, value in product.attributes.items():
            if isinstance(value, Quantity) and value.unit:
                known = UNITS.get(value.unit.casefold())
                yield field, value.unit if known is None else known.symbol
