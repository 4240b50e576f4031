"""A release as it would search with other models."""

from dataclasses import replace
from pathlib import Path

from api.assembly import ShopRelease
from retrieval.ranking.candidate_features import CandidateReader
from retrieval.ranking.count_popularity import mined_popularity
from retrieval.ranking.learned import read_weights, shop_titles, weighed
from retrieval.ranking.reranker import Reranker
from retrieval.ranking.reranking import Learned
from retrieval.titles.columns import TitleColumns


def search_with(
    held: ShopRelease, reranker: Path | None = None, fusion: Path | None = None, mined: Path | None = None
) -> ShopRelease:
    """The release, without its live changes, ranked by these models and no other ones.

    Args:
        held: Stays as it is.
        reranker: Folder of `intentrie train reranker`; `None` leaves the order to the fusion.
        fusion: File of `intentrie train fusion`; `None` takes the configuration's weights.
        mined: Folder of `intentrie mine`, whose counters the reranker reads.

    Raises:
        ReleaseDamaged, ReleaseTooNew: A model cannot be used.
        InputError: The mined tables cannot be read.
    """
    config = held.config if fusion is None else weighed(held.config, read_weights(fusion))
    learned = None
    if reranker is not None:
        table = held.engine.sources.table
        ids = [table.product_id(row) for row in range(len(table))]
        popularity = None if mined is None else mined_popularity(mined, ids)
        learned = Learned(
            Reranker.load(reranker),
            CandidateReader(read_release_titles(held), popularity, held.engine.sources, held.config.locales),
        )
    return replace(held, config=config, engine=held.engine.ranked_by(learned, config))


def read_release_titles(held: ShopRelease) -> dict[str, TitleColumns]:
    """The titles of a release by locale, read from its products."""
    table = held.engine.sources.table
    products = [table.card(row) for row in range(len(table))]
    return {locale: shop_titles(products, locale, held.config.locales) for locale in held.config.locales}
