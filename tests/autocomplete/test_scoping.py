"""Where a text's products part, by hand and against what any answer must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.scoping import MOST_SCOPES, scopes_of


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, {}),
        ({"Tools": 9}, {}),
        # A drill is a drill, whatever is under it.
        ({"Tools": 9, "Tools > Drills": 9}, {}),
        # They part at the root, most groups first.
        ({"Tools": 6, "Tools > Drills": 6, "Toys": 4, "Toys > Tools": 4}, {"Tools": 6, "Toys": 4}),
        # Nearly all are in one root: they part within it. One stray product is no scope.
        (
            {"Home": 39, "Home > Living": 20, "Home > Kitchen": 18, "Home > Bath": 1, "Toys": 1},
            {"Home > Living": 20, "Home > Kitchen": 18},
        ),
        # Two groups are too few for a line, and a tenth too little of many.
        ({"Tools": 20, "Tools > Saws": 20, "Toys": 2}, {}),
        ({"A": 100, "B": 50, "C": 5}, {"A": 100, "B": 50}),
        # Ties by path; no more than fit.
        ({"C": 5, "A": 5, "B": 5}, {"A": 5, "B": 5}),
    ],
)
def test_categories_part_by_hand(counts: dict[str, int], expected: dict[str, int]) -> None:
    found = scopes_of(counts)
    assert list(found.items()) == list(expected.items())


@given(st.lists(st.lists(st.sampled_from("ABC"), min_size=1, max_size=4), max_size=60))
def test_scopes_are_categories_beside_each_other(paths: list[list[str]]) -> None:
    counts: dict[str, int] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            name = " > ".join(path[:depth])
            counts[name] = counts.get(name, 0) + 1
    found = scopes_of(counts)
    assert len(found) != 1
    assert len(found) <= MOST_SCOPES
    assert all(counts[path] == groups >= 3 for path, groups in found.items())
    assert len({path.rpartition(" > ")[0] for path in found}) <= 1
