"""The suggest socket: a keystroke in, suggestions out, the newest wins."""

import asyncio
import logging
import re
from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from api.assembly import now_ms, now_us
from api.http.keys import check_public_key, given_keys, origin_allowed
from api.http.keystroke import Keystroke, Mistake, parse_keystroke
from api.http.problems import Problem, ProblemResponse, problem_of
from api.http.recent import recent_searches
from api.http.serving import Serving, serving_of
from api.http.sessions import history_of
from api.http.suggest import answer_keystroke
from api.http.wire import encode
from autocomplete.context import Context
from autocomplete.prefix import Prefix

_PATH = re.compile(r"/v1/shops/([^/]{1,64})/suggest")
_log = logging.getLogger("intentrie.socket")

# Malformed messages in a row, each answered with an error; more than that is abuse, not a mistake.
_MAX_MISTAKES = 1_000
_POLICY_VIOLATION = 1008

# A fast typist sends 15 keystrokes a second. What comes beyond a paste-like burst is read no faster than this, so that
# one flooding socket (parsing costs 10 µs a message) leaves 99% of the worker to the others.
_BURST = 20_000
_MESSAGES_PER_S = 1_000


class SuggestSocket:
    """One open socket: a reader that keeps the newest keystroke, and an answerer that takes it.

    The answerer sends one answer at a time and waits while the peer does not read, so that nothing piles up: what came
    meanwhile has been replaced by the newest. It lives as long as there is something to answer: most sockets are idle,
    and a task that waits costs 3 kB.
    """

    def __init__(self, websocket: WebSocket, serving: Serving, shop_name: str, address: str = "") -> None:
        self._websocket = websocket
        self._serving = serving
        self._shop_name = shop_name
        self._address = address
        self._newest: Keystroke | None = None
        self._newest_seq: int | None = None
        self._answering: asyncio.Task[None] | None = None
        self._tokens = float(_BURST)
        self._filled_us = now_us()

    async def run(self) -> None:
        """Until the peer leaves."""
        try:
            await self._read()
        except WebSocketDisconnect:
            pass
        finally:
            if self._answering is not None:
                self._answering.cancel()
                await asyncio.gather(self._answering, return_exceptions=True)

    async def _read(self) -> None:
        metrics = self._serving.metrics
        max_prefix = self._serving.settings.max_prefix_characters
        mistakes = 0
        while mistakes < _MAX_MISTAKES:
            message = await self._websocket.receive()
            if message["type"] != "websocket.receive":
                return
            received_us = now_us()
            await self._throttle(received_us)
            metrics.keystrokes.inc()
            try:
                keystroke = parse_keystroke(message.get("text") or message.get("bytes") or b"", max_prefix, received_us)
            except Mistake as mistake:
                mistakes += 1
                if mistake.seq is None or self._supersede(mistake.seq, None):
                    await self._send_error(mistake.seq, "invalid-request", mistake.detail)
                continue
            mistakes = 0
            self._supersede(keystroke.seq, keystroke)
        await self._websocket.close(_POLICY_VIOLATION, f"{_MAX_MISTAKES} malformed messages in a row")

    def _supersede(self, seq: int, keystroke: Keystroke | None) -> bool:
        """Keep the keystroke unless a newer one has come; the same `seq` again is a repetition, and is answered."""
        if self._is_superseded(seq):
            self._serving.metrics.superseded.inc()
            return False
        if self._newest is not None:
            self._serving.metrics.superseded.inc()
        self._newest_seq = seq
        self._newest = keystroke
        if keystroke is not None and self._answering is None:
            self._answering = asyncio.create_task(self._answer())
        return True

    def _is_superseded(self, seq: int) -> bool:
        return self._newest_seq is not None and seq < self._newest_seq

    async def _answer(self) -> None:
        try:
            while self._newest is not None:
                keystroke, self._newest = self._newest, None
                await self._answer_one(keystroke)
        except (WebSocketDisconnect, WebSocketDisconnected):
            pass  # the reader hears of it too
        finally:
            self._answering = None

    async def _answer_one(self, keystroke: Keystroke) -> None:
        try:
            answer = await self._suggest(keystroke)
        except Exception as error:  # noqa: BLE001 - one keystroke's trouble must not close the socket
            problem = problem_of(error)
            if problem.status == 500:
                _log.error("keystroke failed", exc_info=error, extra={"fields": {"shop": self._shop_name}})
            await self._send_error(keystroke.seq, problem.name, problem.detail)
            return
        if self._is_superseded(keystroke.seq):
            self._serving.metrics.superseded.inc()
        else:
            await self._websocket.send_text(encode({"seq": keystroke.seq, **answer}).decode())

    async def _suggest(self, keystroke: Keystroke) -> dict[str, Any]:
        # Asked for with every keystroke, because an idle shop may have been unloaded in between.
        shop = self._serving.registry.loaded(self._shop_name) or await self._serving.shop(self._shop_name)
        release, now = shop.current, now_ms()
        self._serving.forget_sessions(shop)
        history = history_of(
            self._serving.sessions,
            release,
            self._shop_name,
            keystroke.session,
            now,
            keystroke.queries,
            keystroke.clicked,
        )
        return answer_keystroke(
            self._serving,
            release,
            Prefix(
                keystroke.prefix,
                keystroke.limit or release.config.suggest.limit,
                release.config.locale_of(keystroke.locale),
                keystroke.groups,
            ),
            Context(now, keystroke.session, keystroke.user, keystroke.explain, history),
            keystroke.received_us,
            recent_searches(self._serving.sessions, self._shop_name, keystroke.session, keystroke.queries, now),
        )

    async def _send_error(self, seq: int | None, name: str, detail: str) -> None:
        error = {"type": Problem(0, name, "", "").type, "detail": detail}
        await self._websocket.send_text(encode({"seq": seq, "error": error}).decode())

    async def _throttle(self, now: int) -> None:
        self._tokens = min(_BURST, self._tokens + (now - self._filled_us) * _MESSAGES_PER_S / 1e6) - 1
        self._filled_us = now
        wait_s = max(-self._tokens / _MESSAGES_PER_S, self._serving.limits.keystroke_wait_s(self._address))
        if wait_s > 0:
            await asyncio.sleep(wait_s)


def shop_of_socket(path: str) -> str | None:
    """The shop whose suggestions are asked for at this path; `None` for every other path."""
    found = _PATH.fullmatch(path)
    return None if found is None else found[1]


async def serve_suggest_socket(scope: Scope, receive: Receive, send: Send, shop: str) -> None:
    """Open a socket, or refuse it with a problem in place of the handshake.

    Called before the router: what the layers behind it keep for a request that lasts for hours is 10 kB a socket.
    """
    websocket = WebSocket(scope, receive, send)
    serving = serving_of(websocket)
    address = websocket.client.host if websocket.client else ""
    with serving.limits.socket(address) as admitted:
        try:
            if not admitted:
                raise Problem(
                    429,
                    "too-many-sockets",
                    "Too many sockets",
                    f"one address may hold {serving.settings.sockets_per_address} suggest sockets; close some",
                    {"Retry-After": "5"},
                )
            subprotocol = await _admit(websocket, serving, shop)
        except Exception as error:  # noqa: BLE001 - told to the peer, which is all that a handshake can do
            await websocket.send_denial_response(ProblemResponse(problem_of(error)))
            return
        await websocket.accept(subprotocol)
        serving.metrics.sockets.inc()
        try:
            await SuggestSocket(websocket, serving, shop, address).run()
        finally:
            serving.metrics.sockets.dec()


async def _admit(websocket: WebSocket, serving: Serving, name: str) -> str | None:
    """The subprotocol to accept with: the public key when it came as one."""
    found = await serving.shop(name)
    access = found.current.config.access
    if not origin_allowed(websocket.headers, serving.settings, access.allowed_origins):
        raise Problem(
            403,
            "origin-not-allowed",
            "Origin not allowed",
            f"pages of {websocket.headers.get('origin')!r} may not call this shop; add the origin to its file",
        )
    offered = tuple(websocket.scope.get("subprotocols", ()))
    keys = (*offered, *given_keys(websocket.headers, websocket.query_params.get("key")))
    key = check_public_key(access.reading_key, keys)
    # Chrome drops a connection that offered subprotocols and was accepted with none.
    return key if key in offered else next(iter(offered), None)
