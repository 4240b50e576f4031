"""Errors on the wire: RFC 9457 problem details over HTTP, the same type and detail over WebSocket.

Every problem has a `type` of the form `urn:intentrie:problem:NAME`; docs/http.md lists the names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from data.errors import (
    ConfigError,
    CursorExpired,
    InputError,
    IntentrieError,
    ProductNotFound,
    QueryError,
    ReleaseError,
    ReleaseNotFound,
    StaleVersion,
    StorageError,
)

PROBLEM_JSON = "application/problem+json"
_PREFIX = "urn:intentrie:problem:"

# Of the many errors of one bad batch, the first few say what is wrong.
_SHOWN_ERRORS = 20


class Problem(Exception):  # noqa: N818 - the RFC's word
    """An answer that is a problem.

    Attributes:
        status: HTTP status.
        name: Of the problem type, without the prefix.
        title: The same for every occurrence of the type.
        detail: What was expected, what came, what to do.
        headers: Besides the content type.
        members: Extension members, such as `errors`.
    """

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @property
    def type(self) -> str:
        """The URI of the problem type."""
        return _PREFIX + self.name


class ProblemResponse(Response):
    """A problem as a response."""

    media_type = PROBLEM_JSON

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            orjson.dumps(
                {
                    "type": problem.type,
                    "title": problem.title,
                    "status": problem.status,
                    "detail": printable(problem.detail),
                    **problem.members,
                }
            ),
            status_code=problem.status,
            headers=problem.headers,
        )


def unknown_shop(name: str) -> Problem:
    """No release of such a shop was ever published."""
    return Problem(
        404, "unknown-shop", "Unknown shop", f"there is no shop {name!r} here; GET /health/ready lists the shops"
    )


# The first class that fits counts: narrow ones first. None as the name of a status means that the error says it best.
_KNOWN: Sequence[tuple[type[IntentrieError], int, str, str]] = (
    (CursorExpired, 410, "cursor-expired", "The cursor's release is gone"),
    (QueryError, 400, "invalid-query", "The request cannot be answered as it was put"),
    (StaleVersion, 409, "stale-version", "A newer version is held already"),
    (ProductNotFound, 404, "unknown-product", "Unknown product"),
    (InputError, 422, "invalid-request", "The request is not valid"),
    (ReleaseNotFound, 404, "unknown-shop", "Unknown shop"),
    (ReleaseError, 503, "release-unusable", "The shop's release cannot be served"),
    (ConfigError, 503, "release-unusable", "The shop's release cannot be served"),
    (StorageError, 503, "storage", "The change could not be stored"),
)

# What Starlette raises by itself.
_STATUSES = {
    404: ("not-found", "Not found", "nothing answers at this address; /docs lists what does"),
    405: (
        "method-not-allowed",
        "Method not allowed",
        "this address does not take that method; /docs says which it does",
    ),
    413: ("too-large", "Request too large", "the body is larger than this server takes; send it in parts"),
}


def problem_of(error: Exception) -> Problem:
    """The problem that says this error; an unknown one is a 500 without its text."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid_request(error.errors())
    if isinstance(error, HTTPException):
        name, title, detail = _STATUSES.get(error.status_code, ("http", "The request failed", str(error.detail)))
        return Problem(error.status_code, name, title, detail, error.headers)
    for kind, status, name, title in _KNOWN:
        if isinstance(error, kind):
            retry = {"Retry-After": "1"} if status == 503 else None
            return Problem(status, name, title, str(error), retry)
    return Problem(
        500, "internal", "Internal error", "the server failed on this request; its log has the reason by request id"
    )


def _invalid_request(errors: Sequence[Any]) -> Problem:
    """Where and why, never what came: it may hold anything, and a lot of it."""
    shown = [
        {"at": ".".join(str(part) for part in error["loc"]), "detail": printable(_reason(error))}
        for error in errors[:_SHOWN_ERRORS]
    ]
    first = shown[0] if shown else {"at": "body", "detail": "not valid"}
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(
        422, "invalid-request", "The request is not valid", f"{first['at']}: {first['detail']}{more}", errors=shown
    )


def _reason(error: Any) -> str:
    if error["type"] == "json_invalid":
        return f"not JSON: {error['ctx']['error']}"
    if tuple(error["loc"]) == ("body",):
        return f"{error['msg']}; send JSON with Content-Type: application/json"
    return str(error["msg"])


def printable(text: str) -> str:
    """Without lone surrogates, which no JSON may hold."""
    return text.encode("utf-8", "replace").decode()


async def _answer(_: Request, error: Exception) -> Response:
    return ProblemResponse(problem_of(error))


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error on purpose as a problem; `RequestMiddleware` does it for those that are not."""
    for kind in (Problem, IntentrieError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
