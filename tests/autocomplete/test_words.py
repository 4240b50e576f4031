"""Folded words and their places in the original text."""

from hypothesis import given
from hypothesis import strategies as st

from autocomplete.matching.typed import parse_prefix
from autocomplete.words import locate_words, split_words


def spans(text: str) -> list[tuple[str, str]]:
    return [(word.text, text[word.start : word.end]) for word in locate_words(text)]


def test_case_accents_and_apostrophes_fold() -> None:
    assert spans("Men's Café Straße") == [("mens", "Men's"), ("cafe", "Café"), ("strasse", "Straße")]


def test_punctuation_separates() -> None:
    assert split_words('WH-1000XM4, 15.6" 3/4') == ["wh", "1000xm4", "15", "6", "3", "4"]


def test_a_character_of_a_script_without_spaces_is_a_word() -> None:
    assert split_words("苹果手机 iPhone") == ["苹", "果", "手", "机", "iphone"]


def test_kana_are_one_alphabet() -> None:
    assert split_words("ケーブル") == split_words("けーぶる") == split_words("ｹ-ﾌﾞﾙ") == list("けーぶる")
    assert split_words("キャノン") == split_words("キヤノン")
    assert spans("ｶﾞ-ﾄﾞ") == [("が", "ｶﾞ"), ("ー", "-"), ("ど", "ﾄﾞ")]
    # A dash that is not between kana separates, and so does the middle dot.
    assert split_words("Tシャツ-M ケーブル・2本") == [*"tしやつm", *"けーぶる", "2", "本"]


def test_signs_of_scripts_without_spaces_are_no_words() -> None:
    assert split_words("฿100 ๏") == ["100"]
    assert split_words("佐々木") == ["佐", "々", "木"]


def test_ends_cover_what_was_typed_of_a_word() -> None:
    word = locate_words("Straße")[0]
    # "stras" has begun the ß, which cannot be cut.
    assert [word.ends[length - 1] for length in (4, 5, 6, 7)] == [4, 5, 5, 6]


@given(st.text())
def test_located_words_are_the_split_ones(text: str) -> None:
    located = locate_words(text)
    assert [word.text for word in located] == split_words(text)
    assert all(word.text and len(word.ends) == len(word.text) for word in located)
    assert all(0 <= word.start < word.end <= len(text) for word in located)


@given(st.text("aB'é-. 1苹ß", max_size=12), st.integers(0, 12))
def test_words_of_a_prefix_begin_the_words_of_the_text(text: str, end: int) -> None:
    whole, part = split_words(text), split_words(text[:end])
    if part:
        assert whole[: len(part) - 1] == part[:-1]
        assert whole[len(part) - 1].startswith(part[-1])


def test_what_folds_into_more_than_any_completion_has_matches_nothing() -> None:
    # One character, eighteen letters in four words.
    assert parse_prefix("\ufdfa" * 14) is not None
    assert parse_prefix("\ufdfa" * 200) is None
