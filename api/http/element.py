"""`<intentrie-search>` as pages load it: one module, from any origin, gzipped once."""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).parents[1] / "web" / "element"
PATH = "/element"
# Each after what it imports.
_PARTS = ("markup", "pace", "suggest-client", "visit", "events", "style", "listbox", "intentrie-search")
_LEFT_OUT = re.compile(r"\s*(?://.*)?$|import .*|export \{.*")
# Public code: whoever writes a page for the shop may load it, and asks again after an hour.
_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}

router = APIRouter(include_in_schema=False)


def install_element(app: FastAPI) -> None:
    """Add the module, and the files that it and the npm package are made of."""
    app.include_router(router)
    app.mount(PATH, _Public(directory=FOLDER), name="element")


@cache
def bundle() -> bytes:
    """The module: its parts one behind the other, without comments, imports and what they export to each other.

    The parts share one scope, so no two of them may give the same name to different things; the browser tests run it.
    """
    texts = [(FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS]
    lines = [line for text in texts for line in text.splitlines() if not _LEFT_OUT.fullmatch(line)]
    return ("\n".join(re.sub(r"^export (?=class|function|const)", "", line) for line in lines) + "\n").encode()


@cache
def _zipped() -> bytes:
    return gzip.compress(bundle(), 9, mtime=0)


@cache
def _tag() -> str:
    return f'"{hashlib.sha256(bundle()).hexdigest()[:16]}"'


@router.get(f"{PATH}/intentrie-search.js")
async def element(
    accept_encoding: Annotated[str, Header()] = "", if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """The module."""
    headers = {**_HEADERS, "ETag": _tag(), "Vary": "Accept-Encoding"}
    if _tag() in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding:
        return Response(_zipped(), media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
    return Response(bundle(), media_type="text/javascript", headers=headers)


class _Public(StaticFiles):
    """Files that pages of every origin may load."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_public(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *added]  # type: ignore[misc]  # ASGI types it as any object
            await send(message)

        await super().__call__(scope, receive, send_public)  # type: ignore[arg-type]  # Starlette and ASGI type it apart
