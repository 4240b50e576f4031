"""A simulated log is one that a shop could have: readable, in order, biased by position, with strangers in it."""

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from data.demo.catalogue import DAY_MS, FIRST_DAY_MS, day_of
from data.event import Event
from data.mining.clicks import fit_examination
from data.privacy import is_private
from tests.data.demo.small import DAYS, SHOPPERS, SmallLaboratory, make_small, read_day


def test_a_seed_is_the_same_bytes_and_another_is_not(tmp_path: Path) -> None:
    one, again, other = (
        make_small(tmp_path / name, seed, days=4, shoppers=60) for name, seed in (("1", 1), ("2", 1), ("3", 2))
    )
    for folder in ("events", "truth"):
        for path in (one.folder / folder).iterdir():
            assert (again.folder / folder / path.name).read_bytes() == path.read_bytes(), path.name
    assert other.files[0].read_bytes() != one.files[0].read_bytes()


def test_every_line_is_an_event_of_its_day_in_order(small: SmallLaboratory) -> None:
    assert [path.name for path in small.files] == [f"day-{day:02}.jsonl.gz" for day in range(1, DAYS + 1)]
    read = 0
    for day, path in enumerate(small.files, start=1):
        found = read_day(path)
        read += len(found)
        assert {day_of(event.at_ms) for event in found} == {day}
        assert all(one.at_ms <= other.at_ms for one, other in pairwise(found))
    assert read == small.written > 20 * SHOPPERS


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


def test_looks_can_be_told_from_liking(events: list[Event], truth: dict[str, Any]) -> None:
    """The planted curve comes back from products that a query showed in several places."""
    shown: Counter[tuple[str, str, int]] = Counter()
    clicked: Counter[tuple[str, str, int]] = Counter()
    queries: dict[str, str] = {}
    for event in events:
        if event.client_id in truth["bots"]:
            continue
        if event.action_name == "search":
            queries[event.query_id] = event.user_query
            ids = event.event_attributes["query_response_hit_ids"]
            shown.update((event.user_query, product_id, place) for place, product_id in enumerate(ids, start=1))
        elif event.action_name == "click" and event.ordinal is not None and event.object_id is not None:
            clicked[queries[event.query_id], event.object_id, event.ordinal] += 1
    places = Counter((query, product_id) for query, product_id, _ in shown)
    numbers = {pair: number for number, pair in enumerate(pair for pair, count in places.items() if count > 1)}
    rows = [
        (numbers[query, product_id], place, count, clicked[query, product_id, place])
        for (query, product_id, place), count in shown.items()
        if (query, product_id) in numbers
    ]
    pair, place, looks, clicks = np.array(rows).T
    found = fit_examination(pair, place, looks, clicks)
    assert found[:8] == pytest.approx(truth["examination"][:8], abs=0.15)
    naive = np.bincount(place, clicks)[1:] / np.bincount(place, looks)[1:]
    assert naive[0] > naive[2] > naive[7]


def test_bots_are_faster_than_people_and_some_open_everything(events: list[Event], truth: dict[str, Any]) -> None:
    bots = set(truth["bots"])
    times: dict[bool, list[int]] = {True: [], False: []}
    by_session = defaultdict(list)
    for event in events:
        if event.action_name == "search":
            by_session[event.client_id, event.session_id].append(event.at_ms)
    for (client, _), found in by_session.items():
        times[client in bots] += [other - one for one, other in pairwise(found)]
    assert median(times[True]) < 1_500
    assert median(times[False]) > 4 * median(times[True])
    opened = Counter(event.client_id for event in events if event.action_name == "click" and event.client_id in bots)
    assert 0 < len(opened) < len(bots)


def test_private_data_is_typed_by_mistake(events: list[Event], truth: dict[str, Any]) -> None:
    typed = {event.user_query for event in events if event.action_name == "search"}
    assert truth["private"]
    assert set(truth["private"]) <= typed
    assert all(is_private(text) for text in truth["private"])


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
