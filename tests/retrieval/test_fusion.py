import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.fusion import fuse_convex
from retrieval.sources.candidate import Run


def run(source: str, scores: dict[int, float]) -> Run:
    best_first = sorted(scores, key=lambda row: (-scores[row], row))
    return Run(source, np.array(best_first, np.int32), np.array([scores[row] for row in best_first], np.float32))


def test_worked_by_hand() -> None:
    lexical = run("bm25", {1: 10.0, 2: 6.0, 3: 2.0})  # -> 1, .5, 0
    dense = run("dense", {2: 0.9, 4: 0.7, 1: 0.4})  # -> 1, .6, 0
    fused = fuse_convex([lexical, dense], [0.75, 0.25])
    assert fused.rows.tolist() == [1, 2, 4, 3]
    assert fused.scores.tolist() == pytest.approx([0.75, 0.75 * 0.5 + 0.25, 0.25 * 0.6, 0.0])


def test_ties_by_row_and_equal_scores_become_one() -> None:
    fused = fuse_convex([run("a", {7: 3.0, 5: 3.0})], [1.0])
    assert fused.rows.tolist() == [5, 7]
    assert fused.scores.tolist() == [1.0, 1.0]


def test_nothing_to_fuse() -> None:
    assert len(fuse_convex([], []).rows) == 0
    assert len(fuse_convex([run("a", {})], [1.0]).rows) == 0


@pytest.mark.parametrize("weights", [[1.0], [0.5, 0.6], [1.5, -0.5]])
def test_weights_must_be_convex(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        fuse_convex([run("a", {1: 1.0}), run("b", {1: 1.0})], weights)


scores = st.dictionaries(st.integers(0, 30), st.floats(0, 100, width=32), max_size=12)


@given(scores, scores, st.floats(0, 1))
def test_same_as_the_formula(first: dict[int, float], second: dict[int, float], weight: float) -> None:
    def normal(held: dict[int, float], row: int) -> float:
        if row not in held:
            return 0.0
        low, high = min(held.values()), max(held.values())
        return 1.0 if high <= low else (held[row] - low) / (high - low)

    fused = fuse_convex([run("a", first), run("b", second)], [weight, 1 - weight])
    assert sorted(fused.rows.tolist()) == sorted(set(first) | set(second))
    for row, score in zip(fused.rows.tolist(), fused.scores.tolist(), strict=True):
        assert score == pytest.approx(weight * normal(first, row) + (1 - weight) * normal(second, row), abs=1e-5)
    assert all(a >= b for a, b in zip(fused.scores, fused.scores[1:], strict=False))
