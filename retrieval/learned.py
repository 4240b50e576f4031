"""What a release has of learned ranking: weights of the fusion, a reranker and what it reads."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import ReleaseDamaged
from data.product import Product
from data.shop import ShopConfig
from data.storage import storage_errors
from data.text import analyser_for
from retrieval.candidates import CandidateReader
from retrieval.matching import Sources
from retrieval.popularity import load_popularity, mined_popularity, save_popularity
from retrieval.reranker import MANIFEST, TREES, Reranker
from retrieval.reranking import Learned
from retrieval.titles.columns import TitleColumns, load_titles, read_titles, save_titles

FUSION = "fusion.json"
RERANKER = "reranker"
_TITLES = "titles"
_POPULARITY = "popularity"
SOURCES = ("bm25", "concept", "dense")


@dataclass(frozen=True, slots=True)
class Models:
    """What a build takes over.

    Attributes:
        reranker: Folder of `intentrie train reranker`.
        fusion: File of `intentrie train fusion`.
        mined: Folder of `intentrie mine`, whose counters the reranker reads.
    """

    reranker: Path | None = None
    fusion: Path | None = None
    mined: Path | None = None


def build_learned(folder: Path, products: Sequence[Product], config: ShopConfig, models: Models) -> None:
    """Write what the models need beside the sources.

    Raises:
        ReleaseDamaged, ReleaseTooNew: A model cannot be used; nothing is written of it.
        InputError: The mined tables cannot be read.
    """
    if models.reranker is not None:
        Reranker.load(models.reranker)
    if models.fusion is not None:
        read_weights(models.fusion)
        with storage_errors("copying the fusion's weights", folder):
            shutil.copyfile(models.fusion, folder / FUSION)
    if models.reranker is None:
        return
    with storage_errors("copying the reranker", folder):
        (folder / RERANKER).mkdir()
        for name in (MANIFEST, TREES):
            shutil.copyfile(models.reranker / name, folder / RERANKER / name)
    for locale in config.locales:
        save_titles(folder / _TITLES / locale, shop_titles(products, locale, config.locales))
    if models.mined is not None:
        popularity = mined_popularity(models.mined, [product.product_id for product in products])
        save_popularity(folder / _POPULARITY, popularity)


def load_learned(folder: Path, sources: Sources, config: ShopConfig) -> Learned | None:
    """The reranker of a release and what it reads; `None` without one, or when the shop has switched it off."""
    if not config.search.rerank or not (folder / RERANKER).exists():
        return None
    titles = {locale: load_titles(folder / _TITLES / locale) for locale in config.locales}
    popularity = load_popularity(folder / _POPULARITY) if (folder / _POPULARITY).exists() else None
    return Learned(Reranker.load(folder / RERANKER), CandidateReader(titles, popularity, sources, config.locales))


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
