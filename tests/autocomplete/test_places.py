"""Places for categories and products, worked out by hand; without being asked for they change nothing."""

from dataclasses import replace

import pytest

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.keeping import complete_keeping
from autocomplete.live.live_completer import LiveCompleter, LiveState
from autocomplete.live.live_state import LiveLocale, Pin
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.places import cut, kept_places
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource
from data.text import analyser_for

QUERY, CATEGORY, BRAND, PRODUCT = (
    SuggestionKind.QUERY, SuggestionKind.CATEGORY, SuggestionKind.BRAND, SuggestionKind.PRODUCT,
)  # fmt: skip
KINDS = {"q": QUERY, "c": CATEGORY, "b": BRAND, "p": PRODUCT}


@pytest.mark.parametrize(
    ("kinds", "limit", "spared", "kept"),
    [
        ("qqqq", 8, (), [0, 1, 2, 3]),
        ("qqqqqqqq" + "ccc" + "ppp", 8, (), [0, 1, 2, 3, 8, 9, 11, 12]),
        # What is there already counts; a third category stands where it stood.
        ("cqcqcqqq" + "pp", 8, (), [0, 1, 2, 3, 4, 5, 8, 9]),
        # Nothing of a kind: its places are everybody's.
        ("qqbqqqqq" + "c", 8, (), [0, 1, 2, 3, 4, 5, 6, 8]),
        ("cpqcpqqq" + "c", 8, (), [0, 1, 2, 3, 4, 5, 6, 7]),
        # What was typed in whole has the last place, and keeps one.
        ("qqqqqqqq" + "ccpp", 8, (7,), [0, 1, 2, 7, 8, 9, 10, 11]),
        ("qqqq" + "cp", 4, (), [0, 1, 4, 5]),
        ("qqq" + "cp", 3, (), [0, 1, 2]),
        ("", 8, (), []),
    ],
)
def test_which_stay(kinds: str, limit: int, spared: tuple[int, ...], kept: list[int]) -> None:
    assert kept_places([KINDS[each] for each in kinds], limit, spared) == kept


TEXTS = [
    "lamp oil",
    "lamp shade",
    "lamp post",
    "lamp wick",
    "lamp stand",
    "lamp glass",
    "lamp cord",
    "lamp hook",
    "lamp",
]
CATEGORIES = ["lamps outdoor", "lamps indoor", "lampshades"]
TITLES = ["Oberon lamp 5", "Lamp Oil", "Titania desk lamp", "Puck lamp blue", "Puck kettle"]


def completer(whole: float = 92.0) -> TrieCompleter:
    """Queries are worth 100, 99, ..., 93, "lamp" 92; categories 50, 49, 48; titles nearly nothing."""
    group_of = grouping(analyser_for("en"))
    completions = [
        *(Completion(text, 100.0 - place) for place, text in enumerate(TEXTS[:-1])),
        Completion("lamp", whole),
        *(Completion(text, 50.0 - place, CATEGORY, SuggestionSource.GRAPH) for place, text in enumerate(CATEGORIES)),
    ]
    titles = [
        Completion(text, 0.5 - place / 10, PRODUCT, SuggestionSource.GRAPH, product_id=f"p{place}")
        for place, text in enumerate(TITLES)
    ]
    return TrieCompleter(build_index(completions, group_of), build_index(titles, group_of))


def texts(found: list[Suggestion]) -> list[str]:
    return [each.text for each in found]


def test_an_answer_full_of_queries_makes_room() -> None:
    held, prefix = completer(), Prefix("lam", 8, "en")
    without = held.complete(prefix, Context())
    assert texts(without) == TEXTS[:8]
    grouped = held.complete(replace(prefix, groups=True), Context())
    # Four of the best queries; two categories of three; of the titles the two best that do not say what stands there.
    assert texts(grouped) == [*TEXTS[:4], *CATEGORIES[:2], "Oberon lamp 5", "Titania desk lamp"]
    assert [each.score for each in grouped] == sorted((each.score for each in grouped), reverse=True)
    assert [each.product_id for each in grouped[-2:]] == ["p0", "p2"]
    assert grouped[:4] == without[:4]
    # Asked again without: nothing of it was remembered.
    assert held.complete(prefix, Context()) == without


def test_what_was_typed_in_whole_keeps_its_place() -> None:
    # So rarely searched for that eight others go before it, and it has the last place.
    held = completer(whole=1e-6)
    assert texts(held.complete(Prefix("lamp", 8, "en"), Context()))[-1] == "lamp"
    grouped = texts(held.complete(Prefix("lamp", 8, "en", groups=True), Context()))
    assert grouped[3] == "lamp"
    assert set(grouped[4:6]) <= set(CATEGORIES)
    assert grouped[6:] == ["Oberon lamp 5", "Titania desk lamp"]


@pytest.mark.parametrize("text", ["", " ", "kettle", "zzz", "lmap oi", "***"])
def test_where_nothing_of_the_kinds_is_left_out_nothing_changes(text: str) -> None:
    held = completer()
    plain = held.complete(Prefix(text, 8, "en"), Context())
    assert held.complete(Prefix(text, 8, "en", groups=True), Context()) == plain


@pytest.mark.parametrize("limit", range(1, 30))
def test_an_answer_is_never_longer_and_says_nothing_twice(limit: int) -> None:
    held = completer()
    plain = held.complete(Prefix("lam", limit, "en"), Context())
    grouped = texts(held.complete(Prefix("lam", limit, "en", groups=True), Context()))
    assert len(plain) <= len(grouped) <= limit
    assert len({each.casefold() for each in grouped}) == len(grouped)


def test_what_is_left_out_is_made_up_for_and_the_places_stay() -> None:
    held = LocaleCompleter({"en": completer()}, ("en",))
    hidden = {"lamp oil", "lamps indoor"}
    found = complete_keeping(
        held, Prefix("lam", 8, "en", groups=True), Context(), lambda each: each.text.casefold() not in hidden
    )
    assert texts(found) == [
        "lamp shade",
        "lamp post",
        "lamp wick",
        "lamp stand",
        "lamps outdoor",
        "lampshades",
        *TITLES[0::2][:2],
    ]


def test_what_is_put_in_takes_no_kept_place() -> None:
    held = LocaleCompleter({"en": completer()}, ("en",))
    pins = {"lam": tuple(Pin("lam", f"lamp {word}", "en") for word in ("sale", "outlet"))}
    live = LiveCompleter(held, LiveState({"en": LiveLocale(pins=pins)}))
    found = live.complete(Prefix("lam", 8, "en", groups=True), Context())
    assert texts(found) == [
        "lamp sale",
        "lamp outlet",
        *TEXTS[:2],
        *CATEGORIES[:2],
        "Oberon lamp 5",
        "Titania desk lamp",
    ]
    plain = live.complete(Prefix("lam", 8, "en"), Context())
    assert texts(plain) == ["lamp sale", "lamp outlet", *TEXTS[:6]]


def test_a_list_without_groups_is_its_beginning() -> None:
    made = [
        Suggestion(str(place), CATEGORY if place > 3 else QUERY, SuggestionSource.LOG, (), 1.0) for place in range(6)
    ]
    assert cut(made, Prefix("x", 4, "en")) == made[:4]
    assert cut(made, Prefix("x", 4, "en", groups=True)) == [*made[:3], made[4]]
    assert cut(made, Prefix("", 4, "en", groups=True)) == made[:4]
