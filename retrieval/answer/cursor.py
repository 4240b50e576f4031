"""Cursors: where a page ended, and in which search of which release.

Readable, but not to be altered: a cursor is signed with a digest of the release's products, which nobody outside has.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from data.errors import CursorExpired, InvalidCursor

_SIGNATURE_BYTES = 12
_NEW_SEARCH = "leave the cursor out to search anew"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The end of a page.

    Attributes:
        release: Its id.
        position: Of the overlay's log.
        seed: Of the request.
        search: See `digest_search`.
        degraded: Stages that were skipped and stay skipped, so that the order stays the same.
        keys: Key columns of the last result; see `Ordering`.
        product_id: Of the last result.
    """

    release: str
    position: int
    seed: int
    search: str
    degraded: tuple[str, ...]
    keys: tuple[float, ...]
    product_id: str


def digest_search(query: str, filters: Mapping[str, Any], sort: str, locale: str) -> str:
    """Names what decides on the order; facets and page sizes may differ from page to page."""
    said = json.dumps([query, filters, sort, locale], sort_keys=True, default=list)
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


def encode_cursor(cursor: Cursor, seal: bytes) -> str:
    """The cursor as text; `seal` is the release's, at most 64 bytes."""
    payload = json.dumps(list(asdict(cursor).values()), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(payload, seal) + payload).decode().rstrip("=")


def decode_cursor(text: str, release: str, seal: bytes) -> Cursor:
    """The inverse of `encode_cursor`.

    Raises:
        InvalidCursor: It was altered, or never was one.
        CursorExpired: It is of another release.
    """
    payload, cursor = _read(text)
    if cursor.release != release:
        raise CursorExpired(f"the cursor is of release {cursor.release}, this answers from {release}; {_NEW_SEARCH}")
    if not hmac.compare_digest(_sign(payload, seal), _decode(text)[:_SIGNATURE_BYTES]):
        raise InvalidCursor(f"the cursor was altered; send it as it came, or {_NEW_SEARCH}")
    return cursor


def cursor_release(text: str) -> str:
    """The release that gave a cursor out.

    Raises:
        InvalidCursor: It is no cursor.
    """
    return _read(text)[1].release


def _read(text: str) -> tuple[bytes, Cursor]:
    payload = _decode(text)[_SIGNATURE_BYTES:]
    try:
        release, position, seed, search, degraded, keys, product_id = json.loads(payload)
        cursor = Cursor(
            str(release),
            int(position),
            int(seed),
            str(search),
            tuple(degraded),
            tuple(map(float, keys)),
            str(product_id),
        )
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise InvalidCursor(f"expected the cursor of an answer, got {text[:40]!r}; {_NEW_SEARCH}") from error
    return payload, cursor


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise InvalidCursor(f"expected the cursor of an answer, got {text[:40]!r}; {_NEW_SEARCH}") from error


def _sign(payload: bytes, seal: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_SIGNATURE_BYTES, key=seal).digest()
