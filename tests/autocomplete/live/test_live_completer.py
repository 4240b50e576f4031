"""What is live over a release's suggestions: left out and made up for, put in at its place, the same words once."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.live.left_out import left_out
from autocomplete.live.live_completer import MOST_OWN, LiveCompleter, LiveState
from autocomplete.live.live_state import Trend, make_live_locale
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.build_index import build_index
from autocomplete.prefix import Prefix
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import split_words
from data.curation import Ban, Curation, Label, Pin

NOTHING = Curation()
KETTLES = [f"kettle {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]


def words_key(words: Sequence[str]) -> str:
    return " ".join(words)


def release_of(texts: Sequence[str], products: Sequence[str] = ()) -> LocaleCompleter:
    completions = [Completion(text, float(len(texts) - place)) for place, text in enumerate(texts)]
    titles = [Completion(text, 1.0, SuggestionKind.PRODUCT, product_id=text) for text in products]
    return LocaleCompleter(
        {"en": TrieCompleter(build_index(completions, words_key), build_index(titles, words_key))}, ("en",)
    )


def live_over(
    texts: Sequence[str],
    curation: Curation = NOTHING,
    trends: Sequence[Trend] = (),
    gone: Sequence[str] = (),
    finds: Sequence[str] | None = None,
    products: Sequence[str] = (),
    gone_products: Sequence[str] = (),
) -> LiveCompleter:
    def count(text: str, _: str) -> int:
        return 1 if finds is None or text in finds else 0

    live = make_live_locale("en", curation, trends, frozenset(gone), count)
    return LiveCompleter(release_of(texts, products), LiveState({"en": live}, frozenset(gone_products)))


def shown(completer: LiveCompleter, prefix: str, limit: int = 5, locale: str = "en") -> list[tuple[str, str]]:
    found = completer.complete(Prefix(prefix, limit, locale), Context())
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    return [(each.text, str(each.source)) for each in found]


def texts(completer: LiveCompleter, prefix: str, limit: int = 5, locale: str = "en") -> list[str]:
    return [text for text, _ in shown(completer, prefix, limit, locale)]


def trend(text: str, locale: str = "en", strength: float = 5.0) -> Trend:
    return Trend(text, locale, 9, strength)


def test_what_is_banned_is_made_up_for() -> None:
    bans = Curation(1, bans=(Ban("Kettle A"), Ban("kettle c"), Ban("kettle d", "de")))
    assert texts(live_over(KETTLES, bans), "ket", 3) == ["kettle b", "kettle d", "kettle e"]
    many = Curation(1, bans=tuple(Ban(text) for text in KETTLES[:20]))
    assert texts(live_over(KETTLES, many), "ket", 3) == KETTLES[20:23]


def test_a_ban_within_takes_longer_texts_along() -> None:
    release = ["red kettle", "red big kettle", "kettle red", "kettle red lid", "reddish"]
    assert texts(live_over(release, Curation(1, bans=(Ban("kettle red", within=True),))), "") == [
        "red kettle",
        "red big kettle",
        "reddish",
    ]
    assert "kettle red lid" in texts(live_over(release, Curation(1, bans=(Ban("kettle red"),))), "")


def test_many_banned_at_the_top_leave_room_for_what_is_left() -> None:
    many = [f"kettle {number}" for number in range(700)]
    left = [f"key {letter}" for letter in "abcdefgh"]
    ban = Curation(1, bans=(Ban("kettle", within=True), Ban("key b")))
    completer = live_over([*many, *left, "red kettle", "lamp"], ban)
    for prefix in ("", "k", "ke"):
        assert texts(completer, prefix, 5) == ["key a", "key c", "key d", "key e", "key f"]
    assert texts(completer, "k", 20) == [text for text in left if text != "key b"]
    assert texts(completer, "kettle", 5) == []
    # The same for longer runs, single texts and what nothing in stock is found for.
    runs = Curation(1, bans=(Ban("kettle one", within=True),))
    longer = [f"kettle one {number}" for number in range(300)]
    assert texts(live_over([*longer, "kettle two one"], runs), "ket", 5) == ["kettle two one"]
    each = Curation(1, bans=tuple(Ban(text) for text in many))
    assert texts(live_over([*many, *left], each), "k", 2) == ["key a", "key b"]
    assert texts(live_over([*many, *left], gone=many), "k", 2) == ["key a", "key b"]


def test_pins_stand_first_as_long_as_they_are_begun() -> None:
    pins = Curation(
        1, pins=(Pin("k", "kettle sale", place=2), Pin("k", "Kitchen week"), Pin("", "gifts"), Pin("9", "gifts"))
    )
    completer = live_over(KETTLES, pins)
    assert shown(completer, "k", 3) == [("Kitchen week", "curated"), ("kettle sale", "curated"), ("kettle a", "log")]
    assert texts(completer, "ke", 2) == ["kettle sale", "kettle a"]
    assert texts(completer, "kettle s", 2)[0] == "kettle sale"
    assert texts(completer, "kettle a", 2) == ["kettle a"]
    assert texts(completer, "", 2) == ["gifts", "kettle a"]
    assert texts(completer, "gi", 2) == ["gifts"]  # begun from the empty box on
    assert texts(completer, "9", 2) == ["gifts"]  # pinned to what it does not begin with
    assert texts(completer, "9y", 2) == []
    assert texts(completer, "9 ", 2) == ["gifts"]
    # One without a word, of before they were refused, is nobody's wish for the empty box.
    assert texts(live_over(KETTLES, Curation(1, pins=(Pin("🎁", "gifts"),))), "", 1) == ["kettle a"]
    (pinned,) = completer.complete(Prefix("gi", 3, "en"), Context())
    assert pinned.highlights == ((0, 2),)


def test_a_pin_of_what_the_release_has_comes_once() -> None:
    completer = live_over(KETTLES, Curation(1, pins=(Pin("k", "Kettle C"),)))
    assert texts(completer, "k", 4) == ["Kettle C", "kettle a", "kettle b", "kettle d"]


def test_a_trend_of_a_new_text_is_spelt_as_the_curator_did() -> None:
    completer = live_over(KETTLES, Curation(1, labels=(Label("iGlow lamp"),)), [trend("IGLOW lamp")])
    assert shown(completer, "ig", 3) == [("iGlow lamp", "trending")]


def test_trends_come_behind_the_best_and_first_with_nothing_typed() -> None:
    completer = live_over(
        KETTLES, trends=[trend("kettle mania"), trend("kettle b", strength=9.0), trend("kettle z", "de")]
    )
    assert shown(completer, "ket", 4) == [
        ("kettle a", "log"),
        ("kettle b", "trending"),
        ("kettle mania", "trending"),
        ("kettle c", "log"),
    ]
    assert texts(completer, "", 3) == ["kettle b", "kettle mania", "kettle a"]
    assert shown(live_over(KETTLES, trends=[trend("kettle a")]), "ket", 2) == [
        ("kettle a", "trending"),
        ("kettle b", "log"),
    ]


def test_new_texts_are_found_at_any_word_and_marked() -> None:
    completer = live_over(KETTLES, Curation(1, labels=(Label("copper kettle", concept_id="c7"),)))
    assert shown(completer, "ket", 3) == [("kettle a", "log"), ("copper kettle", "curated"), ("kettle b", "log")]
    (only,) = completer.complete(Prefix("cop", 5, "en"), Context())
    assert (only.text, only.concept_id, only.highlights) == ("copper kettle", "c7", ((0, 3),))
    # A slip is no match as typed: what the release has is the better guess.
    assert texts(completer, "cpp") == []


def test_new_ones_fill_an_answer_that_has_room() -> None:
    labels = Curation(1, labels=tuple(Label(f"zip {number}") for number in range(4)))
    assert MOST_OWN == 2
    assert texts(live_over(["zip"], labels), "zi", 5) == ["zip", "zip 0", "zip 1", "zip 2", "zip 3"]


def test_what_finds_nothing_in_stock_is_not_shown() -> None:
    curation = Curation(1, pins=(Pin("k", "kettle sale"),), labels=(Label("kettle lid"),))
    completer = live_over(["kettle"], curation, [trend("kettle mania")], finds=["kettle lid"])
    assert texts(completer, "k") == ["kettle", "kettle lid"]


def test_a_ban_is_above_pins_labels_and_trends() -> None:
    curation = Curation(1, (Ban("sale", within=True),), (Pin("s", "sale now"),), (Label("sale week"),))
    assert texts(live_over(["shoes"], curation, [trend("big sale")]), "s") == ["shoes"]
    assert live_over(["shoes"], curation).is_banned("Sale!", "en-GB")


def test_what_sold_out_is_gone_and_so_are_its_products() -> None:
    completer = live_over(
        ["kettle a", "kettle b"], gone=["kettle a"], products=["kettle x", "kettle y"], gone_products=["kettle x"]
    )
    assert texts(completer, "kettle") == ["kettle b", "kettle y"]


def test_a_shopper_of_another_locale_is_shown_what_the_release_shows() -> None:
    assert texts(live_over(["kettle"], Curation(1, bans=(Ban("kettle"),))), "k", locale="fr-CA") == []


_FEW_WORDS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5).map(" ".join)


@given(st.lists(st.tuples(_FEW_WORDS, st.booleans()), max_size=5), _FEW_WORDS)
def test_a_text_is_banned_by_its_words_or_by_a_run_of_them(bans: list[tuple[str, bool]], text: str) -> None:
    curation = Curation(1, bans=tuple(Ban(banned, within=within) for banned, within in bans))
    said = any(f" {banned} " in f" {text} " if within else banned == text for banned, within in bans)
    assert make_live_locale("en", curation, (), frozenset(), lambda *_: 0).is_banned(text) == said


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("ab ", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=12, unique=True),
    st.lists(st.text("ab", min_size=1, max_size=3), max_size=4),
    st.lists(st.text("ab", min_size=1, max_size=3), max_size=4),
    st.text("ab ", max_size=3),
    st.integers(1, 6),
)
def test_answers_hold_what_the_rules_say(
    release: list[str], banned: list[str], added: list[str], prefix: str, limit: int
) -> None:
    release = list({" ".join(split_words(text)): text for text in release}.values())
    curation = Curation(1, tuple(map(Ban, banned)), (), tuple(map(Label, added)))
    found = texts(live_over(release, curation), prefix, limit)
    meant = [tuple(split_words(text)) for text in found]
    assert len(set(meant)) == len(meant) <= limit
    assert not set(meant) & {tuple(split_words(text)) for text in banned}
    # Nothing that the release would show as typed is missing where there is room.
    everything = texts(live_over(release), prefix, 50)
    kept = [
        text for text in everything if tuple(split_words(text)) not in {tuple(split_words(each)) for each in banned}
    ]
    if len(found) < limit and not added:
        assert found == kept[:limit]


_SHORT_TEXT = st.lists(st.sampled_from(["red", "kettle", "key", "lamp", "kit"]), min_size=1, max_size=3).map(" ".join)


@settings(max_examples=200)
@given(
    st.lists(_SHORT_TEXT, min_size=1, max_size=30, unique=True),
    st.lists(st.tuples(_SHORT_TEXT, st.booleans()), max_size=4),
    st.sampled_from(["", "k", "ke", "key", "red ", "red k", "kettle l"]),
)
def test_looking_past_what_is_left_out_is_a_release_without_it(
    release: list[str], banned: list[tuple[str, bool]], prefix: str
) -> None:
    bans = Curation(1, bans=tuple(Ban(text, within=within) for text, within in banned))
    live = make_live_locale("en", bans, (), frozenset(), lambda *_: 1)
    whole = release_of(release).of("en")
    found = whole.complete_without(Prefix(prefix, 5, "en"), Context(), left_out(whole.completions, live))
    weights = [Completion(text, float(len(release) - place)) for place, text in enumerate(release)]
    rest = [each for each in weights if not live.is_banned(each.text)]
    without = TrieCompleter(build_index(rest, words_key), build_index([], words_key))
    expected = [each for each in without.complete(Prefix(prefix, 5, "en"), Context()) if each.correction is None]
    assert [each.text for each in found] == [each.text for each in expected]
