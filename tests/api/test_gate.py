import re

import pytest

from api.build.gate import check_gate, find_regressions
from data.errors import GateRefused
from data.shop import GateConfig

GATES = GateConfig(product_fall=0.2, zero_result_rise=0.05, quality_fall=0.1)


@pytest.mark.parametrize(
    ("products", "quality", "parent_quality", "said"),
    [
        (80, {}, {}, None),  # exactly the allowed fall
        (79, {}, {}, r"^79 products, the parent has 100 \(allowed: a fall of 20%, to 80\)"),
        (500, {"zero_result_rate": 0.15}, {"zero_result_rate": 0.10}, None),
        (100, {"zero_result_rate": 0.16}, {"zero_result_rate": 0.10}, "^16.0% .* 10.0% did before"),
        (100, {"zero_result_rate": 0.0}, {"zero_result_rate": 0.9}, None),
        (100, {"ndcg@10": 0.72}, {"ndcg@10": 0.8}, None),
        (100, {"ndcg@10": 0.71}, {"ndcg@10": 0.8}, r"^ndcg@10 is 0.710, the parent's is 0.800 \(allowed: from 0.720\)"),
        (100, {}, {"ndcg@10": 0.8, "zero_result_rate": 0.0}, None),  # not measured: not compared
        (100, {"ndcg@10": 0.0, "zero_result_rate": 1.0}, {}, None),
        (100, {"completions": 0}, {"completions": 9000}, None),  # told, not gated
    ],
)
def test_worse_than_the_parent_by_more_than_the_share(products, quality, parent_quality, said):
    found = find_regressions(products, quality, 100, parent_quality, GATES)
    if said is None:
        assert found == []
    else:
        [sentence] = found
        assert re.search(said, sentence)


def test_every_regression_is_said():
    found = find_regressions(1, {"zero_result_rate": 1.0}, 100, {"zero_result_rate": 0.0}, GATES)
    with pytest.raises(GateRefused, match=r"parent r1: 1 products.*; 100.0% of the parent's searches.*--force"):
        check_gate(found, "r1", force=False)
    check_gate(found, "r1", force=True)
    check_gate([], "r1", force=False)
