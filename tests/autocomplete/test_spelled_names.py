"""Ends of compounds and said ampersands, as a shop's completions have them."""

from pathlib import Path

import pytest

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.sources.spelled_names import compound_heads, merged, said_ampersands
from autocomplete.suggestion import SuggestionKind
from data.shop import ShopConfig

GERMAN = ["regenjacke rot", "regenschirm", "daunenjacke", "daunendecke", "wollmantel", "wolldecke", "apparat", "decke"]


def test_ends_of_words_whose_beginnings_begin_others() -> None:
    heads = compound_heads([text.split() for text in GERMAN], "de")
    assert heads[("jacke",)] == [("regenjacke",), ("daunenjacke",)]
    assert heads[("mantel",)] == [("wollmantel",)]
    assert heads[("schirm",)] == [("regenschirm",)]
    # A word of its own is found as it stands, and nothing else begins like "apparat".
    assert ("decke",) not in heads
    assert not [head for head, names in heads.items() if ("apparat",) in names]
    assert compound_heads([text.split() for text in GERMAN], "en") == {}


def test_an_ampersand_is_said_in_the_locales_language() -> None:
    brand = Completion("Wren & Hale", 1.0, SuggestionKind.BRAND)
    assert said_ampersands([brand, Completion("salt & pepper", 1.0)], "en") == {
        ("wren", "and", "hale"): [("wren", "hale")]
    }
    assert said_ampersands([brand], "de-AT") == {("wren", "und", "hale"): [("wren", "hale")]}
    assert said_ampersands([brand], "xx") == {}


def test_what_the_graph_says_goes_before_what_follows_from_writing() -> None:
    graph = {("stuhl",): [("hocker",)], ("a",): [("b",), ("c",), ("d",)]}
    spelled = {("stuhl",): [("hocker",), ("drehstuhl",)], ("a",): [("e",)], ("x",): [("y",)]}
    assert merged(graph, spelled) == {
        ("stuhl",): [("hocker",), ("drehstuhl",)],
        ("a",): [("b",), ("c",), ("d",)],
        ("x",): [("y",)],
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jacke", ["regenjacke rot", "daunenjacke"]),
        ("jack", ["regenjacke rot", "daunenjacke"]),
        ("mantel", ["wollmantel"]),
        ("rote jacke", []),
        ("jacke rot", ["regenjacke rot"]),
        ("wren und ha", ["Wren & Hale"]),
        ("wren ", ["Wren & Hale"]),
    ],
)
def test_they_are_found_by_it(typed: str, found: list[str], tmp_path: Path) -> None:
    completions = [Completion(text, 9.0 - place, locale="de") for place, text in enumerate(GERMAN)]
    completions.append(Completion("Wren & Hale", 1.0, SuggestionKind.BRAND))
    held = build_autocomplete(tmp_path, completions, ShopConfig(name="x", locales=("de",)))
    answer = held.complete(Prefix(typed, 8, "de"), Context(explain=True))
    assert [each.text for each in answer] == found
