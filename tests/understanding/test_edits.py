"""The cost of a slip: hand-worked, and against the plain distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from understanding import edits
from understanding.edits import edit_cost

WORDS = st.text("abcdeilnorst", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("kettle", "kettle", 0.0),
        ("ketle", "kettle", edits.DOUBLED),
        ("kettlle", "kettle", edits.DOUBLED),
        ("kettel", "kettle", edits.SWAPPED),
        ("ketttle", "kettle", edits.DOUBLED),
        ("kttle", "kettle", edits.DROPPED),
        ("kextle", "kettle", edits.REPLACED),
        ("kertle", "kettle", edits.REPLACED_BY_NEIGHBOUR),
        ("kattle", "kettle", edits.REPLACED_ALIKE),
        ("lettle", "kettle", edits.REPLACED_BY_NEIGHBOUR + edits.FIRST_LETTER),
        ("lamps", "lamp", edits.ADDED + edits.INFLECTED),
        ("painted", "painter", edits.REPLACED_BY_NEIGHBOUR + edits.INFLECTED),
    ],
)
def test_hand_worked(typed: str, meant: str, cost: float) -> None:
    assert edit_cost(typed, meant) == pytest.approx(cost)


def test_neighbouring_keys_are_symmetric_and_few() -> None:
    pairs = edits.neighbours()
    assert all((b, a) in pairs for a, b in pairs)
    assert {b for a, b in pairs if a == "g"} == set("ftyhvb")


@given(WORDS, WORDS)
def test_free_exactly_when_equal_and_bounded_by_the_plain_distance(typed: str, meant: str) -> None:
    cost = edit_cost(typed, meant)
    distance = OSA.distance(typed, meant)
    dearest = edits.REPLACED * distance + edits.FIRST_LETTER + edits.INFLECTED
    assert (cost == 0) == (typed == meant)
    assert min(edits.DOUBLED, edits.SWAPPED) * distance - 1e-9 <= cost <= dearest + 1e-9
