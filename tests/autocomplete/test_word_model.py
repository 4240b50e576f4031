"""Which words follow which: hand-worked numbers, and a slow model of dictionaries beside it."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.matching.trie import WordTrie
from autocomplete.unseen.build_word_model import SECOND_SHARE, TITLE_COUNT, WIDEST_GAP, Text
from autocomplete.unseen.build_word_model import build_word_model as build
from autocomplete.unseen.word_model import PAIRS_DOUBT, PAIRS_SHARE, WordModel
from tests.conftest import missing

if TYPE_CHECKING:
    from autocomplete.unseen._word_model import WaysOn

WORDS = ["ab", "ac", "ba", "bb", "cc"]
Said = tuple[list[str], bool]


def model_of(texts: list[Said], findable: set[str] | None = None) -> WordModel:
    vocabulary = WordTrie.build(list({word for words, _ in texts for word in words}))
    flags = np.array([findable is None or word in findable for word in vocabulary.words], np.bool_)
    said = [Text([vocabulary.id(word) for word in words], query) for words, query in texts]
    return build(vocabulary, said, flags, lambda word: word == "cc")


def compiled_of(model: WordModel) -> "WaysOn":
    if model.compiled is None:
        missing("the word model is not compiled; run: make setup")
    assert model.compiled is not None
    return model.compiled


def ways_on(model: WordModel, words: list[str], partial: str) -> dict[str, float]:
    return {
        " ".join(model.vocabulary.words[word] for word in each.words): each.probability
        for each in model.continuations(words, partial)
    }


def test_a_bigram_by_hand() -> None:
    # Behind "door": "mat" twice, "lock" once, the end once: 4 counts of 3 kinds, so 4/7 of the probability is theirs.
    model = model_of(
        [(["door", "mat"], True), (["steel", "door", "mat"], True), (["door", "lock"], True), (["door"], True)]
    )
    # 8 words and 4 ends; "mat" is 2 of 12. It is always an end: 2 counts of 1 kind, 2/3 of it, and 1/3 of 4/12.
    mat = 4 / 7 * 2 / 4 + 3 / 7 * 2 / 12
    end = 2 / 3 * 1.0 + 1 / 3 * 4 / 12
    assert ways_on(model, ["door"], "m") == {"mat": pytest.approx(mat * end)}
    assert list(ways_on(model, ["door"], ""))[:2] == ["mat", "lock"]


def test_words_further_apart_count() -> None:
    texts = [(["outdoor", "wall", "lamp"], True), (["indoor", "wall", "ladder"], True)]
    assert next(iter(ways_on(model_of(texts), ["outdoor", "wall"], "la"))) == "lamp"
    assert next(iter(ways_on(model_of(texts), ["indoor", "wall"], "la"))) == "ladder"


def test_what_no_product_has_is_not_said_but_can_stand_where_it_was_typed() -> None:
    texts = [(["door", "mat"], True), (["door", "mats", "red"], True)]
    assert "mat" not in ways_on(model_of(texts, {"red", "mats"}), ["door"], "m")
    assert {"mat", "mats"} <= set(ways_on(model_of(texts, {"red", "mats"}), ["door"], "mat"))


def test_numbers_and_letters_are_not_put_into_a_mouth() -> None:
    texts = [(["laptop", "15", "6"], False), (["laptop", "x", "bag"], True), (["laptop", "2x4"], True)]
    assert set(ways_on(model_of(texts), ["laptop"], "")) & {"15", "x", "6"} == set()
    assert "2x4" in ways_on(model_of(texts), ["laptop"], "2")


MANY_WORDS = [f"{first}{second}{third}" for first in "abc" for second in "abcdef" for third in ("", "a", "bc", "d")]


@given(
    said=st.lists(st.tuples(st.lists(st.sampled_from(MANY_WORDS), min_size=1, max_size=9), st.booleans()), max_size=60),
    context=st.lists(st.sampled_from([*MANY_WORDS, "unknown"]), max_size=5),
    partial=st.sampled_from(["", "a", "ab", "bcd", "zz"]),
    flags=st.none() | st.integers(0, 2 ** len(MANY_WORDS) - 1),
)
def test_compiled_the_same_to_the_bit(said: list[Said], context: list[str], partial: str, flags: int | None) -> None:
    # Every word, so that there are more of them than first words are looked at, most of them equally likely.
    model = model_of([*said, (MANY_WORDS, False)], set(MANY_WORDS[::2]))
    compiled = compiled_of(model)
    size = len(model.vocabulary)
    allowed = None if flags is None else np.array([flags >> place & 1 for place in range(size)], np.bool_)
    found = list(model.continuations(context, partial, allowed))
    model.compiled = None
    assert found == list(model.continuations(context, partial, allowed))
    ids = tuple(map(model.vocabulary.id, context))
    low, high = model.vocabulary.range(partial)
    assert [each for each, _ in compiled.likeliest(ids, low, high, -1, allowed, 3)] == [
        each for each, _ in compiled.likeliest(ids, low, high, -1, allowed, 1000)[:3]
    ]


def test_what_leads_out_of_the_arrays_is_refused() -> None:
    model = model_of([(["door", "mat"], True), (["door", "lock"], True)])
    compiled = compiled_of(model)
    for arguments in (
        ((3,), 0, 3, -1, None, 5),
        ((-2,), 0, 3, -1, None, 5),
        ((0,) * 300, 0, 3, -1, None, 5),
        ((), 0, 4, -1, None, 5),
        ((), 2, 1, -1, None, 5),
        ((), -1, 1, -1, None, 5),
        ((), 0, 3, -1, np.ones(2, np.bool_), 5),
        ((), 0, 3, -1, None, -1),
    ):
        with pytest.raises(ValueError, match="expected"):
            compiled.likeliest(*arguments)
    cut = {name: array[:-1] if name == "next_offsets" else array for name, array in model.arrays.items()}
    with pytest.raises(ValueError, match="one vocabulary"):
        WordModel(model.vocabulary, cut)


def test_nothing_known() -> None:
    assert ways_on(model_of([]), ["door"], "m") == {}
    assert ways_on(model_of([(["door", "mat"], True)]), ["nobody"], "zz") == {}


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.booleans()), min_size=1, max_size=8
    ),
    st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=4),
    st.sampled_from(["", "a", "b", "ab", "c"]),
)
def test_the_same_as_a_model_of_dictionaries(texts: list[Said], context: list[str], partial: str) -> None:
    expected = slow(texts, context, partial)
    found = ways_on(model_of(texts), context, partial)
    assert found == pytest.approx({text: value for text, value in expected.items() if value > 0}, rel=1e-4)
    values = list(found.values())
    assert values == sorted(values, reverse=True)


def slow(texts: list[Said], context: list[str], partial: str) -> dict[str, float]:
    """The docstring of `word_model.py`, by dictionaries; the vocabulary is small enough for nothing to be cut off."""
    said: Counter[str] = Counter()
    behind: dict[str, Counter[str]] = {}
    apart: dict[str, Counter[str]] = {}
    for words, query in texts:
        count = 1.0 if query else TITLE_COUNT
        for place, word in enumerate(words):
            said[word] += count  # type: ignore[assignment]  # counts are fractions
            for gap in range(1, WIDEST_GAP + 1):
                if place + gap < len(words):
                    apart.setdefault(word, Counter())[words[place + gap]] += count  # type: ignore[assignment]
            if place + 1 < len(words):
                behind.setdefault(word, Counter())[words[place + 1]] += count  # type: ignore[assignment]
        if query:
            said["."] += 1
            behind.setdefault(words[-1], Counter())["."] += 1
    total = max(1.0, sum(said.values()))

    def after(last: str | None, word: str) -> float:
        alone = said[word] / total
        if last is None or last not in said:
            return alone
        row = behind.get(last, Counter())
        share = sum(row.values()) / max(1e-9, sum(row.values()) + len(row))
        if word == "." and last == "cc":
            return 0.0
        return share * row[word] / max(sum(row.values()), 1e-9) + (1 - share) * alone

    def first(word: str) -> float:
        found = after(context[-1] if context else None, word)
        if len(context) > 1:
            found *= 1 - PAIRS_SHARE
            for other in context[:-1]:
                row = apart.get(other, Counter())
                found += PAIRS_SHARE / (len(context) - 1) * row[word] / (sum(row.values()) + PAIRS_DOUBT)
        return found

    expected = {}
    for word in {word for words, _ in texts for word in words if word.startswith(partial)}:
        expected[word] = first(word) * after(word, ".")
        for other in behind.get(word, ()):
            if other != ".":
                expected[f"{word} {other}"] = SECOND_SHARE * first(word) * after(word, other) * after(other, ".")
    return expected
