"""A live product, read once when its change comes: all that searching asks of it, by the statistics of the release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from data.shop import ShopConfig
from data.text import analyser_for
from graph.concept import Scheme
from graph.relation import Predicate
from graph.snapshot import Snapshot
from retrieval.index.field_values import CATEGORY_SEPARATOR, FLAG, TEXT, read_values, split_key
from retrieval.index.product_table import ProductTable
from retrieval.index.strings import find_string, place_of
from retrieval.index.vocabulary import Vocabulary
from retrieval.sources.bm25 import Bm25Retriever
from understanding.encoders.encoder import Encoder


@dataclass(frozen=True, slots=True, eq=False)
class LiveDocument:
    """A product that the release does not have, or has otherwise.

    Attributes:
        position: Of the change that made it so.
        place: How many ids of the release stand before its own.
        group: What it collapses to; numbers behind the release's for new groups.
        codes: Its values, ascending.
        amount_fields: Fields of its amounts.
        amounts: Theirs.
        concepts: Concepts it stands under.
        typed: Whether a product type is among them.
        terms: By locale: numbers of its terms, and what each adds to a BM25 score.
        vector: Its unit vector, `None` without an encoder.
    """

    product: Product
    position: int
    place: int
    group: int
    codes: NDArray[np.int32]
    amount_fields: NDArray[np.int32]
    amounts: NDArray[np.float64]
    concepts: NDArray[np.int32]
    typed: bool
    terms: Mapping[str, tuple[NDArray[np.int32], NDArray[np.float32]]]
    vector: NDArray[np.float32] | None


@dataclass(eq=False)
class LiveReader:
    """Makes `LiveDocument`s of products; numbers what the release does not know.

    Groups, terms and values are only ever added, by one thread at a time, so readers on others are not disturbed.
    """

    table: ProductTable
    vocabulary: Vocabulary
    lexical: Bm25Retriever
    snapshot: Snapshot
    encoder: Encoder | None
    config: ShopConfig
    term_numbers: dict[str, int] = field(default_factory=dict)
    _groups: dict[str, int] = field(default_factory=dict)

    def read(self, product: Product, position: int) -> LiveDocument:
        """Analyse a product: about half a millisecond for one with a description in one locale."""
        self.vocabulary.learn_units(product)
        values = read_values(product, self.vocabulary.units)
        codes, amount_fields, amounts = self.vocabulary.intern(values)
        vector = None if self.encoder is None else self.encoder.encode_products([product])[0]
        concepts = self._concepts(product, values.texts)
        return LiveDocument(
            product,
            position,
            place_of(self.table.ids, product.product_id),
            self.group(product.group_id),
            codes,
            amount_fields,
            amounts,
            concepts,
            bool(self._of_scheme(concepts.tolist(), Scheme.PRODUCT_TYPE)),
            {locale: self._terms(product, locale) for locale in self.lexical.locales},
            vector,
        )

    def group(self, group_id: str) -> int:
        """The number of a group, a new one if need be."""
        known = self.find_group(group_id)
        return (
            self._groups.setdefault(group_id, len(self.table.group_ids) + len(self._groups)) if known is None else known
        )

    def find_group(self, group_id: str) -> int | None:
        """The number of a group that some product was ever in."""
        known = find_string(self.table.group_ids, group_id)
        return self._groups.get(group_id) if known is None else known

    @property
    def groups(self) -> int:
        """How many groups have a number."""
        return len(self.table.group_ids) + len(self._groups)

    def _terms(self, product: Product, locale: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        scores = self.lexical.score_terms(product, locale)
        numbers = [self.term_numbers.setdefault(term, len(self.term_numbers)) for term in scores]
        return np.array(numbers, np.int32), np.array([*scores.values()], np.float32)

    def _concepts(self, product: Product, texts: Mapping[str, str]) -> NDArray[np.int32]:
        """Concepts by the keys that the graph gives to categories, brands and values, and types named in the title."""
        keys = [
            (Scheme.CATEGORY, CATEGORY_SEPARATOR.join(product.category[: depth + 1]))
            for depth in range(len(product.category))
        ]
        found = {self._by_key[key] for key in keys if key in self._by_key}
        for key in texts:
            name, kind, value = split_key(key)
            if kind == TEXT and (Scheme.VALUE, f"{name}={value}") in self._by_key:
                found.add(self._by_key[Scheme.VALUE, f"{name}={value}"])
            elif kind == FLAG and (Scheme.ATTRIBUTE, name) in self._by_key:
                found.add(self._by_key[Scheme.ATTRIBUTE, name])
        analyser = analyser_for(self.config.locale)
        if product.brand:
            found |= self._of_scheme(self.snapshot.find(analyser.normalise(product.brand)), Scheme.BRAND)
        words = analyser.words(product.text(self.config.locale, self.config.locales).title)
        at = 0
        while at < len(words):
            match = self.snapshot.longest_match(words, at)
            types = self._of_scheme(match[1], Scheme.PRODUCT_TYPE) if match else set()
            found |= types
            at += match[0] if match and types else 1
        return np.array(sorted(self._with_broader(found)), np.int32)

    def _of_scheme(self, concepts: Sequence[int], scheme: Scheme) -> set[int]:
        return {concept for concept in concepts if self.snapshot.scheme(concept) is scheme}

    def _with_broader(self, concepts: set[int]) -> set[int]:
        known, waiting = set(concepts), list(concepts)
        while waiting:
            for edge in self.snapshot.edges(waiting.pop(), Predicate.BROADER):
                if edge.ordinal not in known:
                    known.add(edge.ordinal)
                    waiting.append(edge.ordinal)
        return known

    @cached_property
    def _by_key(self) -> dict[tuple[Scheme, str], int]:
        """Read when the first live product comes; most servers start without one."""
        schemes = (Scheme.CATEGORY, Scheme.VALUE, Scheme.ATTRIBUTE)
        return {
            (scheme, self.snapshot.key(concept)): concept
            for scheme in schemes
            for concept in self.snapshot.by_scheme(scheme).tolist()
        }
