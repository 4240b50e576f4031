"""Suggestions: the answer itself, and its REST door."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request
from opentelemetry import trace
from starlette.responses import Response

from api.assembly import ShopRelease, now_ms, now_us
from api.http.problems import Problem
from api.http.recent import recent_searches
from api.http.serving import ReadingShop, Serving, ServingNow
from api.http.sessions import history_of, newest_said
from api.http.wire import MAX_LIMIT, JsonResponse, Locale, Name, SuggestAnswer
from autocomplete.context import Context
from autocomplete.prefix import Prefix

# Of a page's list: more is no visit, and an address has an end, which is told in plain text.
_MOST_SAID = 10

SUGGESTIONS_JSON = "application/x-suggestions+json"

router = APIRouter(tags=["suggest"])
_tracer = trace.get_tracer("intentrie")


def answer_keystroke(
    serving: Serving,
    release: ShopRelease,
    prefix: Prefix,
    context: Context,
    started_us: int,
    searches: Sequence[str] = (),
) -> dict[str, Any]:
    """The wire form of the answer, from one release; `searches` are the session's own, newest first."""
    suggestions = serving.remembered.suggest(release, prefix, context, searches)
    took_us = now_us() - started_us
    serving.metrics.stage("suggest", took_us)
    return {
        "suggest_id": serving.ids.next(),
        "suggestions": suggestions.json,
        "took_us": took_us,
        "release": release.release_id,
    }


@router.get(
    "/v1/shops/{shop}/suggest",
    summary="Suggestions for a prefix",
    response_model=None,
    responses={200: {"model": SuggestAnswer, "content": {SUGGESTIONS_JSON: {"schema": {"type": "array"}}}}},
)
async def get_suggestions(
    request: Request,
    shop: ReadingShop,
    serving: ServingNow,
    q: Annotated[str, Query(description="What was typed so far.")] = "",
    limit: Annotated[int | None, Query(ge=1, le=MAX_LIMIT, description="The shop's own when not given.")] = None,
    locale: Annotated[Locale | None, Query(description="BCP 47; the shop's first one when not given.")] = None,
    session: Annotated[Name | None, Query()] = None,
    user: Annotated[Name | None, Query()] = None,
    queries: Annotated[
        tuple[Name, ...],
        Query(max_length=_MOST_SAID, description="What this visit searched for, the newest last; repeat it for each."),
    ] = (),
    clicked: Annotated[
        tuple[Name, ...],
        Query(max_length=_MOST_SAID, description="Ids of products it clicked, the newest last; repeat it for each."),
    ] = (),
    groups: Annotated[bool, Query(description="Keep places for categories and for products that match.")] = False,
    explain: Annotated[bool, Query(description="Give reasons.")] = False,
    form: Annotated[
        Literal["x-suggestions"] | None, Query(alias="format", description="As the header, which few browsers send.")
    ] = None,
) -> Response:
    """The socket's answer; `Accept: application/x-suggestions+json` gives what browsers' search bars read."""
    started_us = now_us()
    if len(q) > serving.settings.max_prefix_characters:
        raise Problem(
            422,
            "invalid-request",
            "The request is not valid",
            prefix_too_long(len(q), serving.settings.max_prefix_characters),
        )
    release = shop.current
    prefix = Prefix(q, limit or release.config.suggest.limit, release.config.locale_of(locale), groups)
    now = now_ms()
    serving.forget_sessions(shop)
    said = newest_said(queries)
    searches = recent_searches(serving.sessions, shop.name, session, said, now)
    history = history_of(serving.sessions, release, shop.name, session, now, said, newest_said(clicked))
    context = Context(now, session, user, explain, history)
    with _tracer.start_as_current_span("suggest", attributes={"shop": shop.name, "release": release.release_id}):
        if form or SUGGESTIONS_JSON in request.headers.get("accept", ""):
            texts = serving.remembered.suggest(release, prefix, context, searches).texts
            return Response(orjson.dumps([q, texts]), media_type=SUGGESTIONS_JSON)
        return JsonResponse(answer_keystroke(serving, release, prefix, context, started_us, searches))


def prefix_too_long(length: int, most: int) -> str:
    """The detail, the same over REST and sockets."""
    return f"a prefix may have {most} characters, got {length}; search for longer texts instead"
