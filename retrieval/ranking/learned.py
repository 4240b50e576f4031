"""What a release has of learned ranking: weights of the fusion, a reranker and what it reads."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.errors import ModelMismatch, ReleaseDamaged
from data.product import Product
from data.shop import ShopConfig
from data.text import analyser_for
from retrieval.ranking.candidate_features import CandidateReader
from retrieval.ranking.popularity import load_popularity
from retrieval.ranking.reranker import Reranker
from retrieval.ranking.reranking import Learned
from retrieval.sources.matching import Sources
from retrieval.titles.columns import TitleColumns, load_titles, read_titles

FUSION = "fusion.json"
RERANKER = "reranker"
TITLES = "titles"
POPULARITY = "popularity"
SOURCES = ("bm25", "concept", "dense")

_log = logging.getLogger("intentrie.retrieval")


def load_learned(folder: Path, sources: Sources, config: ShopConfig) -> Learned | None:
    """The reranker of a release and what it reads.

    `None` without one, when the shop has switched it off, or where it is of another program's features: results go as
    fusion has them until the next build.
    """
    if not config.search.rerank or not (folder / RERANKER).exists():
        return None
    try:
        reranker = Reranker.load(folder / RERANKER)
    except ModelMismatch as error:
        _log.warning("results go unranked: %s", error)
        return None
    titles = {locale: load_titles(folder / TITLES / locale) for locale in config.locales}
    popularity = load_popularity(folder / POPULARITY) if (folder / POPULARITY).exists() else None
    return Learned(reranker, CandidateReader(titles, popularity, sources, config.locales))


def shop_titles(products: Sequence[Product], locale: str, locales: Sequence[str]) -> TitleColumns:
    """Titles of a catalogue, by row, in a locale or what takes its place."""
    return read_titles([product.text(locale, locales).title for product in products], analyser_for(locale))


def read_weights(path: Path) -> dict[str, float]:
    """The weights of a `fusion.json`.

    Raises:
        ReleaseDamaged: It is not one.
    """
    try:
        weights = json.loads(path.read_text(encoding="utf-8"))["weights"]
        found = {source: float(weights[source]) for source in SOURCES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(
            f'{path}: expected {{"weights": {{"bm25": …, "concept": …, "dense": …}}}}, got {error!r}; train the fusion '
            "again"
        ) from error
    if any(not 0 <= weight <= 1 for weight in found.values()) or not found["bm25"] > 0:
        raise ReleaseDamaged(f"{path}: expected weights in [0, 1] and some of bm25, got {found}; train it again")
    return found


def weighed(config: ShopConfig, weights: Mapping[str, float]) -> ShopConfig:
    """The configuration with learned weights; a source that the shop has switched off stays off."""
    learned = {f"{source}_weight": weight for source, weight in weights.items()}
    kept = {name: weight for name, weight in learned.items() if getattr(config.search, name) > 0}
    return config.model_copy(update={"search": config.search.model_copy(update=kept)})
