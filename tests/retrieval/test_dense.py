from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.planning.plan import Plan
from retrieval.sources.dense import DenseRetriever, build_dense, calibrate_cut, load_dense
from understanding.neighbours import NearestTitles, build_neighbours


def unit(array: NDArray[np.float64]) -> NDArray[np.float32]:
    return (array / np.linalg.norm(array, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    # Texts cluster (a shop has many cables); so do these.
    generator = np.random.default_rng(0)
    centres = np.repeat(generator.normal(size=(100, 16)), 50, axis=0)
    return unit(centres + generator.normal(scale=0.6, size=(5_000, 16)))


@pytest.fixture(scope="module")
def neighbours(vectors: NDArray[np.float32], tmp_path_factory: pytest.TempPathFactory) -> NearestTitles:
    return build_neighbours(tmp_path_factory.mktemp("neighbours"), vectors)


def test_ranks_by_inner_product_within_the_given_rows(vectors: NDArray[np.float32], neighbours: NearestTitles) -> None:
    retriever = DenseRetriever(vectors, neighbours, 0.5)
    plan = Plan("q", "en", vector=vectors[7], dense_cut=0.5)
    scores = vectors @ vectors[7]
    for allowed in (np.arange(0, 5_000, 7, dtype=np.int32), np.arange(1_000, 5_000, dtype=np.int32)):
        run = retriever.retrieve(plan, 20, allowed)
        positive = [row for row in allowed.tolist() if scores[row] > 0]
        expected = sorted(positive, key=lambda row: (-scores[row], row))[:20]
        assert run.rows.tolist() == expected
        assert run.scores.tolist() == pytest.approx(scores[expected].tolist(), abs=1e-6)


def test_a_query_without_vector_finds_nothing(vectors: NDArray[np.float32], neighbours: NearestTitles) -> None:
    retriever = DenseRetriever(vectors, neighbours, 0.5)
    assert len(retriever.retrieve(Plan("q", "en"), 10).rows) == 0


def test_beyond_the_exact_size_nearly_the_same_is_found(
    vectors: NDArray[np.float32], neighbours: NearestTitles
) -> None:
    exact = DenseRetriever(vectors, neighbours, 0.6)
    large = DenseRetriever(vectors, neighbours, 0.6, exact_rows=100)
    found = wanted = 0
    for row in range(0, 5_000, 250):
        plan = Plan("q", "en", vector=vectors[row], dense_cut=0.6)
        nearest = set(exact.retrieve(plan, 10).rows.tolist())
        wanted += len(nearest)
        found += len(nearest & set(large.retrieve(plan, 10).rows.tolist()))
    assert found / wanted > 0.9


def test_cut_lets_a_thousandth_of_random_pairs_through() -> None:
    generator = np.random.default_rng(3)
    queries, products = unit(generator.normal(size=(200, 32))), unit(generator.normal(size=(2_000, 32)))
    cut = calibrate_cut(queries, products)
    assert np.mean(queries @ products.T > cut) == pytest.approx(0.001, abs=0.0005)


def test_no_queries_to_calibrate_on_means_no_dense_match() -> None:
    assert calibrate_cut(np.empty((0, 4), np.float32), np.ones((3, 4), np.float32)) == 1.0


def test_the_cut_is_kept(vectors: NDArray[np.float32], neighbours: NearestTitles, tmp_path: Path) -> None:
    built = build_dense(tmp_path, vectors, neighbours, vectors[:50])
    assert load_dense(tmp_path, vectors, neighbours).cut == built.cut


@pytest.mark.parametrize("dimensions", [3, 64, 100])
def test_matches_are_all_rows_above_the_cut(dimensions: int, tmp_path: Path) -> None:
    generator = np.random.default_rng(dimensions)
    weights = np.linspace(2.0, 0.1, dimensions)
    vectors = unit(generator.normal(size=(500, dimensions)) * weights)
    vectors[7] = 0
    retriever = DenseRetriever(vectors, build_neighbours(tmp_path, vectors), 0.3)
    for query in unit(generator.normal(size=(20, dimensions)) * weights):
        run = retriever.matches(Plan("q", "en", vector=query, dense_cut=0.3), 1_000)
        scores = vectors @ query
        clear = np.abs(scores - 0.3) > 1e-6
        assert set(np.flatnonzero((scores >= 0.3) & clear)) == {row for row in run.rows.tolist() if clear[row]}
        assert run.scores.tolist() == sorted(run.scores.tolist(), reverse=True)
        nearest = retriever.matches(Plan("q", "en", vector=query, dense_cut=0.3), 5)
        assert nearest.rows.tolist() == run.rows.tolist()[:5]
