from pathlib import Path

import numpy as np
import pytest

from api.evaluate.pairs import read_pairs
from api.evaluate.rerank import evaluate_rerank, fuse
from data.errors import InputError
from data.shop import SearchConfig

HEADER = "query,title,relevance\n"


def pairs_file(folder: Path, text: str) -> Path:
    (folder / "pairs.csv").write_text(text)
    return folder / "pairs.csv"


def test_the_title_that_says_it_comes_first(tmp_path: Path) -> None:
    path = pairs_file(tmp_path, HEADER + "red lamp,Blue desk,1\nred lamp,Red lamp,3\nred lamp,Lamp shade,2\n")
    found = evaluate_rerank(read_pairs(path))
    assert found.bm25["red lamp"]["ndcg@10"] == pytest.approx(1.0)
    # Too few titles to fit an encoder on: words alone decide.
    assert found.fused == found.bm25


def test_the_lowest_relevance_is_worth_nothing(tmp_path: Path) -> None:
    # Both orders of the lowest two are ideal, whatever number the scale starts at.
    for lowest, high in ((1, 2), (0, 1)):
        rows = f"lamp,Desk,{lowest}\nlamp,Chair,{lowest}\nlamp,Lamp,{high}\n"
        assert evaluate_rerank(read_pairs(pairs_file(tmp_path, HEADER + rows))).bm25["lamp"]["ndcg@10"] == 1.0


def test_short_or_hopeless_lists_are_left_out(tmp_path: Path) -> None:
    rows = "two,A,1\ntwo,B,3\nsame,A,1\nsame,B,1\nsame,C,1\nlamp,A,1\nlamp,B,2\nlamp,Lamp,3\n"
    assert list(evaluate_rerank(read_pairs(pairs_file(tmp_path, HEADER + rows))).bm25) == ["lamp"]
    with pytest.raises(InputError, match="there is none"):
        evaluate_rerank(read_pairs(pairs_file(tmp_path, HEADER + "two,A,1\ntwo,B,3\n")))


def test_home_depots_names_are_taken(tmp_path: Path) -> None:
    path = pairs_file(tmp_path, "product_uid,product_title,search_term,relevance\n7,Red lamp,lamp,2.67\n")
    (pair,) = read_pairs(path)
    assert (pair.query, pair.title, pair.relevance) == ("lamp", "Red lamp", 2.67)


@pytest.mark.parametrize(
    ("text", "message"),
    [("query,relevance\na,1\n", "title is missing"), (HEADER + "a,b,1\na,b,good\n", ":3: expected a number")],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_pairs(pairs_file(tmp_path, text))


def test_fusion_worked_by_hand() -> None:
    weights = SearchConfig(bm25_weight=0.6, dense_weight=0.2)
    fused = fuse({"q": np.array([4.0, 2.0, 0.0])}, {"q": np.array([0.1, 0.0, 0.2])}, weights)
    assert fused["q"].tolist() == pytest.approx([0.75 + 0.125, 0.375, 0.25])
