"""Words behind disguises; "grey", "silver" and "drat" stand for what a shop would block."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.disguise import readings
from autocomplete.safety.homoglyphs import LATIN_OF
from autocomplete.words import split_words

LIST = BlockList.build({"en": ["grey", "silver", "drat it all", "ass"], "ru": ["сор"]})


def is_blocked(text: str, locale: str = "en", block_list: BlockList = LIST) -> bool:
    locales = block_list.locales_of(locale)
    return any(block_list.holds(words, locales) for words in readings(text, locale))


@pytest.mark.parametrize(
    "text",
    [
        "grey",
        "a GREY sofa",
        "gr3y",
        "9r3y sofa",
        "$ilver ring",
        "si1ver",
        "s!lver",
        "s|lver!",
        "grеу",  # Cyrillic е and у
        "ɡrеy",
        "ｇｒｅｙ",
        "𝓰𝓻𝓮𝔂",
        "gr\u200bey",
        "gr\u00adey",
        "grëÿ",
        "greeeey",
        "grrrreeeeyyyy",
        "g r e y",
        "g.r.e.y mouse",
        "g-r-e-y",
        "g_r_e_y",
        "gr ey",
        "g rey",
        "gre y",
        "g r 3 y",
        "gr33333y",
        "s i l v e r spoon",
        "drat it all",
        "DRAT, it all!",
        "drrrat it all",
        "@ss",
        "a$$",
        "@$$",
        "asss",
    ],
)
def test_a_disguise_is_seen_through(text: str) -> None:
    assert is_blocked(text)


@pytest.mark.parametrize(
    "text",
    [
        "greyhound",
        "good",
        "as",
        "a55",
        "a5s",
        "as55",
        "a555",
        "h264",
        "drat it",
        "it all drat",
        "455",
        "pas s",
        "sil verse",
        "agrey",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not is_blocked(text)


def test_a_script_of_the_locale_is_no_disguise() -> None:
    block_list = BlockList.build({"und": ["cop"], "ru": ["мусор"]})
    assert not is_blocked("сор", "ru", block_list)  # litter
    assert is_blocked("сор", "en", block_list)
    assert is_blocked("cор", "ru", block_list)  # a Latin c before two Cyrillic letters
    assert is_blocked("Мусор", "ru", block_list)


def test_an_entry_in_look_alikes_blocks_the_plain_word() -> None:
    block_list = BlockList.build({"en": ["grеу"]})
    assert is_blocked("grey", "en", block_list)
    assert is_blocked("grеу", "en", block_list)


_HIDE = {
    "signs": lambda word: word.replace("e", "3").replace("s", "$").replace("o", "0"),
    "blanks": " ".join,
    "dots": ".".join,
    "longer": lambda word: word[0] + word[1] * 4 + word[2:],
    "look-alikes": lambda word: word.translate({ord(latin): seen for seen, latin in LATIN_OF.items()}),
}


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=10), st.sampled_from(sorted(_HIDE)))
def test_every_word_is_found_behind_each_disguise(word: str, hide: str) -> None:
    # What may be a model number or a measure is not read, and a word with a run is written otherwise already.
    if hide == "signs" and (sum(letter in "eo" for letter in word) * 3 >= len(word) or word[0] in "eo"):
        return
    if any(first == second for first, second in pairwise(word)):
        return
    assert is_blocked(f"{_HIDE[hide](word)}", "en", BlockList.build({"en": [word]}))


@given(st.text(max_size=80))
def test_the_words_themselves_are_always_the_first_reading(text: str) -> None:
    assert next(iter(readings(text, "en"))) == split_words(text)


def test_a_hostile_text_has_a_bounded_number_of_readings() -> None:
    for piece in ("a ", "aaa", "4a", "!1|", "аa ", "a.a.a."):
        assert len(list(readings(piece * 5_000, "en"))) <= 65
