"""What a reranker sees of a product for a query: one definition, for training and for serving.

Title features compare the words of the query with those of the title and know nothing of the shop: a model of them
alone helps with any shop's titles. Relative ones hold a candidate against the best candidate. Shop features are what
sources, graph and log say; a model that was trained on bare pairs has seen them missing and never asks for them.

Stock is none of them: what is sold out is for a shop to hide or to show, and changes by the minute.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.titles.compare import TITLE_FEATURES

Matrix = NDArray[np.float32]

# Each as a share of the candidates' best.
_RELATIVE = ("bm25", "covered_idf", "soft_covered", "title_asked", "letters", "dense", "fused")
RELATIVE_FEATURES = tuple(f"{name}_over_best" for name in _RELATIVE)
SOURCE_FEATURES = (
    "dense",  # cosine
    "fused",  # the score by which the candidates were found, in [0, 1]
)
SHOP_FEATURES = (
    "text",  # what the words of the whole text add to the fused score
    "concepts",  # what all evidence adds to it
    "type",  # the strongest evidence of a scheme that holds the product
    "brand",
    "category",
    "value",
    "in_description",  # BM25 of the field, over what the query's words could give
    "in_brand",
    "in_category",
    "in_attributes",
    "price",  # log, against the shop's median
    "clicks_7",  # log of decayed counts, half-lives in days
    "clicks_28",
    "carts_28",
    "purchases_28",
    "click_rate",  # decayed clicks per examined showing, drawn to the shop's mean
    "attraction",  # the same of the product for this very query
    "attraction_seen",  # log of how often it was examined there
)
FEATURES = (*TITLE_FEATURES, *SOURCE_FEATURES, *RELATIVE_FEATURES, *SHOP_FEATURES)

# More of it never makes a product worse, in any shop.
_RISING = frozenset(
    ("bm25", "covered", "covered_idf", "rarest_covered", "soft_covered", "least_soft", "letters", "in_order",
     "adjacent", "head_matched", "head_soft", "dense", "fused", *RELATIVE_FEATURES, "text", "concepts", "type",
     "brand", "category", "value", "attraction", "click_rate")
)  # fmt: skip
_FALLING = frozenset(("brand_missing", "numbers_missing", "measures_differ"))
MONOTONE = tuple((name in _RISING) - (name in _FALLING) for name in FEATURES)


def rank_features(columns: Mapping[str, NDArray[np.floating]], count: int) -> Matrix:
    """One row of `FEATURES` a candidate of one query.

    Args:
        columns: Of `TITLE_FEATURES`, `SOURCE_FEATURES` and, where there is a shop, `SHOP_FEATURES`, (count,) each.
        count: Of the candidates.

    Returns:
        (count, FEATURES); NaN where a column is missing.
    """
    rows = np.full((count, len(FEATURES)), np.nan, np.float32)
    for place, name in enumerate(FEATURES):
        if name in columns:
            rows[:, place] = columns[name]
    for name, relative in zip(_RELATIVE, RELATIVE_FEATURES, strict=True):
        if name in columns and count:
            best = float(np.max(columns[name]))
            rows[:, _AT[relative]] = columns[name] / best if best > 0 else 0.0
    return rows


_AT = {name: place for place, name in enumerate(FEATURES)}
