"""What may be suggested, of a small shop with and without a log."""

from dataclasses import replace
from pathlib import Path

import pytest

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion, Results
from autocomplete.context import Context
from autocomplete.load import MANIFEST, load_autocomplete
from autocomplete.prefix import Prefix
from autocomplete.sources.titles import shorten_title, title_completions
from autocomplete.sources.vocabulary import collect_completions
from autocomplete.suggestion import SuggestionKind, SuggestionSource
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.mining.candidate import Candidate
from data.product import Product, ProductText
from data.query_log import DAY_MS, LoggedQuery
from data.shop import ShopConfig
from graph.build import build_graph
from graph.snapshot import Snapshot
from graph.sqlite_store import SqliteGraphStore

CONFIG = ShopConfig.model_validate({"name": "tools", "locales": ["en", "de"]})
NOW_MS = 1_000 * DAY_MS


def product(number: int, title: str, german: str, brand: str, category: tuple[str, ...], colour: str) -> Product:
    texts = {"en": ProductText(title), "de": ProductText(german)}
    return Product(f"p{number}", f"p{number}", texts, brand, category, {"colour": colour})


PRODUCTS = [
    product(
        number,
        f"{brand} {'cordless drill' if number % 2 else 'angle grinder'} {number}00 {'blue' if number % 3 else 'green'}",
        f"{brand} {'Akkubohrer' if number % 2 else 'Winkelschleifer'} {number}00",
        brand,
        ("Power tools", "Drills" if number % 2 else "Grinders"),
        "blue" if number % 3 else "green",
    )
    for number, brand in enumerate(["Norrvik", "Tamsel", "Oberon"] * 12)
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("graph")
    store = SqliteGraphStore(folder / "graph.sqlite")
    try:
        return build_graph(folder / "graph", PRODUCTS, CONFIG, store)
    finally:
        store.close()


def collect(snapshot: Snapshot, log: list[LoggedQuery], finds_nothing: tuple[str, ...] = ()) -> dict[str, Completion]:
    """By text, of what is offered in English or to everybody; product titles left out."""
    found = collect_completions(
        snapshot,
        log,
        lambda text, _: Results(*((0, 0) if text.casefold() in finds_nothing else (3, 2))),
        CONFIG,
        NOW_MS,
        PRODUCTS,
    )
    return {
        each.text: each for each in found if each.locale in ("und", "en") and each.kind is not SuggestionKind.PRODUCT
    }


def logged(text: str, count: int, people: int, days_ago: int = 0, locale: str = "en") -> LoggedQuery:
    day = NOW_MS // DAY_MS - days_ago
    return LoggedQuery(text, locale, count, people, day * DAY_MS, day * DAY_MS, ((day, count),))


def test_a_catalogue_alone_completes(snapshot: Snapshot) -> None:
    found = collect(snapshot, [])
    assert found["Norrvik"].kind is SuggestionKind.BRAND
    assert found["Norrvik"].concept_id is not None
    assert {each.kind for each in found.values()} >= {SuggestionKind.BRAND, SuggestionKind.CATEGORY}
    assert {each.source for each in found.values()} == {SuggestionSource.GRAPH, SuggestionSource.GENERATED}


def test_combinations_really_have_products(snapshot: Snapshot) -> None:
    generated = [each.text for each in collect(snapshot, []).values() if each.source is SuggestionSource.GENERATED]
    assert generated
    for text in generated:
        words = set(text.casefold().split())
        assert any(words <= set(held.texts["en"].title.casefold().split()) for held in PRODUCTS), text


def test_what_finds_nothing_is_never_offered(snapshot: Snapshot) -> None:
    found = collect(snapshot, [logged("moon laser", 90, 50)], finds_nothing=("moon laser", "norrvik"))
    assert "moon laser" not in found
    assert "Norrvik" not in found
    assert all(each.result_count == 3 for each in found.values())


def test_what_too_few_people_asked_is_left_out(snapshot: Snapshot) -> None:
    found = collect(snapshot, [logged("my secret", 90, 4), logged("saw", 9, 5)])
    assert "saw" in found
    assert found["saw"].people == 5
    assert "my secret" not in found


def test_old_searches_fade(snapshot: Snapshot) -> None:
    found = collect(snapshot, [logged("hammer", 100, 50, days_ago=60), logged("chisel", 26, 20)])
    assert found["hammer"].weight == pytest.approx(25)  # two half-lives of 30 days
    assert found["chisel"].weight == pytest.approx(26)


def test_a_logged_label_keeps_its_concept_and_adds_its_searches(snapshot: Snapshot) -> None:
    before = collect(snapshot, [])["Norrvik"]
    found = collect(snapshot, [logged("norrvik", 40, 30)])
    assert "norrvik" not in found
    after = found["Norrvik"]
    assert (after.kind, after.concept_id, after.source) == (before.kind, before.concept_id, SuggestionSource.LOG)
    assert after.weight == pytest.approx(before.weight + 40)


def test_each_locale_gets_its_own_words(snapshot: Snapshot, tmp_path: Path) -> None:
    log = [logged("bohrmaschine", 40, 30, locale="de"), logged("drill press", 40, 30)]
    completions = collect_completions(snapshot, log, lambda *_: Results(1, 1), CONFIG, NOW_MS, PRODUCTS)
    completer = build_autocomplete(tmp_path, completions, CONFIG)

    def ask(prefix: str, locale: str) -> list[str]:
        return [each.text for each in completer.complete(Prefix(prefix, 8, locale), Context())]

    assert "bohrmaschine" in ask("bohr", "de-AT")
    assert "bohrmaschine" not in ask("bohr", "en")
    assert "drill press" in ask("drill", "en")
    assert ask("norr", "de")[0] == ask("norr", "en")[0] == "Norrvik"
    again = load_autocomplete(tmp_path, CONFIG)
    assert [each.text for each in again.complete(Prefix("d"), Context())] == ask("d", "en")


def test_an_untranslated_value_is_not_offered_where_there_is_a_translation(snapshot: Snapshot) -> None:
    found = collect_completions(snapshot, [], lambda *_: Results(1, 1), CONFIG, NOW_MS, PRODUCTS)
    german = {each.text.casefold() for each in found if each.locale in ("und", "de")}
    english = {each.text.casefold() for each in found if each.locale in ("und", "en")}
    assert "cordless drill" in english
    assert not any("cordless drill" in text for text in german)
    assert not any("akkubohrer" in text for text in english)


def test_what_one_language_calls_a_kind_of_thing_is_not_said_in_another(tmp_path: Path) -> None:
    kinds = [
        Candidate("hypernym", "elektrowerkzeug", name, "de", 0.95, "seen") for name in ("akkubohrer", "winkelschleifer")
    ]
    paint = [
        product(100 + number, f"{brand} wall paint {number} l", f"{brand} Wandfarbe {number} l", brand, (), "blue")
        for number, brand in enumerate(["Norrvik", "Tamsel", "Oberon"] * 12)
    ]
    products = [replace(each, category=("Home",)) for each in (*PRODUCTS, *paint)]
    store = SqliteGraphStore(tmp_path / "graph.sqlite")
    mined = build_graph(tmp_path / "graph", products, CONFIG, store, candidates=kinds)
    found = collect_completions(mined, [], lambda *_: Results(1, 1), CONFIG, NOW_MS, products)
    store.close()
    assert {each.locale for each in found if "elektrowerkzeug" in each.text} == {"de"}


def test_what_has_no_translation_is_offered_as_it_is(tmp_path: Path) -> None:
    english = [replace(each, texts={"en": each.texts["en"]}) for each in PRODUCTS]
    store = SqliteGraphStore(tmp_path / "graph.sqlite")
    snapshot = build_graph(tmp_path / "graph", english, CONFIG, store)
    found = collect_completions(snapshot, [], lambda *_: Results(1, 1), CONFIG, NOW_MS, english)
    store.close()
    assert "cordless drill" in {each.text for each in found if each.locale in ("und", "de")}


def test_damage_and_newer_formats_are_refused_by_name(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, [Completion("drill", 1.0)], CONFIG)
    (tmp_path / "en" / "completions" / "lexical.npy").write_bytes(b"")
    with pytest.raises(ReleaseDamaged, match="build the release again"):
        load_autocomplete(tmp_path, CONFIG)
    (tmp_path / MANIFEST).write_text('{"format": 99, "locales": []}')
    with pytest.raises(ReleaseTooNew, match="update intentrie"):
        load_autocomplete(tmp_path, CONFIG)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Norrvik X2 cordless drill, 18 V, with case", "Norrvik X2 cordless drill"),
        ("Norrvik wall lamp 61 cm (24\") brass", "Norrvik wall lamp"),
        ("Tamsel laser printer 1200 x 1200 DPI", "Tamsel laser printer"),
        ("Oberon (2020) drill", "Oberon (2020) drill"),
        ("one two three four five six seven eight", "one two three four five six seven"),
        ("one two three four five six 7 eight", "one two three four five six"),
        ("x" * 300, "x" * 60),
    ],
)  # fmt: skip
def test_titles_are_cut_to_what_one_would_type(title: str, short: str) -> None:
    assert shorten_title(title, 7, 60) == short


def test_siblings_of_one_short_title_are_told_apart_or_told_once() -> None:
    held = [
        Product("a", "g1", {"en": ProductText("Norrvik cordless drill, blue")}),
        Product("b", "g2", {"en": ProductText("Norrvik cordless drill, green")}),
        Product("c", "g2", {"en": ProductText("Norrvik cordless drill, green, used")}),
    ]
    found = title_completions(held, ShopConfig(name="x"))
    assert [(each.text, each.product_id) for each in found] == [
        ("Norrvik cordless drill, green", "b"),
        ("Norrvik cordless drill, blue", "a"),
    ]
