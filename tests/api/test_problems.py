"""Every error on purpose has a status of its own; one that is not says nothing of its inside."""

import inspect

import orjson
import pytest
from starlette.exceptions import HTTPException

from api.http.problems import Problem, ProblemResponse, problem_of
from data import errors


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (errors.CursorExpired("old"), 410, "cursor-expired"),
        (errors.InvalidFilter("no field"), 400, "invalid-query"),
        (errors.InvalidSort("no sort"), 400, "invalid-query"),
        (errors.InvalidCursor("altered"), 400, "invalid-query"),
        (errors.StaleVersion("older"), 409, "stale-version"),
        (errors.ProductNotFound("none"), 404, "unknown-product"),
        (errors.InputError("bad"), 422, "invalid-request"),
        (errors.BadRow("title", "none"), 422, "invalid-request"),
        (errors.ReleaseNotFound("none"), 404, "unknown-shop"),
        (errors.ReleaseDamaged("bits"), 503, "release-unusable"),
        (errors.ReleaseTooNew("new"), 503, "release-unusable"),
        (errors.StorageError("full"), 503, "storage"),
        (HTTPException(404), 404, "not-found"),
        (HTTPException(405, headers={"Allow": "GET"}), 405, "method-not-allowed"),
        (HTTPException(413), 413, "too-large"),
        (Problem(418, "teapot", "Teapot", "short and stout"), 418, "teapot"),
        (ZeroDivisionError("inside"), 500, "internal"),
    ],
)
def test_errors_have_their_status(error: Exception, status: int, name: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.name) == (status, name)
    body = orjson.loads(ProblemResponse(problem).body)
    assert body["type"] == f"urn:intentrie:problem:{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert "inside" not in body["detail"]


def test_every_error_of_the_tree_is_answered() -> None:
    """A new class of error falls under one of those above, or this says that it has no status."""
    for kind in vars(errors).values():
        if inspect.isclass(kind) and issubclass(kind, errors.LiveError | errors.QueryError | errors.InputError):
            try:
                error = kind("what was wrong")
            except TypeError:
                error = kind("field", "what was wrong")
            if kind is not errors.LiveError:
                assert 400 <= problem_of(error).status < 500, kind


def test_details_are_always_json() -> None:
    assert b"?" in bytes(ProblemResponse(Problem(400, "x", "X", "lone \ud800 surrogate")).body)
