"""What a shopper wants, and how well a product of the laboratory fulfils it: the truth behind every query."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.catalogue import Catalogue, ProductFacts
from data.demo.lexicon import Lexicon

# Ratings: everything wished for; the right thing with some of the wishes; the right thing without them, or a sibling of
# the wished type with all of them; something else.
PERFECT, GOOD, FAIR, WRONG = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Need:
    """One wish.

    Attributes:
        types: Keys of the types that will do: one, or a family's.
        family: Key of the family that was named, if one was.
        wishes: Field to value: `brand`, `colour`, `material`, `feature`, or a key of the lexicon's attributes.
    """

    types: tuple[str, ...]
    family: str | None = None
    wishes: tuple[tuple[str, str | float], ...] = ()


def rating(need: Need, facts: ProductFacts, siblings: Mapping[str, frozenset[str]]) -> int:
    """How well a product fulfils a need, 0 to 3; one whose merchant stuffs its title at most fairly.

    Args:
        need: The wish.
        facts: The truth about the product, whatever its title claims.
        siblings: By type, the types that stand in the same category; an accessory of a type is never its sibling.
    """
    fulfilled = sum(fulfils(facts, field, value) for field, value in need.wishes)
    if facts.type in need.types:
        if facts.spam:
            return FAIR
        if fulfilled == len(need.wishes):
            return PERFECT
        return GOOD if 2 * fulfilled >= len(need.wishes) else FAIR
    related = any(facts.type in siblings[wanted] for wanted in need.types)
    return FAIR if related and not facts.spam and need.wishes and fulfilled == len(need.wishes) else WRONG


def fulfils(facts: ProductFacts, field: str, value: str | float) -> bool:
    """Whether a product has what is wished for in one field."""
    match field:
        case "brand":
            return facts.brand == value
        case "colour":
            return facts.colour == value
        case "material":
            return facts.material == value
        case "feature":
            return value in facts.features
    return facts.values.get(field) == value


def siblings_of(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """By type, the other main types of its category."""
    by_category: dict[str, set[str]] = {}
    for entry in lexicon.types.values():
        if entry.accessory_of is None:
            by_category.setdefault(entry.category, set()).add(entry.key)
    return {
        entry.key: frozenset(by_category.get(entry.category, set()) - {entry.key})
        if entry.accessory_of is None
        else frozenset()
        for entry in lexicon.types.values()
    }


class Relevance:
    """Ratings of many products at once: what `rating` says of each."""

    def __init__(self, lexicon: Lexicon, catalogue: Catalogue) -> None:
        self._siblings = siblings_of(lexicon)
        self._facts = [catalogue.facts[product.product_id] for product in catalogue.products]
        self._types = np.array([facts.type for facts in self._facts])
        self._spam = np.array([facts.spam for facts in self._facts])
        self._having: dict[tuple[str, str | float], NDArray[np.bool_]] = {}
        self._kinds: dict[tuple[str, ...], tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}

    def __call__(self, need: Need, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.int8]:
        """Shape (rows,), of rows of the catalogue; of all of them by default."""
        if need.types not in self._kinds:
            related = sorted(set[str]().union(*(self._siblings[wanted] for wanted in need.types)))
            self._kinds[need.types] = np.isin(self._types, need.types), np.isin(self._types, related)
        wanted, related_to = (kind[rows] for kind in self._kinds[need.types])
        spam = self._spam[rows]
        fulfilled = np.zeros(len(spam), np.int8)
        for wish in need.wishes:
            fulfilled += self._has(*wish)[rows]
        whole = fulfilled == len(need.wishes)
        right = np.where(whole, PERFECT, np.where(2 * fulfilled >= len(need.wishes), GOOD, FAIR))
        other = np.where(related_to & whole & ~spam & bool(need.wishes), FAIR, WRONG)
        return np.where(wanted, np.where(spam, FAIR, right), other).astype(np.int8)

    def _has(self, field: str, value: str | float) -> NDArray[np.bool_]:
        if (field, value) not in self._having:
            self._having[field, value] = np.array([fulfils(facts, field, value) for facts in self._facts])
        return self._having[field, value]
