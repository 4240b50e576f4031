"""Which products changed so that other texts find something in stock than before."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from data.product import Product
from retrieval.engine import SearchEngine
from retrieval.index.live_document import LiveDocument


@dataclass(slots=True)
class ProductChange:
    """What became of one product since it was looked at last.

    Attributes:
        stock: Whether it sold out, was deleted, came, or came back.
        former: As it was, where its words may have changed.
    """

    stock: bool = False
    former: list[Product] = field(default_factory=list)


class ProductChanges:
    """Compares the engine's live products with those of the last look; for one thread.

    Attributes:
        unavailable: Ids of products that are sold out or deleted.
        renamed: Ids of products of the release whose title is another now.
        waiting: Changes that nobody has taken yet, by product id, in the order in which they were noticed.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._position = -1
        self._documents: Mapping[str, LiveDocument] = {}
        self.unavailable: Set[str] = frozenset()
        self.renamed: Set[str] = frozenset()
        self.waiting: dict[str, ProductChange] = {}

    def notice(self) -> bool:
        """Look where the engine has moved on; gives whether it has."""
        # First: what comes between this and the rest is compared again the next time.
        position = self._engine.position
        if position == self._position:
            return False
        unavailable, documents = self._engine.unavailable(), self._engine.documents
        for product_id in sorted(unavailable ^ self.unavailable):
            self._change(product_id).stock = True
        for product_id in documents.keys() | self._documents.keys():
            before, after = self._documents.get(product_id), documents.get(product_id)
            # A patch of stock or price leaves a document its terms.
            if before is after or (before is not None and after is not None and before.terms is after.terms):
                continue
            former = self._engine.released_product(product_id) if before is None else before.product
            change = self._change(product_id)
            if former is not None:
                change.former.append(former)
            # New to the shop, or new again: nothing said before that it could be had.
            change.stock |= (before is None and former is None) or after is None
            self._note_title(product_id, after)
        self._position, self.unavailable, self._documents = position, unavailable, documents
        return True

    def _note_title(self, product_id: str, live: LiveDocument | None) -> None:
        released = None if live is None else self._engine.released_product(product_id)
        if live is not None and released is not None and _titles(released) != _titles(live.product):
            self.renamed = self.renamed | {product_id}
        elif product_id in self.renamed:
            self.renamed = self.renamed - {product_id}

    def _change(self, product_id: str) -> ProductChange:
        return self.waiting.setdefault(product_id, ProductChange())


def _titles(product: Product) -> Mapping[str, str]:
    return {locale: text.title for locale, text in product.texts.items()}
