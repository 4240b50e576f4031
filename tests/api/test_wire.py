"""What goes out: names kept, nothing that is not there, nothing that means nothing outside."""

import numpy as np
import orjson
import pytest
from pydantic import ValidationError

from api.http.wire import SearchBody, SuggestionBody, encode, suggestion_json, understanding_json
from autocomplete.suggestion import Correction, Suggestion, SuggestionKind, SuggestionSource
from understanding.mention import Mention
from understanding.query import Query
from understanding.understanding import Constraint, Expansion, Intent, Understanding

PLAIN = Suggestion("blue jacket", SuggestionKind.QUERY, SuggestionSource.LOG, ((0, 3),), 0.5)


def test_a_suggestion_without_extras_has_only_what_it_has() -> None:
    wire = orjson.loads(encode(suggestion_json(PLAIN, explain=False)))
    assert wire == {"text": "blue jacket", "kind": "query", "source": "log", "highlights": [[0, 3]], "score": 0.5}
    SuggestionBody.model_validate(wire)


def test_a_full_suggestion_has_every_name_of_the_contract() -> None:
    full = Suggestion(
        "jacket", SuggestionKind.PRODUCT, SuggestionSource.GRAPH, (), 1.0, "Clothing > Jackets", "c-1", "p-1", "i.png",
        Correction(0, 5, "jaket", "jacket"), {"match": "one typo", "people": 4.0},
    )  # fmt: skip
    wire = orjson.loads(encode(suggestion_json(full, explain=True)))
    assert wire["correction"] == {"start": 0, "end": 5, "original": "jaket", "replacement": "jacket"}
    assert wire["reasons"] == {"match": "one typo", "people": 4.0}
    assert {"scope", "concept_id", "product_id", "image"} <= set(wire)
    assert "reasons" not in suggestion_json(full, explain=False)
    SuggestionBody.model_validate(wire)


def test_an_understanding_loses_its_ordinals_and_nothing_else() -> None:
    understanding = Understanding(
        Query("acme jaket", "de"),
        "acme jacket",
        mentions=(Mention(0, 4, "acme", "c-1", 17, "brand", "Acme", 0.9),),
        constraints=(Constraint("brand", "in", ("acme",), 0, 4, "acme", 0.9, False),),
        intents=(Intent("c-2", 18, "product_type", "jacket", 0.8, "linked"),),
        expansions=(Expansion(5, 10, "coat", "c-3", 0.4, "related"),),
    )
    wire = orjson.loads(encode(understanding_json(understanding)))
    assert (wire["query"], wire["locale"], wire["text"]) == ("acme jaket", "de", "acme jacket")
    assert wire["mentions"] == [
        {
            "start": 0,
            "end": 4,
            "text": "acme",
            "concept_id": "c-1",
            "scheme": "brand",
            "label": "Acme",
            "confidence": 0.9,
        }
    ]
    assert wire["constraints"][0]["strict"] is False
    assert "concept" not in wire["intents"][0]
    assert wire["expansions"][0]["text"] == "coat"
    assert wire["aspects"] == wire["corrections"] == wire["categories"] == []


def test_arrays_sets_and_mappings_are_plain_json() -> None:
    content = {"a": np.arange(3, dtype=np.int32), "b": np.float32(0.5), "c": {"y", "x"}, "d": float("nan"), 7: (1, 2)}
    assert orjson.loads(encode(content)) == {"a": [0, 1, 2], "b": 0.5, "c": ["x", "y"], "d": None, "7": [1, 2]}
    with pytest.raises(TypeError, match="not JSON serializable"):
        encode(object())


def test_filters_keep_the_operators_of_the_wire() -> None:
    body = SearchBody.model_validate_json(
        '{"filters": {"colour": {"in": ["red", true, 4], "not": ["blue"]},'
        ' "price": {"gte": 1, "lt": 2.5, "exists": true}}}'
    )
    assert body.plain_filters() == {
        "colour": {"in": ["red", True, 4], "not": ["blue"]},
        "price": {"gte": 1, "lt": 2.5, "exists": True},
    }
    with pytest.raises(ValidationError):
        SearchBody.model_validate({"filters": {"colour": {"in": [{"a": 1}]}}})
