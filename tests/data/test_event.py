import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadRow, TooManyBadRows
from data.event import Event, encode_event, parse_event, read_events, write_events
from data.quarantine import Quarantine

CLICK = {
    "application": "shop",
    "action_name": "click",
    "query_id": "q1",
    "client_id": "c1",
    "timestamp": "2026-01-02T03:04:05.678Z",
    "user_query": "blue jacket",
    "event_attributes": {
        "object": {"object_id": 17, "object_id_field": "sku"},
        "position": {"ordinal": 3},
        "ip": "::1",
    },
}
AT_MS = 1_767_323_045_678


def test_a_click_as_ubi_says_it() -> None:
    event = parse_event(CLICK)
    assert event == Event(
        "click",
        AT_MS,
        application="shop",
        query_id="q1",
        client_id="c1",
        user_query="blue jacket",
        event_attributes={"object": {"object_id": 17, "object_id_field": "sku"}, "position": {"ordinal": 3}},
    )
    assert (event.object_id, event.ordinal, event.person, event.query_text) == ("17", 3, "c1", "blue jacket")


def test_a_query_record_is_a_search() -> None:
    event = parse_event(
        {
            "user_query": "lamp",
            "query_id": "q",
            "timestamp": 5,
            "query_attributes": {"locale": "de"},
            "query_response_hit_ids": ["a"],
        }
    )
    assert (event.action_name, event.query_text, event.locale, event.at_ms) == ("search", "lamp", "de", 5)
    assert event.event_attributes["query_response_hit_ids"] == ["a"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action_name": None, "user_query": None}, "action_name"),
        ({"action_name": 1.5}, "action_name"),
        ({"timestamp": None}, "timestamp"),
        ({"timestamp": "soon"}, "timestamp"),
        ({"timestamp": -5}, "timestamp"),
        ({"query_id": "q" * 101}, "query_id"),
        ({"client_id": ["c"]}, "client_id"),
        ({"user_query": {"q": 1}}, "user_query"),
        ({"event_attributes": "x"}, "event_attributes"),
        ({"event_attributes": {"x": "y" * 70_000}}, "event_attributes"),
        ({"event_attributes": {"object": {"object_id": "x" * 257}}}, "event_attributes.object.object_id"),
    ],
)
def test_what_is_no_event_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRow) as caught:
        parse_event({**CLICK, **change})
    assert caught.value.field == field


def test_an_event_without_a_time_happened_when_it_came() -> None:
    assert parse_event({**CLICK, "timestamp": None}, received_ms=99).at_ms == 99
    assert parse_event({**CLICK, "timestamp": "2026-01-02T03:04:05.678"}).at_ms == AT_MS  # UTC
    assert parse_event({**CLICK, "timestamp": "2026-01-02T04:04:05.678+01:00"}).at_ms == AT_MS
    with pytest.raises(BadRow):
        parse_event("click")


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["object", "position", "x"]), inner),
    max_leaves=5,
)


@given(
    st.builds(
        Event,
        action_name=NAMES.filter(bool),
        at_ms=st.integers(0, 10**13),
        application=NAMES,
        query_id=NAMES,
        session_id=NAMES,
        client_id=NAMES,
        user_id=NAMES,
        user_query=NAMES,
        message_type=NAMES,
        message=NAMES,
        event_attributes=st.dictionaries(st.sampled_from(["object", "position", "page"]), JSON),
    )
)
def test_an_event_goes_round(event: Event) -> None:
    assert parse_event(json.loads(encode_event(event))) == event
    _ = event.object_id, event.ordinal, event.locale, event.person, event.query_text


def test_files_go_round_and_bad_lines_are_set_aside(tmp_path: Path) -> None:
    bulk = tmp_path / "bulk.ndjson.gz"
    lines = [{"index": {"_index": "ubi_events"}}, CLICK, {"update": {"_id": "1"}}, {"doc": CLICK}, {"create": {}}]
    text = "\n".join([*map(json.dumps, [*lines, {"user_query": "lamp", "timestamp": 1}]), "{broken", '{"a": 1}'])
    bulk.write_bytes(gzip.compress(text.encode()))
    quarantine = Quarantine()
    events = list(read_events(bulk, quarantine))
    assert [event.action_name for event in events] == ["click", "click", "search"]
    assert quarantine.rejected == 2
    path = tmp_path / "events.jsonl.gz"
    assert write_events(path, events) == 3
    assert list(read_events(path, Quarantine())) == events


def test_a_file_of_other_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n' * 20)
    with pytest.raises(TooManyBadRows, match="20 of 20"):
        list(read_events(path, Quarantine()))
