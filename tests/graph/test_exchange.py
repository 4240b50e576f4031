"""A graph that was carried is the graph."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from graph.concept import Concept, Layer, Scheme, Status
from graph.exchange import compare, export_lines, import_lines, read_export, write_export
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.store import GraphState

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
CONCEPTS = st.builds(
    Concept,
    TEXT,
    st.sampled_from(Scheme),
    TEXT,
    st.sampled_from(Status),
    st.floats(0.01, 1),
    st.sampled_from(Layer),
    TEXT,
)
LABELS = st.builds(Label, TEXT, TEXT, TEXT, TEXT, st.sampled_from(LabelKind), st.sampled_from(Layer))
RELATIONS = st.builds(
    Relation,
    TEXT,
    st.sampled_from(Predicate),
    TEXT,
    st.floats(0.01, 1),
    st.sampled_from(Layer),
    TEXT,
    TEXT,
    st.none() | st.integers(0, 2**50),
)
STATES = st.builds(
    GraphState,
    st.integers(1, 10**6),
    st.lists(CONCEPTS, max_size=5).map(tuple),
    st.lists(LABELS, max_size=5).map(tuple),
    st.lists(RELATIONS, max_size=5).map(tuple),
    st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
)


@given(STATES)
def test_nothing_is_lost_on_the_way(state: GraphState) -> None:
    back = import_lines(export_lines(state))
    assert back.revision == state.revision
    for name in ("concepts", "labels", "relations", "rejected"):
        assert sorted(map(repr, getattr(back, name))) == sorted(map(repr, getattr(state, name)))
    assert compare(state, back) == compare(back, back)


def test_a_difference_names_both_sides() -> None:
    one = GraphState(1, (Concept("a", Scheme.BRAND, "acme"),), (), ())
    two = GraphState(2, (Concept("b", Scheme.BRAND, "bolt"),), (), ())
    found = compare(one, two)
    assert '"key":"acme"' in found.removed[0]
    assert '"key":"bolt"' in found.added[0]


@pytest.mark.parametrize(
    "line", ["not json", '{"kind":"concept"}', '{"kind":"dragon"}', "[]", '{"kind":"graph","format":9}']
)
def test_a_damaged_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "graph.jsonl"
    path.write_text('{"kind":"graph","format":1,"revision":3}\n' + line + "\n")
    with pytest.raises(InputError, match=r"graph\.jsonl:2: expected a record"):
        read_export(path)


def test_a_file_without_header_is_no_export(tmp_path: Path) -> None:
    write_export(tmp_path / "graph.jsonl", GraphState(1, (), (), ()))
    assert read_export(tmp_path / "graph.jsonl").revision == 1
    (tmp_path / "graph.jsonl").write_text("")
    with pytest.raises(InputError, match="header line"):
        read_export(tmp_path / "graph.jsonl")
