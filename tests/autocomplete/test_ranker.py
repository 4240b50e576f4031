"""The learned order: what it is made from, that it learns what weight cannot see, what it refuses."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest

from api.train.keystrokes import Typing, sample, typings_of
from api.train.suggester import fit, write_model
from api.train.suggester_examples import examples
from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.log.history import DAY_MS
from autocomplete.log.local_time import LocalClock, LocalTime
from autocomplete.log.mined import MinedLog, Search
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.matching.match import Match, MatchKind
from autocomplete.matching.typed import Typed, parse_prefix
from autocomplete.prefix import Prefix
from autocomplete.ranking.columns import columns_as_of, load_columns, save_columns
from autocomplete.ranking.features import FEATURES, add_session, rank_features
from autocomplete.ranking.ranker import Order, Ranking, SuggestionRanker
from autocomplete.ranking.session import NOBODY, Session
from autocomplete.sources.aliases import Aliases
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.text import analyser_for
from tests.autocomplete import prefix_log

END = prefix_log.FIRST_DAY + prefix_log.DAYS
NOW = END * DAY_MS


class ThemedSessions:
    """A product's category is its theme."""

    def __init__(self, searches: list[Search]) -> None:
        self._searches = searches

    def before(self, name: str, at_ms: int) -> Session:
        session = NOBODY
        for search in self._searches:
            if search.session == name and search.at_ms < at_ms:
                session = session.searched(search.query, search.at_ms).looked_at(search.query.split()[0], search.at_ms)
        return session


class Shop:
    """The made-up shop with its log, trained once."""

    def __init__(self, folder: Path) -> None:
        self.mined = prefix_log.write_mined(folder / "mined")
        self.plain = prefix_log.completer()
        self.index = self.plain.completions
        self.catalogue = prefix_log.catalogue(self.plain)
        self.log = MinedLog(self.mined, self.index, "en")
        self.history, self.prefixes = self.log.history(), self.log.prefix_log()
        searches = self.log.searches()
        by_session: dict[str, list[Search]] = {}
        for search in searches:
            by_session.setdefault(search.session, []).append(search)
        self.before: Callable[[str, int], Session] = lambda name, at: ThemedSessions(by_session[name]).before(name, at)
        self.typings = sample(typings_of(self.log, self.plain), 4_000, 0)
        self.groups = examples(self.plain, self.catalogue, self.history, self.prefixes, self.typings, self.before, 8, 0)
        text, self.result = fit(self.groups, 0)
        self.model = folder / "suggester"
        write_model(self.model, text, self.result)
        self.columns = columns_as_of(self.index, self.catalogue, self.history, self.prefixes, END, 0)
        self.ranked = TrieCompleter(
            self.index, self.plain.titles, Ranking(SuggestionRanker.load(self.model), self.columns)
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("ranker"))


def reciprocal(held: TrieCompleter, typing: Typing, context: Context) -> float:
    ids = [match.completion for match in held.match(typing.prefix, 10, context)]
    return 1 / (1 + ids.index(typing.wanted)) if typing.wanted in ids else 0.0


def test_it_learns_what_weight_cannot_see(shop: Shop) -> None:
    assert shop.result["mrr@10"] > shop.result["by_weight_mrr@10"]
    late = [each for each in shop.typings if each.at_ms >= (END - 3) * DAY_MS and len(each.prefix) < 2]
    ranked, by_weight = 0.0, 0.0
    for each in late:
        context = Context(each.at_ms, history=shop.before(each.session, each.at_ms))
        ranked += reciprocal(shop.ranked, each, context)
        by_weight += reciprocal(shop.plain, each, context)
    assert len(late) > 100
    assert ranked > 1.5 * by_weight


def test_what_rises_comes_up(shop: Shop) -> None:
    by_weight = [match.text for match in shop.plain.match("c", 8)]
    ranked = [match.text for match in shop.ranked.match("c", 8, Context(NOW))]
    assert prefix_log.RISING not in by_weight
    assert prefix_log.RISING in ranked[:3]


def test_the_sessions_theme_comes_first(shop: Shop) -> None:
    history = NOBODY.searched("cup bow", NOW - 5_000).looked_at("cup", NOW - 4_000)
    ranked = [match.text for match in shop.ranked.match("c", 8, Context(NOW, history=history))]
    assert sum(text.startswith("cup") for text in ranked[:5]) >= 3
    # Half an hour later it is another errand, and whoever did nothing has no theme.
    later = Context(NOW + 40 * 60_000, history=history)
    nobody = Context(NOW + 40 * 60_000)
    assert [each.text for each in shop.ranked.match("c", 8, later)] == [
        each.text for each in shop.ranked.match("c", 8, nobody)
    ]


def test_what_is_found_is_the_same_and_only_ordered(shop: Shop) -> None:
    for prefix in ("", "c", "ca", "cat ", "cat b", "bag", "bed cu", "cst b", "zzz"):
        plain = {match.completion for match in shop.plain.match(prefix, 60)}
        assert {match.completion for match in shop.ranked.match(prefix, 60, Context(NOW))} == plain, prefix


def test_what_is_found_by_another_name_is_ordered_by_the_model_too(shop: Shop) -> None:
    ranking = Ranking(SuggestionRanker.load(shop.model), shop.columns)
    # Of two letters, so that what is kept of the prefix is kept apart for what matches as typed.
    aliases = Aliases.build({("cu",): [("cot",)], ("co",): [("cat",)]})
    held = TrieCompleter(shop.index, shop.plain.titles, ranking, aliases=aliases)
    session = Context(NOW, history=NOBODY.searched("cat bow", NOW - 5_000))
    for context in (Context(NOW), session, Context(NOW)):
        found = held.match("cu", 12, context)
        as_typed, by_name = found[: len(prefix_log.THINGS)], found[len(prefix_log.THINGS) :]
        assert {match.text.split()[0] for match in as_typed} == {"cup"}
        assert {match.text.split()[0] for match in by_name} == {"cot"}
        scores = [match.ranked.score for match in by_name if match.ranked is not None]
        assert len(scores) == len(by_name) == 5
        assert scores == sorted(scores, reverse=True)


def test_what_is_left_out_leaves_others_for_short_prefixes_too(shop: Shop) -> None:
    ranking = Ranking(SuggestionRanker.load(shop.model), shop.columns)
    held = TrieCompleter(shop.index, shop.plain.titles, ranking)
    first = [match.completion for match in held.match("c", 8, Context(NOW))]
    left_out = np.zeros(len(shop.index), np.bool_)
    left_out[first] = True
    found = held.complete_without(Prefix("c", 8), Context(NOW), left_out)
    assert len(found) == 8
    assert not {each.text for each in found} & {shop.index.text(each) for each in first}
    assert [match.completion for match in held.match("c", 8, Context(NOW))] == first


def test_what_typing_begins_with_is_ordered_before_anybody_types(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ranking = Ranking(SuggestionRanker.load(shop.model), shop.columns)
    held = TrieCompleter(shop.index, shop.plain.titles, ranking)
    held.warm(8, NOW)
    monkeypatch.setattr(SuggestionRanker, "scores", lambda *_: pytest.fail("it was not ordered before"))
    for prefix in ("", "c", "ca", "co", "cu"):
        assert held.match(prefix, 8, Context(NOW)), prefix
    with pytest.raises(pytest.fail.Exception):
        held.match("cat", 8, Context(NOW))


def test_a_remembered_short_prefix_is_the_same_for_every_limit(shop: Shop) -> None:
    fresh = TrieCompleter(shop.index, shop.plain.titles, Ranking(SuggestionRanker.load(shop.model), shop.columns))
    for limit in (3, 8, 3, 12, 8):
        again = [match.text for match in shop.ranked.match("ca", limit, Context(NOW))]
        assert again == [match.text for match in fresh.match("ca", limit, Context(NOW))]
        assert len(again) == limit


def test_serving_sees_the_features_that_training_saw(shop: Shop, tmp_path: Path) -> None:
    day = END - 1
    save_columns(columns_as_of(shop.index, shop.catalogue, shop.history, shop.prefixes, day, 0), tmp_path / "columns")
    ranker = SuggestionRanker.load(shop.model)
    ranking = Ranking(ranker, load_columns(tmp_path / "columns", 0, LocalClock()))
    served = TrieCompleter(shop.index, shop.plain.titles, ranking)
    typings = [each for each in shop.typings if each.at_ms // DAY_MS == day]
    checked = 0
    for each in typings[-60:]:
        trained = examples(shop.plain, shop.catalogue, shop.history, shop.prefixes, [each], shop.before, 8, 0)
        context = Context(each.at_ms, history=shop.before(each.session, each.at_ms))
        typed = parse_prefix(each.prefix)
        candidates = served.candidates(each.prefix, 8)
        if not len(trained.sizes):
            continue
        order = ranking.order(candidates, typed, 8, context)
        found = [order.match(place) for place in order.places]
        checked += 1
        # Training sees them in the order of that day's weights.
        rows = np.stack([match.ranked.row for match in found if match.ranked is not None])
        np.testing.assert_array_equal(*(np.array(sorted(map(tuple, each.tolist()))) for each in (rows, trained.rows)))
    assert checked > 20


def test_a_future_search_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    cut = (END - 5) * DAY_MS
    before = [each for each in shop.typings if each.at_ms < cut]
    expected = examples(shop.plain, shop.catalogue, shop.history, shop.prefixes, before, shop.before, 8, 0)
    # The same log without its last five days: other counts in the end, the same features until then.
    shorter = MinedLog(shop.mined, shop.index, "en", until_ms=cut)
    history, prefixes = shorter.history(), shorter.prefix_log()
    assert history.end < shop.history.end
    found = examples(shop.plain, shop.catalogue, history, prefixes, before, shop.before, 8, 0)
    np.testing.assert_array_equal(found.rows, expected.rows)
    np.testing.assert_array_equal(found.weights, expected.weights)
    assert len(expected.rows) > 1_000


def test_every_prefix_of_a_search_is_an_example(shop: Shop) -> None:
    typings = typings_of(shop.log, shop.plain)
    search = shop.log.searches()[10]
    wanted = shop.log.id(search.query)
    typed = {each.prefix for each in typings if each.session == search.session and each.wanted == wanted}
    assert {search.query[:size] for size in range(len(search.query)) if not search.query[:size].endswith(" ")} <= typed


def test_an_explanation_names_features_and_adds_up(shop: Shop) -> None:
    context = Context(NOW, explain=True, history=NOBODY.searched("cup bow", NOW - 5_000))
    found = shop.ranked.complete(Prefix("cu", 4), context)
    named = {name for each in found for name in each.reasons if name.startswith("model.")}
    assert named
    assert {name.removeprefix("model.") for name in named} <= {*FEATURES, "bias"}
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    match = shop.ranked.match("cu", 4, context)[0]
    assert match.ranked is not None
    ranker = SuggestionRanker.load(shop.model)
    again = ranker.scores(match.ranked.row[None, :])[0]
    assert again == match.ranked.score
    assert shop.ranked.complete(Prefix("cu", 4), Context(NOW))[0].reasons == {}


@pytest.mark.parametrize("prefix", ["", "c", "cu", "cup b", "cow", "cxt b"])
def test_what_is_explained_sums_to_the_score(shop: Shop, prefix: str) -> None:
    context = Context(NOW, explain=True, history=NOBODY.searched("cup bow", NOW - 5_000))
    found = shop.ranked.complete(Prefix(prefix, 8), context)
    matches = shop.ranked.match(prefix, 8, context)
    assert found
    for each, match in zip(found, matches, strict=True):
        assert match.ranked is not None
        added = {name: float(value) for name, value in each.reasons.items() if name.startswith("model.")}
        assert ("model.slip_chance" in added) == (match.slip is not None) == (prefix == "cxt b")
        assert sum(added.values()) == pytest.approx(match.ranked.score, abs=1e-6)
        assert each.reasons["model"] == match.ranked.score
        # The five largest alone, as explanations once named, are another number.
        features = [value for name, value in added.items() if name.removeprefix("model.") in FEATURES]
        assert len(features) > 5
        assert 0.0 not in features
        assert features == sorted(features, key=abs, reverse=True)


def test_hand_worked_features(shop: Shop) -> None:
    columns = shop.columns
    found = shop.plain.candidates("cat b", 8)
    ids = [match.completion for match in found]
    kinds = [match.kind for match in found]
    rows = rank_features(columns, ids, kinds, [None] * len(ids), parse_prefix("cat b"), LocalTime(3, 0))
    row = dict(zip(FEATURES, rows[0].tolist(), strict=True))
    assert (row["typed_words"], row["typed_characters"], row["words"]) == (1, 5, 2)
    text = shop.index.text(ids[0])
    assert row["share_typed"] == pytest.approx(5 / len(text))
    assert min(rows[:, FEATURES.index("below_weight")]) == 0
    assert (row["results"], row["in_stock"]) == (pytest.approx(np.log1p(3)), pytest.approx(np.log1p(2)))
    session = (
        NOBODY.searched("cat nothing", 1_000).searched("cat", 2_000).looked_at("cup", 3_000).looked_at("cat", 4_000)
    )
    with_session = add_session(rows, shop.index, shop.columns, ids, session, 64_000)
    row = dict(zip(FEATURES, with_session[0].tolist(), strict=True))
    assert row["session_length"] == 4
    assert row["seconds_since"] == 60
    assert row["shared_words"] == 0.5
    assert (row["refines"], row["repeats"], row["clicked_category"]) == (1, 0, 1)
    assert np.isfinite(with_session).all()
    assert not rows[:, FEATURES.index("session_length")].any()


def test_what_goes_into_the_cart_counts_for_the_prefix_it_was_typed_as(shop: Shop, tmp_path: Path) -> None:
    # Four people wanted "cat bag": three typed "ca", of whom one put it into the cart, and one "cat b", who did.
    typed = [("one", "ca", True), ("two", "ca", False), ("three", "ca", False), ("four", "cat b", True)]
    searches, keystrokes = [], []
    for place, (person, prefix, carted) in enumerate(typed):
        at_ms = (END - 2) * DAY_MS + place * 60_000
        sent = prefix_log.search(f"q{place}", at_ms + 2_000, person, "cat bag")
        searches.append(sent | {"carted": ["p-cat"] if carted else []})
        # What the same person does later says nothing of what was typed now.
        searches.append(prefix_log.search(f"r{place}", at_ms + 9_000, person, "cat bag") | {"carted": ["p-cat"]})
        said = {"suggest_id": f"k{place}", "at_ms": at_ms, "person_hash": person, "session_id": person}
        said |= {"prefix": prefix, "locale": "en", "shown": ["cat bed"], "picked": None, "picked_position": None}
        keystrokes.append(said | {"final_query": "cat bag"})
    prefix_log.write(tmp_path, searches, keystrokes)
    log = MinedLog(tmp_path, shop.index, "en")
    columns = columns_as_of(shop.index, shop.catalogue, log.history(), log.prefix_log(), END, 0)
    bag, bed = log.id("cat bag"), log.id("cat bed")
    counts = columns.prefixes.counts("ca", np.array([bag, bed]))
    assert counts is not None
    assert (counts.wanted.tolist(), counts.carted.tolist()) == ([3, 0], [1, 0])

    def rate(prefix: str, name: str) -> float:
        rows = rank_features(columns, [bag], [MatchKind.PREFIX], [None], parse_prefix(prefix), LocalTime(3, 0))
        return float(rows[0, FEATURES.index(name)])

    # Of eight searches six: (6 + 10 * .75) / (8 + 10).
    assert rate("ca", "cart_rate") == pytest.approx(0.75)
    assert rate("ca", "cart_rate_here") == pytest.approx((1 + 7.5) / 13)
    assert rate("cat b", "cart_rate_here") == pytest.approx((1 + 7.5) / 11)
    assert rate("c", "cart_rate_here") == pytest.approx(0.75)


@pytest.mark.parametrize("damage", ["cut", "other features", "no trees", "no manifest", "newer"])
def test_a_damaged_model_is_refused_by_name(shop: Shop, tmp_path: Path, damage: str) -> None:
    for name in ("suggester.json", "trees.txt"):
        (tmp_path / name).write_bytes((shop.model / name).read_bytes())
    manifest = orjson.loads((tmp_path / "suggester.json").read_bytes())
    if damage == "cut":
        (tmp_path / "trees.txt").write_bytes((tmp_path / "trees.txt").read_bytes()[:3_000])
    elif damage == "other features":
        (tmp_path / "suggester.json").write_bytes(orjson.dumps(manifest | {"features": ["moon", *FEATURES[1:]]}))
    elif damage == "no trees":
        (tmp_path / "trees.txt").unlink()
    elif damage == "no manifest":
        (tmp_path / "suggester.json").write_text("{}")
    else:
        (tmp_path / "suggester.json").write_bytes(orjson.dumps(manifest | {"format": 99}))
    with pytest.raises((ReleaseDamaged, ReleaseTooNew), match=str(tmp_path)):
        SuggestionRanker.load(tmp_path)


def test_the_sample_is_drawn_evenly_and_in_time() -> None:
    typings = [Typing(day * DAY_MS, "s", "c", 0) for day in range(40) for _ in range(10)]
    drawn = sample(typings, 60, 1)
    assert len(drawn) == 90
    assert [each.at_ms for each in drawn] == sorted(each.at_ms for each in drawn)
    assert min(each.at_ms for each in drawn) >= 7 * DAY_MS


class InOrder(Ranking):
    """A model to which all candidates are alike."""

    def __init__(self) -> None:
        pass

    def order(
        self, found: Sequence[Match], _typed: Typed | None, _limit: int, _context: Context, _remember: bool = True
    ) -> Order:
        nothing = np.zeros((len(found), len(FEATURES)), np.float32)
        return Order(found, nothing, np.zeros(len(found)), range(len(found)))


def test_the_last_places_of_a_whole_word_are_for_kinds_of_it() -> None:
    going_on = [(f"bag number{place}", 90.0 - place) for place in range(12)]
    kinds = [("sleeping bag", 50.0), ("sleeping bags", 49.0), ("tote bag", 84.5), ("bag in bag", 95.0), ("tea", 99.0)]
    others = [("bag of beans", 70.0), ("red bag small", 60.0), ("doggy bag", 85.5)]
    group_of = grouping(analyser_for("en"))
    index = build_index([Completion(text, weight) for text, weight in (*going_on, *kinds, *others)], group_of)
    ranked = TrieCompleter(index, build_index([], group_of), InOrder())

    def ask(prefix: str, limit: int = 8, held: TrieCompleter = ranked) -> list[str]:
        return [match.text for match in held.match(prefix, limit)]

    first = ["bag in bag", *(f"bag number{place}" for place in range(12))]
    # Places seven and eight are for weights 85.5 and 85, where by kind they were for 85 and 84.
    assert ask("bag") == [*first[:6], "doggy bag", "bag number5"]
    assert ask("bag", 3) == first[:3]
    # Less than a word, more than one, and one that is over.
    for prefix in ("ba", "bag n", "bag "):
        assert ask(prefix) == [text for text in first if text.startswith(prefix)][:8]
    # Where the answer is not full, all that hold the word are in it anyway.
    assert ask("tea") == ["tea"]
    # What was typed in whole keeps the last one.
    rare = [Completion(text, weight) for text, weight in (*going_on, *kinds, *others, ("bag", 0.1))]
    named = TrieCompleter(build_index(rare, group_of), build_index([], group_of), InOrder())
    assert ask("bag", 8, named) == [*first[:6], "doggy bag", "bag"]
    shown = [match for match in ranked.match("bag", 8) if match.text == "doggy bag"]
    assert [(match.kind, match.slip, match.ranked) for match in shown] == [(MatchKind.INFIX, None, None)]
