"""Random small shops, and engines over them."""

import gc
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from data.product import AttributeValue, Product, ProductText, Quantity
from data.shop import SearchConfig, ShopConfig
from graph.build import build_graph
from graph.snapshot import Snapshot
from graph.store import open_store
from retrieval.answer.request import SearchRequest
from retrieval.answer.result import SearchResult
from retrieval.build import build_retrieval
from retrieval.engine import SearchEngine
from understanding.build import build_understanding
from understanding.pipeline import Understander
from understanding.query import Query

_built = itertools.count(1)
WORDS = ("red", "blue", "desk", "lamp", "cable", "16gb", "wh-1000xm4", "Lampe", "été")
_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
_categories = st.sampled_from([(), ("Home",), ("Home", "Lamps"), ("home", "Cables"), ("Audio", "Home")])
_sizes = st.one_of(
    st.builds(Quantity, st.sampled_from([5.0, 10.0, 15.6]), st.just("in")),
    st.builds(Quantity, st.sampled_from([12.7, 39.624, 50.0]), st.just("cm")),
    st.just(Quantity(2.0, "kg")),
    st.just(10.0),
)
_attributes = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.sampled_from(["Red", "red", "blue", ("red", "blue"), ("Green",)]),
        "size": _sizes,
        "eco": st.booleans(),
        "pins": st.integers(1, 12).map(float),
    },
)


@st.composite
def products(draw: st.DrawFn, product_id: str) -> Product:
    """One product; groups are shared, prices may be unknown or in another currency."""
    attributes: dict[str, AttributeValue] = draw(_attributes)
    price = draw(st.one_of(st.none(), st.sampled_from([100, 200, 200, 999, 2500])))
    return Product(
        product_id,
        draw(st.sampled_from(["g1", "g2", "g3", product_id])),
        {"en": ProductText(draw(_words), draw(st.one_of(st.just(""), _words)))},
        draw(st.sampled_from(["", "Acme", "ACME", "Zenith"])),
        draw(_categories),
        attributes,
        price,
        None if price is None else draw(st.sampled_from(["EUR", "EUR", "USD"])),
        draw(st.sampled_from([None, 0, 3])),
        updated_at=draw(st.sampled_from([None, 1_000, 2_000])),
    )


@st.composite
def catalogues(draw: st.DrawFn, least: int = 1, most: int = 14) -> list[Product]:
    """Distinct ids, which do not come in order."""
    ids = draw(st.lists(st.sampled_from([f"p{i}" for i in range(30)]), min_size=least, max_size=most, unique=True))
    return [draw(products(product_id)) for product_id in ids]


@dataclass(frozen=True)
class Shop:
    """What one build made."""

    products: Sequence[Product]
    config: ShopConfig
    snapshot: Snapshot
    understander: Understander
    engine: SearchEngine

    def search(self, query: str = "", **request: object) -> SearchResult:
        asked = SearchRequest(**{"query": query, "size": 200, **request})  # type: ignore[arg-type]
        return self.engine.search(asked, self.understander.understand(Query(query, asked.locale)))

    def ids(self, query: str = "", **request: object) -> list[str]:
        return [hit.product_id for hit in self.search(query, **request).hits]

    def pages(self, query: str, size: int, **request: object) -> list[SearchResult]:
        """From the first to the last."""
        pages = [self.search(query, size=size, **request)]
        while pages[-1].cursor is not None:
            pages.append(self.search(query, size=size, cursor=pages[-1].cursor, **request))
        return pages


def build_shop(
    catalogue: Sequence[Product],
    encoder: str = "off",
    reranker: Path | None = None,
    fusion: Path | None = None,
    **search: object,
) -> Shop:
    """A shop in a folder of its own.

    A release is a hundred mapped files, each of which keeps a file open, and its objects know each other: those of the
    shops before must be collected before the system says that it is enough.
    """
    if next(_built) % 5 == 0:
        gc.collect()
    folder = Path(tempfile.mkdtemp())
    config = ShopConfig(
        name="x",
        currency="EUR",
        encoder=encoder,  # type: ignore[arg-type]
        search=SearchConfig(**search),  # type: ignore[arg-type]
    )
    store = open_store(str(folder / "graph.sqlite"))
    snapshot = build_graph(folder / "graph", catalogue, config, store)
    store.close()
    understander = build_understanding(folder / "understanding", catalogue, snapshot, config, {})
    engine = build_retrieval(
        folder / "retrieval", catalogue, snapshot, understander, config, reranker=reranker, fusion=fusion
    )
    return Shop(catalogue, config, snapshot, understander, engine)
