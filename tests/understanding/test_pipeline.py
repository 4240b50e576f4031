"""Whole queries on the small shop: what is read, and that anything may be typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.understanding.shop import LOCALES
from understanding.pipeline import Understander
from understanding.query import Query
from understanding.understanding import Understanding


def read(understander: Understander, text: str, locale: str = "en") -> Understanding:
    return understander.understand(Query(text, locale))


def constraints(found: Understanding) -> set[tuple[str, str, tuple[str | float, ...], bool]]:
    return {(each.field, each.operator, each.values, each.strict) for each in found.constraints}


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("red kettle under 20", "en", {("colour", "in", ("red",), False), ("price", "lt", (2000,), True)}),
        ("roter Wasserkocher ab 12 €", "de", {("colour", "in", ("red",), False), ("price", "gte", (1200,), True)}),
        ("lámpara negra hasta 30 euros", "es", {("colour", "in", ("black",), False), ("price", "lte", (3000,), True)}),
        ("casque rouge moins de 20 €", "fr", {("colour", "in", ("red",), False), ("price", "lt", (2000,), True)}),
        ("kettle without leather", "en", {("material", "not", ("leather",), True)}),
        ("Wasserkocher ohne Leather", "de", {("material", "not", ("leather",), True)}),
        ("kestrel bell", "en", {("brand", "in", ("Kestrel",), False)}),
        ("wireless headphones", "en", {("wireless", "in", ("true",), False)}),
        ("headphones no wireless", "en", {("wireless", "not", ("true",), True)}),
        ("kettle at least 1 l", "en", {("volume", "gte", (1.0,), True)}),
        ("kettle 1000 ml", "en", {("volume", "gte", (0.97,), False), ("volume", "lte", (1.03,), False)}),
        ("lamp under 0.5 m", "en", {("height", "lt", (50.0,), True)}),
        ("kettle", "en", set()),
        ("model 2000", "en", set()),
    ],
)
def test_constraints(
    understander: Understander, text: str, locale: str, expected: set[tuple[str, str, tuple[str | float, ...], bool]]
) -> None:
    assert constraints(read(understander, text, locale)) == expected


def test_strict_constraints_leave_the_retrieval_text_and_corrections_stay(understander: Understander) -> None:
    found = read(understander, "Red ketle under 20 € without leather")
    assert found.text == "Red kettle under 20 € without leather"
    assert found.retrieval_text == "Red kettle"


def test_all_constraints_and_no_words(understander: Understander) -> None:
    assert read(understander, "under 20 €").retrieval_text == ""


def test_what_is_not_wanted_is_no_mention(understander: Understander) -> None:
    found = read(understander, "kettle not red")
    assert [mention.label for mention in found.mentions] == ["kettle"]


def test_a_price_in_another_currency_says_so(understander: Understander) -> None:
    found = read(understander, "kettle under $20")
    assert constraints(found) == {("price", "lt", (2000,), False), ("currency", "in", ("USD",), False)}
    assert found.retrieval_text == "kettle"


def test_mentions_point_at_what_was_typed(understander: Understander) -> None:
    found = read(understander, "Brightwatr head phones")
    assert [(each.text, each.label, each.scheme) for each in found.mentions] == [
        ("Brightwatr", "Brightwater", "brand"),
        ("head phones", "headphones", "product_type"),
    ]


def test_intents_of_a_category_free_name_and_of_nearest_products(understander: Understander) -> None:
    found = read(understander, "kettle")
    assert found.intents[0].label == "kettle"
    assert found.categories[0].label == "Kettles"
    assert found.intents[0].confidence > 0.7


def test_the_head_of_the_phrase_is_wanted_most(understander: Understander) -> None:
    assert read(understander, "kettle for toaster").intents[0].label == "kettle"
    assert read(understander, "toaster kettle").intents[0].label == "kettle"
    assert read(understander, "hervidor tostadora", "es").intents[0].label == "hervidor"


def test_an_unknown_language_reads_like_any(understander: Understander) -> None:
    assert read(understander, "nimbus", "xx").mentions[0].label == "Nimbus"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "kettle\x00red",
        "🫖🫖🫖",
        "غلاية حمراء",
        "x" * 10_000,
        "red kettle " * 900,
        "under " * 2000,
        "9" * 500,
    ],
)
@pytest.mark.parametrize("locale", ["en", "ja", "", "-", "de_DE"])
def test_hostile(understander: Understander, text: str, locale: str) -> None:
    check(text, read(understander, text, locale))


PIECES = (
    "red ketle kettle under 20 € 1.7 l without leather brightwater head phones 50-100 'the' toaster,lamp ohne – TN-21 "
    "円以下"
)
WORDS = st.sampled_from(PIECES.split())


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join)), st.sampled_from([*LOCALES, "ja"]))
def test_whatever_is_typed(understander: Understander, text: str, locale: str) -> None:
    found = read(understander, text, locale)
    check(text, found)
    assert found == read(understander, text, locale)


def check(text: str, found: Understanding) -> None:
    for part in (*found.mentions, *found.constraints):
        assert 0 <= part.start < part.end <= len(text)
        assert text[part.start : part.end] == part.text
        assert 0 < part.confidence <= 1
    at = 0
    for mention in found.mentions:
        assert mention.start >= at
        at = mention.end
    for correction in found.corrections:
        assert text[correction.start : correction.end] == correction.original
    assert [c for c in found.text if c.isdigit()] == [c for c in text if c.isdigit()]
    for ranked in (found.intents, found.categories):
        assert sum(intent.confidence for intent in ranked) <= 1 + 1e-6
        assert [intent.confidence for intent in ranked] == sorted((i.confidence for i in ranked), reverse=True)
    for expansion in found.expansions:
        assert 0 <= expansion.start < expansion.end <= len(text)
        assert 0 < expansion.weight < 1


def test_a_loaded_release_reads_the_same(understander: Understander, reloaded: Understander) -> None:
    for text in ("red ketle under 20", "kestrel lamp 45 cm", "wireless head phones"):
        assert read(understander, text) == read(reloaded, text)
