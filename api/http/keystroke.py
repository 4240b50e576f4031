"""A keystroke as it comes over the suggest socket: read, and checked."""

from dataclasses import dataclass
from typing import Any

import orjson

from api.http.sessions import newest_said
from api.http.suggest import prefix_too_long
from api.http.wire import MAX_LIMIT, MAX_LOCALE, MAX_NAME
from autocomplete.ranking.session import MOST_KEPT


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One message, checked."""

    seq: int
    prefix: str
    limit: int | None
    locale: str | None
    session: str | None
    user: str | None
    explain: bool
    received_us: int
    queries: tuple[str, ...] = ()
    clicked: tuple[str, ...] = ()
    groups: bool = False


class Mistake(Exception):  # noqa: N818 - what a client made, not what went wrong here
    """A message that cannot be answered; the socket stays open."""

    def __init__(self, seq: int | None, detail: str) -> None:
        super().__init__(detail)
        self.seq = seq
        self.detail = detail


def parse_keystroke(message: str | bytes, max_prefix: int, received_us: int) -> Keystroke:
    """Check one message by hand: a pydantic model would cost more than the answer.

    Raises:
        Mistake: Saying what was expected and what came, with the `seq` if that much could be read.
    """
    try:
        fields = orjson.loads(message)
    except orjson.JSONDecodeError as error:
        raise Mistake(None, f"expected a JSON object, got something else: {error}") from error
    if type(fields) is not dict:
        raise Mistake(None, f"expected a JSON object, got {_kind(fields)}")
    seq = fields.get("seq")
    if type(seq) is not int:
        raise Mistake(None, f"seq: expected a whole number that grows with every keystroke, got {_kind(seq)}")
    prefix = fields.get("prefix")
    if type(prefix) is not str:
        raise Mistake(seq, f"prefix: expected a text, got {_kind(prefix)}")
    if len(prefix) > max_prefix:
        raise Mistake(seq, prefix_too_long(len(prefix), max_prefix))
    limit = fields.get("limit")
    if limit is not None and (type(limit) is not int or not 1 <= limit <= MAX_LIMIT):
        raise Mistake(seq, f"limit: expected a whole number from 1 to {MAX_LIMIT}")
    explain, groups = (_flag(fields, name, seq) for name in ("explain", "groups"))
    context = fields.get("context")
    if context is None:
        context = {}
    if type(context) is not dict:
        raise Mistake(seq, f"context: expected an object, got {_kind(context)}")
    return Keystroke(
        seq,
        prefix,
        limit,
        _optional_text(fields, "locale", seq, MAX_LOCALE),
        _optional_text(fields, "session", seq, MAX_NAME),
        _optional_text(fields, "user", seq, MAX_NAME),
        explain,
        received_us,
        _texts(context, "queries", seq),
        _texts(context, "clicked", seq),
        groups,
    )


def _flag(fields: dict[str, Any], name: str, seq: int) -> bool:
    value = fields.get(name, False)
    if type(value) is not bool:
        raise Mistake(seq, f"{name}: expected true or false, got {_kind(value)}")
    return value


def _optional_text(fields: dict[str, Any], name: str, seq: int, most: int) -> str | None:
    value = fields.get(name)
    if value is None or (type(value) is str and len(value) <= most):
        return value or None
    raise Mistake(seq, f"{name}: expected a text of up to {most} characters, got {_kind(value)}")


def _texts(context: dict[str, Any], name: str, seq: int) -> tuple[str, ...]:
    """A list of texts in the context, the newest last; only as many as a session keeps are read."""
    value = context.get(name)
    if value is None:
        return ()
    if type(value) is not list:
        raise Mistake(seq, f"context.{name}: expected a list of texts, got {_kind(value)}")
    newest = value[-MOST_KEPT:]
    if not all(type(each) is str for each in newest):
        raise Mistake(seq, f"context.{name}: expected texts, got something else among them")
    return newest_said(newest)


def _kind(value: object) -> str:
    """What came, without repeating it."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
