"""The shop's words: counts, neighbours, deletions; written and read back."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from data.product import Product, ProductText
from understanding.lexicon import build_lexicon, deletions, load_lexicon


def product(number: int, title: str, description: str = "") -> Product:
    return Product(f"p{number}", f"p{number}", {"en": ProductText(title, description)})


CATALOGUE = [
    product(0, "oak table"),
    product(1, "oak chair", "solid wood"),
    product(2, "pine table with drawer"),
]


def test_counts_neighbours_and_what_is_only_known(tmp_path: Path) -> None:
    build_lexicon(CATALOGUE, [("garden bench", "und")], {"tabel": 3, "oak table": 1}, ("en",)).save(tmp_path)
    lexicon = load_lexicon(tmp_path)
    oak, table, wood = (lexicon.words[word] for word in ("oak", "table", "wood"))
    assert (lexicon.counts[oak], lexicon.counts[table], lexicon.counts[wood]) == (2, 2, 0)
    assert lexicon.together(oak, table) == lexicon.together(table, oak) == 1
    assert lexicon.together(oak, wood) == 0
    assert lexicon.prior(wood, 0) == -math.inf  # known from a description, never offered
    assert lexicon.prior(lexicon.words["bench"], 0) > -math.inf
    # Titles have 8 words, labels add 2; 5 words were searched, and "tabel" is believed a twentieth.
    assert lexicon.prior(oak, 0) == pytest.approx(math.log(0.5 * 2 / 10 + 0.5 * 1 / 5))
    assert lexicon.prior(lexicon.words["tabel"], 0) == pytest.approx(math.log(0.5 * 0.05 * 3 / 5))
    assert "wood" in lexicon.stems


def test_languages_keep_their_words_apart() -> None:
    made = Product("p", "p", {"en": ProductText("green lamp"), "de": ProductText("grüne Lampe")})
    lexicon = build_lexicon([made], [], {}, ("en", "de"))
    lampe = lexicon.words["lampe"]
    assert lexicon.prior(lampe, lexicon.language("de-CH")) == pytest.approx(math.log(0.5))
    assert lexicon.prior(lampe, lexicon.language("en")) == -math.inf
    assert lexicon.language("pt") == 0


@given(st.text("abcdef", min_size=4, max_size=12), st.text("abcdef", min_size=4, max_size=12))
def test_words_within_the_allowed_edits_share_a_deletion(typed: str, meant: str) -> None:
    allowed = 2 if len(typed) >= 8 else 1
    if OSA.distance(typed, meant) <= allowed:
        lexicon = build_lexicon([product(0, meant)], [], {}, ("en",))
        assert lexicon.words[meant] in lexicon.near(typed)


def test_deletions_are_of_the_first_letters() -> None:
    assert deletions("abc", 1) == {"abc", "bc", "ac", "ab"}
    assert all(len(rest) >= 6 for rest in deletions("abcdefghijkl", 2))


def test_an_empty_shop_has_no_words(tmp_path: Path) -> None:
    build_lexicon([], [], {}, ("en",)).save(tmp_path)
    lexicon = load_lexicon(tmp_path)
    assert lexicon.near("anything") == []
    assert len(lexicon.words) == 0
