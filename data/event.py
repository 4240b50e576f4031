"""What shoppers did: User Behavior Insights (UBI) 1.3 events.

A query of UBI's other stream is kept as an event too, with the action `search`: one log tells the whole story.

References:
    https://github.com/o19s/ubi, schemas 1.3.0 of `event` and `query.request`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from data.errors import BadRow
from data.product_row import parse_time_ms
from data.quarantine import Quarantine
from data.rows import read_rows, write_jsonl

SEARCH = "search"
# What different collectors call the moment at which a query was sent.
SEARCH_ACTIONS = frozenset({SEARCH, "on_search", "query"})
LONGEST_NAME = 100  # of ids and actions; UBI's own limit
LONGEST_OBJECT_ID = 256  # likewise
LONGEST_TEXT = 1024  # likewise, of messages; longer ones are cut
LARGEST_ATTRIBUTES_BYTES = 64 * 1024
# Nothing here needs to know who somebody is beyond "the same as before"; what says more is not kept.
_NOT_KEPT = frozenset({"ip", "ip_address", "browser", "user_agent", "email", "geo", "location"})
_NAMES = ("application", "query_id", "session_id", "client_id", "user_id", "message_type")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; an unknown text is empty.

    Attributes:
        action_name: `search`, `impression`, `click`, `add_to_cart`, `purchase`, ... or a shop's own.
        at_ms: When it happened, UTC epoch milliseconds.
        application: The page or program that sent it.
        query_id: Of the search that it belongs to.
        session_id: Of the visit.
        client_id: Of the browser or device.
        user_id: Of the person, where one is signed in.
        user_query: The query as typed, where the event says it.
        message_type: A bin of actions, such as QUERY or CONVERSION.
        message: Free text.
        event_attributes: The rest, as sent: `object` (with `object_id`), `position` (with `ordinal`), ...
    """

    action_name: str
    at_ms: int
    application: str = ""
    query_id: str = ""
    session_id: str = ""
    client_id: str = ""
    user_id: str = ""
    user_query: str = ""
    message_type: str = ""
    message: str = ""
    event_attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def object_id(self) -> str | None:
        """The product acted on."""
        value = _part(self.event_attributes, "object").get("object_id")
        return None if value is None else str(value)

    @property
    def ordinal(self) -> int | None:
        """Its place in the results, as sent (collectors count from 0 or from 1)."""
        value = _part(self.event_attributes, "position").get("ordinal")
        if isinstance(value, Mapping):  # UBI 1.0
            value = value.get("index")
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    @property
    def locale(self) -> str | None:
        """The locale searched in, where the shop logs it."""
        value = self.event_attributes.get("locale") or _part(self.event_attributes, "query_attributes").get("locale")
        return value if isinstance(value, str) else None

    @property
    def person(self) -> str | None:
        """Who did it, as closely as is known: the user, else the client, else the session."""
        return self.user_id or self.client_id or self.session_id or None

    @property
    def query_text(self) -> str:
        """The query that was sent, where this event says it."""
        if self.user_query:
            return self.user_query
        is_query = self.message_type.upper() == "QUERY" or self.action_name in SEARCH_ACTIONS
        return self.message if is_query else ""


def _part(attributes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = attributes.get(name)
    return value if isinstance(value, Mapping) else {}


def parse_event(record: Any, received_ms: int | None = None) -> Event:
    """A UBI event or query record as an `Event`.

    Args:
        record: Decoded JSON.
        received_ms: The time of an event that says none.

    Raises:
        BadRow: When it is no event: no action (and no query), no time, an id that is no short text.
    """
    if not isinstance(record, Mapping):
        raise BadRow("event", f"expected an object, got {type(record).__name__}")
    names = {name: _name(record.get(name), name) for name in _NAMES}
    attributes = record.get("event_attributes")
    if attributes is None:
        attributes = {}
    if not isinstance(attributes, Mapping):
        raise BadRow("event_attributes", f"expected an object, got {type(attributes).__name__}")
    attributes = {name: value for name, value in attributes.items() if name not in _NOT_KEPT}
    names["session_id"] = names["session_id"] or _name(attributes.pop("session_id", None), "session_id")
    action = _name(record.get("action_name"), "action_name")
    user_query = _text(record.get("user_query"), "user_query")
    if not action:
        if not user_query:
            raise BadRow("action_name", "expected an action such as 'click' (or a user_query), got none")
        action = SEARCH
        kept = ("query_attributes", "query_response_hit_ids")
        attributes.update({name: record[name] for name in kept if record.get(name)})
    object_id = _part(attributes, "object").get("object_id")
    if object_id is not None and len(str(object_id)) > LONGEST_OBJECT_ID:
        raise BadRow("event_attributes.object.object_id", f"expected at most {LONGEST_OBJECT_ID} characters")
    try:
        size = len(orjson.dumps(attributes))
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise BadRow("event_attributes", f"cannot be kept as JSON: {error}") from error
    if size > LARGEST_ATTRIBUTES_BYTES:
        raise BadRow("event_attributes", f"expected at most {LARGEST_ATTRIBUTES_BYTES} bytes, got {size}")
    message = _text(record.get("message"), "message")
    at_ms = _when(record.get("timestamp"), received_ms)
    return Event(action, at_ms, **names, user_query=user_query, message=message, event_attributes=attributes)


def _name(value: Any, field_name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow(field_name, f"expected a text, got {type(value).__name__}")
    text = str(value).strip()
    if len(text) > LONGEST_NAME:
        raise BadRow(field_name, f"expected at most {LONGEST_NAME} characters, got {len(text)}")
    return text


def _text(value: Any, field_name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(field_name, f"expected a text, got {type(value).__name__}")
    return value[:LONGEST_TEXT]


def _when(value: Any, received_ms: int | None) -> int:
    if value is None or value == "":
        if received_ms is None:
            raise BadRow("timestamp", "expected an ISO 8601 time, got none")
        return received_ms
    try:
        return parse_time_ms(value)
    except (ValueError, OverflowError) as error:
        raise BadRow("timestamp", str(error)) from error


def event_record(event: Event) -> dict[str, Any]:
    """The event as UBI's JSON; unknown fields are left out."""
    record: dict[str, Any] = {
        "action_name": event.action_name,
        "timestamp": datetime.fromtimestamp(event.at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
    }
    texts = {name: getattr(event, name) for name in (*_NAMES, "user_query", "message")}
    record |= {name: text for name, text in texts.items() if text}
    if event.event_attributes:
        record["event_attributes"] = dict(event.event_attributes)
    return record


def encode_event(event: Event) -> bytes:
    """One line of JSON; `parse_event` of it gives an equal event."""
    return orjson.dumps(event_record(event))


def is_bulk_action(record: Mapping[str, Any]) -> bool:
    """Whether a line is OpenSearch's bulk instruction for the next one, not an event."""
    return len(record) == 1 and next(iter(record)) in {"index", "create", "update", "delete"}


def read_events(path: Path, quarantine: Quarantine, share: float = 0.05) -> Iterator[Event]:
    """Read UBI events and queries (JSONL, also OpenSearch bulk lines; .gz), in file order.

    Args:
        path: Of the file.
        quarantine: Takes the lines that are no events.
        share: Largest share of such lines.

    Raises:
        InputError: When the file cannot be read.
        TooManyBadRows: At the end, when more were set aside.
    """
    before = quarantine.rejected
    good = 0
    for line, record in read_rows(path, quarantine):
        if is_bulk_action(record):
            continue
        inner = record.get("doc") if set(record) == {"doc"} else record  # of a bulk update
        try:
            event = parse_event(inner)
        except BadRow as error:
            quarantine.reject(path.name, line, error.field, error.reason, record)
            continue
        good += 1
        yield event
    quarantine.check(str(path), good + quarantine.rejected - before, share, before)


def write_events(path: Path, events: Iterable[Event]) -> int:
    """Write events one a line, zipped when the name ends in .gz; how many there were."""
    return write_jsonl(path, map(encode_event, events))
