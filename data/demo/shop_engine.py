"""The plain engine that the simulated shop has: BM25 over titles and descriptions, nothing learned.

What shoppers were shown decides what they could click; this is what a shop has before it has Intentrie.

References:
    Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from data.text import analyser_for

K1, B = 1.2, 0.75
# Results kept of a query; a page shows fewer, and what is sold out or not yet there is left out of them.
KEPT = 80
# The merchandiser's hand: some products stand higher than their texts earn, always the same ones.
BOOST = 0.25
# What is in vogue differs from day to day. Also what lets looks and liking be told apart in the log: the same product
# of the same query stands now higher, now lower.
DAILY = 0.2


class ShopEngine:
    """One locale's index.

    Args:
        products: The catalogue.
        locale: Whose texts are searched.
        seed: Of what stands higher.
    """

    def __init__(self, products: Sequence[Product], locale: str, seed: int) -> None:
        self._analyser = analyser_for(locale)
        lengths = np.zeros(len(products))
        postings: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for row, product in enumerate(products):
            text = product.text(locale, (locale,))
            terms = Counter(self._analyser.terms(f"{text.title} {text.description}"))
            lengths[row] = terms.total()
            for term, count in terms.items():
                rows, counts = postings[term]
                rows.append(row)
                counts.append(count)
        norm = K1 * (1 - B + B * lengths / max(1.0, lengths.mean()))
        self._weights: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for term, (rows, counts) in postings.items():
            idf = np.log(1 + (len(products) - len(rows) + 0.5) / (len(rows) + 0.5))
            held, frequency = np.array(rows), np.array(counts, float)
            self._weights[term] = held, idf * frequency * (K1 + 1) / (frequency + norm[held])
        self._rng = np.random.default_rng(seed)
        self._boost = 1 + BOOST * self._rng.random(len(products))
        self._known: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        self._size = len(products)
        self.next_day()

    def next_day(self) -> None:
        """Another day, another vogue."""
        self._vogue = 1 + DAILY * self._rng.random(self._size)

    def search(self, query: str) -> NDArray[np.int64]:
        """Rows of the best products, best first, at most `KEPT`."""
        rows, scores = self._best(query)
        return rows[np.argsort(-scores * self._vogue[rows], kind="stable")]

    def _best(self, query: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        known = self._known.get(query)
        if known is None:
            scores = np.zeros(self._size)
            for term in self._analyser.terms(query):
                if term in self._weights:
                    rows, weights = self._weights[term]
                    scores[rows] += weights
            scores *= self._boost
            found = np.flatnonzero(scores)
            rows = found[np.argsort(-scores[found], kind="stable")[:KEPT]]
            known = rows, scores[rows]
            self._known[query] = known
        return known
