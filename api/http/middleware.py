"""What every HTTP request goes through: an id, the body's limit, cross-origin rules, a log line, metrics."""

import logging
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.assembly import now_us
from api.http.keys import origin_allowed
from api.http.limits import AddressLimits
from api.http.metrics import Metrics
from api.http.problems import Problem, ProblemResponse, problem_of
from api.http.serving import Serving
from api.http.suggest_socket import serve_suggest_socket, shop_of_socket
from api.settings import Settings

_log = logging.getLogger("intentrie.http")
_REQUEST_ID = re.compile(r"[\w.:/+=-]{1,128}\Z", re.ASCII)
_SHOP_PATH = re.compile(r"/v1/shops/([^/]+)/")
# Scrapes and probes come every few seconds; they are counted, not logged, and never limited.
_QUIET = ("/health/", "/metrics", "/static/", "/element/")
# Code for pages of whatever origin: what it may ask for is another question.
_PUBLIC = "/element/"


class RequestMiddleware:
    """Pure ASGI, because Starlette's convenience base class costs two tasks a request."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, limits: AddressLimits) -> None:
        self.app = app
        self.settings = settings
        self.metrics = metrics
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sockets have rules of their own."""
        if scope["type"] != "http":
            asked = shop_of_socket(scope["path"]) if scope["type"] == "websocket" else None
            if asked is None:
                await self.app(scope, receive, send)
            else:
                await serve_suggest_socket(scope, receive, send, asked)
            return
        started_us = now_us()
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8)
        scope["intentrie.request_id"] = request_id
        status = 0
        origin = headers.get("origin")
        shop = _SHOP_PATH.match(scope["path"])
        shop_name = shop[1] if shop else None
        cross_origin = None
        if origin:
            serving: Serving = scope["app"].state.serving
            shop_origins = await serving.origins(shop_name)
            cross_origin = origin if origin_allowed(headers, self.settings, shop_origins) else None

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = request_id
                out.setdefault("X-Content-Type-Options", "nosniff")
                if origin:
                    out.add_vary_header("Origin")
                if cross_origin:
                    out["Access-Control-Allow-Origin"] = cross_origin
            await send(message)

        try:
            early = self._early_answer(scope, headers, cross_origin)
            if early is not None:
                await early(scope, receive, send_with_headers)
            else:
                await self.app(scope, self._limited(receive), send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last door: nothing may escape as a bare 500
            problem = problem_of(error)
            if problem.status == 500:
                _log.error("request failed", exc_info=error, extra={"fields": {"request_id": request_id}})
            if not status:
                await ProblemResponse(problem)(scope, receive, send_with_headers)
        finally:
            self._record(scope, request_id, shop_name, status, now_us() - started_us)

    def _early_answer(self, scope: Scope, headers: Headers, cross_origin: str | None) -> Response | None:
        """Preflights, and refusals that need no look at the body."""
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            if cross_origin is None:
                return ProblemResponse(_origin_refused(headers))
            return Response(
                status_code=204,
                headers={
                    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
                    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Intentrie-Key, X-Request-Id",
                    "Access-Control-Max-Age": "3600",
                },
            )
        if headers.get("origin") and cross_origin is None and not scope["path"].startswith(_PUBLIC):
            return ProblemResponse(_origin_refused(headers))
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > self.settings.max_body_bytes:
            return ProblemResponse(self._too_large())
        if not scope["path"].startswith(_QUIET) and not self.limits.admit(_address(scope)):
            return ProblemResponse(
                Problem(
                    429,
                    "too-many-requests",
                    "Too many requests",
                    f"one address may send {self.settings.rate_per_s:g} requests a second; slow down",
                    {"Retry-After": "1"},
                )
            )
        return None

    def _limited(self, receive: Receive) -> Receive:
        """A body without a length (chunked) is counted as it comes."""
        got = 0

        async def receive_counted() -> Message:
            nonlocal got
            message = await receive()
            if message["type"] == "http.request":
                got += len(message.get("body", b""))
                if got > self.settings.max_body_bytes:
                    # What FastAPI lets through while it reads a body; everything else becomes a 400 there.
                    raise HTTPException(413)
            return message

        return receive_counted

    def _too_large(self) -> Problem:
        return Problem(
            413,
            "too-large",
            "Request too large",
            f"a body may have {self.settings.max_body_bytes} bytes; send it in parts",
            {"Connection": "close"},
        )

    def _record(self, scope: Scope, request_id: str, shop_name: str | None, status: int, took_us: int) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self.metrics.request(scope["method"], route, status, took_us)
        if scope["path"].startswith(_QUIET):
            return
        fields = {
            "request_id": request_id,
            "method": scope["method"],
            "route": route,
            "shop": shop_name,
            "status": status,
            "took_us": took_us,
        }
        if self.settings.log_queries:
            fields["query_string"] = scope["query_string"].decode("latin-1")
        _log.info("request", extra={"fields": fields})


def _origin_refused(headers: Headers) -> Problem:
    return Problem(
        403,
        "origin-not-allowed",
        "Origin not allowed",
        f"pages of {headers.get('origin')!r} may not call this shop; add the origin to the shop's allowed_origins "
        "or to INTENTRIE_ALLOWED_ORIGINS",
    )


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""
