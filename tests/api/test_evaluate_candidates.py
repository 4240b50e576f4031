"""What is true and too rare to be found is neither a hit nor a mistake."""

from pathlib import Path

import orjson
import pytest

from api.evaluate.candidates import evaluate_candidates, read_seldom, read_truth
from data.mining.candidate import Candidate, Kind


def pair(source: str, target: str) -> dict[str, str]:
    return {"source": source, "target": target, "locale": "en"}


def said(kind: Kind, source: str, target: str) -> Candidate:
    return Candidate(kind, source, target, "en", 0.9, "seen")


def test_precision_and_recall_leave_out_what_is_seldom(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    record = {
        "synonyms": [pair("couch", "sofa"), pair("cell phone", "smartphone")],
        "misspellings": [pair("jaket", "jacket")],
        "seldom": {"synonyms": [pair("settee", "sofa")]},
        "habits": [pair("kettel", "kettle")],
    }
    path.write_bytes(orjson.dumps(record))
    candidates = [
        said("synonym", "sofa", "couch"),  # either direction
        said("synonym", "settee", "sofa"),  # true, seldom
        said("synonym", "lamp", "sofa"),  # wrong
        said("misspelling", "red jaket", "red jacket"),
        said("misspelling", "kettel", "kettle"),  # true, a habit
    ]
    synonyms, misspellings = evaluate_candidates(candidates, read_truth(path), seldom=read_seldom(path))
    assert (synonyms.said, synonyms.precision, synonyms.recall) == (2, 0.5, 0.5)
    assert (misspellings.said, misspellings.precision, misspellings.recall) == (1, 1.0, 1.0)
    without = evaluate_candidates(candidates, read_truth(path))[0]
    assert without.precision == pytest.approx(1 / 3)
