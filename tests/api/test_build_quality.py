import math

import pytest

from api.build.quality import (
    SampledSearch,
    mean_ndcg,
    read_sample,
    run_sample,
    write_sample,
    zero_result_rate,
)
from api.evaluate.measures import measure_runs
from data.errors import ReleaseDamaged
from data.judgment import Judgment


def test_the_rate_counts_each_search_as_often_as_it_was_sent():
    sample = run_sample([("tent", "en", 6), ("yurt", "en", 3), ("mat", "en", 3)], lambda text, _: int(text != "yurt"))
    assert sample[1] == SampledSearch("yurt", "en", 3, found=False)
    assert zero_result_rate(sample) == 0.25


def test_a_sample_is_read_back(tmp_path):
    sample = [SampledSearch("zelt 3 personen", "de", 2, True), SampledSearch("x", "en", 1, False)]
    write_sample(tmp_path, sample)
    assert read_sample(tmp_path) == sample
    assert read_sample(tmp_path / "other") == []
    (tmp_path / "quality" / "searches.jsonl").write_text('{"text": 1}\n')
    with pytest.raises(ReleaseDamaged):
        read_sample(tmp_path)


JUDGMENTS = [
    Judgment("tent", "a", 3),
    Judgment("tent", "b", 1),
    Judgment("tent", "c", 0),
    Judgment("mat", "d", 2),
    Judgment("yurt", "e", 0),
]
RUNS = {"tent": ["b", "x", "a"], "mat": ["x"], "yurt": ["e"]}


def test_ndcg_by_hand():
    # tent: (1 + 7/log2(4)) / (7 + 1/log2(3)); mat: 0; yurt has nothing to find.
    value, queries = mean_ndcg(JUDGMENTS, RUNS.__getitem__)
    assert queries == 2
    assert value == pytest.approx((1 + 7 / 2) / (7 + 1 / math.log2(3)) / 2)
    assert mean_ndcg([], RUNS.__getitem__) == (0.0, 0)


def test_ndcg_is_the_one_of_evaluate():
    qrels = {"tent": {"a": 3, "b": 1, "c": 0}, "mat": {"d": 2}}
    theirs = [values["ndcg@10"] for values in measure_runs(qrels, RUNS).values()]
    assert mean_ndcg(JUDGMENTS, RUNS.__getitem__)[0] == pytest.approx(sum(theirs) / 2, abs=1e-3)
