import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.text import fold
from data.text.folding import _FOLDS, fold_with_offsets, original_span


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Café\tCRÈME\u00a0Brûlée ", "cafe creme brulee"),
        ("Straße", "strasse"),
        ("Smørrebrød Łódź Þór", "smorrebrod lodz thor"),
        ("Åsa ÆØ œuvre", "asa aeo oeuvre"),
        ("Ёлка й", "елка и"),
        ("Άλφα ς", "αλφα σ"),
        ("“Quote” ‘it’ 5′", "\"quote\" 'it' 5'"),
        ("Core™2 Intel®", "core 2 intel"),
        ("ﾊﾟｿｺﾝ ＡＢＣ１２", "パソコン abc12"),
        ("がか\u3099", "がが"),  # composed and decomposed
        ("e\u0301\u200d\ufeff", "e"),
        ("½ kg", "1/2 kg"),
        ("٣ كِتاب أحمر", "3 كتاب احمر"),
        ("إبريق آلة ٱلهاتف", "ابريق اله الهاتف"),
        ("قهوة قهوه على علي", "قهوه قهوه علي علي"),
        ("کیف كيف ابـــريق", "كيف كيف ابريق"),
        ("بی\u200cسیم بيسيم", "بيسيم بيسيم"),
        ("שׁוּלְחָן ג׳ינס ס״מ דו־צדדי", "שולחנ ג'ינס ס\"מ דו-צדדי"),
        ("\u0e19\u0e4d\u0e49\u0e32 \u0e19\u0e49\u0e33", "\u0e19\u0e49\u0e33 \u0e19\u0e49\u0e33"),
        ("\u0e40\u0e40\u0e27\u0e48\u0e19 \u0e40\u0e40\u0e1a\u0e1a", "\u0e41\u0e27\u0e48\u0e19 \u0e41\u0e1a\u0e1a"),
        ("a\x00b\x1fc\u00ad", "a b c"),
        ("한국어", "한국어"),
        ("", ""),
    ],
)
def test_fold_by_hand(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@example("\u1100\u1161\u11a8")
@example("ﬁ\u0301ｶﾞ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_character_folds_once_and_for_all() -> None:
    unstable = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) != "Cn" and fold(fold(chr(code))) != fold(chr(code))
    ]
    assert unstable == []


@given(st.text(), st.data())
def test_offsets_lead_back(text: str, data: st.DataObject) -> None:
    folded, offsets = fold_with_offsets(text)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    first, last = original_span(offsets, start, end)
    assert 0 <= first < last <= len(text)
    # The original span folds to the folded one, or to more where one character folded to several.
    assert folded[start:end].strip() in fold_with_offsets(text[first:last])[0] or unicodedata.combining(text[first])


def test_what_hardly_anybody_types_is_not_remembered() -> None:
    # A fifth of the million characters beyond the Basic Multilingual Plane, as somebody sends them to fill a memory.
    rare = [chr(code) for code in range(0x10000, sys.maxunicode + 1, 5)]
    fold("".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000))
    held, joining = len(_FOLDS), len(_FOLDS.joining)
    folded = [fold(character) for character in rare]
    assert len(_FOLDS) == held <= 0x10000
    assert len(_FOLDS.joining) - joining < 1_000
    # They fold as they do the first time, marks that join among them: a Brahmi letter with its vowel sign.
    assert [fold(character) for character in rare[:20_000]] == folded[:20_000]
    assert fold_with_offsets("x\U0001f600y") == ("x\U0001f600y", None)
    assert fold_with_offsets("\U00011013\U00011038") == fold_with_offsets("\U00011013\U00011038")
