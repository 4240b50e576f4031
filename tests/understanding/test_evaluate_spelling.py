"""The spelling measure, by hand."""

from pathlib import Path

import pytest

from api.evaluate.spelling import evaluate_spelling, read_spellings
from data.errors import InputError


def test_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "spellings.csv"
    path.write_text("query,correct\nketle,kettle\nlampp,lamp\nbel,bell\nRed  Kettle,red kettle\ntoaster,toaster\n")
    answers = {"ketle": "kettle", "lampp": "lamb", "bel": "bel", "toaster": "toasters"}
    measured = evaluate_spelling(read_spellings(path), lambda text: answers.get(text, text))
    assert measured["queries"] == 5
    assert measured["misspelt"] == 3
    assert measured["accuracy"] == pytest.approx(2 / 5)
    assert measured["precision"] == pytest.approx(1 / 3)
    assert measured["recall"] == pytest.approx(1 / 3)
    assert measured["false_alarms"] == pytest.approx(1 / 2)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "spellings.csv"
    path.write_text("query,right\na,b\n")
    with pytest.raises(InputError, match="correct is missing"):
        read_spellings(path)
