"""Write what a release takes over of learned ranking."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.product import Product
from data.shop import ShopConfig
from data.storage import storage_errors
from retrieval.ranking.count_popularity import mined_popularity
from retrieval.ranking.learned import FUSION, POPULARITY, RERANKER, TITLES, read_weights, shop_titles
from retrieval.ranking.popularity import save_popularity
from retrieval.ranking.reranker import MANIFEST, TREES, Reranker
from retrieval.titles.columns import save_titles


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
        save_titles(folder / TITLES / locale, shop_titles(products, locale, config.locales))
    if models.mined is not None:
        popularity = mined_popularity(models.mined, [product.product_id for product in products])
        save_popularity(folder / POPULARITY, popularity)
