from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.text import Analyser, Measure, TokenKind, analyser_for, fold, parse_quantities
from data.text.units import SIGNS

EN = analyser_for("en")
# What feeds are made of, besides anything at all.
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["15.6\"", "16gb", "16 GB", "1,000.50", "1/2", "2-1/2 in.", "x", "wh-1000xm4", "Café", "ß", "™", "women's",
             "1920×1080", "½", "黒い靴", "ｶﾞﾗｽ", "-", "'", "5g", "2 in 1", "İ", "e\u0301", " "]
        )
    ).map(" ".join),
)  # fmt: skip


def shape(text: str, locale: str = "en") -> list[tuple[str, str]]:
    return [(token.text, token.kind.value) for token in analyser_for(locale).tokens(text)]


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "ja", "und"])
@given(text=TEXTS)
@example(text="ก\u0e33")
def test_offsets_are_faithful(locale: str, text: str) -> None:
    analyser = analyser_for(locale)
    for tokens in (analyser.tokens(text), analyser.word_tokens(text)):
        assert all(before.start <= after.start for before, after in pairwise(tokens))
        for token in tokens:
            assert 0 <= token.start < token.end <= len(text)
            surface = fold(text[token.start : token.end])
            if token.kind is TokenKind.UNIT and token.text != surface:
                assert SIGNS.get(surface, surface.replace(".", "").replace(" ", "")) == token.text
            elif len(surface) <= 64:
                assert token.text in surface.replace("'", "")


@pytest.mark.parametrize("locale", ["en", "de", "fr", "ja", "und"])
@given(text=TEXTS)
def test_normalising_is_settled_and_made_of_words(locale: str, text: str) -> None:
    analyser = analyser_for(locale)
    norm = analyser.normalise(text)
    assert norm == " ".join(analyser.words(text))
    assert analyser.words(text) == [token.text for token in analyser.word_tokens(text)]
    assert analyser.terms(text) == analyser.terms(text.swapcase().swapcase()) or not text.isascii()


@given(st.text(st.characters(codec="ascii")))
def test_case_never_matters(text: str) -> None:
    assert EN.terms(text) == EN.terms(text.upper()) == EN.terms(text.lower())


def test_numbers_with_units() -> None:
    assert shape('15.6" 16gb 500 ml 10\' 3/4 in.') == [
        ("15.6", "number"), ("in", "unit"), ("16", "number"), ("gb", "unit"), ("500", "number"), ("ml", "unit"),
        ("10", "number"), ("ft", "unit"), ("3/4", "number"), ("in", "unit"),
    ]  # fmt: skip
    assert shape("1000 Mbit/s")[1] == ("mbit/s", "unit")
    assert shape("0.5 fl. oz. 12 Fl Oz, 20 cu. ft. 5 sqft")[1::2] == [
        ("floz", "unit"), ("floz", "unit"), ("cuft", "unit"), ("sqft", "unit"),
    ]  # fmt: skip
    assert shape("2 in 1 4-in-1 5g 4K a 5 s") == [
        ("2", "number"), ("in", "word"), ("1", "number"), ("4", "number"), ("in", "word"), ("1", "number"),
        ("5g", "word"), ("4k", "word"), ("a", "word"), ("5", "number"), ("s", "word"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "text", "stem"),
    [("en", "1,000.50", "1000.5"), ("en", "1,000", "1000"), ("de", "1.000,50", "1000.5"), ("de", "15,6", "15.6"),
     ("de", "1.000", "1000"), ("en", "15,6", "15.6"), ("en", "007", "007"), ("en", "½", "0.5"), ("en", "2-1/2", "2.5"),
     ("en", "1/0", "1/0")],
)  # fmt: skip
def test_one_stem_per_number(locale: str, text: str, stem: str) -> None:
    assert [token.stem for token in analyser_for(locale).tokens(text)] == [stem]


def test_quantities_are_read_where_they_stand() -> None:
    text = "Drain 1 1/2 in. x 3 ft., 12 V"
    assert parse_quantities(EN.tokens(text)) == [
        Measure(1.5, "in", 6, 14),
        Measure(3, "ft", 18, 22),
        Measure(12, "v", 25, 29),
    ]


def test_what_is_written_together_or_apart_meets() -> None:
    def meets(document: str, query: str) -> bool:
        return set(EN.query_terms(query)) <= set(EN.terms(document))

    assert meets("Sony WH-1000XM4", "wh-1000xm4")
    assert meets("Sony WH-1000XM4", "wh1000xm4")
    assert meets("Sony WH-1000XM4", "1000xm4")
    assert meets("Wi-Fi T-Shirts", "wifi tshirt")
    assert meets("iPhone13 case", "iphone 13")
    assert meets("SSD 16 GB", "16gb")
    assert meets("SSD 16GB", "16 gb")
    assert meets("Screen 1920 x 1080", "1920x1080")
    assert meets("Women's shoes", "womens shoe")
    assert meets("Women's shoes", "women shoe")
    assert meets("L'Oréal cream", "loreal")
    assert not meets("12-cell battery", "12cell")


def test_a_query_of_stop_words_keeps_them() -> None:
    assert EN.query_terms("shoes for the beach") == ["shoe", "beach"]
    assert EN.query_terms("to be") == ["to", "be"]


def test_scripts_without_spaces() -> None:
    assert shape("黒いワンピース", "ja") == [(pair, "bigram") for pair in ("黒い", "ワン", "ンピ", "ピー", "ース")]
    assert analyser_for("ja").words("黒いワンピース") == ["黒い", "ワンピース"]
    assert analyser_for("th").terms("ครีม") == ["คร", "รี", "ีม"]
    assert shape("16GB内存", "zh") == [("16", "number"), ("gb", "unit"), ("内存", "bigram")]
    assert analyser_for("ja").words("ワイヤレス・イヤホン") == ["ワイヤレス", "イヤホン"]
    assert shape("靴", "ja") == [("靴", "bigram")]
    assert shape("한국어 신발", "ko") == [("한국어", "word"), ("신발", "word")]


def test_french_elision() -> None:
    assert analyser_for("fr-CA").words("l'eau d’homme aujourd'hui") == ["l", "eau", "d", "homme", "aujourdhui"]


def test_analysers_are_shared_by_language() -> None:
    assert analyser_for("en-GB") is analyser_for("en_US") is EN
    assert analyser_for("pl") is analyser_for("xx") is analyser_for("und")
    assert EN.analyser_id.startswith("en/")
    assert analyser_for("ja").analyser_id.startswith("und/")


def test_hostile_texts_are_bounded() -> None:
    texts = ["a" * 100_000, "1" * 100_000, "a-" * 50_000, "1/" * 50_000, "'" * 100_000, "黒" * 50_000, "1,1" * 30_000]
    for text in (*texts, "\x00" * 1000, "\ud800", "👩‍👩‍👧 שלום"):
        tokens = EN.tokens(text)
        assert all(len(token.text) <= 64 or token.kind is TokenKind.NUMBER for token in tokens)


def test_memory_does_not_grow_with_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.text.analyser.MOST_CHUNKS_REMEMBERED", 100)
    analyser = Analyser("en")
    for number in range(1_000):
        assert analyser.words(f"word{number} {'long-' * 50}{number}")[0] == f"word{number}"
    assert len(analyser._remembered) <= 100
    assert analyser.normalise("B" * 100) == " ".join(analyser.words("B" * 100)) == "b" * 64
