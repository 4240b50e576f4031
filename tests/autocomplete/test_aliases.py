"""Other names: "couch" finds "sofa bed", and the answer says why."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.load import load_autocomplete
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.trie import WordTrie
from autocomplete.matching.typed import parse_prefix
from autocomplete.prefix import Prefix
from autocomplete.sources.aliases import MOST_READINGS, Aliases, alias_words, other_forms
from autocomplete.suggestion import Correction, Suggestion
from data.mining.candidate import Candidate
from data.product import Product, ProductText
from data.shop import ShopConfig
from data.text import analyser_for
from graph.build import build_graph
from graph.snapshot import Snapshot
from graph.sqlite_store import SqliteGraphStore

CONFIG = ShopConfig.model_validate({"name": "home", "locales": ["en", "de"]})
KINDS = [("sofa bed", "Schlafsofa"), ("sofa", "Sofa"), ("dustbin", "Mülleimer"), ("garden chair", "Gartenstuhl")]
PRODUCTS = [
    Product(
        f"p{number}",
        f"p{number}",
        {"en": ProductText(f"Oberon {number} {english}"), "de": ProductText(f"Oberon {number} {german}")},
        category=(english,),
    )
    for number, (english, german) in enumerate(KINDS * 6)
]
MINED = [
    Candidate("synonym", "couch", "sofa", "en", 0.95, "seen"),
    Candidate("synonym", "sofabed", "sofa bed", "en", 0.95, "seen"),
    Candidate("synonym", "trash can", "dustbin", "en", 0.95, "seen"),
    Candidate("misspelling", "dutsbin", "dustbin", "en", 0.95, "seen"),
]
COMPLETIONS = [
    Completion(text, 20.0 - place, locale=locale)
    for locale, texts in {
        "en": ["sofa bed", "sofa", "grey sofa", "dustbin", "dustbin 50 l", "garden chair", "coupe glass"],
        "de": ["Schlafsofa", "Sofa"],
    }.items()
    for place, text in enumerate(texts)
]


def test_what_means_the_same_steps_back(snapshot: Snapshot, tmp_path: Path) -> None:
    texts = ["grey sofa", "grey couch", "grey lamp shade", "grey rug", "grey lampshade"]
    completions = [Completion(text, 4.0**-place, locale="en") for place, text in enumerate([*texts, "sofa"])]
    config = CONFIG.model_copy(update={"locales": ("en",)})
    known = build_autocomplete(tmp_path / "known", completions, config, snapshot=snapshot)
    plain = build_autocomplete(tmp_path / "plain", completions, config)

    def suggested(held: LocaleCompleter, prefix: str) -> list[str]:
        return [each.text for each in held.complete(Prefix(prefix, 5, "en"), Context())]

    assert suggested(plain, "grey ") == texts
    assert suggested(known, "grey ") == [
        "grey sofa",
        "grey lamp shade",
        "grey rug",
        "grey couch",
        "grey lampshade",
    ]
    assert suggested(known, "grey co") == ["grey couch"]


def test_one_word_that_is_another_name_for_its_two(snapshot: Snapshot, tmp_path: Path) -> None:
    texts = ["grey sofa bed", "grey sofabed", "grey rug", "grey bin"]
    completions = [Completion(text, 4.0**-place, locale="en") for place, text in enumerate([*texts, "sofa bed"])]
    held = build_autocomplete(tmp_path, completions, CONFIG.model_copy(update={"locales": ("en",)}), snapshot=snapshot)
    found = [each.text for each in held.complete(Prefix("grey ", 5, "en"), Context())]
    assert found == ["grey sofa bed", "grey rug", "grey bin", "grey sofabed"]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("graph")
    store = SqliteGraphStore(folder / "graph.sqlite")
    try:
        return build_graph(folder / "graph", PRODUCTS, CONFIG, store, MINED)
    finally:
        store.close()


@pytest.fixture(scope="module")
def shop(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> LocaleCompleter:
    folder: Path = tmp_path_factory.mktemp("autocomplete")
    build_autocomplete(folder, COMPLETIONS, CONFIG, snapshot=snapshot)
    return load_autocomplete(folder, CONFIG)


def ask(shop: LocaleCompleter, prefix: str, locale: str = "en") -> list[Suggestion]:
    return shop.complete(Prefix(prefix, 8, locale), Context(explain=True))


def texts(found: list[Suggestion]) -> list[str]:
    return [each.text for each in found]


def test_another_name_finds_and_says_so(shop: LocaleCompleter) -> None:
    found = ask(shop, "Couch")
    assert texts(found) == ["sofa bed", "sofa", "grey sofa"]
    assert found[0].correction == Correction(0, 5, "Couch", "sofa")
    assert found[0].reasons["match"] == "prefix by another name"
    assert found[0].reasons["alias"] == "couch = sofa"
    assert [found[0].text[start:end] for start, end in found[0].highlights] == ["sofa"]


def test_words_around_it_stay(shop: LocaleCompleter) -> None:
    assert texts(ask(shop, "couch b")) == ["sofa bed"]
    (grey,) = ask(shop, "grey couch")
    assert (grey.text, grey.correction) == ("grey sofa", Correction(5, 10, "couch", "sofa"))


def test_an_alias_of_two_words_from_its_beginning_on(shop: LocaleCompleter) -> None:
    assert texts(ask(shop, "trash can")) == ["dustbin", "dustbin 50 l"]
    assert texts(ask(shop, "trash c")) == ["dustbin", "dustbin 50 l"]
    assert texts(ask(shop, "trash can 5")) == ["dustbin 50 l"]


def test_hidden_labels_are_aliases_that_are_never_shown(shop: LocaleCompleter) -> None:
    found = ask(shop, "dutsbin")
    assert texts(found) == ["dustbin", "dustbin 50 l"]
    assert found[0].reasons["match"] == "prefix by another name"


def test_what_matches_as_typed_goes_first(shop: LocaleCompleter) -> None:
    # "coup" begins a glass; it is no beginning of an alias, and "couc" is.
    assert texts(ask(shop, "cou"))[0] == "coupe glass"
    assert texts(ask(shop, "couc")) == ["sofa bed", "sofa", "grey sofa"]
    scores = [each.score for each in ask(shop, "cou")]
    assert scores == sorted(scores, reverse=True)


def test_aliases_are_a_languages_own(shop: LocaleCompleter, snapshot: Snapshot) -> None:
    assert ask(shop, "couch", "de") == []
    assert ("couch",) not in alias_words(snapshot, "de", COMPLETIONS)


def test_a_preferred_name_is_nobodys_alias(snapshot: Snapshot) -> None:
    found = alias_words(snapshot, "en", COMPLETIONS)
    assert found[("couch",)] == [("sofa",)]
    assert ("sofa",) not in found
    assert alias_words(snapshot, "en", [Completion("garden chair", 1.0)]) == {}


@given(st.text(max_size=300))
def test_readings_are_bounded(text: str) -> None:
    aliases = Aliases.build({(letter,): [("x", "y"), ("z",)] for letter in "abcdefghij"})
    for prefix in (text, "a b c d e f g h i j " + text, "j" * 256):
        typed = parse_prefix(prefix)
        assert typed is None or len(aliases.readings(typed, WordTrie.build([]))) <= MOST_READINGS


FORMS = [
    "laptop stand",
    "laptop",
    "red laptop",
    "Laptops & tablets",
    "tablet",
    "table lamp",
    "Tables",
    "bus",
    "buses",
    "tent for two people",
]


@pytest.mark.parametrize(
    ("typed", "first", "read"),
    [
        # A category that is called so, and behind it what people look for.
        ("laptops", ["Laptops & tablets", "laptop stand", "laptop", "red laptop"], "laptop"),
        ("red laptops", ["red laptop"], "laptop"),
        # A form that was typed in whole begins no other word: "tables" is no "tablet".
        ("tables", ["Tables", "table lamp"], "table"),
        # Nor does the beginning of one stand for another.
        ("tabl", ["tablet", "table lamp", "Tables", "Laptops & tablets"], None),
        # No text has "persons", nor its stem: "people" has it.
        ("persons", ["tent for two people"], "people"),
        ("2 tents", [], None),
        ("two persons tent", ["tent for two people"], "people"),
        ("laptop ", ["laptop stand", "red laptop", "Laptops & tablets"], "laptops"),
    ],
)
def test_other_forms_of_a_word_find_what_is_called_by_one(
    typed: str, first: list[str], read: str | None, tmp_path: Path
) -> None:
    completions = [Completion(text, 9.0 - place, locale="en") for place, text in enumerate(FORMS)]
    held = build_autocomplete(tmp_path, completions, ShopConfig(name="forms"))
    found = held.complete(Prefix(typed, 8, "en"), Context())
    assert [each.text for each in found] == first
    corrections = {each.correction.replacement for each in found if each.correction is not None}
    assert corrections == (set() if read is None else {read})


def test_forms_share_a_stem_and_are_words() -> None:
    texts = [["red", "lamps", "as", "a"], ["lamp", "for", "4k"], ["bus"]]
    forms = other_forms(texts, analyser_for("en"))
    assert forms == {("lamps",): [("lamp",)], ("lamp",): [("lamps",)]}
    # "people" is no stem: whoever says "persons" means it.
    assert other_forms([["people"]], analyser_for("en")) == {("\x01person",): [("people",)]}
