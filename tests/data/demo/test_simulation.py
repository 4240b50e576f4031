"""A simulated log is one that a shop could have: readable, in order, biased by position, with strangers in it."""

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import orjson
import pytest

from data.demo.catalogue import DAY_MS, FIRST_DAY_MS, day_of
from data.demo.clicks import EXAMINATION
from data.event import Event
from data.mining.privacy import passes_luhn
from tests.data.demo.small import DAYS, SEED, SHOPPERS, SmallLaboratory, make_small, read_day


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallLaboratory:
    return make_small(tmp_path_factory.mktemp("laboratory"))


@pytest.fixture(scope="module")
def events(small: SmallLaboratory) -> list[Event]:
    return small.events()


@pytest.fixture(scope="module")
def bots(small: SmallLaboratory) -> set[str]:
    return set(orjson.loads((small.folder / "truth" / "truth.json").read_bytes())["bots"])


def test_a_seed_is_the_same_bytes_and_another_is_not(small: SmallLaboratory, tmp_path: Path) -> None:
    again, other = make_small(tmp_path / "again"), make_small(tmp_path / "other", SEED + 1)
    for folder in ("events", "truth"):
        for path in (small.folder / folder).iterdir():
            assert (again.folder / folder / path.name).read_bytes() == path.read_bytes(), path.name
    assert other.files[0].read_bytes() != small.files[0].read_bytes()


def test_every_line_is_an_event_of_its_day_in_order(small: SmallLaboratory) -> None:
    assert [path.name for path in small.files] == [f"day-{day:02}.jsonl.gz" for day in range(1, DAYS + 1)]
    read = 0
    for day, path in enumerate(small.files, start=1):
        found = read_day(path)
        read += len(found)
        assert {day_of(event.at_ms) for event in found} == {day}
        assert all(one.at_ms <= other.at_ms for one, other in pairwise(found))
    assert read == small.written > 50 * SHOPPERS / 2


def test_fewer_days_leave_no_older_ones_behind(tmp_path: Path) -> None:
    make_small(tmp_path, days=3, shoppers=20)
    assert len(make_small(tmp_path, days=2, shoppers=20).files) == 2


def test_every_kind_of_event_says_what_it_must(events: list[Event], small: SmallLaboratory) -> None:
    kinds = Counter(event.action_name for event in events)
    assert set(kinds) == {"suggest", "suggest_pick", "search", "click", "view", "add_to_cart", "purchase"}
    hits: dict[str, list[str]] = {}
    shown: dict[str, list[str]] = {}
    for event in events:
        attributes = event.event_attributes
        assert event.session_id
        assert event.client_id
        match event.action_name:
            case "suggest":
                assert not event.query_id
                assert not event.user_query
                assert all(text.startswith(attributes["prefix"]) for text in attributes["shown"])
                assert attributes["locale"] in small.lexicon.locales
                shown[attributes["suggest_id"]] = attributes["shown"]
            case "suggest_pick":
                assert event.ordinal is not None
                assert shown[attributes["suggest_id"]][event.ordinal - 1] == event.object_id
            case "search":
                assert event.user_query
                hits[event.query_id] = attributes["query_response_hit_ids"]
            case "click":
                assert event.ordinal is not None
                assert hits[event.query_id][event.ordinal - 1] == event.object_id
            case _:
                assert event.object_id in small.catalogue.facts
    assert len(shown) == kinds["suggest"]
    assert len(hits) == kinds["search"]


def test_what_is_typed_grows_key_by_key(events: list[Event]) -> None:
    """A keystroke adds one character to the last one or starts anew, and a session's keys are in the order of time."""
    sessions = defaultdict(list)
    for event in events:
        if event.action_name == "suggest":
            sessions[event.session_id].append(event.event_attributes["prefix"])
    assert len(sessions) > SHOPPERS / 2
    grown = 0
    for prefixes in sessions.values():
        for one, other in pairwise(prefixes):
            assert len(other) == 1 or other[:-1] == one
            grown += len(other) > 1
    assert grown > 1_000


def test_positions_are_clicked_as_they_are_looked_at(tmp_path: Path) -> None:
    """Looks can be had back from the log, by what was shown in more than one place.

    Products of one query that rank next to each other are much alike, so that the shares of clicks, each position
    weighed by how well its products fit, fall like the planted curve.
    """
    small = make_small(tmp_path, shoppers=500)
    clicked = Counter(event.ordinal for event in small.events() if event.action_name == "click")
    shown: Counter[int] = Counter()
    for event in small.events():
        if event.action_name == "search" and event.client_id.startswith("c"):
            shown.update(range(1, len(event.event_attributes["query_response_hit_ids"]) + 1))
    rates = {place: clicked[place] / shown[place] for place in (1, 2, 3, 5, 10)}
    assert rates[1] > rates[2] > rates[3] > rates[10]
    # Better products stand higher, so that clicks fall faster than looks do.
    assert rates[10] / rates[1] < EXAMINATION[9] * 1.1


def test_bots_are_faster_than_people(events: list[Event], bots: set[str]) -> None:
    times: dict[bool, list[int]] = {True: [], False: []}
    by_session = defaultdict(list)
    for event in events:
        if event.action_name == "search":
            by_session[event.client_id, event.session_id].append(event.at_ms)
    for (client, _), found in by_session.items():
        times[client in bots] += [other - one for one, other in pairwise(found)]
    assert median(times[True]) < 1_500
    assert median(times[False]) > 4 * median(times[True])


def test_private_data_is_typed_by_mistake(tmp_path: Path) -> None:
    small = make_small(tmp_path, shoppers=2_500)
    private = orjson.loads((tmp_path / "truth" / "truth.json").read_bytes())["private"]
    typed = {event.user_query for event in small.events() if event.action_name == "search"}
    assert private
    assert set(private) <= typed
    assert any(passes_luhn(text) for text in private if text.isdigit())
    assert any("@" in text for text in private)


def test_what_is_not_there_is_not_shown_and_what_is_sold_out_is_not_bought(
    events: list[Event], small: SmallLaboratory
) -> None:
    facts = small.catalogue.facts
    bought = 0
    for event in events:
        day = (event.at_ms - FIRST_DAY_MS) // DAY_MS + 1
        if event.action_name == "search":
            assert all(facts[shown].launch_day <= day for shown in event.event_attributes["query_response_hit_ids"])
        elif event.action_name == "purchase" and event.object_id is not None:
            sold_out = facts[event.object_id].sold_out_day
            assert sold_out is None or day < sold_out
            bought += 1
    assert bought > 20
