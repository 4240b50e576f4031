"""Any state that passes the integrity rules, for property tests."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from graph.concept import Concept, Layer, Scheme, Status
from graph.integrity import violations
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.store import GraphState, in_order

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
UNIT = st.floats(0.01, 1)
LAYER = st.sampled_from(Layer)
TIME = st.none() | st.integers(0, 2**50)


@st.composite
def sound_states(draw: Any) -> GraphState:
    ids = draw(st.lists(TEXT, min_size=1, max_size=5, unique=True))
    keys = draw(st.lists(st.tuples(st.sampled_from(Scheme), TEXT), min_size=len(ids), max_size=len(ids), unique=True))
    concepts = [
        Concept(
            each, *key, draw(st.sampled_from(Status)), draw(UNIT), draw(LAYER), draw(TEXT), draw(st.integers(0, 99))
        )
        for each, key in zip(ids, keys, strict=True)
    ]
    named = draw(st.lists(st.tuples(st.sampled_from(ids), TEXT, TEXT), max_size=5, unique=True))
    labels = [
        Label(
            concept_id,
            draw(TEXT),
            norm,
            language,
            draw(st.sampled_from(LabelKind)),
            draw(LAYER),
            draw(UNIT),
            draw(st.text(max_size=3)),
        )
        for concept_id, norm, language in named
    ]
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(Predicate), st.sampled_from(ids))
    relations = [
        Relation(*each, draw(UNIT), draw(LAYER), draw(TEXT), draw(TEXT), draw(TIME), draw(TIME))
        for each in draw(st.lists(ends, max_size=5, unique=True))
    ]
    assume(not violations(concepts, labels, relations))
    spare = st.tuples(st.sampled_from(Scheme).map(str), TEXT, TEXT).filter(lambda each: each[2] not in ids)
    return in_order(
        GraphState(
            draw(st.integers(1, 2**40)),
            tuple(concepts),
            tuple(labels),
            tuple(relations),
            tuple(draw(st.lists(st.tuples(TEXT, TEXT), max_size=3, unique=True))),
            tuple(draw(st.lists(spare, max_size=2, unique_by=lambda each: each[:2]))),
        )
    )
