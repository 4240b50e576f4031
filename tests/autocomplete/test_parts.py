"""Heads and modifiers: which are learned, how queries are split, what is expected of them; worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.log.part_counts import PartLog, split_table
from autocomplete.log.parts import Modifier, Parts, SaidQuery, find_head, head_texts, learn_modifiers

HEADS = {("lamp",), ("table", "lamp"), ("down", "jacket"), ("mug",)}
RED, OAK, WARM = Modifier(("red",), False, "red"), Modifier(("oak",), False, "oak"), Modifier(("warm",), True, "warm")
# Heads: 0 lamp, 1 table lamp, 2 down jacket, 3 mug. There are no oak jackets, and only jackets are warm.
PARTS = Parts(
    [("lamp",), ("table", "lamp"), ("down", "jacket"), ("mug",)], [RED, OAK, WARM], [(0, 1, 2, 3), (0, 1), (2,)]
)


def said(text: str, times: int = 1, day: int = 0) -> list[SaidQuery]:
    return [SaidQuery(text, day, f"{text}{person}") for person in range(times)]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("table lamp", (1, ())),
        ("red table lamp", (1, (0,))),
        ("red oak table lamp", (1, (0, 1))),
        ("red down jacket warm", (2, (0, 2))),
        ("warm down jacket", None),  # said behind, never before
        ("red", None),
        ("", None),
        ("lamp lamp", None),
    ],
)
def test_a_query_is_split_into_its_longest_head_and_known_modifiers(
    text: str, split: tuple[int, tuple[int, ...]] | None
) -> None:
    assert PARTS.split(text.split()) == split


def test_the_longest_head_counts_and_of_equally_long_ones_the_last() -> None:
    assert find_head(["table", "lamp"], HEADS, 2) == (0, 2)
    assert find_head(["mug", "lamp"], HEADS, 2) == (1, 2)
    assert find_head(["table"], HEADS, 2) is None


def test_a_modifier_needs_different_people_unless_it_is_a_name() -> None:
    queries = [
        *said("red mug", 3),
        *said("My  Own mug", 1),
        *[SaidQuery("grandma mug", 0, "one")] * 9,
        *said("oak lamp", 1),
        *said("red oak lamp", 3),
    ]
    learned = learn_modifiers(queries, HEADS, 3, lambda words: words == ("oak",))
    # "red oak" is two modifiers in a row.
    assert learned == [Modifier(("red",), False, "red"), Modifier(("oak",), False, "oak")]


def test_a_piece_of_a_hyphenated_word_is_no_head() -> None:
    queries = [SaidQuery(text, 0, f"p{person}") for person in range(3) for text in ("jute-lamp green", "lamp-green")]
    queries += [SaidQuery("lamp - warm", 0, f"p{person}") for person in range(3)]
    learned = learn_modifiers(queries, {("lamp",)}, 3, lambda _: False)
    # Neither "jute-" nor "-green"; a dash between blanks separates, and is no part of what is said.
    assert learned == [Modifier(("green",), True, "green"), Modifier(("warm",), True, "warm")]


def test_a_modifier_is_written_as_most_people_write_it() -> None:
    queries = [*said('lamp 6.1"', 2), *said("lamp 6.1", 1)]
    assert learn_modifiers(queries, HEADS, 3, lambda _: False) == [Modifier(("6", "1"), True, '6.1"')]
    assert head_texts([*said("Table-Lamp", 2), *said("table lamp")], HEADS) == {("table", "lamp"): "Table-Lamp"}


def test_what_is_expected_of_parts_is_worked_out_by_hand() -> None:
    queries = [
        *said("table lamp", 4),
        *said("red table lamp", 2),
        *said("oak lamp", 2),
        *said("down jacket warm", 3),
        *said("red down jacket", 1),
        *said("something else", 50),
    ]
    counts = PartLog(PARTS, queries).as_of(1, 28)
    assert counts.heads.tolist() == [2, 6, 4, 0]
    assert counts.modifiers.tolist() == [3, 2, 3]
    assert counts.among.tolist() == [12, 8, 4]
    assert counts.bare == pytest.approx(4 / 12)
    splits = split_table(PARTS, [["lamp"], ["red", "lamp"], ["red", "oak", "table", "lamp"], ["red", "mug"], ["red"]])
    assert splits.tolist() == [[0, -1, -1, -1], [0, 0, -1, -1], [1, 0, 1, -1], [3, 0, -1, -1], [-1, -1, -1, -1]]
    assert counts.expected(splits) == pytest.approx([2 * 4 / 12, 2 * 3 / 12, 6 * 3 / 12 * 2 / 8, 0, 0])


def test_later_days_change_nothing_and_earlier_ones_fade() -> None:
    before, after = said("red table lamp", 4, day=3), said("red mug", 100, day=10)
    log = PartLog(PARTS, [*after, *before])
    assert log.end == 11
    known = log.as_of(10, half_life=3)
    assert known.heads.tolist() == [0, 4 / 4, 0, 0]  # six days before the ninth: two half-lives
    assert known.modifiers.tolist() == [1, 0, 0]
    assert PartLog(PARTS, before).as_of(10, 3).expected(np.array([[1, 0, -1, -1]])) == pytest.approx(
        known.expected(np.array([[1, 0, -1, -1]]))
    )


def test_without_a_log_nothing_is_expected() -> None:
    counts = PartLog(PARTS, []).as_of(5, 28)
    assert counts.expected(split_table(PARTS, [["lamp"], ["red", "mug"]])).tolist() == [0, 0]
    empty = Parts([], [], [])
    assert PartLog(empty, said("lamp")).as_of(5, 28).expected(split_table(empty, [["lamp"]])).tolist() == [0]


@given(st.lists(st.sampled_from(["red", "oak", "warm", "table", "lamp", "down", "jacket", "mug", "x"]), max_size=6))
def test_a_split_covers_every_word_once(words: list[str]) -> None:
    split = PARTS.split(words)
    if split is None:
        return
    head, modifiers = split
    before = [word for each in modifiers if not PARTS.modifiers[each].behind for word in PARTS.modifiers[each].words]
    behind = [word for each in modifiers if PARTS.modifiers[each].behind for word in PARTS.modifiers[each].words]
    assert [*before, *PARTS.heads[head], *behind] == words
