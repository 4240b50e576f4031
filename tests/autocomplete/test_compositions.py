"""What is composed of a small log and a small catalogue, against every combination tried one by one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from autocomplete.completion import Results
from autocomplete.log.parts import SaidQuery
from autocomplete.sources.compositions import Composer, Composition
from autocomplete.sources.vocabulary import collect_completions
from autocomplete.suggestion import SuggestionSource
from autocomplete.words import split_words
from data.product import Product, ProductText
from data.query_log import LoggedQuery
from graph.build import build_graph
from graph.snapshot import Snapshot
from graph.sqlite_store import SqliteGraphStore
from tests.autocomplete.test_combinations import CONFIG, PRODUCTS

LEAST_PEOPLE = 3
SAID = {
    "kettle": 12,
    "red kettle": 6,
    "linen doormat": 4,
    "doormat robust": 4,
    "tarn parasol": 5,
    "tarn linen parasol": 3,  # brands are said first
    "ochre kettle": 2,  # few say it, but the catalogue does
    "kettle for grandma": 1,
    "unheard parasol": 2,
}


def said_queries() -> list[SaidQuery]:
    return [SaidQuery(text, 100, f"{text}/{person}") for text, people in SAID.items() for person in range(people)]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("graph")
    store = SqliteGraphStore(folder / "graph.sqlite")
    try:
        return build_graph(folder / "graph", PRODUCTS, CONFIG, store)
    finally:
        store.close()


@pytest.fixture(scope="module")
def composed(snapshot: Snapshot) -> dict[str, Composition]:
    composer = Composer(snapshot, PRODUCTS, "en", CONFIG.locales, said_queries(), LEAST_PEOPLE)
    return {each.text: each for each in composer.compositions(30)}


def test_what_was_never_said_is_composed_where_there_are_products(composed: dict[str, Composition]) -> None:
    assert {"red doormat", "linen kettle", "red linen kettle", "tarn kettle", "tarn red kettle"} <= composed.keys()
    # The catalogue's own word counts however few say it; there are no ochre parasols.
    assert "ochre doormat" in composed
    assert "ochre parasol" not in composed


def test_nothing_is_said_of_a_thing_that_its_name_says(snapshot: Snapshot) -> None:
    queries = [*said_queries(), *(SaidQuery("parasol kettle", 100, f"both/{person}") for person in range(9))]
    composer = Composer(snapshot, PRODUCTS, "en", CONFIG.locales, queries, LEAST_PEOPLE)
    assert ("parasol",) in {each.words for each in composer.parts.modifiers}
    texts = {each.text for each in composer.compositions(30)}
    assert "red parasol" in texts
    assert not [text for text in texts if "parasol parasol" in text]


def test_what_few_people_say_is_nobody_elses(composed: dict[str, Composition]) -> None:
    assert not [text for text in composed if "grandma" in text or "unheard" in text or "robust" in text]


def groups_that_say(text: str, products: Sequence[Product]) -> set[str]:
    words = set(split_words(text))
    texts = [(each, f"{each.texts['en'].title} {each.texts['en'].description} {each.brand}") for each in products]
    return {each.group_id for each, text in texts if words <= set(split_words(text))}


def test_every_composition_has_as_many_products_as_are_all_it_says(composed: dict[str, Composition]) -> None:
    for text, composition in composed.items():
        assert composition.results.groups == len(groups_that_say(text, PRODUCTS)) > 0, text


def test_modifiers_of_several_words_are_said_in_one_piece(tmp_path: Path) -> None:
    texts = {
        "blender, 45 W, 2 l": "Lid of 45 mm.",
        "blender, 2 W, 45 l": "Large.",
        'blender, 45" wide': "Large.",
        "blender for women, warm": "Light-blue.",
        "blender, warm light": "Large.",
    }
    products = [
        Product(f"b{place}", f"b{place}", {"en": ProductText(f"Tarn {title}", said)}, category=("Blenders",))
        for place, (title, said) in enumerate(texts.items())
    ]
    # An attribute says its name and value in its own order; "with" and "for" say nothing.
    products[0] = replace(products[0], attributes={"light": "warm"})
    products[1] = replace(
        products[1], texts={"en": ProductText("Tarn blender, 2 W, 45 l", "Large, hooded: hood. With.")}
    )
    store = SqliteGraphStore(tmp_path / "graph.sqlite")
    graph = build_graph(tmp_path / "graph", products, CONFIG, store)
    store.close()
    modifiers = ("45 l", '45"', "warm light", "for women", "45 w", "with hood")
    said = [SaidQuery(f"blender {each}", 100, f"{each}/{person}") for each in modifiers for person in range(9)]
    composer = Composer(graph, products, "en", CONFIG.locales, said, LEAST_PEOPLE)
    rows = {each.text: each.results.rows.tolist() for each in composer.compositions(30)}
    assert {text: found for text, found in rows.items() if len(text.split()) <= 3 and text != "blender"} == {
        "blender 45 l": [1],
        'blender 45"': [2],
        "blender warm light": [0, 4],
        "blender with hood": [1],
        "blender for women": [3],
        "blender 45 w": [0],
    }


def test_characters_of_a_modifier_stand_side_by_side(tmp_path: Path) -> None:
    titles = ["アームチェア 布", "アームチェア レディース 布", "アームチェア レザー ディスク スリム"]
    products = [
        Product(f"c{place}", f"c{place}", {"ja": ProductText(title)}, category=("アームチェア",))
        for place, title in enumerate(titles)
    ]
    config = CONFIG.model_copy(update={"locales": ("ja",)})
    store = SqliteGraphStore(tmp_path / "graph.sqlite")
    graph = build_graph(tmp_path / "graph", products, config, store)
    store.close()
    said = [SaidQuery("アームチェア レディース", 100, f"p{person}") for person in range(9)]
    composer = Composer(graph, products, "ja", config.locales, said, LEAST_PEOPLE)
    rows = {each.text: each.results.rows.tolist() for each in composer.compositions(30)}
    assert rows["アームチェア レディース"] == [1]


def test_what_is_in_stock_is_counted_apart(snapshot: Snapshot) -> None:
    products = [replace(each, stock=place % 2) for place, each in enumerate(PRODUCTS)]
    composer = Composer(snapshot, products, "en", CONFIG.locales, said_queries(), LEAST_PEOPLE)
    differ = 0
    for each in composer.compositions(30):
        in_stock = groups_that_say(each.text, [product for product in products if product.stock])
        assert each.results.in_stock == len(in_stock), each.text
        differ += each.results.in_stock < each.results.groups
    assert differ > 3


def test_every_pair_that_products_have_is_there(composed: dict[str, Composition]) -> None:
    found = {frozenset(split_words(text)) for text in composed}
    for one, other in combinations(("red", "ochre", "linen", "tarn"), 2):
        for thing in ("kettle", "doormat", "parasol"):
            titles = [
                {*split_words(each.texts["en"].title), *split_words(each.texts["en"].description)} for each in PRODUCTS
            ]
            exists = any({one, other, thing} <= words for words in titles)
            if {one, other} == {"red", "ochre"}:
                continue
            assert (frozenset({one, other, thing}) in found) == exists, (one, other, thing)


def test_the_log_weighs_what_it_says(snapshot: Snapshot, composed: dict[str, Composition]) -> None:
    queries = [LoggedQuery("red kettle", "en", 6, 6)]
    completions = collect_completions(
        snapshot, queries, lambda *_: Results(1, 1), CONFIG, 0, PRODUCTS, {"en": list(composed.values())}
    )
    held = {each.text: each for each in completions if each.locale in ("en", "und")}
    assert held["red kettle"].weight == pytest.approx(6 + composed["red kettle"].expected)
    assert held["red kettle"].source is SuggestionSource.LOG
    assert held["red linen kettle"].weight == composed["red linen kettle"].expected
    assert held["red linen kettle"].source is SuggestionSource.GENERATED
    assert held["red linen kettle"].result_count == composed["red linen kettle"].results.groups
