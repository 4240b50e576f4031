"""Searches and similar products, over REST."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Path, Query
from opentelemetry import trace
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.assembly import ShopRelease, now_ms, now_us
from api.http.problems import Problem
from api.http.serving import ReadingShop, Serving, ServingNow
from api.http.sessions import remember_search
from api.http.strict_json import StrictJsonRoute
from api.http.understand import check_query, understand_or_degrade
from api.http.wire import (
    MAX_SIZE,
    FilterBody,
    JsonResponse,
    Locale,
    Name,
    SearchAnswer,
    SearchBody,
    SimilarAnswer,
    understanding_json,
)
from api.shop import Shop
from data.errors import CursorExpired
from retrieval.answer.cursor import cursor_release
from retrieval.answer.request import SearchRequest
from retrieval.answer.result import Hit

router = APIRouter(tags=["search"], route_class=StrictJsonRoute)
_tracer = trace.get_tracer("intentrie")
_FILTERS = TypeAdapter(dict[str, FilterBody])
_EXAMPLE = {"query": "blue wool jacket under 120", "filters": {"colour": {"in": ["blue"]}}, "size": 24}
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"model": SearchAnswer}}


@router.post("/v1/shops/{shop}/search", summary="Search", response_model=None, responses=_RESPONSES)
async def post_search(
    shop: ReadingShop, serving: ServingNow, body: Annotated[SearchBody, Body(examples=[_EXAMPLE])]
) -> Response:
    """Ranked products with facets, the understanding behind them, and a cursor for the next page."""
    return await _search(serving, shop, body)


@router.get("/v1/shops/{shop}/search", summary="Search by address", response_model=None, responses=_RESPONSES)
async def get_search(
    shop: ReadingShop,
    serving: ServingNow,
    q: Annotated[str, Query(description="The query.")] = "",
    filters: Annotated[str | None, Query(description='As in the body, as JSON: {"brand":{"in":["Acme"]}}')] = None,
    facets: Annotated[list[Name] | None, Query(description="Fields to count; the shop's own when not given.")] = None,
    sort: Annotated[Name | None, Query()] = None,
    size: Annotated[int | None, Query(ge=0, le=MAX_SIZE, description="The shop's own when not given.")] = None,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    locale: Annotated[Locale | None, Query()] = None,
    session: Annotated[Name | None, Query()] = None,
    user: Annotated[Name | None, Query()] = None,
    explain: Annotated[bool, Query()] = False,
) -> Response:
    """The same search, to be bookmarked."""
    body = SearchBody(
        query=q,
        filters=_parse_filters(filters),
        facets=facets,
        sort=sort,
        size=size,
        cursor=cursor,
        locale=locale,
        session=session,
        user=user,
        explain=explain,
    )
    return await _search(serving, shop, body)


@router.get(
    "/v1/shops/{shop}/products/{product_id}/similar",
    summary="Products like this one",
    response_model=None,
    responses={200: {"model": SimilarAnswer}},
)
async def get_similar(
    shop: ReadingShop,
    serving: ServingNow,
    product_id: Annotated[str, Path(max_length=500)],
    size: Annotated[int, Query(ge=1, le=MAX_SIZE)] = 12,
    locale: Annotated[Locale | None, Query()] = None,
) -> Response:
    """By meaning and attributes, other variants of the same group left out."""
    release = shop.current

    def answer() -> Response:
        started_us = now_us()
        hits = release.engine.similar(product_id, size, release.config.locale_of(locale))
        took_us = now_us() - started_us
        serving.metrics.stage("similar", took_us)
        return JsonResponse(
            {"results": [hit_json(hit) for hit in hits], "took_ms": took_us / 1000, "release": release.release_id}
        )

    return await asyncio.get_running_loop().run_in_executor(serving.search_threads, answer)


async def _search(serving: Serving, shop: Shop, body: SearchBody) -> Response:
    check_query(body.query, serving.settings.max_query_characters)
    loop = asyncio.get_running_loop()
    release = shop.current
    if body.cursor is not None:
        wanted = cursor_release(body.cursor)
        if wanted != release.release_id:
            # Looks at the disk: another worker may have swapped before this one.
            held = await loop.run_in_executor(serving.log_threads, shop.release, wanted)
            if held is None:
                raise CursorExpired(f"the cursor is of release {wanted}, which is no longer served; search again")
            release = held
    remember_search(serving.sessions, shop.name, body.session, body.query, now_ms())
    return await loop.run_in_executor(serving.search_threads, _answer, serving, shop.name, release, body)


def _answer(serving: Serving, shop_name: str, release: ShopRelease, body: SearchBody) -> Response:
    """One search from one release; runs in a thread."""
    started_us = now_us()
    locale = release.config.locale_of(body.locale)
    attributes = {"shop": shop_name, "release": release.release_id}
    with _tracer.start_as_current_span("search", attributes=attributes):
        with _tracer.start_as_current_span("understand"):
            understanding, skipped = understand_or_degrade(release, body.query, locale)
        understood_us = now_us()
        serving.metrics.stage("understand", understood_us - started_us)
        request = SearchRequest(
            query=body.query,
            filters=body.plain_filters(),
            facets=None if body.facets is None else tuple(body.facets),
            sort=body.sort,
            size=release.config.search.page_size if body.size is None else body.size,
            cursor=body.cursor,
            locale=locale,
            explain=body.explain,
            seed=zlib.crc32((body.session or "").encode("utf-8", "replace")),
            now_ms=now_ms(),
            hurried=True,
        )
        with _tracer.start_as_current_span("retrieve"):
            result = release.engine.search(request, understanding)
    ended_us = now_us()
    serving.metrics.stage("retrieve", ended_us - understood_us)
    serving.metrics.stages(result.timings)
    understood = understanding_json(understanding)
    answer: dict[str, Any] = {
        "query_id": serving.ids.next(),
        "results": [hit_json(hit) for hit in result.hits],
        "total": result.total,
        "facets": result.facets,
        "understanding": understood,
        "corrections": understood["corrections"],
        "cursor": result.cursor,
        "took_ms": (ended_us - started_us) / 1000,
        "release": release.release_id,
        "degraded": [*skipped, *result.degraded],
    }
    if body.explain:
        answer["explain"] = {
            "timings_us": {"understanding": understood_us - started_us, **result.timings},
            "retrieval": result.explain,
        }
    return JsonResponse(answer)


def hit_json(hit: Hit) -> Hit:
    """The record's names are the wire's."""
    return hit


def _parse_filters(text: str | None) -> dict[str, FilterBody]:
    if text is None:
        return {}
    try:
        return _FILTERS.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise Problem(
            422, "invalid-request", "The request is not valid", f"query.filters: expected a JSON object: {error}"
        ) from error
    except ValidationError as error:
        raise Problem(
            422, "invalid-request", "The request is not valid", f"query.filters: {_first(error.errors())}"
        ) from error


def _first(errors: Sequence[Any]) -> str:
    where = ".".join(str(part) for part in errors[0]["loc"])
    return f"{where}: {errors[0]['msg']}"
