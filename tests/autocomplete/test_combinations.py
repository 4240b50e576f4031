"""Which properties go before which kinds of thing, of a small shop in three languages."""

import pytest

from autocomplete.completion import Results
from autocomplete.sources.vocabulary import collect_completions
from autocomplete.suggestion import SuggestionKind, SuggestionSource
from data.product import Product, ProductText
from data.shop import ShopConfig
from graph.build import build_graph
from graph.sqlite_store import SqliteGraphStore

CONFIG = ShopConfig.model_validate({"name": "yarn", "locales": ["en", "de", "ja"]})
THINGS = [("kettle", "Kessel", "ケトル"), ("doormat", "Fußmatte", "マット"), ("parasol", "Schirm", "パラソル")]
COLOURS = [("light blue", "hellblau", "ライトブルー"), ("red", "rot", "レッド"), ("ochre", "ocker", "オーカー")]
MATERIALS = ["linen", "sisal"]


def made(number: int) -> Product:
    """Colours turn with every product, but parasols are never ochre; linen is written below, its origin nowhere."""
    thing, colour = THINGS[number % 3], COLOURS[number // 3 % 3]
    if thing[0] == "parasol" and colour[0] == "ochre":
        colour = COLOURS[0]
    material = MATERIALS[number % 2]
    brand = ["Tarn", "Velm", "Osk"][number % 5 % 3]
    texts = {
        "en": ProductText(f"{brand} N{number} {thing[0]}, {colour[0]}", f"Made of {material}."),
        "de": ProductText(f"{brand} N{number} {thing[1]}, {colour[1]}", "Robust und schön."),
        "ja": ProductText(f"{brand} N{number} {thing[2]} {colour[2]}", "丈夫です。"),
    }
    attributes = {
        "colour": colour[0],
        "material": material,
        "origin": "Ruritania",
        "code": f"abc{chr(97 + number % 20)}",
    }
    return Product(f"p{number}", f"g{number}", texts, brand, ("Home", thing[0]), attributes)


PRODUCTS = [made(number) for number in range(54)]


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """Generated texts by locale, folded."""
    folder = tmp_path_factory.mktemp("graph")
    store = SqliteGraphStore(folder / "graph.sqlite")
    try:
        snapshot = build_graph(folder / "graph", PRODUCTS, CONFIG, store)
    finally:
        store.close()
    found: dict[str, dict[str, int]] = {"en": {}, "de": {}, "ja": {}, "und": {}}
    for each in collect_completions(snapshot, [], lambda *_: Results(1, 1), CONFIG, 0, PRODUCTS):
        if each.source is SuggestionSource.GENERATED and each.kind is SuggestionKind.QUERY:
            found[each.locale][each.text.casefold()] = 1
    return found


def test_a_colour_goes_before_what_comes_in_it(offered: dict[str, dict[str, int]]) -> None:
    english = offered["en"].keys()
    assert {"light blue kettle", "red kettle", "ochre doormat", "red parasol"} <= english
    assert "ochre parasol" not in english


def test_a_material_that_only_descriptions_say_is_a_property_and_an_origin_is_none(
    offered: dict[str, dict[str, int]],
) -> None:
    english = offered["en"].keys()
    assert {"linen kettle", "sisal doormat"} <= english
    assert not any("ruritania" in text or "abc" in text for text in english | offered["und"].keys())


def test_adjectives_that_inflect_are_left_to_titles(offered: dict[str, dict[str, int]]) -> None:
    german = " ".join(offered["de"])
    assert "tarn" in german
    assert not any(word in german for word in ("rot", "hellblau", "ocker", "linen"))


def test_scripts_without_spaces_combine_their_own_words(offered: dict[str, dict[str, int]]) -> None:
    japanese = offered["ja"].keys()
    assert {"レッド ケトル", "ライトブルー マット"} <= japanese
    assert "オーカー パラソル" not in japanese
    assert not any("linen" in text for text in japanese)
