"""Slips and habits: always one edit away, never in words that cannot have them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.demo.typing_errors import NEIGHBOURS, habitual, slip, slip_in

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=14)
SEEDS = st.integers(0, 10_000)


def edits(one: str, other: str) -> int:
    """Damerau-Levenshtein distance of adjacent transpositions, by the book's table."""
    table = [[row + column for column in range(len(other) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            changed = one[row - 1] != other[column - 1]
            best = min(table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + changed)
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                best = min(best, table[row - 2][column - 2] + 1)
            table[row][column] = best
    return table[-1][-1]


@given(WORDS, SEEDS)
def test_a_slip_is_one_edit(word: str, seed: int) -> None:
    assert edits(word, slip(word, Random(seed))) == 1


@given(WORDS, SEEDS)
def test_a_habit_is_at_most_two_edits_and_always_the_same(word: str, seed: int) -> None:
    wrong = habitual(word, Random(seed))
    assert edits(word, wrong) <= 2  # "ie" for "ei" swaps, "f" for "ph" shortens and changes
    assert wrong == habitual(word, Random(seed))


@pytest.mark.parametrize("word", ["", "tv", "mug", "größe", "ソファ", "3000", "usb-c"])
def test_what_fingers_do_not_err_in_stays(word: str) -> None:
    assert slip(word, Random(1)) == word


def test_the_longest_word_slips() -> None:
    for seed in range(50):
        first, second, third = slip_in("red headphones xl", Random(seed)).split(" ")
        assert (first, third) == ("red", "xl")
        assert second != "headphones"


def test_all_four_kinds_of_slips_happen() -> None:
    typed = {slip("table", Random(seed)) for seed in range(300)}
    assert "tabel" in typed  # swapped
    assert "tale" in typed  # left out
    assert "tablle" in typed  # twice
    assert "tavle" in typed  # a neighbour


def test_neighbours_are_mutual() -> None:
    for letter, near in NEIGHBOURS.items():
        assert letter not in near
        assert all(letter in NEIGHBOURS[other] for other in near)
