"""Doors that the contract names and that later work opens: they say so."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.problems import Problem

router = APIRouter(include_in_schema=False)

_EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_UNBUILT = (
    "/v1/shops/{shop}/traces/{query_id}",
    "/v1/shops/{shop}/judgments",
    "/v1/shops/{shop}/graph/{rest:path}",
)


async def not_built() -> Response:
    """501, whatever was asked."""
    raise Problem(501, "not-built", "Not built yet", "this version does not have it; docs/http.md says what there is")


for path in _UNBUILT:
    router.add_api_route(path, not_built, methods=_EVERY_METHOD)
