"""The compiled loops against their twins in Python, over random vocabularies, and given what no twin would be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocomplete.completion import Completion
from autocomplete.matching.build_index import build_index
from autocomplete.matching.exact import exact_matches
from autocomplete.matching.index import HOT, CompletionIndex
from autocomplete.matching.infix import Loose, loose_matches, meant_ranges, word_matches
from autocomplete.matching.pattern import Pattern, compile_pattern
from autocomplete.matching.prefix_match import prefix_matches, whole_match
from autocomplete.matching.slips.chances import ANYBODY
from autocomplete.matching.slips.correcting import corrected_matches
from autocomplete.matching.slips.readings import neighbours
from autocomplete.matching.typed import Typed, parse_prefix
from autocomplete.words import split_words
from tests.conftest import missing

if TYPE_CHECKING:
    from autocomplete.matching._kernel import Kernel

LETTERS = "ab1é語"
TEXTS = st.lists(
    st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=30
)
PREFIXES = st.text(LETTERS + " -", min_size=1, max_size=14)


def indexed(texts: list[str]) -> CompletionIndex:
    completions = [Completion(text, float(len(texts) - place)) for place, text in enumerate(dict.fromkeys(texts))]
    return build_index(completions, lambda words: "".join(sorted(set("".join(words)))))


def kernel_of(index: CompletionIndex) -> "Kernel":
    if index.kernel is None:
        missing("the kernel is not compiled; run: make setup")
    assert index.kernel is not None
    return index.kernel


@contextmanager
def without_kernel(index: CompletionIndex) -> Iterator[None]:
    kernel, index.kernel = index.kernel, None
    index.neighbours.cache_clear()
    try:
        yield
    finally:
        index.kernel = kernel
        index.neighbours.cache_clear()


def read(index: CompletionIndex, text: str) -> tuple[Typed, Pattern] | None:
    typed = parse_prefix(text)
    pattern = None if typed is None else compile_pattern(typed, index.vocabulary)
    return None if typed is None or pattern is None else (typed, pattern)


@given(TEXTS, PREFIXES, st.integers(1, 40))
@settings(max_examples=400, deadline=None)
def test_prefixes_and_words_match_as_in_python(texts: list[str], prefix: str, top_k: int) -> None:
    index = indexed(texts)
    kernel_of(index)
    found = read(index, prefix)
    if found is None:
        return
    _, pattern = found
    compiled = prefix_matches(index, pattern, top_k), word_matches(index, pattern, top_k)
    with without_kernel(index):
        assert compiled == (prefix_matches(index, pattern, top_k), word_matches(index, pattern, top_k))


@given(TEXTS, PREFIXES, st.integers(1, 12), st.integers(0, 30), st.booleans())
@settings(max_examples=600, deadline=None)
def test_what_matches_as_typed_is_in_the_order_of_python(
    texts: list[str], prefix: str, limit: int, more: int, by_weight: bool
) -> None:
    index = indexed(texts)
    kernel_of(index)
    found = read(index, prefix)
    if found is None:
        return
    compiled = list(exact_matches(index, found[1], limit, limit + more, by_weight).items())
    with without_kernel(index):
        assert compiled == list(exact_matches(index, found[1], limit, limit + more, by_weight).items())


@given(TEXTS, st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_is_typed_in_whole_is_found_as_in_python(texts: list[str], words: list[str]) -> None:
    index = indexed(texts)
    kernel_of(index)
    for asked in map(split_words, (" ".join(words), *texts)):
        compiled = whole_match(index, asked)
        with without_kernel(index):
            assert compiled == whole_match(index, asked)
        held = [each for each in range(len(index)) if split_words(index.text(each)) == asked]
        assert compiled == (held[0] if held else None)


@pytest.mark.parametrize("count", [HOT - 1, HOT, HOT + 1])
@pytest.mark.parametrize("prefix", ["crowded a", "crowded ", "crowded-", "crowde", "a crowde"])
def test_a_long_prefix_that_many_start_with_is_ordered_as_in_python(count: int, prefix: str) -> None:
    long = [f"crowded a{'b' * 20}{place}" for place in range(count - 1)]
    index = indexed([*long[:300], "crowded ab", *long[300:]])
    kernel_of(index)
    found = read(index, prefix)
    if found is None:
        return
    compiled = list(exact_matches(index, found[1], 10, 40).items())
    assert compiled
    with without_kernel(index):
        assert compiled == list(exact_matches(index, found[1], 10, 40).items())
    # A place is kept for the short one, which is far down by weight, where few enough start so.
    assert (300 in [each for each, _ in compiled]) == (count <= HOT and prefix.startswith("crowde"))


@given(TEXTS, PREFIXES, st.sets(st.integers(0, 40)), st.integers(0, 4), st.integers(1, 40))
@settings(max_examples=400, deadline=None)
def test_a_loose_word_matches_as_in_python(
    texts: list[str], prefix: str, meant: set[int], place: int, top_k: int
) -> None:
    index = indexed(texts)
    kernel_of(index)
    found = read(index, prefix)
    words = sorted(word for word in meant if word < len(index.vocabulary))
    if found is None or not found[1].words or not words:
        return
    pattern = found[1]
    loose = Loose(min(place, len(pattern.words)), tuple((word, word + 1) for word in words))
    starting, holding = loose_matches(index, pattern, loose, top_k, top_k)
    begun, meant_words = (meant_ranges(index, ids, pattern, loose, ids is starting) for ids in (starting, holding))
    with without_kernel(index):
        assert begun == meant_ranges(index, starting, pattern, loose, True)
        assert meant_words == meant_ranges(index, holding, pattern, loose, False)
        assert starting == loose_matches(index, pattern, loose, top_k, top_k)[0]
        if len(starting) < top_k:  # else nobody asks, and the compiled one stops as soon as it has enough
            assert holding == loose_matches(index, pattern, loose, top_k, top_k)[1]


@given(TEXTS, st.text(LETTERS, min_size=1, max_size=7), st.booleans())
@settings(max_examples=600, deadline=None)
def test_a_slip_means_the_same_words_as_in_python(texts: list[str], word: str, partial: bool) -> None:
    index = indexed(texts)
    kernel = kernel_of(index)
    if partial and len(word) == 1 and not word.isdigit():
        return
    found = kernel.neighbours(word, partial, 1)
    assert {text for text, _, _ in found} == set(neighbours(index.vocabulary, index.slips, word, partial))
    for text, low, high in found:
        at = index.vocabulary.id(text)
        assert (low, high) == (index.vocabulary.range(text) if partial else (at, at + 1))
    assert [low for _, low, _ in found] == sorted(low for _, low, _ in found)


@given(TEXTS, PREFIXES)
@settings(max_examples=400, deadline=None)
def test_one_slip_in_a_prefix_finds_the_same_completions(texts: list[str], prefix: str) -> None:
    index = indexed(texts)
    kernel_of(index)
    typed = parse_prefix(prefix)
    if typed is None:
        return
    compiled = [(completion, kind) for completion, kind, _ in corrected_matches(index, typed, 8, 32, ANYBODY)]
    with without_kernel(index):
        plain = [(completion, kind) for completion, kind, _ in corrected_matches(index, typed, 8, 32, ANYBODY)]
    if plain or not compiled:
        assert compiled == plain


def distance(one: str, other: str) -> int:
    """Optimal string alignment where a digit of the first stays and none is put in; as slow as its definition."""
    far = 99
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i and not j:
                continue
            gone = far if i and one[i - 1].isdigit() else 1
            put = far if j and other[j - 1].isdigit() else 1
            best = far
            if i:
                best = min(best, rows[i - 1][j] + gone)
            if j:
                best = min(best, rows[i][j - 1] + put)
            if i and j:
                best = min(best, rows[i - 1][j - 1] + (0 if one[i - 1] == other[j - 1] else gone))
            swapped = i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]
            if swapped and not (one[i - 1].isdigit() and other[j - 1].isdigit()):
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = min(best, far)
    return rows[-1][-1]


@given(TEXTS, st.text(LETTERS, min_size=2, max_size=9), st.booleans(), st.sampled_from([1, 2]))
@settings(max_examples=600, deadline=None)
def test_slips_are_those_of_the_definition(texts: list[str], word: str, partial: bool, edits: int) -> None:
    index = indexed(texts)
    found = {text for text, _, _ in kernel_of(index).neighbours(word, partial, edits)}
    words = index.vocabulary.words
    if not partial:
        assert found == {each for each in words if 0 < distance(word, each) <= edits}
        return
    begun = {each[:size] for each in words for size in range(1, len(each) + 1)}
    near = {each for each in begun if distance(word, each) <= edits and not each.startswith(word)}
    assert found == {each for each in near if not any(each != other and each.startswith(other) for other in near)}


def test_crowded_prefixes_come_from_the_table_and_are_right() -> None:
    texts = [f"{a}{b}{c} {a}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    index = indexed(texts)
    kernel = kernel_of(index)
    assert len(texts) > HOT
    low, high = index.vocabulary.range("")
    assert kernel.prefix((), low, high, 0, 10) == list(range(10))
    starting, _ = kernel.loose((), 0, 0, 1, 0, (index.vocabulary.range("c"), index.vocabulary.range("e")), 32, 1)
    wanted = [each for each in range(len(index)) if index.text(each)[0] in "ce"][:32]
    assert starting == wanted


@given(st.lists(st.integers(0, 39), unique=True, max_size=40), st.integers(0, 12))
def test_near_duplicates_step_back_as_in_python(ids: list[int], limit: int) -> None:
    index = indexed(
        [f"{a} {b}" for a in ("ab", "ba", "a1", "é") for b in ("a", "b", "1", "語", "aa", "bb", "11", "éé")]
    )
    kernel_of(index)
    held = [each for each in ids if each < len(index)]
    compiled = index.diverse(held, limit)
    with without_kernel(index):
        assert compiled == index.diverse(held, limit)


@pytest.mark.parametrize(
    "arguments",
    [((99,), 0, 0, 0, 5), ((-1,), 0, 0, 0, 5), ((), 5, 2, 0, 5), ((), 0, 99, 0, 5), ((), 0, 1, 3, 5), ((), 0, 1, 0, 0)],
)
def test_what_no_twin_would_be_given_is_refused(arguments: tuple[tuple[int, ...], int, int, int, int]) -> None:
    kernel = kernel_of(indexed(["ab ba"]))
    with pytest.raises((ValueError, OverflowError), match=r"expected|can't convert"):
        kernel.prefix(*arguments)
    with pytest.raises((ValueError, OverflowError), match=r"expected|can't convert"):
        kernel.holding(*arguments)


def test_ranges_must_ascend_and_be_in_the_vocabulary() -> None:
    kernel = kernel_of(indexed(["ab ba", "aa"]))
    for ranges in (((1, 2), (0, 1)), ((0, 9),), ((2, 1),)):
        with pytest.raises(ValueError, match="ascending, disjoint"):
            kernel.loose((0,), 0, 0, 1, 0, ranges, 5, 5)
    with pytest.raises(ValueError, match="place"):
        kernel.loose((0,), 0, 0, 1, 7, ((0, 1),), 5, 5)


def test_a_word_of_any_length_is_survived() -> None:
    index = indexed(["b" * 200, "ab" * 40, "a"])
    kernel = kernel_of(index)
    for size in (1, 61, 62, 63, 64, 500, 10_000):
        for partial in (False, True):
            kernel.neighbours("b" * size, partial, 2)
