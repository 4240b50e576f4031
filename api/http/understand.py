"""What a query means, over REST."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.assembly import ShopRelease, now_us
from api.http.problems import Problem
from api.http.serving import ReadingShop, Serving, ServingNow
from api.http.wire import JsonResponse, Locale, UnderstandAnswer, understanding_json
from understanding import query as asked
from understanding.understanding import Understanding

router = APIRouter(tags=["search"])
_log = logging.getLogger("intentrie.http")


def check_query(text: str, most: int) -> None:
    """Refuse a text that nobody types.

    Raises:
        Problem: 422.
    """
    if len(text) > most:
        raise Problem(
            422,
            "invalid-request",
            "The request is not valid",
            f"a query may have {most} characters, got {len(text)}; shorten it",
        )


def understand_or_degrade(release: ShopRelease, text: str, locale: str) -> tuple[Understanding, tuple[str, ...]]:
    """The understanding; should that stage fail, the bare text, and the stage's name for `degraded`."""
    query = asked.Query(text, locale)
    try:
        return release.understander.understand(query), ()
    except Exception as error:  # noqa: BLE001 - a stage that fails is skipped and named
        _log.error("understanding failed", exc_info=error, extra={"fields": {"release": release.release_id}})
        return Understanding(query, text, retrieval_text=text), ("understanding",)


@router.get(
    "/v1/shops/{shop}/understand",
    summary="What a query means",
    response_model=None,
    responses={200: {"model": UnderstandAnswer}},
)
async def get_understanding(
    shop: ReadingShop,
    serving: ServingNow,
    q: Annotated[str, Query(description="The query.")] = "",
    locale: Annotated[Locale | None, Query(description="BCP 47; the shop's first one when not given.")] = None,
) -> Response:
    """Mentions, constraints, intents, corrections and expansions; spans are offsets into `query`."""
    check_query(q, serving.settings.max_query_characters)
    release = shop.current
    return await asyncio.get_running_loop().run_in_executor(
        serving.search_threads, _answer, serving, release, q, release.config.locale_of(locale)
    )


def _answer(serving: Serving, release: ShopRelease, text: str, locale: str) -> Response:
    started_us = now_us()
    understanding = release.understander.understand(asked.Query(text, locale))
    took_us = now_us() - started_us
    serving.metrics.stage("understand", took_us)
    return JsonResponse({**understanding_json(understanding), "took_us": took_us, "release": release.release_id})
