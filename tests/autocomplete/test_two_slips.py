"""Two slips in a long word: by hand, against a published distance, and the compiled walk against its twin."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from autocomplete.completion import Completion
from autocomplete.matching.build_index import build_index
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.slips.two_slips import distant_neighbours, letters_of
from tests.autocomplete.test_definition import completer_of
from tests.autocomplete.test_kernel import kernel_of

LETTERS = st.text("abc", min_size=1, max_size=9)
ANY = st.text("ab1é", min_size=1, max_size=9)
KERNELS = [True, False]


def index_of(words: list[str]) -> CompletionIndex:
    return build_index([Completion(word, 1.0) for word in words], " ".join)


@settings(max_examples=300, deadline=None)
@given(words=st.lists(LETTERS, max_size=25, unique=True), typed=LETTERS, most=st.integers(1, 2))
def test_whole_words_are_those_of_the_published_distance(words: list[str], typed: str, most: int) -> None:
    words.sort()
    found = distant_neighbours(words, letters_of(words), typed, False, most)
    assert found == [word for word in words if 0 < OSA.distance(typed, word) <= most]


@settings(max_examples=300, deadline=None)
@given(words=st.lists(LETTERS, max_size=25, unique=True), typed=LETTERS, most=st.integers(1, 2))
def test_beginnings_are_the_shortest_of_the_published_distance(words: list[str], typed: str, most: int) -> None:
    words.sort()
    expected = set()
    for word in words:
        near = [end for end in range(1, len(word) + 1) if OSA.distance(typed, word[:end]) <= most]
        if near and word[: near[0]] != typed:
            expected.add(word[: near[0]])
    assert distant_neighbours(words, letters_of(words), typed, True, most) == sorted(expected)


@settings(max_examples=400, deadline=None)
@given(words=st.lists(ANY, min_size=1, max_size=25, unique=True), typed=ANY, partial=st.booleans())
def test_compiled_walk_is_its_twin(words: list[str], typed: str, partial: bool) -> None:
    index = index_of(words)
    held = index.vocabulary.words
    found = kernel_of(index).neighbours(typed, partial, 2)
    assert [text for text, _, _ in found] == distant_neighbours(held, letters_of(held), typed, partial, 2)
    for text, low, high in found:
        assert held[low:high] == ([word for word in held if word.startswith(text)] if partial else [text])


@pytest.mark.parametrize("compiled", KERNELS)
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("refirgeratr", ["refrigerator filter"]),  # two neighbours swapped, a letter left out, in an unfinished word
        ("erfrigerator filtr", ["refrigerator filter"]),  # one in each of two words
        ("filtr erfrigerator", ["refrigerator filter"]),
        ("erfrigerator flt", []),  # three letters are too few
        ("kordles drill", []),  # seven letters are too few for two slips
        ("cordlesssk drill", ["cordless drill"]),
        ("drill cxrdlxss", ["cordless drill"]),
        ("dewalt dcd77788", []),  # another model is no slip
    ],
)
def test_two_slips_by_hand(compiled: bool, typed: str, expected: list[str]) -> None:
    completer = completer_of(["refrigerator filter", "cordless drill", "dewalt dcd77711"], compiled)
    assert [match.text for match in completer.match(typed, 5)] == expected


@pytest.mark.parametrize("compiled", KERNELS)
def test_one_slip_goes_before_two(compiled: bool) -> None:
    # "keyxoarx stand" is two slips away and better known, but one slip explains what was typed.
    completer = completer_of(["keyxoarx stand", "keyboard stand"], compiled)
    assert [match.text for match in completer.match("keyboarf st", 5)] == ["keyboard stand"]
