from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.dense import MATCHES, DenseRetriever, build_dense, calibrate_cut
from retrieval.plan import Plan


def unit(array: NDArray[np.float64]) -> NDArray[np.float32]:
    return (array / np.linalg.norm(array, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    return unit(np.random.default_rng(0).normal(size=(3_000, 16)))


def test_ranks_by_inner_product_within_the_given_rows(vectors: NDArray[np.float32]) -> None:
    retriever = DenseRetriever(vectors, 0.5)
    plan = Plan("q", "en", vector=vectors[7], dense_cut=0.5)
    within = np.arange(0, 3_000, 7, dtype=np.int32)
    scores = vectors @ vectors[7]
    for allowed in (within, within[:40]):
        run = retriever.retrieve(plan, 20, allowed)
        expected = sorted((row for row in allowed.tolist() if scores[row] > 0), key=lambda row: (-scores[row], row))[
            :20
        ]
        assert run.rows.tolist() == expected
        assert run.scores.tolist() == pytest.approx(scores[expected].tolist(), abs=1e-6)


def test_matches_are_those_above_the_cut(vectors: NDArray[np.float32]) -> None:
    plan = Plan("q", "en", vector=vectors[7], dense_cut=0.4)
    assert DenseRetriever(vectors, 0.4).matches(plan).tolist() == np.flatnonzero(vectors @ vectors[7] >= 0.4).tolist()


def test_matches_are_limited(vectors: NDArray[np.float32]) -> None:
    plan = Plan("q", "en", vector=vectors[7], dense_cut=0.0)
    matches = DenseRetriever(vectors, 0.0).matches(plan)
    assert len(matches) == MATCHES
    assert 7 in matches


def test_a_query_without_vector_finds_nothing(vectors: NDArray[np.float32]) -> None:
    retriever = DenseRetriever(vectors, 0.5)
    assert len(retriever.matches(Plan("q", "en"))) == 0
    assert len(retriever.retrieve(Plan("q", "en"), 10).rows) == 0


def test_inverted_file_finds_nearly_the_same(tmp_path: Path) -> None:
    # Texts cluster (a shop has many cables); so do these.
    generator = np.random.default_rng(1)
    centres = generator.normal(size=(100, 16))
    vectors = unit(np.repeat(centres, 50, axis=0) + generator.normal(scale=0.3, size=(5_000, 16)))
    exact = build_dense(tmp_path / "exact", vectors, vectors[:50])
    inverted = build_dense(tmp_path / "inverted", vectors, vectors[:50], exact_rows=100)
    assert exact.cut == inverted.cut
    found = wanted = 0
    for row in range(0, 5_000, 250):
        plan = Plan("q", "en", vector=vectors[row], dense_cut=0.5)
        assert row in inverted.matches(plan)
        nearest = set(exact.retrieve(plan, 10).rows.tolist())
        wanted += len(nearest)
        found += len(nearest & set(inverted.retrieve(plan, 10).rows.tolist()))
    assert found / wanted > 0.9


def test_cut_lets_a_thousandth_of_random_pairs_through() -> None:
    generator = np.random.default_rng(3)
    queries, products = unit(generator.normal(size=(200, 32))), unit(generator.normal(size=(2_000, 32)))
    cut = calibrate_cut(queries, products)
    assert np.mean(queries @ products.T > cut) == pytest.approx(0.001, abs=0.0005)


def test_no_queries_to_calibrate_on_means_no_dense_match() -> None:
    assert calibrate_cut(np.empty((0, 4), np.float32), np.ones((3, 4), np.float32)) == 1.0
