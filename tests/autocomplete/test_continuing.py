"""Prefixes that no completion starts with: gone on with by the shop's own words, never to nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocomplete.build import build_autocomplete
from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.load import load_autocomplete
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Correction, Suggestion, SuggestionSource
from autocomplete.unseen.continuing import build_continuing
from autocomplete.words import split_words
from data.product import Product, ProductText
from data.shop import ShopConfig
from data.text import analyser_for

CONFIG = ShopConfig.model_validate({"name": "home", "suggest": {"blocked": ["evil mat"]}})
TITLES = {
    "p0": "Oberon outdoor wall lamp, bronze",
    "p1": "Oberon indoor wall ladder, USB",
    "p2": "Norrvik coir door mat for the garden",
    "p3": "Norrvik steel door lock",
    "p4": "Tamsel evil mat",
    "p5": "Fenwick zinc bucket | kettle backpack original",
    "p6": "Fenwick zinc watering can, hot deal",
}
PRODUCTS = [Product(name, name, {"en": ProductText(title)}) for name, title in TITLES.items()]
COMPLETIONS = [
    Completion(text, weight, locale="en")
    for text, weight in [("outdoor lamp", 9.0), ("door mats", 8.0), ("steel lock", 7.0), ("USB ladder", 6.0)]
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> LocaleCompleter:
    folder = tmp_path_factory.mktemp("autocomplete")
    build_autocomplete(folder, COMPLETIONS, CONFIG, products=PRODUCTS)
    return load_autocomplete(folder, CONFIG)


def ask(shop: LocaleCompleter, prefix: str) -> list[Suggestion]:
    return shop.complete(Prefix(prefix, 8), Context(explain=True))


def test_a_query_never_seen_completes(shop: LocaleCompleter) -> None:
    first = ask(shop, "Oberon wall l")[0]
    assert (first.text, first.source, first.kind) == ("Oberon wall ladder", SuggestionSource.GENERATED, "query")
    assert first.reasons["match"] == "continued"
    assert first.reasons["results"] == 1
    assert [first.text[start:end] for start, end in first.highlights] == ["Oberon wall l"]


def test_only_what_one_product_has(shop: LocaleCompleter) -> None:
    # The lamp is for outdoors, and the ladder is not: each word is in the shop, the two of them are in no product.
    texts = [each.text for each in ask(shop, "indoor wall l")]
    assert texts == ["indoor wall ladder", "indoor wall ladder USB"]
    assert ask(shop, "bronze doo") == []


def test_stems_and_stop_words_are_no_obstacle(shop: LocaleCompleter) -> None:
    assert "coir for the door mats" in [each.text for each in ask(shop, "coir for the door m")]


def test_what_was_typed_stays(shop: LocaleCompleter) -> None:
    assert "NORRVIK  Coir mats" in [each.text for each in ask(shop, " NORRVIK  Coir ma")]
    assert all(each.text.startswith("oberon INDOOR ") for each in ask(shop, "oberon INDOOR u"))
    assert "oberon INDOOR USB" in [each.text for each in ask(shop, "oberon INDOOR u")]


def test_blocked_phrases_are_not_put_together(shop: LocaleCompleter) -> None:
    assert "tamsel evil mat" not in [each.text for each in ask(shop, "tamsel evil m")]
    assert "Tamsel mats" in [each.text for each in ask(shop, "Tamsel m")]


def test_nothing_is_learned_from_what_merchants_add_to_a_title(shop: LocaleCompleter) -> None:
    assert next(each.text for each in ask(shop, "Fenwick zi")) == "Fenwick zinc"
    assert "zinc bucket" in [each.text for each in ask(shop, "zinc b")]
    for prefix in ("zinc k", "zinc bucket kettle b", "kettle backpack o", "zinc hot d", "hot d", "backpack ori"):
        assert ask(shop, prefix) == []


def test_known_completions_keep_the_answer(shop: LocaleCompleter) -> None:
    assert [each.text for each in ask(shop, "door m")] == ["door mats"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_continuation_leads_to_nothing(shop: LocaleCompleter, data: st.DataObject) -> None:
    known = sorted({word for title in TITLES.values() for word in split_words(title)})
    words = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
    prefix = " ".join(words)[: data.draw(st.integers(1, 30))]
    stem, stop = analyser_for("en").stem, analyser_for("en").is_stop
    products = [{stem(word) for word in split_words(title)} for title in TITLES.values()]
    for each in ask(shop, prefix):
        if each.reasons["match"] == "continued":
            wanted = {stem(word) for word in split_words(each.text) if not stop(word)}
            assert any(wanted <= said for said in products)
            assert each.text.casefold().startswith(prefix)
            assert split_words(each.text) != split_words(prefix)


def test_hostile_prefixes_go_on_with_nothing(shop: LocaleCompleter) -> None:
    for prefix in ("usb-", "door " * 50, "\u202eword", "door\x00m", "🚪 d", "x" * 10_000):
        assert all(each.reasons["match"] != "continued" for each in ask(shop, prefix))


def test_single_characters_of_scripts_without_spaces_are_not_put_together() -> None:
    group_of = grouping(analyser_for("ja"))
    index = build_index([Completion("電動工具", 2.0), Completion("手動ドリル", 1.0)], group_of)
    alone = TrieCompleter(index, build_index([], group_of), continuing=build_continuing(index, [], "ja"))
    assert alone.match("手電", 5) == []


def test_a_corpus_without_products_is_gone_on_with_by_titles() -> None:
    group_of = grouping(analyser_for("en"))
    index = build_index([Completion("picnic table", 2.0)], group_of)
    nothing = build_index([], group_of)
    bare = TrieCompleter(index, nothing, continuing=build_continuing(index, [], "en"))
    told = TrieCompleter(index, nothing, continuing=build_continuing(index, ["Folding table with benches"], "en"))
    assert bare.match("picnic table be", 5) == []
    assert [match.text for match in told.match("picnic table be", 1)] == ["picnic table benches"]


def test_an_unknown_word_is_read_as_what_it_may_have_meant(shop: LocaleCompleter) -> None:
    first, *_ = ask(shop, "Oberon otdoor wa")
    assert first.text == "Oberon outdoor wall"
    assert first.reasons["match"] == "continued with a slip"
    assert first.correction == Correction(7, 13, "otdoor", "outdoor")
    assert [first.text[start:end] for start, end in first.highlights] == ["Oberon outdoor wa"]
    # The word that is being typed, a space that was left out, one that is in the wrong place.
    for typed in ("indoor wall laddr", "indoor wallladder", "indoor walll adder"):
        assert ask(shop, typed)[0].text == "indoor wall ladder"


def test_what_is_no_slip_is_not_mended(shop: LocaleCompleter) -> None:
    # Two words, too few letters, another number; and what no product has is not offered for being spelt right.
    for typed in ("otdoor wsll l", "oberon doo l", "oberon 4door l", "bronze stel d", "zzzzz wall l"):
        assert ask(shop, typed) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mended_prefixes_lead_to_products(shop: LocaleCompleter, data: st.DataObject) -> None:
    words = split_words(data.draw(st.sampled_from([title for title in TITLES.values() if "evil" not in title])))
    place = data.draw(st.integers(0, len(words) - 1))
    at = data.draw(st.integers(0, len(words[place]) - 1))
    words[place] = words[place][:at] + data.draw(st.sampled_from(["", "q", "qe"])) + words[place][at + 1 :]
    prefix = " ".join(words)[: data.draw(st.integers(3, 40))]
    stem, stop = analyser_for("en").stem, analyser_for("en").is_stop
    products = [{stem(word) for word in split_words(title)} for title in TITLES.values()]
    for each in ask(shop, prefix):
        if each.reasons["match"] == "continued with a slip":
            wanted = {stem(word) for word in split_words(each.text) if not stop(word)}
            assert any(wanted <= said for said in products)
            slip = each.correction
            assert slip is not None
            assert prefix[slip.start : slip.end] == slip.original
            assert each.text.casefold().startswith(
                f"{prefix[: slip.start]}{slip.replacement}{prefix[slip.end :]}".casefold()
            )


def test_without_products_a_new_word_may_be_meant() -> None:
    group_of = grouping(analyser_for("en"))
    texts = ["metal lamp shade", "paper lamp shade", "metal bucket"]
    index = build_index([Completion(text, 1.0) for text in texts], group_of)
    alone = TrieCompleter(index, build_index([], group_of), continuing=build_continuing(index, [], "en"))
    assert [match.text for match in alone.match("zzzz lamp sh", 5)] == ["zzzz lamp shade"]
    assert [match.text for match in alone.match("paper metel b", 5)] == ["paper metal bucket", "paper metel bucket"]
