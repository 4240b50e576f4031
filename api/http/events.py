"""What shoppers did, as UBI 1.3 events; acknowledged is durable."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.assembly import now_ms
from api.http.keys import is_admin
from api.http.problems import Problem
from api.http.serving import LoggingShop, ServingNow
from api.http.sessions import remember_events
from api.http.wire import JsonResponse, WriteAnswer
from data.errors import InputError
from data.event import Event, parse_event

router = APIRouter(tags=["events"])

_MAX_BATCH = 10_000
_EXAMPLE = [
    {
        "application": "shop",
        "action_name": "click",
        "query_id": "1f0c…",
        "client_id": "visitor-1",
        "timestamp": "2026-11-23T10:00:00Z",
        "event_attributes": {"object": {"object_id": "jacket-1", "object_id_field": "product_id"}},
    }
]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"type": "array", "items": {"type": "object"}}, {"type": "object"}]},
                "example": _EXAMPLE,
            },
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/v1/shops/{shop}/events",
    summary="Log events",
    response_model=None,
    responses={200: {"model": WriteAnswer}},
    openapi_extra=_BODY,
)
async def post_events(shop: LoggingShop, serving: ServingNow, request: Request) -> Response:
    """One event, a list, or one a line (`application/x-ndjson`): all are taken, or none."""
    records = _parse_body(await request.body(), request.headers.get("content-type", ""))
    if not 1 <= len(records) <= _MAX_BATCH:
        raise InputError(f"expected 1 to {_MAX_BATCH} events, got {len(records)}")
    now = now_ms()
    events = _parse_all(records, now)
    # A collector of the shop sends for everybody; pages send for themselves.
    client = None if is_admin(request.headers, serving.settings) else request.client
    address = "" if client is None else client.host
    position = await asyncio.get_running_loop().run_in_executor(
        serving.log_threads, lambda: shop.event_log.append(events, address)
    )
    serving.metrics.events.inc(len(events))
    remember_events(serving.sessions, shop.current, shop.name, events, now)
    return JsonResponse({"accepted": len(events), "position": position})


def _parse_body(raw: bytes, content_type: str) -> list[Any]:
    try:
        if "ndjson" in content_type:
            return [orjson.loads(line) for line in raw.splitlines() if line.strip()]
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InputError(f"body: expected JSON (or one JSON object a line as application/x-ndjson): {error}") from error
    return body if isinstance(body, list) else [body]


def _parse_all(records: Sequence[Any], received_ms: int) -> list[Event]:
    """Every event, or a problem that names every bad one."""
    events, errors = [], []
    for number, record in enumerate(records):
        try:
            events.append(parse_event(record, received_ms))
        except InputError as error:
            errors.append({"at": f"body.{number}", "detail": str(error)})
    if errors:
        raise Problem(
            422,
            "invalid-request",
            "The request is not valid",
            f"{len(errors)} of {len(records)} events cannot be taken, so none was: {errors[0]['detail']}",
            errors=errors[:20],
        )
    return events
