"""What became of products since they were looked at last, as far as suggestions depend on it."""

from collections.abc import Mapping, Set

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from retrieval.engine import SearchEngine
from retrieval.index.live_document import LiveDocument


class ProductChanges:
    """Compares the engine's live products with those of the last look; for one thread.

    A live product that says what the release's says differs in price and stock alone, and goes on standing for its row.
    Any other one is found by words of its own: it waits until somebody has looked at them, and its row is left as it
    was meanwhile, so that nothing goes that is only called otherwise.

    Attributes:
        unavailable: Ids of products that are sold out or deleted.
        renamed: Ids of products of the release whose title is another now.
        waiting: Live products that nobody has looked at yet, by id, in the order in which they were noticed; `None`
            for one that is gone, sold out, or says what its row says.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._position = -1
        self._documents: Mapping[str, LiveDocument] = {}
        self._as_released: set[str] = set()
        self.unavailable: Set[str] = frozenset()
        self.renamed: Set[str] = frozenset()
        self.waiting: dict[str, LiveDocument | None] = {}

    def notice(self) -> bool:
        """Look where the engine has moved on; gives whether it has."""
        # First: what comes between this and the rest is compared again the next time.
        position = self._engine.position
        if position == self._position:
            return False
        unavailable, documents = self._engine.unavailable(), self._engine.documents
        renamed = set(self.renamed)
        for product_id in documents.keys() | self._documents.keys():
            before, after = self._documents.get(product_id), documents.get(product_id)
            if before is after:
                continue
            released = self._engine.released_product(product_id)
            says_the_same = after is not None and released is not None and _said(released) == _said(after.product)
            (self._as_released.add if says_the_same else self._as_released.discard)(product_id)
            (renamed.add if _is_renamed(released, after) else renamed.discard)(product_id)
            self.waiting[product_id] = None if says_the_same or after is None or after.product.stock == 0 else after
        self.renamed = frozenset(renamed)
        self._position, self.unavailable, self._documents = position, unavailable, documents
        return True

    def in_stock(self) -> NDArray[np.bool_]:
        """By row of the release, whether what stood there when it was built can be had."""
        flags = self._engine.in_stock()
        row_of = self._engine.sources.table.row
        for product_id in self._as_released | self.waiting.keys():
            document, row = self._documents.get(product_id), row_of(product_id)
            if row is not None and document is not None:
                flags[row] = document.product.stock != 0
        return flags


def _said(product: Product) -> tuple[object, ...]:
    """All that a search finds a product by."""
    return product.texts, product.brand, product.category, product.attributes


def _is_renamed(released: Product | None, live: LiveDocument | None) -> bool:
    return released is not None and live is not None and _titles(released) != _titles(live.product)


def _titles(product: Product) -> Mapping[str, str]:
    return {locale: text.title for locale, text in product.texts.items()}
