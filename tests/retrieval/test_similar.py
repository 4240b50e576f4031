import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.product import Product, ProductText
from retrieval.bm25 import build_bm25
from retrieval.candidate import Run
from retrieval.similar import shared_concepts, similar_rows

TITLES = ["red desk lamp", "red desk lamp", "blue desk lamp", "green desk lamp", "green desk lamp", "cable"]
GROUPS = np.array([0, 0, 1, 2, 2, 3], np.int32)
# concept -> rows: lamps, reds.
CONCEPTS: Mapping[int, list[int]] = {0: [0, 1, 2, 3, 4], 1: [0, 1]}
PRODUCTS = [Product(str(i), str(GROUPS[i]), {"en": ProductText(title)}) for i, title in enumerate(TITLES)]


class Graph:
    """The part of a snapshot that is read."""

    def products(self, ordinal: int) -> NDArray[np.int32]:
        return np.array(CONCEPTS[ordinal], np.int32)

    def concepts_of(self, row: int) -> NDArray[np.int32]:
        return np.array([concept for concept, rows in CONCEPTS.items() if row in rows], np.int32)


def similar(folder: Path, row: int | None, vectors: NDArray[np.float32] | None, product: Product) -> Run:
    lexical = build_bm25(folder, PRODUCTS, ["en"])
    group = -1 if row is None else int(GROUPS[row])
    return similar_rows(product, row, "en", lexical, Graph(), vectors, GROUPS, group)  # type: ignore[arg-type]


def test_never_itself_nor_its_variants_and_one_a_group(tmp_path: Path) -> None:
    run = similar(tmp_path, 0, None, PRODUCTS[0])
    assert run.rows.tolist() == [2, 3]


def test_vectors_decide_between_equals(tmp_path: Path) -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0.6, 0.8], [0.6, 0.8], [0, 1]], np.float32)
    assert similar(tmp_path, 0, vectors, PRODUCTS[0]).rows.tolist()[0] == 3


def test_a_live_product_is_compared_by_its_words(tmp_path: Path) -> None:
    live = Product("new", "new", {"en": ProductText("cable")})
    assert similar(tmp_path, None, None, live).rows.tolist() == [5]


def test_a_product_without_anything_alike_has_none(tmp_path: Path) -> None:
    live = Product("new", "new", {"en": ProductText("🎧")})
    assert similar(tmp_path, None, None, live).rows.tolist() == []


def test_shared_concepts_count_by_their_rarity() -> None:
    scores = shared_concepts(0, Graph(), 6)  # type: ignore[arg-type]
    lamp, red = math.log(6 / 5), math.log(6 / 2)
    assert scores.tolist() == pytest.approx([lamp + red, lamp + red, lamp, lamp, lamp, 0])
