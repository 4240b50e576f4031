"""What the doors of one worker share, and how a request gets at its shop."""

import asyncio
import itertools
import secrets
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.http.keys import check_admin, check_public_key, given_keys, is_admin
from api.http.limits import AddressLimits
from api.http.metrics import Metrics
from api.http.problems import unknown_shop
from api.http.remembered import RememberedAnswers
from api.registry import ShopRegistry
from api.settings import Settings
from api.shop import Shop
from autocomplete.ranking.session import SessionMemory
from data.errors import ReleaseNotFound


class AnswerIds:
    """Ids of answers: random by worker, counted within it; 12 + 1 characters and growing."""

    def __init__(self) -> None:
        self._worker = secrets.token_hex(6)
        self._count = itertools.count(1)

    def next(self) -> str:
        """Never given before, by any worker."""
        return f"{self._worker}{next(self._count):x}"


@dataclass(frozen=True, slots=True)
class Serving:
    """One worker's settings, shops, meters and threads.

    Attributes:
        search_threads: Where searches run, so that keystrokes do not wait for them.
        log_threads: Where durable writes wait for the disk.
        forgettings: By shop, the newest deletion of a person that this worker's sessions have taken part in.
    """

    settings: Settings
    registry: ShopRegistry
    metrics: Metrics
    limits: AddressLimits
    search_threads: Executor
    log_threads: Executor
    ids: AnswerIds = field(default_factory=AnswerIds)
    remembered: RememberedAnswers = field(default_factory=RememberedAnswers)
    sessions: SessionMemory = field(default_factory=SessionMemory)
    forgettings: dict[str, int] = field(default_factory=dict)

    async def shop(self, name: str) -> Shop:
        """The shop, loaded in a thread if it has to be.

        Raises:
            Problem: 404 when there is no such shop.
            ReleaseError: Its release cannot be served.
        """
        shop = self.registry.loaded(name)
        if shop is not None:
            return shop
        try:
            return await asyncio.get_running_loop().run_in_executor(self.log_threads, self.registry.load, name)
        except ReleaseNotFound as error:
            raise unknown_shop(name) from error

    def forget_sessions(self, shop: Shop) -> None:
        """Drop what this worker remembers of a shop's sessions, if somebody was forgotten there since it last looked.

        All of them: whose session was whose is written nowhere, and none is older than half an hour.
        """
        if self.forgettings.get(shop.name, 0) != shop.forgettings:
            self.forgettings[shop.name] = shop.forgettings
            self.sessions.forget(shop.name)

    async def origins(self, name: str | None) -> Sequence[str]:
        """Origins that the shop's own file allows; none for an unknown shop, whose problem is told later."""
        if name is None:
            return ()
        try:
            shop = self.registry.loaded(name) or await self.shop(name)
        except Exception:  # noqa: BLE001 - whatever keeps a shop from opening is told by the request itself, later
            return ()
        return shop.current.config.access.allowed_origins


def serving_of(connection: HTTPConnection) -> Serving:
    """The worker's `Serving`, put there when the app started."""
    serving: Serving = connection.app.state.serving
    return serving


ServingNow = Annotated[Serving, Depends(serving_of)]
ShopName = Annotated[str, Path(description="The shop's name.", max_length=64)]


async def _reading(
    request: Request,
    shop: ShopName,
    serving: ServingNow,
    key: Annotated[str | None, Query(description="The shop's public key, when it has one.", max_length=200)] = None,
) -> Shop:
    found = await serving.shop(shop)
    if not is_admin(request.headers, serving.settings):
        check_public_key(found.current.config.access.reading_key, given_keys(request.headers, key))
    return found


async def _writing(request: Request, shop: ShopName, serving: ServingNow) -> Shop:
    check_admin(request.headers, serving.settings)
    return await serving.shop(shop)


async def _logging(request: Request, shop: ShopName, serving: ServingNow) -> Shop:
    """Events come from shoppers' pages, which cannot hold the admin token: a configured public key is enough."""
    found = await serving.shop(shop)
    headers: Headers = request.headers
    if not is_admin(headers, serving.settings):
        public_key = found.current.config.access.public_key
        if public_key is None:
            check_admin(headers, serving.settings)
        check_public_key(public_key, given_keys(headers, request.query_params.get("key")))
    return found


ReadingShop = Annotated[Shop, Depends(_reading)]
WritingShop = Annotated[Shop, Depends(_writing)]
LoggingShop = Annotated[Shop, Depends(_logging)]
