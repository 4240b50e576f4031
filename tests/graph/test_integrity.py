"""Every rule of the graph, by hand and against brute force."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import IntegrityViolation
from graph.concept import Concept, Scheme, Status
from graph.integrity import check, violations
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.traversal import bottom_up, closure, find_cycle

NODES = "abcde"
EDGES = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=12)


def concepts(*ids: str) -> list[Concept]:
    return [Concept(each, Scheme.CATEGORY, each) for each in ids]


def by_node(edges: set[tuple[str, str]]) -> dict[str, list[str]]:
    return {node: sorted(end for start, end in edges if start == node) for node in NODES}


def reachable(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Warshall, the slow and obvious way."""
    reached = set(edges)
    for middle, start, end in itertools.product(NODES, repeat=3):
        if (start, middle) in reached and (middle, end) in reached:
            reached.add((start, end))
    return reached


@given(EDGES)
def test_cycles_and_closures_are_those_of_brute_force(edges: set[tuple[str, str]]) -> None:
    reached = reachable(edges)
    has_cycle = any(start == end for start, end in reached)
    circle = find_cycle(by_node(edges))
    assert bool(circle) == has_cycle
    if circle:
        assert circle[0] == circle[-1]
        assert all(step in edges for step in itertools.pairwise(circle))
    else:
        assert {(node, above) for node, found in closure(by_node(edges)).items() for above in found} == reached
        order = bottom_up(by_node(edges))
        assert sorted(order) == sorted(NODES)
        assert all(order.index(start) < order.index(end) for start, end in edges)


@given(EDGES, EDGES)
def test_related_is_refused_exactly_inside_the_closure(
    broader: set[tuple[str, str]], related: set[tuple[str, str]]
) -> None:
    related = {(start, end) for start, end in related if start != end}
    reached = reachable(broader)
    if any(start == end for start, end in reached):
        return
    relations = [Relation(start, Predicate.BROADER, end) for start, end in sorted(broader)]
    relations += [Relation(start, Predicate.RELATED, end) for start, end in sorted(related)]
    found = violations(concepts(*NODES), [], relations)
    inside = [pair for pair in related if pair in reached or pair[::-1] in reached]
    assert len(found) == len(inside)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([Label("a", "Sofa", "sofa", "en"), Label("a", "Couch", "couch", "en")], "2 preferred labels in en"),
        (
            [Label("a", "Sofa", "sofa", "en"), Label("a", "SOFA", "sofa", "en", LabelKind.HIDDEN)],
            "hidden and preferred label",
        ),
        ([Label("x", "Sofa", "sofa", "en")], "unknown concept x"),
        ([Label("a", "!!", "", "en")], "no letter or digit"),
    ],
)
def test_label_rules(labels: list[Label], said: str) -> None:
    with pytest.raises(IntegrityViolation, match=said):
        check(concepts("a"), labels, [])


def test_one_preferred_label_per_language_is_sound() -> None:
    labels = [Label("a", "Sofa", "sofa", "en"), Label("a", "Sofa", "sofa", "de"), Label("b", "Sofa", "sofa", "en")]
    assert violations(concepts("a", "b"), labels, []) == []


def test_keys_and_ids_name_one_concept() -> None:
    twins = [Concept("a", Scheme.BRAND, "acme"), Concept("b", Scheme.BRAND, "acme"), Concept("b", Scheme.BRAND, "x")]
    said = " ".join(violations(twins, [], []))
    assert "brand key 'acme'" in said
    assert "id b is given 2 times" in said


def test_redirects_lead_to_a_concept_in_use() -> None:
    gone = [Concept("a", Scheme.BRAND, "a"), Concept("b", Scheme.BRAND, "b", Status.RETIRED)]
    assert "not in use" in violations(gone, [], [Relation("a", Predicate.MERGED_INTO, "b")])[0]
    assert violations(gone, [], [Relation("b", Predicate.MERGED_INTO, "a")]) == []


@pytest.mark.parametrize("weight", [0.0, -1.0, 1.5])
def test_weights_are_in_range(weight: float) -> None:
    assert "(0, 1]" in violations(concepts("a", "b"), [], [Relation("a", Predicate.SUBSTITUTE, "b", weight)])[0]
