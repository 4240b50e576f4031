"""How likely slips are: by hand, and what a log teaches."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from autocomplete.matching.slips.chances import ANYBODY, MOST_LEARNT, OTHER, SlipChances, edit_of
from data.mining.candidate import Candidate
from tests.autocomplete.test_definition import completer_of

WORD = st.text("abcde", max_size=6)


@pytest.mark.parametrize(
    ("typed", "meant", "edit", "chance"),
    [
        ("lsmp", "lamp", ("s", "a"), 1.0),  # beside each other on a keyboard
        ("lemp", "lamp", ("e", "a"), 0.1),
        ("lapm", "lamp", ("pm", "mp"), 3.0),
        ("lammp", "lamp", ("mm", "m"), 2.0),
        ("coton", "cotton", ("t", "tt"), 2.0),
        ("laamp", "lamp", ("aa", "a"), 2.0),
        ("lasmp", "lamp", ("as", "a"), 1.0),  # s was hit with a
        ("lakmp", "lamp", ("ak", "a"), 1.0),  # and k with m
        ("latmp", "lamp", ("at", "a"), 0.5),
        ("lmp", "lamp", ("l", "la"), 1.0),
        ("lampp", "lamp", ("pp", "p"), 2.0),
        ("lam", "lamp", ("m", "mp"), 1.0),
        ("amp", "lamp", ("", "l"), 1.0),
        ("lamps", "lamp", ("ps", "p"), 3.0),  # a plural of what has none here
        ("mens", "mes", ("en", "e"), 0.5),
        ("x", "", ("x", ""), 0.5),
        ("lxxp", "lamp", None, OTHER),
        ("lamp", "table", None, OTHER),
    ],
)
def test_by_hand(typed: str, meant: str, edit: tuple[str, str] | None, chance: float) -> None:
    assert edit_of(typed, meant) == edit
    assert ANYBODY.of(typed, meant) == chance


@given(WORD, WORD)
def test_one_edit_is_what_others_call_a_distance_of_one(typed: str, meant: str) -> None:
    if typed != meant:
        assert (edit_of(typed, meant) is not None) == (OSA.distance(typed, meant) == 1)


def test_a_keyboard_is_a_locales_own() -> None:
    assert ANYBODY.of("tzpe", "type") == SlipChances("de").of("zype", "aype") == 0.1
    assert SlipChances("de").of("tzpe", "tape") == 0.1
    assert SlipChances("de").of("zoys", "toys") == 1.0  # QWERTZ has z beside t
    assert ANYBODY.of("zoys", "toys") == 0.1
    assert SlipChances("fr").of("qrm", "arm") == 1.0
    assert SlipChances("ru").of("\u0443\u043e\u0442", "\u043a\u043e\u0442") == 1.0


def test_confusions_of_a_log_count_by_words(tmp_path: Path) -> None:
    found = [
        Candidate("misspelling", typed, meant, "en", 0.9, "seen")
        for typed, meant in [("grean", "green"), ("leathar", "leather"), ("chear", "cheer"), ("sof", "sofa")]
    ]
    found += [
        Candidate("misspelling", "gran", "gren", "de", 0.9, ""),
        Candidate("synonym", "tan", "ten", "en", 0.9, ""),
    ]
    held = SlipChances.learn("en", found)
    held.save(tmp_path / "slips.json")
    for each in (held, SlipChances.load(tmp_path / "slips.json", "en")):
        assert each.of("tan", "ten") == pytest.approx(0.1 * 4)
        assert each.of("ten", "tan") == 0.1
    many = SlipChances("en", {("a", "e"): 99})
    assert many.of("tan", "ten") == pytest.approx(0.1 * MOST_LEARNT)
    assert SlipChances.load(tmp_path / "none.json", "en").of("tan", "ten") == 0.1


@pytest.mark.parametrize("compiled", [True, False])
def test_the_likelier_slip_comes_first(compiled: bool) -> None:
    # "lump" is looked for most, but u does not lie beside s.
    held = completer_of(["lump sugar", "lamp shade"], compiled)
    assert [each.text for each in held.match("lsmp", 5)] == ["lamp shade", "lump sugar"]
    assert [each.text for each in held.match("lxmp", 5)] == ["lump sugar", "lamp shade"]
