"""Where a completion belongs in the shop: the category that most of its products stand in."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np

from autocomplete.words import split_words
from data.product import Product
from graph.concept import Scheme
from graph.snapshot import Snapshot

# Products looked at; the first of a sorted list are as good a sample as any.
_SAMPLE = 200
# What says which products are meant: an attribute's name ("colour") and a unit do not.
_TELLING = {Scheme.CATEGORY, Scheme.BRAND, Scheme.VALUE, Scheme.PRODUCT_TYPE}


class CategoryFinder:
    """Reads a text's words as concepts and looks at the products they have in common."""

    def __init__(self, snapshot: Snapshot, products: Sequence[Product]) -> None:
        self._snapshot = snapshot
        self._categories = [" > ".join(product.category) for product in products]
        self._of = cache(self._of_concepts)

    def of(self, text: str) -> str:
        """The category's path joined by " > "; empty when no word is known, or no product has all of them."""
        words = split_words(text)
        found: list[int] = []
        start = 0
        while start < len(words):
            match = self._snapshot.longest_match(words, start)
            if match is None:
                start += 1
                continue
            length, concepts = match
            telling = [each for each in concepts if self._snapshot.scheme(each) in _TELLING]
            found += telling[:1]
            start += length
        return self._of(tuple(sorted(set(found)))) if found else ""

    def _of_concepts(self, concepts: tuple[int, ...]) -> str:
        rows = self._snapshot.products(concepts[0])
        for concept in concepts[1:]:
            rows = np.intersect1d(rows, self._snapshot.products(concept), assume_unique=True)
        counted = Counter(filter(None, (self._categories[row] for row in rows[:_SAMPLE].tolist())))
        # Of equally many the first by name.
        return min(counted, key=lambda name: (-counted[name], name), default="")
