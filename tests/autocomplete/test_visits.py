"""What follows what within visits, and departments: numbers worked out by hand."""

import math

import numpy as np
import pytest

from autocomplete.log.parts import Parts
from autocomplete.log.visits import Errands, VisitLog, departments_of

TENT, BAG, SOFA = 0, 1, 2
HEADS = 3


def days(*heads: int, day: int = 0) -> list[tuple[int, int]]:
    return [(day, head) for head in heads]


def test_lifts_are_worked_out_by_hand() -> None:
    visits = [*[days(TENT, BAG)] * 6, *[days(SOFA, BAG)] * 2, *[days(BAG, SOFA)] * 8, days(TENT, TENT, SOFA)]
    followers = VisitLog(visits, HEADS).as_of(1)
    found = followers.after(TENT, np.array([BAG, SOFA, TENT, -1], np.int32))
    # 17 pairs; 8 of them end in a bag; 7 begin with a tent. The single tent before a sofa is chance.
    assert found.tolist() == pytest.approx([math.log((6 * 17 / 8 + 20) / (7 + 20)), 0, 0, 0])
    assert followers.after(SOFA, np.array([BAG], np.int32))[0] == pytest.approx(
        math.log((2 * 17 / 8 + 20) / (2 + 20)), rel=1e-6
    )


def test_a_later_visit_changes_nothing() -> None:
    before = [days(TENT, BAG, day=2)] * 3 + [days(SOFA, TENT, day=3)] * 3
    after = [days(TENT, SOFA, day=5)] * 9
    wanted = np.array([BAG, SOFA], np.int32)
    known = VisitLog([*after, *before], HEADS).as_of(5).after(TENT, wanted)
    assert known.tolist() == VisitLog(before, HEADS).as_of(9).after(TENT, wanted).tolist()
    assert VisitLog([*after, *before], HEADS).as_of(6).after(TENT, wanted).tolist() != known.tolist()


def test_without_visits_nothing_follows() -> None:
    assert VisitLog([], HEADS).as_of(9).after(TENT, np.array([BAG], np.int32)).tolist() == [0]


def test_a_head_stands_where_most_of_its_completions_do() -> None:
    names = {"Outdoor > Tents": 1, "Outdoor > Bags": 2, "Living": 3}
    heads = np.array([TENT, TENT, BAG, SOFA, SOFA, SOFA, -1], np.int32)
    categories = np.array([1, 3, 2, 3, 3, 1, 1], np.uint32)
    departments = departments_of(heads, categories, names, 4)
    # A tie goes to the department that was named first; nothing is known of a fourth head.
    assert departments.tolist() == [1, 1, 2, 0]


def test_a_visit_speaks_for_its_departments_and_its_newest_thing() -> None:
    parts = Parts([("tent",), ("sleeping", "bag"), ("sofa",)], [], [])
    followers = VisitLog([days(TENT, BAG)] * 4 + [days(SOFA, TENT)] * 4, HEADS).as_of(1)
    errands = Errands(parts, np.array([BAG, SOFA, -1], np.int32), np.array([1, 1, 2], np.int32), followers)
    said = errands.heads_of([["red", "sofa"], ["nothing"], ["big", "tent", "green"]])
    assert said == [SOFA, TENT]
    completions = np.array([0, 1, 2])
    assert errands.same_department(said, completions).tolist() == [0.5, 0.5, 0]
    follows = errands.follows(said, completions)
    assert follows[0] > 0
    assert follows[1:].tolist() == [0, 0]
    assert errands.follows([], completions).tolist() == errands.same_department([], completions).tolist() == [0, 0, 0]
