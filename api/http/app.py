"""The application: every door of one worker."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.http import curation, events, health, products, search, suggest, unbuilt, understand, users
from api.http.limits import AddressLimits
from api.http.metrics import Metrics
from api.http.middleware import RequestMiddleware
from api.http.pages import install_pages
from api.http.problems import install_problem_handlers
from api.http.serving import Serving
from api.http.wire import ProblemBody
from api.registry import ShopRegistry
from api.settings import Settings

_PROBLEM = {"model": ProblemBody, "content": {"application/problem+json": {}}}

# One: a search is Python and numpy that hold the interpreter's lock by turns, so a second one at a time only makes both
# slower. Measured figures stand in DESIGN.md.
_SEARCH_THREADS = 1
# Durable writes wait for the disk, not for the processor; loading a shop takes one of them.
_LOG_THREADS = 8


def create_app(settings: Settings) -> FastAPI:
    """An app with its own shops, meters and threads; nothing is shared between two of them."""
    metrics = Metrics()
    limits = AddressLimits(
        settings.rate_per_s,
        settings.rate_burst,
        settings.sockets_per_address,
        settings.keystrokes_per_s,
        settings.keystroke_burst,
    )
    count = {"swap": metrics.swaps.inc, "refusal": metrics.refused.inc}
    registry = ShopRegistry(
        settings.releases,
        settings.shop_memory_mb * 1024 * 1024,
        int(settings.idle_s * 1000),
        lambda what: count[what](),
        metrics.live,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with (
            ThreadPoolExecutor(_SEARCH_THREADS, "search") as search_threads,
            ThreadPoolExecutor(_LOG_THREADS, "log") as log_threads,
        ):
            app.state.serving = Serving(settings, registry, metrics, limits, search_threads, log_threads)
            # Not waited for: the process is alive, and says that it is not ready, while its shops are being loaded.
            starting = asyncio.get_running_loop().run_in_executor(log_threads, registry.start)
            try:
                yield
            finally:
                registry.interrupt()
                await starting
                await asyncio.get_running_loop().run_in_executor(log_threads, registry.stop)

    app = FastAPI(
        title="Intentrie",
        summary="Autocomplete, query understanding and product search for shops.",
        description="Suggestions per keystroke come over a WebSocket at `/v1/shops/{shop}/suggest`; docs/http.md "
        "describes its messages. Errors are RFC 9457 problem details.",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 410, 413, 422, 429, 503), _PROBLEM),
    )
    app.state.settings = settings
    install_problem_handlers(app)
    app.add_middleware(RequestMiddleware, settings=settings, metrics=metrics, limits=limits)
    for module in (suggest, search, understand, products, events, users, curation, health, unbuilt):
        app.include_router(module.router)
    install_pages(app)
    return app
