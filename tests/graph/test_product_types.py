"""Product types of small made-up shops whose right answers are plain to see."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.product import Product, ProductText
from data.text import analyser_for
from graph.head_words import BIAS, MAKERS, STATED, HeadWord, find_heads
from graph.product_types import LEAST_PROBABILITY, MinedType, mine_product_types
from graph.stated_types import stated_types
from graph.title_segments import cut_titles

ENGLISH = analyser_for("en")


def product(number: int, title: str, brand: str = "", leaf: str = "", **attributes: str) -> Product:
    return Product(f"p{number}", f"g{number}", {"en": ProductText(title)}, brand, (leaf,) if leaf else (), attributes)


def mined(products: list[Product]) -> dict[str, MinedType]:
    return {found.key: found for found in mine_product_types(products, "en", ENGLISH)}


def shop() -> list[Product]:
    makers = ("Acme", "Bolt", "Crest", "Dune")
    lamps = [product(i, f"{makers[i % 4]} A{i} desk lamp, glossy", makers[i % 4]) for i in range(8)]
    kettles = [product(8 + i, f"{makers[i % 4]} K{i} steel kettles glossy", makers[i % 4]) for i in range(2)]
    return lamps + kettles + [product(10 + i, f"{makers[i]} K{i} steel kettle", makers[i]) for i in range(4)]


def test_a_title_is_cut_at_models_brands_punctuation_and_function_words() -> None:
    (title,) = cut_titles(
        [product(0, "Acme X200 laser printer, duplex 20 ppm for offices", "Acme")], "en", ENGLISH, frozenset()
    )
    assert title.segments == (("laser", "printer"), ("duplex",))
    assert title.maker == "acme"
    assert not title.closed


def test_a_segment_before_a_function_word_closes_the_title() -> None:
    (title,) = cut_titles([product(0, "Acme case for laptop", "Acme")], "en", ENGLISH, frozenset())
    assert title.segments == (("case",),)
    assert title.closed


def test_singular_and_plural_are_one_type_under_the_shorter_name() -> None:
    kettle = mined(shop())["steel kettle"]
    assert {"steel kettle", "steel kettles"} >= set(kettle.names)
    assert kettle.names[0] == "steel kettle"
    assert set(range(10, 14)) <= set(kettle.rows)


def test_the_behaviour_of_a_head_word_is_counted() -> None:
    heads = find_heads(cut_titles(shop(), "en", ENGLISH, frozenset()), ENGLISH, (), 3, 3)
    assert heads["lamp"].groups == 8
    assert heads["lamp"].makers == pytest.approx(1.0)
    assert heads["lamp"].qualified == 1.0
    # "glossy" ends a segment of each of the eight titles too.
    assert heads["lamp"].alone == 0.0
    assert heads["lamp"].plural == pytest.approx(math.log(0.5 / 8.5))
    assert heads["kettle"].alone == 1.0
    assert heads["kettle"].plural == pytest.approx(math.log(2.5 / 4.5))


def test_a_probability_worked_by_hand() -> None:
    nothing = HeadWord(5, 0.0, 0.0, 0.0, 0.0, 0.0, False)
    assert nothing.probability == pytest.approx(1 / (1 + math.exp(-BIAS)))
    everybody = HeadWord(5, 1.0, 0.0, 0.0, 0.0, 0.0, False)
    assert everybody.probability == pytest.approx(1 / (1 + math.exp(-BIAS - MAKERS)))
    assert HeadWord(5, 0.0, 0.0, 0.0, 0.0, 0.0, True).probability == STATED


@given(*[st.floats(0, 1)] * 4, st.floats(-20, 20), st.booleans())
def test_more_evidence_never_makes_a_head_less_likely(
    makers: float, alone: float, qualified: float, closing: float, plural: float, stated: bool
) -> None:
    head = HeadWord(3, makers, alone, qualified, closing, plural, stated)
    assert 0 < head.probability < 1
    assert head.odds == pytest.approx(head.probability / (1 - head.probability))
    assert HeadWord(3, makers, 1.0, qualified, closing, plural, stated).probability >= head.probability
    assert HeadWord(3, makers, alone, qualified, closing, plural, True).probability >= head.probability


def test_what_categories_state_is_a_type_even_of_one_maker() -> None:
    few = [product(i, f"Solo Z{i} theremin", "Solo", leaf="Theremins") for i in range(20, 22)]
    assert "theremin" not in mined(shop() + [product(i, f"Solo Z{i} theremin", "Solo") for i in range(20, 22)])
    found = mined(shop() + few)["theremin"]
    assert found.rows == (14, 15)
    assert found.confidence >= STATED


def test_a_leaf_that_few_titles_repeat_states_nothing() -> None:
    sale = [product(i, f"Solo Z{i} gadget", "Solo", leaf="Sale") for i in range(20)]
    sale += [product(20 + i, f"Solo Z{20 + i} sale", "Solo", leaf="Sale") for i in range(3)]
    assert stated_types(sale, "en", ENGLISH).names == frozenset()
    assert stated_types(sale[18:], "en", ENGLISH).names == {("sale",)}


def test_a_products_own_statement_beats_what_its_title_seems_to_say() -> None:
    makers = ("Acme", "Bolt", "Crest", "Dune")
    pcs = [product(20 + i, f"{makers[i]} P{i} notebook pc", makers[i], product_type="Notebook") for i in range(4)]
    narrower = [product(30 + i, f"{makers[i]} L{i} desk lamp", makers[i], leaf="Lamps") for i in range(4)]
    found = mined(shop() + pcs + narrower)
    assert found["notebook"].rows == (14, 15, 16, 17)
    assert set(range(18, 22)) <= set(found["desk lamp"].rows)


def test_naming_fields_name_and_do_not_describe() -> None:
    named = [product(i, f"Solo Z{i} theremin", "Solo", product_type="Theremin", kind="Theremin") for i in range(3)]
    assert mined(named)["theremin"].rows == (0, 1, 2)


def test_no_type_below_the_least_probability_and_each_row_has_at_most_one() -> None:
    types = mine_product_types(shop(), "en", ENGLISH)
    assert all(found.confidence >= LEAST_PROBABILITY for found in types)
    rows = [row for found in types for row in found.rows]
    assert len(rows) == len(set(rows))


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_titles_can_be_read(titles: list[str]) -> None:
    products = [product(i, title, "Acme" if i % 2 else "") for i, title in enumerate(titles)]
    for found in mine_product_types(products, "en", ENGLISH):
        assert found.rows == tuple(sorted(found.rows))
        assert 0 < found.confidence <= 1
