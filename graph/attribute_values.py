"""Which attribute values are worth a concept: those of a small vocabulary that shoppers would name."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from data.product import AttributeValue, Product
from data.text import fold

# A field or value that fewer groups have is a remark, not a vocabulary.
LEAST_GROUPS = 2
# Fields whose values hardly ever repeat are free text or identifiers: of 100 products, more than 50 different values.
MOST_DISTINCT_SHARE = 0.5
# What nobody types: dimension strings, sentences, lists of certificates.
LONGEST_VALUE = 40
MOST_WORDS = 4
_SAYS_NOTHING = frozenset(
    {"yes", "no", "true", "false", "n/a", "na", "none", "other", "others", "unknown", "-", "misc"}
)


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute: the rows that have it (not those where it is `False`), and the rows of each of its values."""

    name: str
    rows: tuple[int, ...]
    values: dict[str, tuple[int, ...]]
    surfaces: dict[str, str]
    units: tuple[str, ...]


def collect_fields(products: Sequence[Product]) -> list[Field]:
    """Every attribute with its vocabulary, by name; values are keyed by their folded form."""
    rows: dict[str, list[int]] = defaultdict(list)
    values: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    surfaces: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    units: dict[str, Counter[str]] = defaultdict(Counter)
    # Most products repeat the values of others.
    folded: dict[str, str] = {}
    for row, product in enumerate(products):
        for name, value in product.attributes.items():
            if value is not False:
                rows[name].append(row)
            for text in _texts(value):
                key = folded.get(text)
                if key is None:
                    key = folded[text] = fold(text)
                values[name][key].append(row)
                surfaces[name][key][text] += 1
            unit = getattr(value, "unit", None)
            if unit:
                units[name][unit] += 1
    return [
        Field(
            name,
            tuple(held),
            _vocabulary(values[name], products),
            {key: min(found.items(), key=lambda item: (-item[1], item[0]))[0] for key, found in surfaces[name].items()},
            tuple(unit for unit, _ in units[name].most_common()),
        )
        for name, held in sorted(rows.items())
        if len({products[row].group_id for row in held}) >= LEAST_GROUPS
    ]


def _texts(value: AttributeValue) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def _vocabulary(values: dict[str, list[int]], products: Sequence[Product]) -> dict[str, tuple[int, ...]]:
    groups = {key: len({products[row].group_id for row in rows}) for key, rows in values.items()}
    if len(groups) > MOST_DISTINCT_SHARE * sum(groups.values()) and len(groups) > 2:
        return {}
    return {
        key: tuple(dict.fromkeys(values[key]))
        for key, times in groups.items()
        if times >= LEAST_GROUPS and is_nameable(key)
    }


def is_nameable(value: str) -> bool:
    """Whether a shopper might type a folded value: short, few words, mostly letters."""
    letters = sum(character.isalpha() for character in value)
    return (
        len(value) <= LONGEST_VALUE
        and len(value.split()) <= MOST_WORDS
        and letters * 2 > len(value.replace(" ", ""))
        and value not in _SAYS_NOTHING
        and "," not in value
    )
