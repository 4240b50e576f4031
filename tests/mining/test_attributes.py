"""What titles say of attributes: numbers worked by hand, and everything that only looks like a statement."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.mining.assignment import Assignment, filled, read_assignments, write_assignments
from data.mining.attributes import attributes_from_titles
from data.mining.shares import wilson_lower
from data.mining.title_claims import claims_of, collect_vocabulary
from data.product import AttributeValue, Product, ProductText, Quantity
from data.text import analyser_for

HOME = ("Home", "Lamps")


def product(
    number: int,
    title: str,
    category: tuple[str, ...] = HOME,
    brand: str = "",
    group: str = "",
    **fields: AttributeValue,
) -> Product:
    name = f"p{number:03}"
    return Product(name, group or name, {"en": ProductText(title)}, brand, category, fields)


def lamps(count: int, word: str = "navy", start: int = 0, **fields: AttributeValue) -> list[Product]:
    return [
        replace(product(start + at, f"Acme lamp, {word}, X{start + at}y"), attributes=fields) for at in range(count)
    ]


def said(products: list[Product]) -> dict[tuple[str, str], AttributeValue]:
    return {(one.product_id, one.attribute): one.value for one in attributes_from_titles(products).assignments}


def test_wilson_by_hand() -> None:
    # all of n: n / (n + z^2), z^2 = 2.706
    assert wilson_lower(10, 10) == pytest.approx(10 / 12.706, abs=1e-4)
    # 8 of 10: (.8 + .13530 - 1.645 * sqrt(.016 + .0067651)) / 1.27060
    assert wilson_lower(8, 10) == pytest.approx(0.5408, abs=1e-4)
    assert wilson_lower(0, 10) == wilson_lower(0, 0) == 0


def test_a_word_that_is_a_value_elsewhere_is_one_here() -> None:
    products = [*lamps(10, colour="Navy"), *lamps(5, "red", 20, colour="red"), product(99, "Bolt lamp, NAVY")]
    found = attributes_from_titles(products)
    (one,) = found.assignments
    assert (one.product_id, one.attribute, one.value, one.text) == ("p099", "colour", "Navy", "NAVY")
    assert (one.start, one.end) == (11, 15)
    assert one.score == pytest.approx(10 / 12.706, abs=1e-4)
    assert "10 of the 10 products" in one.evidence
    (rule,) = found.candidates
    assert (rule.kind, rule.source, rule.target, rule.score) == ("attribute", "navy", "colour=Navy", one.score)
    assert rule.counts == {"agreeing": 10, "stating": 10, "open": 1}


def test_variants_of_one_group_are_one_witness() -> None:
    variants = [replace(each, group_id="g") for each in lamps(10, colour="navy")]
    assert said([*variants, product(99, "Bolt lamp, navy")]) == {}


def test_a_word_that_others_use_otherwise_is_not_believed() -> None:
    products = [*lamps(10, colour="navy"), *lamps(4, start=20, colour="red"), product(99, "Bolt lamp, navy")]
    # "navy" is in 14 titles, 10 agree: less than eight tenths
    assert said(products + lamps(3, "red", 40, colour="red")) == {}


def test_a_stated_field_is_never_touched_and_what_it_explains_says_nothing_else() -> None:
    products = [
        *lamps(10, colour="black"),
        *lamps(10, "black", 20, colour="black"),
        product(98, "Bolt ink, black", ink="black"),
        product(99, "Bolt lamp, black", colour="red"),
    ]
    assert said(products) == {}


def test_two_values_in_one_title_are_none() -> None:
    products = [*lamps(10, colour="navy"), *lamps(10, "red", 20, colour="red"), product(99, "Bolt lamp, navy, red")]
    assert said(products) == {}


def test_half_of_a_value_is_none() -> None:
    products = [*lamps(10, colour="navy"), *lamps(10, "red", 20, colour="red")]
    assert said([*products, product(98, "Bolt lamp, navy/clear"), product(99, "Bolt lamp, clear/navy")]) == {}


def test_the_longest_value_is_meant() -> None:
    products = [
        *lamps(10, "green", colour="green"),
        *lamps(10, "forest green", 20, colour="forest green"),
        product(99, "Bolt lamp, forest green"),
    ]
    assert said(products) == {("p099", "colour"): "forest green"}


def test_an_amount_takes_the_unit_of_the_field() -> None:
    products = [product(at, f"Acme lamp, {10 * at} W", power=Quantity(10.0 * at, "w")) for at in range(1, 9)]
    assert said([*products, product(99, "Bolt lamp 0.05 kW")]) == {}, "no title says kW beside a field"
    assert said([*products, product(99, "Bolt lamp, 55 W")]) == {("p099", "power"): Quantity(55.0, "w")}
    assert said([*products, product(99, "Bolt lamp, 25 W and 40 W")]) == {}, "nobody can tell which"
    assert said([*products, product(99, "Bolt lamp, 5310 W")]) == {}, "of no size that any lamp has"
    metres = [product(at, f"Acme cable, {at} m", length=Quantity(100.0 * at, "cm")) for at in range(1, 9)]
    assert said([*metres, product(99, "Bolt cable, 2.5 m")]) == {("p099", "length"): Quantity(250.0, "cm")}


def test_a_constant_is_no_rule_of_amounts() -> None:
    products = [product(at, f"Acme lamp {at}x, 1 pc", pieces=1.0, bulbs=1.0) for at in range(10)]
    assert said([*products, product(99, "Bolt lamp, 6 pc")]) == {}


def test_a_counted_word_is_a_pattern() -> None:
    tents = [product(at, f"Acme tent for {at} people", ("Camp",), persons=float(at)) for at in range(2, 10)]
    assert said([*tents, product(99, "Bolt tent for 4 people", ("Camp",))]) == {("p099", "persons"): 4.0}


def test_amounts_mean_what_they_mean_nearby() -> None:
    lengths = [
        product(at, f"Acme X{at}y rug, {at} cm", ("Rugs",), width=Quantity(float(at), "cm")) for at in range(10, 19)
    ]
    pans = [product(at, f"Acme X{at}y pan, {at} cm", ("Pans",), rim=Quantity(float(at), "cm")) for at in range(20, 29)]
    openings = [product(98, "Bolt rug, 15 cm", ("Rugs",)), product(99, "Bolt pan, 15 cm", ("Pans",))]
    assert said([*lengths, *pans, *openings]) == {
        ("p098", "width"): Quantity(15.0, "cm"),
        ("p099", "rim"): Quantity(15.0, "cm"),
    }


def test_what_a_category_never_has_no_title_gives_it() -> None:
    screens = [
        product(at, f"Acme X{at}y screen, {at} in", ("Screens",), size=Quantity(float(at), "in"))
        for at in range(20, 40)
    ]
    mounts = [product(at, f"Bolt mount X{at}y for {at} in", ("Mounts",), colour="black") for at in range(60, 64)]
    others = [product(at, f"Bolt mount X{at}y", ("Mounts",), colour="black") for at in range(70, 74)]
    assert said([*screens, *mounts, *others]) == {}


def test_words_beside_it_make_something_else_of_it() -> None:
    notebooks = [product(at, f"Acme notebook X{at}y", (), kind="notebook", ram=8.0, cores=4.0) for at in range(20)]
    docks = [product(at, f"Acme notebook dock X{at}y", (), ram=8.0, cores=4.0) for at in range(40, 46)]
    plain = product(99, "Bolt notebook Z", (), ram=8.0, cores=4.0)
    assert said([*notebooks, *docks, plain]) == {("p099", "kind"): "notebook"}


def test_the_maker_is_no_value() -> None:
    inks = [product(at, f"Epson ink X{at}y", (), "Zed", fits="Epson", page=1.0, kind="a") for at in range(20)]
    assert said([*inks, product(99, "Epson printer", (), "Epson", page=1.0, kind="a")]) == {}


def test_a_maker_that_reads_like_an_amount_is_none() -> None:
    cables = [product(at, f"Acme X{at}y cable, {at} m", length=Quantity(float(at), "m")) for at in range(1, 9)]
    assert said([*cables, product(99, "3M cable", brand="3M")]) == {}
    assert said([*cables, product(99, "3M cable", brand="Acme")]) == {("p099", "length"): Quantity(3.0, "m")}


def test_fields_of_other_things_are_signs_against() -> None:
    screens = [
        product(at, f"Acme X{at}y, {at} in", (), size=Quantity(float(at), "in"), hz=1.0, hdr=True)
        for at in range(20, 40)
    ]
    cables = [
        product(at, f"Bolt X{at}y, long", (), plug="a", sheath="b", gauge=2.0, hz=1.0, hdr=True) for at in range(60, 66)
    ]
    boxes = [product(at, f"Box X{at}y", ()) for at in range(100, 170)]
    unlike = product(98, "Bolt Z, 25 in", (), plug="a", sheath="b", gauge=2.0, hz=1.0, hdr=True)
    like = product(99, "Bolt Z, 25 in", (), hz=1.0, hdr=True)
    assert said([*screens, *cables, *boxes, unlike, like]) == {("p099", "size"): Quantity(25.0, "in")}


def test_a_unit_is_no_size() -> None:
    shirts = [product(at, f"Acme shirt X{at}y, size M", ("Shirts",), size="M") for at in range(10)]
    assert said([*shirts, product(98, "Bolt shirt, 3 m", ("Shirts",)), product(99, "Bolt shirt, M", ("Shirts",))]) == {
        ("p099", "size"): "M"
    }


def test_scripts_without_spaces() -> None:
    def bag(number: int, title: str, **fields: AttributeValue) -> Product:
        return replace(product(number, ""), texts={"ja": ProductText(title)}, attributes=fields)

    bags = [bag(at, f"Acme トートバッグ ネイビー {at}X", colour="ネイビー") for at in range(10)]
    assert said([*bags, bag(99, "Bolt トートバッグ ネイビー")]) == {("p099", "colour"): "ネイビー"}


WORDS = st.lists(
    st.sampled_from(["navy", "red", "lamp", "5", "7 W", "7W", "9 W,", "for 3 people", "-", "10 cm"]), max_size=6
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.sampled_from(["navy", "red", ("navy", "red")]),
        "power": st.sampled_from([Quantity(7.0, "w"), Quantity(9.0, "W"), 5.0]),
        "seats": st.sampled_from(["5", "3", True]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, FIELDS, st.sampled_from([(), ("A",), ("A", "B")])), max_size=12), st.randoms())
def test_spans_are_of_the_title_fields_stay_and_order_does_not_matter(rows, random) -> None:  # type: ignore[no-untyped-def]
    products = [product(at, " ".join(words), category, **fields) for at, (words, fields, category) in enumerate(rows)]
    found = attributes_from_titles(products)
    by_id = {each.product_id: each for each in products}
    for one in found.assignments:
        assert by_id[one.product_id].texts["en"].title[one.start : one.end] == one.text
        assert one.attribute not in by_id[one.product_id].attributes
        assert 0 <= one.score <= 1
    assert len({(one.product_id, one.attribute) for one in found.assignments}) == len(found.assignments)
    for before, after in zip(products, filled(products, found.assignments, 0.0), strict=True):
        assert before.attributes.items() <= after.attributes.items()
    random.shuffle(products)
    assert attributes_from_titles(products) == found


def test_claims_of_a_title() -> None:
    analyser = analyser_for("en")
    vocabulary = collect_vocabulary([product(1, "", colour="forest green", size="44")], analyser)
    found = {claim.pattern: (claim.amount, claim.unit) for claim in claims_of(
        "Shoe, forest green, EU 44, 16 GB RAM, 512 GB", analyser, vocabulary
    )}  # fmt: skip
    assert found == {
        ("forest", "green"): (None, ""),
        ("eu", "#"): (44.0, ""),
        ("#gb", "ram"): (16.0, "gb"),
        ("#gb", "|"): (512.0, "gb"),
    }


def test_assignments_are_read_back_and_only_stand_where_their_words_do(tmp_path: Path) -> None:
    path = tmp_path / "attributes.jsonl"
    ones = [
        Assignment("p001", "colour", "navy", "en", "navy", 5, 9, 0.9, "seen"),
        Assignment("p001", "width", Quantity(5.0, "cm"), "en", "5 cm", 10, 14, 0.9, "seen"),
        Assignment("p001", "persons", 4.0, "en", "navy", 5, 9, 0.5, "not sure"),
    ]
    assert write_assignments(path, ones) == 3
    assert read_assignments(path) == ones
    (kept,) = filled([product(1, "Lamp navy 5 cm", colour="red")], ones)
    assert kept.attributes == {"colour": "red", "width": Quantity(5.0, "cm")}
    (changed,) = filled([product(1, "A lamp navy 5 cm")], ones)
    assert changed.attributes == {}
    path.write_text('{"product_id": "p"}\n')
    with pytest.raises(InputError, match=r"attributes.jsonl:1: expected an attribute"):
        read_assignments(path)
    with pytest.raises(InputError, match="intentrie mine"):
        read_assignments(tmp_path / "none.jsonl")
