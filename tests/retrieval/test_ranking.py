import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.best_rows import best_rows

few_values = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=40)


@given(few_values, st.integers(0, 50), st.one_of(st.none(), st.sets(st.integers(0, 39))))
def test_same_as_sorting_everything(values: list[float], top_k: int, chosen: set[int] | None) -> None:
    scores = np.array(values, np.float32)
    within = None if chosen is None else np.array(sorted(row for row in chosen if row < len(values)), np.int32)
    rows, held = best_rows(scores, top_k, within)
    allowed = range(len(values)) if within is None else within.tolist()
    expected = sorted((row for row in allowed if values[row] > 0), key=lambda row: (-values[row], row))[:top_k]
    assert rows.tolist() == expected
    assert held.tolist() == [values[row] for row in expected]
