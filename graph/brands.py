"""Brands: the spellings of one maker gathered by their normal form."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from data.product import Product
from data.text import Analyser

# What registers put behind a maker's name and shoppers never type.
_REGISTER = (
    "ab ag as bv co company corp corporation gmbh inc incorporated kg limited llc ltd nv oy plc sa sarl sas spa srl"
)
_LEGAL_FORMS = frozenset(_REGISTER.split())


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand: its key, its spellings (most frequent first), its rows."""

    key: str
    spellings: tuple[str, ...]
    rows: tuple[int, ...]


def collect_brands(products: Sequence[Product], analyser: Analyser) -> list[Brand]:
    """Every brand of the catalogue, by key; brands without a letter or digit are left out."""
    rows: dict[str, list[int]] = defaultdict(list)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for row, product in enumerate(products):
        key = brand_key(product.brand, analyser)
        if key:
            rows[key].append(row)
            spellings[key][product.brand.strip()] += 1
    return [
        Brand(
            key,
            tuple(text for text, _ in sorted(spellings[key].items(), key=lambda item: (-item[1], item[0]))),
            tuple(held),
        )
        for key, held in sorted(rows.items())
    ]


def brand_key(brand: str, analyser: Analyser) -> str:
    """`"ACME, Inc."` -> `"acme"`; a name that is nothing but a legal form stays."""
    words = analyser.words(brand)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)
