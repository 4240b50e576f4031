"""Write what searching one catalogue needs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from data.product import Product
from data.shop import ShopConfig
from graph.concept import Scheme
from graph.snapshot import Snapshot
from retrieval.engine import SearchEngine
from retrieval.index.product_table import build_product_table
from retrieval.load import load_retrieval
from retrieval.ranking.build_learned import Models, build_learned
from retrieval.sources.bm25 import build_bm25
from retrieval.sources.dense import build_dense
from understanding.pipeline import Understander

# Of each kind the labels that most products bear; the cut of the dense source is calibrated on what people type.
_TYPED_LABELS = 1_000
_TYPED = (Scheme.PRODUCT_TYPE, Scheme.CATEGORY, Scheme.BRAND)


def build_retrieval(
    folder: Path,
    products: Sequence[Product],
    snapshot: Snapshot,
    understander: Understander,
    config: ShopConfig,
    *,
    reranker: Path | None = None,
    fusion: Path | None = None,
    mined: Path | None = None,
) -> SearchEngine:
    """Write the product table and each source, and load them.

    Args:
        folder: Made when missing.
        products: In the order of their rows.
        snapshot: Of the same catalogue.
        understander: Of the same; its vectors are searched where it has some.
        config: Of the shop.
        reranker: Folder of `intentrie train reranker`, whose order the release takes over.
        fusion: File of `intentrie train fusion`, whose weights it takes over.
        mined: Folder of `intentrie mine`, whose counters the reranker reads.

    Raises:
        ReleaseDamaged, ReleaseTooNew: A model cannot be used.
        InputError: The mined tables cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # First: a model that is refused costs no minutes.
    build_learned(folder, products, config, Models(reranker, fusion, mined))
    build_product_table(folder / "products", products)
    build_bm25(folder / "bm25", products, config.locales, config.search.searchable)
    encoder, vectors, neighbours = understander.encoder, understander.vectors, understander.neighbours
    if encoder is not None and vectors is not None and neighbours is not None:
        labels = [
            snapshot.label(concept, config.locale)
            for scheme in _TYPED
            for concept in snapshot.by_scheme(scheme)[:_TYPED_LABELS].tolist()
        ]
        typed = [encoder.encode_query(label, config.locale) for label in labels]
        known = [vector for vector in typed if vector.any()]
        queries = np.stack(known) if known else np.empty((0, encoder.dimension), np.float32)
        build_dense(folder / "dense", vectors, neighbours, queries)
    return load_retrieval(folder, snapshot, understander, config)
