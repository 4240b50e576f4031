"""What the candidate miners know of one locale: the counted log, and the words of the catalogue."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.mining.similarity import ClickProfiles
from data.product import Product
from data.text import analyser_for

LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class QueryCount:
    """A normal form: searches, people, and searches after which something was clicked, or nothing was found."""

    count: int
    people: int
    clicked: int
    empty: int


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word in any query: searches, people, and searches after which something was clicked."""

    count: int
    people: int
    clicked: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """A phrase put in the place of another within a visit: people, times, given up before, found after."""

    people: int
    count: int
    gave_up: int
    found: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One locale.

    Attributes:
        locale: BCP 47.
        queries: By normal form; those of enough people.
        words: By word; those of enough people.
        substitutions: By (source, target) phrase.
        profiles: Clicks by query and product.
        catalogue: In how many products' titles, brands and values a word stands; empty without a catalogue.
        titles: Stems of each product's title.
        values: Stems of brands and of attributes' values: what is said of a product, not what it is.
        names: Stems of the categories' names, each what a product is.
        phrases: In how many titles and values two to `LONGEST_PHRASE` stems stand next to each other.
    """

    locale: str
    queries: Mapping[str, QueryCount]
    words: Mapping[str, WordCount]
    substitutions: Mapping[tuple[str, str], Substitution]
    profiles: ClickProfiles
    catalogue: Mapping[str, int]
    titles: Mapping[str, tuple[str, ...]]
    values: frozenset[str]
    names: frozenset[tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], int]

    def stem(self, phrase: str) -> tuple[str, ...]:
        """A phrase's stems: what two spellings of one word have in common."""
        return tuple(map(analyser_for(self.locale).stem, phrase.split()))


def catalogue_words(products: Sequence[Product], locale: str) -> Counter[str]:
    """In how many products each word of titles, brands, categories and values stands."""
    analyser = analyser_for(locale)
    counts: Counter[str] = Counter()
    for product in products:
        texts = [product.text(locale).title, product.brand, *product.category]
        for value in product.attributes.values():
            texts += [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
        counts.update({word for text in texts for word in analyser.words(text)})
    return counts


def title_stems(products: Sequence[Product], locale: str) -> dict[str, tuple[str, ...]]:
    """The words of each product's title, stemmed."""
    analyser = analyser_for(locale)
    return {
        product.product_id: tuple(map(analyser.stem, analyser.words(product.text(locale).title)))
        for product in products
    }


def value_stems(products: Sequence[Product], locale: str) -> frozenset[str]:
    """Stems of the words of brands and of attributes' values."""
    analyser = analyser_for(locale)
    texts = {product.brand for product in products}
    for product in products:
        for value in product.attributes.values():
            texts |= {value} if isinstance(value, str) else set(value) if isinstance(value, tuple) else set()
    return frozenset(analyser.stem(word) for text in texts for word in analyser.words(text))


def phrase_counts(products: Sequence[Product], locale: str) -> Counter[tuple[str, ...]]:
    """In how many products each run of stems of a title or a value stands."""
    analyser = analyser_for(locale)
    counts: Counter[tuple[str, ...]] = Counter()
    for product in products:
        texts = [product.text(locale).title]
        for value in product.attributes.values():
            texts += [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
        runs: set[tuple[str, ...]] = set()
        for text in texts:
            stems = tuple(map(analyser.stem, analyser.words(text)))
            runs.update(
                stems[start : start + size]
                for size in range(2, LONGEST_PHRASE + 1)
                for start in range(len(stems) - size + 1)
            )
        counts.update(runs)
    return counts


def category_stems(products: Sequence[Product], locale: str) -> frozenset[tuple[str, ...]]:
    """Stems of the name of every category."""
    analyser = analyser_for(locale)
    names = {name for product in products for name in product.category}
    return frozenset(tuple(map(analyser.stem, analyser.words(name))) for name in names)


def leaf_categories(products: Sequence[Product]) -> dict[str, str]:
    """The last category of each product that has one, with its path so that equal names stay apart."""
    return {product.product_id: " > ".join(product.category) for product in products if product.category}


def group_rows(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by their locale."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[str(row["locale"])].append(row)
    return dict(found)
