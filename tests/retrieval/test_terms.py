import pytest

from data.text import analyser_for
from retrieval.index.terms import query_words, typed_terms
from retrieval.planning.plan import Term


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("red lamps", [(("red",),), (("lamp",),)]),
        ("lamp for the desk", [(("lamp",),), (("desk",),)]),
        ("the with", [(("the",),), (("with",),)]),
        ("16 GB", [(("16gb",),)]),
        ('17" monitor', [(("17in",),), (("monitor",),)]),
        ("t-shirt", [(("t", "shirt"), ("tshirt",))]),
        ("phone13", [(("phone13",), ("phone", "13"))]),
        ("1920x1080", [(("1920", "x", "1080"),)]),
        ("東京都", [(("東京",),), (("京都",),)]),
        ("🎧 !!", []),
        ("", []),
    ],
)
def test_ways_a_word_may_be_written(text: str, ways: list[tuple[tuple[str, ...], ...]]) -> None:
    assert [word.ways for word in query_words(text, analyser_for("en"))] == ways


def test_spans_are_of_the_text() -> None:
    text = "a Wi-Fi  lamp, 60 W"
    words = query_words(text, analyser_for("en"))
    assert [text[word.start : word.end] for word in words] == ["Wi-Fi", "lamp", "60 W"]


@pytest.mark.parametrize("written", ["t-shirt", "tshirt"])
@pytest.mark.parametrize("asked", ["t-shirt", "16gb", "16 gb", "wh-1000xm4", "wh 1000xm4", "wh1000xm4"])
def test_what_is_written_otherwise_is_found(written: str, asked: str) -> None:
    analyser = analyser_for("en")
    title = set(analyser.terms(f"Acme WH-1000XM4 16GB {written}"))
    for word in query_words(asked, analyser):
        if written == "tshirt" and asked == "t-shirt":
            assert ("tshirt",) in word.ways
        assert any(title.issuperset(way) for way in word.ways), word


def test_a_word_said_twice_is_one_group() -> None:
    assert typed_terms("lamp desk lamps", analyser_for("en")) == (
        Term(("lamp",), 1.0, (0,)),
        Term(("desk",), 1.0, (1,)),
    )


def test_ways_of_one_word_share_its_group() -> None:
    assert typed_terms("red t-shirt", analyser_for("en")) == (
        Term(("red",), 1.0, (0,)),
        Term(("t", "shirt"), 1.0, (1,)),
        Term(("tshirt",), 1.0, (1,)),
    )
