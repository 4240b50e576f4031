"""The check of one message, without a server."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.keystroke import Mistake, parse_keystroke


def parse(**fields: object) -> object:
    return parse_keystroke(orjson.dumps(fields), max_prefix=256, received_us=5)


def test_defaults_stand_for_what_is_left_out() -> None:
    keystroke = parse_keystroke(b'{"seq": 3, "prefix": "blu"}', 256, 5)
    assert (keystroke.seq, keystroke.prefix, keystroke.received_us) == (3, "blu", 5)
    assert (keystroke.limit, keystroke.locale, keystroke.session, keystroke.user) == (None, None, None, None)
    assert keystroke.explain is False


@pytest.mark.parametrize(
    ("fields", "seq", "what"),
    [
        ({"prefix": "a"}, None, "seq"),
        ({"seq": "1", "prefix": "a"}, None, "seq"),
        ({"seq": True, "prefix": "a"}, None, "seq"),
        ({"seq": 1.5, "prefix": "a"}, None, "seq"),
        ({"seq": 1}, 1, "prefix"),
        ({"seq": 1, "prefix": None}, 1, "prefix"),
        ({"seq": 1, "prefix": ["a"]}, 1, "prefix"),
        ({"seq": 1, "prefix": "a" * 257}, 1, "256"),
        ({"seq": 1, "prefix": "a", "limit": 0}, 1, "limit"),
        ({"seq": 1, "prefix": "a", "limit": 51}, 1, "limit"),
        ({"seq": 1, "prefix": "a", "limit": True}, 1, "limit"),
        ({"seq": 1, "prefix": "a", "locale": "x" * 36}, 1, "locale"),
        ({"seq": 1, "prefix": "a", "session": 7}, 1, "session"),
        ({"seq": 1, "prefix": "a", "user": "u" * 201}, 1, "user"),
        ({"seq": 1, "prefix": "a", "context": []}, 1, "context"),
        ({"seq": 1, "prefix": "a", "context": {"queries": "tea"}}, 1, "context.queries"),
        ({"seq": 1, "prefix": "a", "context": {"clicked": ["p1", 2]}}, 1, "context.clicked"),
        ({"seq": 1, "prefix": "a", "context": {"queries": ["tea", 7]}}, 1, "context.queries"),
        ({"seq": 1, "prefix": "a", "explain": "yes"}, 1, "explain"),
        ({"seq": 1, "prefix": "a", "groups": None}, 1, "groups"),
        ({"seq": 1, "prefix": "a", "groups": 1}, 1, "groups"),
    ],
)
def test_a_mistake_names_its_field_and_keeps_the_seq(fields: dict[str, object], seq: int | None, what: str) -> None:
    with pytest.raises(Mistake, match=what) as caught:
        parse(**fields)
    assert caught.value.seq == seq


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_keystroke_or_a_mistake(message: bytes) -> None:
    try:
        detail = parse_keystroke(message, 256, 0).prefix
    except Mistake as mistake:
        detail = mistake.detail
    # What came is described, never repeated: it may be anything.
    assert len(detail) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("seq", "prefix", "limit", "locale", "session", "user", "context", "explain", "groups"), JSON
        ),
    )
)
def test_any_json_is_a_keystroke_or_a_mistake_with_its_seq(fields: dict[str, object]) -> None:
    seq = fields["seq"] if type(fields.get("seq")) is int else None
    try:
        keystroke = parse_keystroke(orjson.dumps(fields), 256, 0)
        found, seq_found = keystroke.prefix, keystroke.seq
    except Mistake as mistake:
        found, seq_found = fields.get("prefix"), mistake.seq
    assert seq_found == seq
    assert found == fields.get("prefix")


def test_groups_are_asked_for() -> None:
    assert not parse_keystroke(b'{"seq":1,"prefix":"a"}', 100, 0).groups
    assert parse_keystroke(b'{"seq":1,"prefix":"a","groups":true}', 100, 0).groups


def test_only_the_newest_of_a_sessions_doings_are_read() -> None:
    message = {"seq": 1, "prefix": "a", "context": {"queries": [*map(str, range(1_000))], "page": "home"}}
    keystroke = parse_keystroke(orjson.dumps(message), 100, 0)
    assert keystroke.queries == ("995", "996", "997", "998", "999")
    assert keystroke.clicked == ()


def test_a_search_too_long_to_say_anything_ends_no_visits_suggestions() -> None:
    message = {"seq": 1, "prefix": "a", "context": {"queries": ["x" * 201, "y" * 200, "tea"]}}
    assert parse_keystroke(orjson.dumps(message), 100, 0).queries == ("y" * 200, "tea")
