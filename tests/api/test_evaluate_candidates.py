"""What is true and too rare to be found is neither a hit nor a mistake."""

from pathlib import Path

import orjson
import pytest

from api.evaluate.assignments import evaluate_assignments, read_forgotten
from api.evaluate.candidates import evaluate_candidates, read_seldom, read_truth
from data.errors import InputError
from data.mining.assignment import Assignment
from data.mining.candidate import Candidate, Kind
from data.product import AttributeValue, Quantity


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


def test_attributes_from_titles_against_what_was_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    forgotten: list[tuple[str, str, object]] = [
        ("a", "colour", "Forêt"),
        ("a", "width", 15.6),
        ("b", "colour", "red"),
        ("c", "size", "M"),
    ]
    path.write_bytes(
        orjson.dumps({"attributes": [{"product_id": p, "attribute": a, "value": v} for p, a, v in forgotten]})
    )

    def told(product_id: str, attribute: str, value: AttributeValue, score: float = 0.9) -> Assignment:
        return Assignment(product_id, attribute, value, "en", "x", 0, 1, score, "seen")

    said = [
        told("a", "colour", "foret"),
        told("a", "width", Quantity(15.6, "in")),
        told("b", "colour", "blue"),  # another value
        told("b", "size", "L"),  # nothing that the title says
        told("c", "size", "M", 0.4),
    ]
    result = evaluate_assignments(said, read_forgotten(path), 0.5)
    assert (result.said, result.true, result.precision, result.recall) == (4, 4, 0.5, 0.5)
    assert result.wrong == (("b", "colour", "blue"), ("b", "size", "L"))
    assert result.missed == (("b", "colour", "red"), ("c", "size", "M"))
    path.write_text("{}")
    assert read_forgotten(path) == {}
    path.write_text('{"attributes": [{"product_id": "a"}]}')
    with pytest.raises(InputError, match="product_id, attribute, value"):
        read_forgotten(path)
