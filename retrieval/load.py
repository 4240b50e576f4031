"""Map what `build_retrieval` wrote."""

from pathlib import Path

from data.shop import ShopConfig
from graph.snapshot import Snapshot
from retrieval.engine import SearchEngine
from retrieval.index.product_table import load_product_table
from retrieval.ranking.learned import FUSION, load_learned, read_weights, weighed
from retrieval.sources.bm25 import load_bm25
from retrieval.sources.concept import ConceptRetriever
from retrieval.sources.dense import load_dense
from retrieval.sources.matching import Sources
from understanding.pipeline import Understander


def load_retrieval(
    folder: Path,
    snapshot: Snapshot,
    understander: Understander,
    config: ShopConfig,
    release: str = "",
    position: int = 0,
) -> SearchEngine:
    """The engine of one release.

    Args:
        folder: As `build_retrieval` wrote it.
        snapshot: Of the same release.
        understander: Of the same release.
        config: Of the shop.
        release: The release's id; stands in cursors.
        position: Of the overlay's log that the release has folded in.
    """
    table = load_product_table(folder / "products")
    encoder, vectors, neighbours = understander.encoder, understander.vectors, understander.neighbours
    dense = None
    if encoder is not None and vectors is not None and neighbours is not None:
        dense = load_dense(folder / "dense", vectors, neighbours)
    sources = Sources(
        table,
        load_bm25(folder / "bm25", config.locales, config.search.searchable),
        ConceptRetriever(snapshot, len(table)),
        dense,
        encoder,
        vectors,
        snapshot,
    )
    if (folder / FUSION).exists():
        config = weighed(config, read_weights(folder / FUSION))
    return SearchEngine(sources, config, release, position, learned=load_learned(folder, sources, config))
