"""From the mined log to what a release keeps of it, as of a day; builds and training alone read the log."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from data.features.product_counters import ProductCounters
from data.features.query_counters import QueryCounters, by_query
from retrieval.index.product_table import offsets_of
from retrieval.ranking.popularity import Popularity, query_key

# A pair that was hardly looked at says nothing that the average does not.
_LEAST_EXAMINED = 0.1


def count_popularity(
    products: ProductCounters, queries: QueryCounters, row_of: Mapping[str, int], day: int
) -> Popularity:
    """What was known when a day began.

    Args:
        products: Of the log.
        queries: Of the same.
        row_of: Product id to row, every row once.
        day: UTC, since 1970.
    """
    state, asked = products.at_day(day), queries.at_day(day)
    ids = sorted(row_of, key=row_of.__getitem__)
    places = np.array([row_of.get(product_id, -1) for product_id in queries.product_ids], np.int64)
    kept: dict[str, NDArray[np.int64]] = {}
    for (locale, norm), span in by_query(asked, queries.queries).items():
        at = np.arange(span.start, span.stop)
        at = at[(places[asked.pairs[at, 1]] >= 0) & (asked.examined[at] + asked.acted[at] >= _LEAST_EXAMINED)]
        if len(at):
            kept[query_key(norm, locale)] = at[np.argsort(places[asked.pairs[at, 1]], kind="stable")]
    trie = marisa_trie.Trie(kept)
    order: list[NDArray[np.int64]] = [np.empty(0, np.int64)] * len(kept)
    for name, at in kept.items():
        order[trie[name]] = at
    every = np.concatenate([np.empty(0, np.int64), *order])
    return Popularity(
        state.of(ids),
        trie,
        offsets_of([len(at) for at in order]),
        places[asked.pairs[every, 1]].astype(np.int32),
        asked.attraction[every].astype(np.float32),
        np.log1p(asked.examined[every]).astype(np.float32),
        tuple(state.of([""])[0].tolist()),
        asked.average,
    )


def mined_popularity(mined: Path, product_ids: Sequence[str]) -> Popularity:
    """What is known after the log's last day, of products by row.

    Raises:
        InputError: The mined tables cannot be read.
    """
    counters = ProductCounters.load(mined)
    row_of = {product_id: row for row, product_id in enumerate(product_ids)}
    return count_popularity(counters, QueryCounters.load(mined), row_of, counters.next_day)
