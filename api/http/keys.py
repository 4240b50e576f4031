"""Who may call: the shop's public key for reading, the admin token for writing, the pages' origins for both."""

import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.http.problems import Problem
from api.settings import Settings

KEY_HEADER = "x-intentrie-key"


def origin_allowed(headers: Headers, settings: Settings, shop_origins: Sequence[str] = ()) -> bool:
    """Whether a page of the request's `Origin` may call; a request without one does not come from a page."""
    origin = headers.get("origin")
    if origin is None:
        return True
    allowed = (*settings.allowed_origins, *shop_origins)
    if "*" in allowed or origin in allowed:
        return True
    # The server's own pages.
    try:
        return bool(headers.get("host")) and urlsplit(origin).netloc == headers.get("host")
    except ValueError:
        return False


def check_public_key(public_key: str | None, given: Sequence[str]) -> str | None:
    """The shop's key when it was given, `None` when the shop has none.

    Raises:
        Problem: 401 when the shop has a key and it was not given.
    """
    if public_key is None:
        return None
    if any(_same(candidate, public_key) for candidate in given):
        return public_key
    raise Problem(
        401,
        "key-required",
        "Public key required",
        f"this shop is read with its public key: send it in the header {KEY_HEADER}, as ?key=, or as the subprotocol "
        "of the WebSocket",
        {"WWW-Authenticate": 'Bearer realm="shop"'},
    )


def given_keys(headers: Headers, query_key: str | None) -> tuple[str, ...]:
    """Every place where an HTTP request may carry a public key."""
    return tuple(key for key in (headers.get(KEY_HEADER), query_key, bearer(headers)) if key)


def bearer(headers: Headers) -> str | None:
    """The token of `Authorization: Bearer TOKEN`."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def is_admin(headers: Headers, settings: Settings) -> bool:
    """Whether the request bears the admin token."""
    token = bearer(headers)
    return (
        settings.admin_token is not None and token is not None and _same(token, settings.admin_token.get_secret_value())
    )


def check_admin(headers: Headers, settings: Settings) -> None:
    """Let only the bearer of the admin token pass.

    Raises:
        Problem: 403 when this server has no token, 401 when the request bears none or a wrong one.
    """
    if settings.admin_token is None:
        raise Problem(
            403,
            "writing-disabled",
            "Writing is switched off",
            "this server has no INTENTRIE_ADMIN_TOKEN, so it takes no writes; set one and send it as a bearer token",
        )
    if not is_admin(headers, settings):
        raise Problem(
            401,
            "token-required",
            "Admin token required",
            "writing needs `Authorization: Bearer TOKEN` with the server's INTENTRIE_ADMIN_TOKEN",
            {"WWW-Authenticate": 'Bearer realm="admin"'},
        )


def _same(left: str, right: str) -> bool:
    """In constant time; bytes, because `compare_digest` refuses text beyond ASCII."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))
