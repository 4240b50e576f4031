import numpy as np

from retrieval.answer.similar import rank_similar

ROWS = np.arange(6, dtype=np.int32)
GROUPS = np.array([0, 0, 1, 2, 2, 3], np.int32)


def ranked(group: int = 0, rows: np.ndarray = ROWS, **scores: list[float]) -> list[tuple[int, float]]:
    run = rank_similar({name: np.array(held, np.float32) for name, held in scores.items()}, rows, GROUPS[rows], group)
    return [(row, round(score, 4)) for row, score in zip(run.rows.tolist(), run.scores.tolist(), strict=True)]


def test_never_itself_nor_its_variants_and_one_a_group() -> None:
    words = [9.0, 9.0, 1.0, 2.0, 4.0, 0.0]
    assert ranked(words=words, concepts=words) == [(4, 1.0), (2, 0.25)]


def test_weights_are_shared_by_the_sources_there_are() -> None:
    # Of words and concepts each counts half; with vectors .4, .4 and .2.
    assert ranked(words=[0, 0, 2, 1, 0, 0], concepts=[0, 0, 0, 1, 0, 0]) == [(3, 0.75), (2, 0.5)]
    assert ranked(words=[0, 0, 2, 1, 0, 0], concepts=[0, 0, 0, 1, 0, 0], vectors=[0, 0, 0.5, 0, 0, 1]) == [
        (3, 0.6),
        (2, 0.5),
        (5, 0.2),
    ]


def test_only_given_rows() -> None:
    assert ranked(rows=np.array([0, 2, 5], np.int32), words=[1, 1, 1, 1, 1, 2], concepts=[0.0] * 6) == [
        (5, 0.5),
        (2, 0.25),
    ]


def test_a_product_without_anything_alike_has_none() -> None:
    assert ranked(words=[0.0] * 6, concepts=[0.0] * 6) == []
