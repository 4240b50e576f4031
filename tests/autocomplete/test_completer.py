"""The answers a shopper sees: kinds of match, spaces, slips, order, hostile input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocomplete.completer import COMPARABLE, TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource
from data.text import analyser_for

EXPLAIN = Context(explain=True)


def completer(
    texts: list[str], titles: list[str] | None = None, results: dict[str, int] | None = None
) -> TrieCompleter:
    """Best first; titles are worth less than any of them."""
    group_of = grouping(analyser_for("en"))
    completions = [
        Completion(text, float(100 - place), people=7, result_count=(results or {}).get(text, 1))
        for place, text in enumerate(texts)
    ]
    products = [
        Completion(text, 0.1, SuggestionKind.PRODUCT, SuggestionSource.GRAPH, product_id=f"p{place}")
        for place, text in enumerate(titles or [])
    ]
    return TrieCompleter(build_index(completions, group_of), build_index(products, group_of))


def texts_of(found: list[Suggestion]) -> list[str]:
    return [suggestion.text for suggestion in found]


def marked(suggestion: Suggestion) -> list[str]:
    return [suggestion.text[start:end] for start, end in suggestion.highlights]


TOOLS = completer(
    ["cordless drill", "drill bits", "drill", "Bosch drill press", "usb hub", "usb", "usb4 cable", "Café press"]
)


def ask(prefix: str, limit: int = 8) -> list[Suggestion]:
    return TOOLS.complete(Prefix(prefix, limit), EXPLAIN)


def test_prefixes_go_before_words_inside() -> None:
    assert texts_of(ask("dri")) == ["drill bits", "drill", "cordless drill", "Bosch drill press"]
    assert [found.reasons["match"] for found in ask("dri")] == ["prefix", "prefix", "infix", "infix"]


def test_any_order_with_the_last_word_partial() -> None:
    (found,) = ask("press bos")
    assert (found.text, marked(found), found.reasons["match"]) == ("Bosch drill press", ["Bos", "press"], "words")


def test_a_space_asks_for_the_next_word() -> None:
    assert texts_of(ask("usb")) == ["usb hub", "usb", "usb4 cable"]
    assert texts_of(ask("usb ")) == ["usb hub"]
    assert texts_of(ask("usb-")) == ["usb hub", "usb"]


def test_highlights_are_on_the_original_text() -> None:
    (found,) = ask("cafe pr")
    assert (found.text, marked(found)) == ("Café press", ["Café pr"])


@pytest.mark.parametrize(
    ("typed", "expected", "original", "replacement"),
    [
        ("bsoch", "Bosch drill press", "bsoch", "bosch"),
        ("cosch", "Bosch drill press", "cosch", "bosch"),
        ("cordlss dr", "cordless drill", "cordlss", "cordless"),
        ("cordless bri", "cordless drill", "bri", "drill"),
        ("cordlessdr", "cordless drill", "cordlessdr", "cordless drill"),
        ("cord less", "cordless drill", "cord less", "cordless"),
        ("cordles sdrill", "cordless drill", "cordles sdrill", "cordless drill"),
        # As the completion is written, not as it is compared.
        ("caffe pr", "Café press", "caffe", "café"),
    ],
)
def test_one_slip_anywhere(typed: str, expected: str, original: str, replacement: str) -> None:
    found = ask(typed)[0]
    assert found.text == expected
    assert found.correction is not None
    assert (found.correction.original, found.correction.replacement) == (original, replacement)
    assert typed[found.correction.start : found.correction.end] == original
    assert found.reasons["match"].endswith("with a slip")  # type: ignore[union-attr]


def test_where_few_start_with_what_was_meant_what_holds_it_stands_behind() -> None:
    held = completer(["water bottle", "glass water bottle", "bottle brush", "bottle"])
    assert [match.text for match in held.match("botle", 5)] == [
        "bottle",
        "bottle brush",
        "water bottle",
        "glass water bottle",
    ]
    # Where enough start so, nothing else is looked for.
    assert [match.text for match in held.match("botle", 2)] == ["bottle", "bottle brush"]


def test_three_letters_and_digits_are_not_corrected() -> None:
    assert ask("ubs") == []
    assert completer(["iphone 13"]).match("iphone 14", 5) == []


def test_an_exact_match_is_never_below_a_slip_of_comparable_prior() -> None:
    # "cable" is a hundred times as popular, and one slip from "cabbe".
    found = completer(["cable", *(f"filler {number}" for number in range(98)), "cabbe"]).match("cabbe", 5)
    assert [match.text for match in found] == ["cabbe"]


@pytest.mark.parametrize(("products", "first"), [(COMPARABLE, "Canon"), (COMPARABLE - 1, "Boss Cannon pedal")])
def test_a_title_as_typed_gives_way_only_to_a_far_better_correction(products: int, first: str) -> None:
    held = completer(["Canon"], ["Boss Cannon pedal"], {"Canon": products})
    assert held.complete(Prefix("cannon", 5), EXPLAIN)[0].text == first


def test_a_title_typed_whole_is_first_even_before_a_far_better_correction() -> None:
    held = completer(["Canon", "Canon ink"], ["Cannon", "Boss Cannon pedal"], {"Canon": 2 * COMPARABLE})
    assert texts_of(held.complete(Prefix("cannon", 5), EXPLAIN)) == [
        "Cannon",
        "Canon",
        "Canon ink",
        "Boss Cannon pedal",
    ]
    # Enough without the other title.
    more = completer(
        [f"Canon {word}" for word in ("ink", "bag", "eye")],
        ["Cannon", "Boss Cannon pedal"],
        {"Canon ink": 2 * COMPARABLE},
    )
    found = more.complete(Prefix("cannon", 5), EXPLAIN)
    assert texts_of(found) == ["Cannon", "Canon ink", "Canon bag", "Canon eye"]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_titles_fill_up_short_answers() -> None:
    held = completer(["drill bits"], ["Acme drill 3000", "Other thing"])
    found = held.complete(Prefix("drill", 5), EXPLAIN)
    assert [(each.text, each.kind, each.product_id) for each in found] == [
        ("drill bits", SuggestionKind.QUERY, None),
        ("Acme drill 3000", SuggestionKind.PRODUCT, "p0"),
    ]


def test_short_words_are_not_corrected_into_titles() -> None:
    held = completer(["drill bits"], ["Acme SSL box 100", "Acme cordless press"])
    assert held.match("ssd 1", 5) == []
    assert [match.text for match in held.match("cordlss pr", 5)] == ["Acme cordless press"]


def test_near_duplicates_step_back() -> None:
    held = completer(["usb cable", "usb cables", "cable for usb", "usb charger", "usb hub"])
    assert texts_of(held.complete(Prefix("usb", 3), EXPLAIN)) == ["usb cable", "usb charger", "usb hub"]
    assert texts_of(held.complete(Prefix("usb", 5), EXPLAIN))[-1] != "usb hub"


def test_the_empty_prefix_gives_the_popular_ones() -> None:
    found = ask("  ", 3)
    assert texts_of(found) == ["cordless drill", "drill bits", "drill"]
    assert [(each.highlights, each.reasons["match"]) for each in found] == [((), "popular")] * 3


def test_scores_fall() -> None:
    for prefix in ("", "d", "dri", "drill p", "cordlss"):
        scores = [each.score for each in ask(prefix)]
        assert scores == sorted(scores, reverse=True)


def test_reasons_only_when_asked() -> None:
    assert TOOLS.complete(Prefix("dri"), Context())[0].reasons == {}
    assert ask("dri")[0].reasons["people"] == 7


def test_locales_fall_back_along_their_chain() -> None:
    held = LocaleCompleter({"de": completer(["Bohrer"]), "en": completer(["drill"])}, ("en", "de"))
    for locale, expected in (
        ("de-CH", "Bohrer"),
        ("de", "Bohrer"),
        ("en-GB", "drill"),
        ("xx", "drill"),
        ("-" * 10_000, "drill"),
    ):
        assert texts_of(held.complete(Prefix("", 1, locale), Context())) == [expected]


@pytest.mark.parametrize(
    "prefix",
    ["a" * 10_000, "drill " * 2_000, " " * 10_000, "\0", "dri\0ll", "🎧", "🎧drill", "\ud800", "drill\udfff", "حاسوب",
     "\u202edrill", "'" * 300, "a b c d e f g h i j k l m n o p q r s t u v w x y z", "1" * 255, "é" * 250],
)  # fmt: skip
def test_hostile_prefixes_are_answered(prefix: str) -> None:
    for suggestion in ask(prefix):
        assert suggestion.text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.integers(1, 50))
def test_any_text_is_answered_within_the_limit(prefix: str, limit: int) -> None:
    found = ask(prefix, limit)
    assert len(found) <= limit
    assert len({each.text for each in found}) == len(found)


def test_an_empty_vocabulary_answers_nothing() -> None:
    held = completer([])
    for prefix in ("", "a", "abcd", "ab cd"):
        assert held.complete(Prefix(prefix), EXPLAIN) == []
