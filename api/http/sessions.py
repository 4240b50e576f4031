"""What a worker remembers of sessions, where it hears of it, and what of it a keystroke may see.

A session's doings reach its suggestions in two ways. What this worker saw under the session's name (searches, events)
waits in its memory; what the page says with the keystroke itself (`context`) is good on every worker, and kept nowhere.
Only a release with a learned order asks for either; recent searches (`recent.py`) are shown by every release.
"""

from collections.abc import Sequence

from api.assembly import ShopRelease
from api.http.wire import MAX_NAME
from autocomplete.ranking.session import EXPIRES_MS, MOST_KEPT, NOBODY, Session, SessionMemory
from data.event import SEARCH_ACTIONS, Event

# A page reports a few events at a time; a longer list is somebody's import, and no visit that goes on.
LONGEST_REPORT = 100
_PICK = "suggest_pick"
_LOOKS = frozenset({"click", "view", "add_to_cart", "purchase"})


def history_of(
    memory: SessionMemory,
    release: ShopRelease,
    shop: str,
    session: str | None,
    now_ms: int,
    queries: Sequence[str] = (),
    clicked: Sequence[str] = (),
) -> Session:
    """What the session did before this keystroke; empty where the release does not ask.

    Args:
        memory: The worker's.
        release: Knows its products' categories.
        shop: Whose session it is: the same name in another shop is another session.
        session: As the page named it.
        now_ms: Of the keystroke.
        queries: As the page says them, oldest first; they count as newer than what the worker remembers.
        clicked: Product ids, likewise.
    """
    if not release.completer.uses_sessions:
        return NOBODY
    history = memory.of(shop, session, now_ms)
    for query in queries:
        history = history.searched(query, now_ms)
    for product_id in clicked:
        history = history.looked_at(category_of(release, product_id), now_ms)
    return history


def newest_said(texts: Sequence[str]) -> tuple[str, ...]:
    """What counts of a page's own list, the newest last: as many as a session keeps.

    Longer ones say nothing of the next search, and a page sends what it has: they are left out, and no mistake.
    """
    return tuple(each for each in texts[-MOST_KEPT:] if len(each) <= MAX_NAME)


def remember_search(memory: SessionMemory, shop: str, session: str | None, query: str, now_ms: int) -> None:
    """A search that came with a session's name."""
    if session and query:
        memory.searched(shop, session, query, now_ms)


def remember_events(
    memory: SessionMemory, release: ShopRelease, shop: str, events: Sequence[Event], now_ms: int
) -> None:
    """Searches, picks and looks of sessions that are going on."""
    if len(events) > LONGEST_REPORT:
        return
    for event in events:
        if not event.session_id or not 0 <= now_ms - event.at_ms < EXPIRES_MS:
            continue
        if event.action_name in SEARCH_ACTIONS:
            memory.searched(shop, event.session_id, event.query_text, now_ms)
        elif event.action_name == _PICK:
            memory.searched(shop, event.session_id, event.object_id or "", now_ms)
        elif event.action_name in _LOOKS and event.object_id:
            memory.looked_at(shop, event.session_id, category_of(release, event.object_id), now_ms)


def category_of(release: ShopRelease, product_id: str) -> str:
    """The path joined by " > "; empty for a product that is not there."""
    product = release.engine.product(product_id)
    return "" if product is None else " > ".join(product.category)
