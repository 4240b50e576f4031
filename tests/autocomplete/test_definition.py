"""The engine against the brute-force definition, over random vocabularies."""

import itertools
import random
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.matching import infix, prefix_match
from autocomplete.matching.build_index import build_index
from autocomplete.matching.index import ARRAYS, FEW_IDS, CompletionIndex
from autocomplete.matching.nearly_typed import extent_of
from autocomplete.matching.typed import parse_prefix
from autocomplete.presentation import highlight, present
from autocomplete.sources.aliases import MOST_READINGS, Aliases
from autocomplete.words import locate_words
from tests.autocomplete import oracle

# Few letters make matches and slips likely; a digit, because digits are protected.
WORD = st.text("abc1", min_size=1, max_size=5)
TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
VOCABULARY = st.lists(TEXT, min_size=1, max_size=25, unique=True)
MANY_WORDS = ["".join(letters) for size in (1, 2, 3) for letters in itertools.product("abc1", repeat=size)]
ENDING = st.sampled_from(["", "", " ", "-"])


def completer_of(texts: list[str], compiled: bool = True) -> TrieCompleter:
    """The first text is the best one; nothing is a near-duplicate of anything."""
    completions = [Completion(text, float(len(texts) - place)) for place, text in enumerate(texts)]
    index = build_index(completions, " ".join)
    if not compiled:
        index.kernel = None
    return TrieCompleter(index, build_index([], " ".join))


@st.composite
def vocabulary_and_prefix(draw: st.DrawFn) -> tuple[list[str], str]:
    """A prefix of a completion, of its end, or of its words in another order, with up to one slip, or a text alone."""
    texts = draw(VOCABULARY)
    if draw(st.integers(0, 4)) == 0:
        return texts, draw(TEXT) + draw(ENDING)
    words = draw(st.permutations(draw(st.sampled_from(texts)).split(" ")))
    key = " ".join(words[draw(st.integers(0, len(words) - 1)) :])
    key = key[: draw(st.integers(1, len(key)))].rstrip()
    if draw(st.booleans()):
        place = draw(st.integers(0, len(key) - 1))
        slip = draw(st.sampled_from(["drop", "swap", "change", "add"]))
        letter = draw(st.sampled_from("abc1 "))
        if slip == "drop":
            key = key[:place] + key[place + 1 :]
        elif slip == "swap":
            key = key[:place] + key[place + 1 : place + 2] + key[place] + key[place + 2 :]
        else:
            key = key[:place] + letter + key[place + (slip == "change") :]
    return texts, " ".join(key.split()) + draw(ENDING)


# Without the kernel few completions are looked at one by one, many as a matrix; with 0 all of these are many.
@pytest.mark.parametrize(
    ("compiled", "few_ids"),
    [(True, FEW_IDS), (False, 0), (False, FEW_IDS)],
)
@settings(max_examples=400, deadline=None)
@given(case=vocabulary_and_prefix(), limit=st.integers(1, 8))
@example(case=(["aa aa", "aa"], "aa a"), limit=5)
@example(case=(["ab abc", "abc ab"], "ab ab"), limit=5)
@example(case=(["1", "a", "11", "1 11"], "a1 11"), limit=1)
@example(case=(["bb1c ac", "c1a c b1"], "bbcc a"), limit=3)
@example(case=(["bb1c ac", "c1a c b1"], "c1a c 1"), limit=3)
@example(case=(["1 1b 1b a", "1b 1 1 b"], "ab 1b"), limit=1)
def test_engine_is_the_definition(compiled: bool, few_ids: int, case: tuple[list[str], str], limit: int) -> None:
    texts, prefix = case
    # The definition breaks ties by weight alone, because all weights differ.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(infix, "FEW_IDS", few_ids)
        patch.setattr(prefix_match, "FEW_IDS", few_ids)
        found = [(match.text, match.kind.name) for match in completer_of(texts, compiled).match(prefix, limit)]
    assert found == oracle.complete(texts, prefix, limit)


ALIAS = st.lists(st.text("abc1", min_size=1, max_size=6), min_size=1, max_size=3).map(tuple)


@st.composite
def called_otherwise(draw: st.DrawFn) -> tuple[list[str], oracle.Names, oracle.Names, str]:
    """A vocabulary, other names and forms of what stands in it, and a prefix that mostly holds one of them."""
    texts = draw(VOCABULARY)

    def some_words(most: int) -> tuple[str, ...]:
        words = draw(st.sampled_from(texts)).split(" ")
        first = draw(st.integers(0, len(words) - 1))
        return tuple(words[first : first + draw(st.integers(1, most))])

    aliases: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for _ in range(draw(st.integers(0, 2))):
        aliases[draw(ALIAS)] = list(dict.fromkeys(some_words(2) for _ in range(draw(st.integers(1, 2)))))
    forms: dict[tuple[str, ...], list[tuple[str, ...]]] = {
        (draw(WORD),): [some_words(1)] for _ in range(draw(st.integers(0, 1)))
    }
    words = draw(st.permutations(draw(st.sampled_from(texts)).split(" ")))
    named = [alias for alias in (*aliases, *forms) if draw(st.integers(0, 3))]
    for alias in named:
        first = draw(st.integers(0, len(words)))
        words = [*words[:first], *alias, *words[first + draw(st.integers(0, 2)) :]]
    words = words[draw(st.integers(0, len(words) - 1)) :]
    key = " ".join(words)
    # Cut at its end mostly, where an alias that is begun may stand.
    key = key[: len(key) - draw(st.integers(0, min(3, len(key) - 1)))].rstrip()
    return texts, aliases, forms, key + draw(ENDING)


@pytest.mark.parametrize("compiled", [True, False])
@settings(max_examples=400, deadline=None)
@given(case=called_otherwise(), limit=st.integers(1, 8))
@example(case=(["sofa bed", "bed"], {("couch",): [("sofa",)]}, {}, "couch b"), limit=8)
@example(case=(["sofa bed", "red sofa", "couc a"], {("couch",): [("sofa",)]}, {}, "couc"), limit=8)
@example(case=(["tablet", "table top"], {}, {("tables",): [("table",)]}, "tables"), limit=8)
@example(case=(["a", "b"], {("abca",): [("a",)], ("abcab",): [("b",)]}, {}, "abca"), limit=8)
@example(case=(["a b", "b a c"], {("c", "c"): [("a",), ("b", "a")]}, {("c",): [("b",)]}, "c c"), limit=8)
def test_other_names_are_the_definition(
    compiled: bool, case: tuple[list[str], oracle.Names, oracle.Names, str], limit: int
) -> None:
    texts, aliases, forms, prefix = case
    # So many are read at most; more would be another test.
    assume(len(oracle.other_names(*oracle.read(prefix), aliases, forms)) <= MOST_READINGS)
    held = completer_of(texts, compiled)
    held.aliases = Aliases.build(aliases, forms)
    found = held.match(prefix, limit)
    assert [(match.text, match.kind.name) for match in found] == oracle.complete(texts, prefix, limit, aliases, forms)
    # What is said to be another name is one, and what it is read as is what the completion holds.
    for match in found:
        if match.slip is not None and match.slip.is_alias:
            typed = oracle.read(prefix)[0]
            alias = tuple(typed[match.slip.first : match.slip.last])
            names = [
                name
                for each, held_names in aliases.items()
                if " ".join(each).startswith(" ".join(alias))
                for name in held_names
            ] + forms.get(alias, [])
            assert match.slip.replacements[0] in names


@pytest.mark.parametrize("compiled", [True, False])
@settings(max_examples=200, deadline=None)
@given(
    rests=st.lists(st.text("ab ", max_size=9).map(str.strip), min_size=4, max_size=40, unique=True),
    start=st.sampled_from(["abcabc", "abc ab", "ab ab abcabcab", "a b c a b c"]),
    typed=st.integers(3, 14),
    limit=st.integers(1, 10),
)
def test_what_is_nearly_typed_comes_forward(
    compiled: bool, rests: list[str], start: str, typed: int, limit: int
) -> None:
    texts = list(dict.fromkeys(" ".join(f"{start}{rest}".split()) for rest in rests))
    prefix = start[:typed].rstrip()
    found = [(match.text, match.kind.name) for match in completer_of(texts, compiled).match(prefix, limit)]
    assert found == oracle.complete(texts, prefix, limit)


def test_the_last_places_are_for_what_is_nearly_typed_whole() -> None:
    popular = [f"garden hose reel on wheels with {length} metres" for length in range(10, 40)]
    held = completer_of([*popular[:20], "garden hose red", *popular[20:]])
    long = [match.text for match in held.match("garden h", 8)]
    # Of weight 11 and length 15, against 24 and 41: 11 / 15^.3 / (1 + (15/32)^2) = 4.0, and 3.0.
    assert long == [*popular[:7], "garden hose red"]
    # Against 31 and 41: 11 / 15^.3 / (1 + (15/33.6)^6) = 4.8, and 2.4.
    very_long = [match.text for match in held.match("garden hose re", 8)]
    assert very_long == ["garden hose red", *popular[:7]]
    assert "garden hose red" not in [match.text for match in held.match("gar", 8)]


@pytest.mark.parametrize(
    ("key", "characters", "size"),
    [("usb c", 5, 5), ("сад", 3, 6), ("不 锈 钢", 5, 9), ("usb 充 电", 7, 10), ("ช า ", 4, 7)],
)
def test_what_was_typed_is_as_long_as_the_text_that_holds_it(key: str, characters: int, size: int) -> None:
    assert extent_of(key) == (characters, size)


def test_tables_of_short_prefixes_change_nothing() -> None:
    # Big enough for the tables of precomputed prefixes, which small vocabularies never fill.
    generator = random.Random(5)
    texts = list({" ".join(generator.choices(MANY_WORDS, k=generator.randint(1, 3))) for _ in range(2_500)})
    completer = completer_of(texts)
    for prefix in ("a", "ab", "b ", "c", "ca", "abc ", "c a", "ab c", "1", "a1"):
        held = completer.completions
        assert held.starts.get(prefix, 1) or held.inner.get(prefix, 1) or len(prefix) > 1
        for limit in (1, 8, 40):
            found = [(match.text, match.kind.name) for match in completer.match(prefix, limit)]
            assert found == oracle.complete(texts, prefix, limit)


@settings(max_examples=100, deadline=None)
@given(texts=VOCABULARY)
def test_every_prefix_of_every_completion_finds_it(texts: list[str]) -> None:
    completer = completer_of(texts)
    for text in texts:
        for end in range(1, len(text) + 1):
            prefix = text[:end]
            if prefix.endswith(" ") and len(prefix.split()) == len(text.split()):
                continue
            assert text in [match.text for match in completer.match(prefix, len(texts))]


@settings(max_examples=200, deadline=None)
@given(compiled=st.booleans(), case=vocabulary_and_prefix())
@example(compiled=True, case=(["1", "1b 1 1 aab"], "1b ab"))
@example(compiled=False, case=(["1", "1b 1 1 aab"], "1b ab"))
def test_highlights_cover_exactly_what_was_typed(compiled: bool, case: tuple[list[str], str]) -> None:
    texts, prefix = case
    matches = completer_of(texts, compiled).match(prefix, 10)
    for match, suggestion in zip(matches, present(matches, prefix, explain=False), strict=True):
        shown = [suggestion.text[start:end] for start, end in suggestion.highlights]
        assert all(start < end for start, end in suggestion.highlights)
        if match.slip is None:
            typed = sorted(oracle.words_of(prefix))
            assert sorted(" ".join(shown).split()) == typed
        else:
            assert suggestion.correction is not None
            assert prefix[suggestion.correction.start : suggestion.correction.end] == suggestion.correction.original
            lengths = {sum(map(len, reading.typed.key.split())) for reading in match.slip.readings}
            assert sum(map(len, "".join(shown).split())) in lengths


@settings(max_examples=200, deadline=None)
@given(case=vocabulary_and_prefix())
def test_what_begins_with_the_prefix_is_highlighted_as_word_by_word(case: tuple[list[str], str]) -> None:
    texts, prefix = case
    typed = parse_prefix(prefix)
    matches = completer_of(texts).match(prefix, 10)
    for match, suggestion in zip(matches, present(matches, prefix, explain=False), strict=True):
        if typed is not None and match.slip is None:
            assert suggestion.highlights == highlight(locate_words(match.text), typed)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(TEXT, max_size=20, unique=True))
def test_load_gives_back_what_was_built(texts: list[str], tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    built = completer_of(texts).completions
    folder: Path = tmp_path_factory.mktemp("index")
    built.save(folder)
    loaded = CompletionIndex.load(folder)
    assert loaded.vocabulary.words == built.vocabulary.words
    for name in ARRAYS:
        assert loaded.arrays[name].tolist() == built.arrays[name].tolist(), name
    assert [loaded.text(place) for place in range(len(loaded))] == texts
    for prefix in ("", "a", "ab", "1", "c "):
        again = TrieCompleter(loaded, loaded).match(prefix, 5)
        assert [match.text for match in again] == [match.text for match in TrieCompleter(built, built).match(prefix, 5)]
