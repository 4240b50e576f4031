"""Names of products that the catalogue states: values of naming fields and category leaves that titles repeat."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.product import Product
from data.text import Analyser

# Fields whose values name what a product is: they are no reason to take a word for a description.
NAMING_FIELDS = frozenset({"product_type", "item_type", "type_of_product"})
# Groups whose titles repeat the name: one may be chance.
LEAST_GROUPS = 2
# Of the groups so named, these many must say so in their titles: the leaf "Men" or "Sale" is said by few.
LEAST_SAID = 0.2
LONGEST_NAME = 3


@dataclass(frozen=True, slots=True)
class StatedTypes:
    """What the catalogue says its products are.

    Attributes:
        names: Stems of every stated name that titles bear out.
        by_row: For each product the longest such name of its own, as its title writes it; `None` without one.
    """

    names: frozenset[tuple[str, ...]]
    by_row: tuple[tuple[str, ...] | None, ...]


def stated_types(products: Sequence[Product], locale: str, analyser: Analyser) -> StatedTypes:
    """The names that naming fields and category leaves give and the same products' titles repeat.

    Args:
        products: In the order of their rows.
        locale: Whose titles are read.
        analyser: Of that locale.
    """
    stems: dict[str, tuple[str, ...]] = {}
    named: dict[tuple[str, ...], set[str]] = defaultdict(set)
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    spelt: list[dict[tuple[str, ...], tuple[str, ...]]] = []
    for product in products:
        own: dict[tuple[str, ...], tuple[str, ...]] = {}
        spelt.append(own)
        names = {_stems(text, analyser, stems) for text in _names(product)}
        words = tuple(analyser.words(product.text(locale).title)) if names else ()
        title = tuple(map(analyser.stem, words))
        for name in names:
            if 0 < len(name) <= LONGEST_NAME and all(word.isalpha() for word in name):
                named[name].add(product.group_id)
                places = (at for at in range(len(title)) if title[at : at + len(name)] == name)
                at = next(places, None)
                if at is not None:
                    said[name].add(product.group_id)
                    own[name] = words[at : at + len(name)]
    borne_out = frozenset(
        name
        for name, groups in said.items()
        if len(groups) >= LEAST_GROUPS and len(groups) >= LEAST_SAID * len(named[name])
    )
    return StatedTypes(
        borne_out,
        tuple(
            max((own[name] for name in own.keys() & borne_out), key=lambda words: (len(words), words), default=None)
            for own in spelt
        ),
    )


def _names(product: Product) -> Iterator[str]:
    yield from product.category[-1:]
    for field in sorted(NAMING_FIELDS & product.attributes.keys()):
        value = product.attributes[field]
        if isinstance(value, str | tuple):
            yield from (value,) if isinstance(value, str) else value


def _stems(text: str, analyser: Analyser, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if text not in known:
        known[text] = tuple(map(analyser.stem, analyser.words(text)))
    return known[text]
