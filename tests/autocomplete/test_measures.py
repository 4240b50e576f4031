"""Numbers with units, however they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.matching.build_index import build_index
from autocomplete.matching.measures import MOST_READINGS, measure_readings
from autocomplete.matching.slips.readings import typed_words
from autocomplete.matching.typed import parse_prefix
from autocomplete.prefix import Prefix
from autocomplete.sources.aliases import Aliases
from data.text.units import UNITS

TEXTS = (
    "backpack 30 l",
    "backpack 30 lightweight",
    "water bottle 0.5 l",
    "lamp 1200 lm",
    "ssd 500gb",
    "tape 38 mm",
    "jug 1.5 l",
)


def ask(text: str) -> list[tuple[str, str | None]]:
    completions = [Completion(each, float(len(TEXTS) - place)) for place, each in enumerate(TEXTS)]
    engine = TrieCompleter(build_index(completions, " ".join), build_index([], " ".join), aliases=Aliases.build({}))
    found = engine.complete(Prefix(text, 8), Context(explain=True))
    return [(each.text, each.correction and each.correction.replacement) for each in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("backpack 30l", [("backpack 30 l", "30 l")]),
        ("30l", [("backpack 30 l", "30 l")]),
        ("30 litres backpack", [("backpack 30 l", "30 l")]),
        ("backpack 30 liter", [("backpack 30 l", "30 l")]),
        # As typed it begins more than the measure.
        ("backpack 30 l", [("backpack 30 l", None), ("backpack 30 lightweight", None)]),
        ("bottle 500ml", [("water bottle 0.5 l", "0.5 l")]),
        ("bottle 0.5l", [("water bottle 0.5 l", "0.5 l")]),
        # Half a litre is not five: where nothing is, a missing space may have been meant.
        ("5 litre bottle", []),
        ("1.5 litre jug", [("jug 1.5 l", "1.5 l")]),
        ("5 litre jug", []),
        ("bottle 50 cl", [("water bottle 0.5 l", "0.5 l")]),
        ("1200 lumen", [("lamp 1200 lm", "1200 lm")]),
        ("ssd 500 gb", [("ssd 500gb", "500gb")]),
        ("ssd 0.5 tb", [("ssd 500gb", "500gb")]),
        ("tape 3.8cm", [("tape 38 mm", "38 mm")]),
        # An inch is no shift of the point, and another number no other way to write it.
        ("tape 15 in", []),
        ("backpack 31l", []),
    ],
)
def test_a_measure_is_found_however_it_is_written(typed: str, found: list[tuple[str, str | None]]) -> None:
    assert ask(typed) == found


def test_a_measure_in_another_writing_is_no_slip() -> None:
    completions = [Completion("backpack 30 l", 1.0), Completion("backpack 30d", 9.0)]
    engine = TrieCompleter(build_index(completions, " ".join), build_index([], " ".join), aliases=Aliases.build({}))
    (match,) = engine.match("backpack 30l", 8)
    assert match.text == "backpack 30 l"
    assert match.slip is not None
    assert match.slip.is_alias


@given(st.integers(0, 999_999), st.integers(0, 99).map(str), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_every_reading_says_the_same_amount(whole: int, decimals: str, spelling: str, between: str) -> None:
    typed = parse_prefix(f"{whole}.{decimals}{between}{spelling} x")
    assert typed is not None
    readings = measure_readings(typed)
    assert len(readings) <= MOST_READINGS
    unit = UNITS.get(spelling)
    for each in readings:
        words = typed_words(each.typed)[:-1]
        *numbers, last = words
        symbol = last.lstrip("0123456789")
        numbers += [last[: len(last) - len(symbol)]] if last != symbol else []
        read = UNITS[symbol]
        assert unit is not None
        assert read.dimension == unit.dimension
        said, meant = Decimal(".".join(numbers)), Decimal(f"{whole}.{decimals}")
        assert float(said) * read.factor == pytest.approx(float(meant) * unit.factor, rel=1e-9)
