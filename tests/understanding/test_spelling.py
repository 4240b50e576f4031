"""Spelling: what is corrected, what is only offered, what is never touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.product import Product
from data.text import analyser_for
from tests.understanding.shop import LOCALES
from understanding.lexicon import Lexicon, build_lexicon
from understanding.spelling import APPLY, OFFER, Speller
from understanding.understanding import Correction
from understanding.word import read_words, rewrite


def correct(lexicon: Lexicon, text: str, locale: str = "en") -> tuple[str, tuple[Correction, ...]]:
    analyser = analyser_for(locale)
    read, corrections = Speller(lexicon).correct(text, read_words(text, analyser), analyser, locale)
    return rewrite(text, read), corrections


@pytest.mark.parametrize(
    ("typed", "meant", "locale"),
    [
        ("Ketle red", "kettle red", "en"),
        ("brightwatr toaster", "brightwater toaster", "en"),
        ("toatser  black", "toaster  black", "en"),
        ("head phones", "headphones", "en"),
        ("kettlered", "kettle red", "en"),
        ("wasserkoher", "wasserkocher", "de"),
        ("auricualres", "auriculares", "es"),
        ("bouiloire rouge", "bouilloire rouge", "fr"),
    ],
)
def test_slips_are_corrected(lexicon: Lexicon, typed: str, meant: str, locale: str) -> None:
    assert correct(lexicon, typed, locale)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "kettle",
        "kettles",  # a plural of a known word
        "KTL-2000x",
        "kettel-2000",  # part of a model number
        "1.7 l",
        "lam",  # too short
        "refrigerator",  # simply not sold
        "kettletoaster",  # two words that never stand side by side
        "",
        "\x00",
        "🫖 ☕",
        "غلاية",
    ],
)
def test_left_alone(lexicon: Lexicon, text: str) -> None:
    assert correct(lexicon, text) == (text, ())


def test_words_of_another_language_are_not_offered(lexicon: Lexicon) -> None:
    assert correct(lexicon, "wasserkoher", "en")[0] == "wasserkoher"


def test_a_correction_says_why_and_where(lexicon: Lexicon) -> None:
    _, (correction,) = correct(lexicon, "a red ketle")
    assert (correction.start, correction.end) == (6, 11)
    assert (correction.original, correction.replacement) == ("ketle", "kettle")
    assert correction.applied
    assert correction.evidence == "'ketle' is unknown here; 'kettle', 1 letter away, is in 48 titles"


def test_switched_off_it_only_offers(lexicon: Lexicon) -> None:
    analyser = analyser_for("en")
    words = read_words("ketle", analyser)
    read, (correction,) = Speller(lexicon, apply=False).correct("ketle", words, analyser, "en")
    assert read == words
    assert not correction.applied
    assert correction.confidence > APPLY


def test_neighbours_decide_between_equally_near_words() -> None:
    from data.product import ProductText

    titles = ["garden hose", "garden hose", "wool hat", "horse blanket", "horse blanket", "horse saddle"]
    lexicon = build_lexicon(
        [Product(str(i), str(i), {"en": ProductText(title)}) for i, title in enumerate(titles * 10)], [], {}, ("en",)
    )
    assert correct(lexicon, "garden hosee")[0] == "garden hose"
    assert correct(lexicon, "horsse blanket")[0] == "horse blanket"


def test_a_common_misspelling_in_the_log_is_no_word() -> None:
    from data.product import ProductText

    made = [Product(str(i), str(i), {"en": ProductText(f"thermometer {i}")}) for i in range(50)]
    lexicon = build_lexicon(made, [], {"thermometer": 900, "termometer": 40}, ("en",))
    assert correct(lexicon, "termometer")[0] == "thermometer"
    assert correct(lexicon, "thermometer")[0] == "thermometer"


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(LOCALES))
def test_whatever_is_typed(lexicon: Lexicon, text: str, locale: str) -> None:
    corrected, corrections = correct(lexicon, text, locale)
    assert (corrected, corrections) == correct(lexicon, text, locale)
    assert [c for c in corrected if c.isdigit()] == [c for c in text if c.isdigit()]
    for correction in corrections:
        assert text[correction.start : correction.end] == correction.original
        assert OFFER <= correction.confidence <= 1
    if not corrections:
        assert corrected == text


@settings(deadline=None)
@given(st.data())
def test_one_slip_in_a_title_word_gives_that_word_or_no_other_applied(lexicon: Lexicon, data: st.DataObject) -> None:
    word = data.draw(
        st.sampled_from(["kettle", "toaster", "brightwater", "headphones", "bicycle", "ostrava", "nimbus"])
    )
    at = data.draw(st.integers(1, len(word) - 1))
    typed = word[:at] + word[at + 1 :]
    corrected, _ = correct(lexicon, typed)
    assert corrected in (word, typed)
