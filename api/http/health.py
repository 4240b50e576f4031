"""Is it alive, is it ready, how is it doing."""

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, Response

from api.http.problems import Problem
from api.http.serving import ServingNow
from api.http.wire import JsonResponse, ProblemBody

router = APIRouter(tags=["operation"])


class Live(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """Which shops can be asked, each with the release that answers; `unusable` says why others cannot."""

    status: str
    shops: dict[str, str]
    unusable: dict[str, str]


@router.get("/health/live", summary="Does the process answer?", responses={200: {"model": Live}}, response_model=None)
async def live() -> Response:
    """Always, as long as it runs; restart it when this fails."""
    return JsonResponse({"status": "live"})


@router.get(
    "/health/ready",
    summary="Can it answer for its shops?",
    responses={200: {"model": Ready}, 503: {"model": ProblemBody}},
    response_model=None,
)
async def ready(serving: ServingNow) -> Response:
    """Send it traffic when this is 200."""
    registry = serving.registry
    loop = asyncio.get_running_loop()
    shops = await loop.run_in_executor(serving.log_threads, registry.releases_by_shop)
    body: dict[str, Any] = {"shops": shops, "unusable": registry.failures()}
    if not shops or not registry.started:
        why = (
            f"no shop in {registry.releases} can be served; `intentrie build` publishes one"
            if registry.started
            else "the shops are being loaded; ask again in a second"
        )
        raise Problem(503, "not-ready", "Not ready", why, {"Retry-After": "1"}, **body)
    return JsonResponse({"status": "ready", **body})


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=PlainTextResponse,
    response_model=None,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(serving: ServingNow) -> Response:
    """Of all workers of this server together."""
    body, content_type = serving.metrics.exposition()
    return Response(body, headers={"Content-Type": content_type})
