"""What somebody did in this visit, as far as suggestions may know it, and a worker's short memory of it.

A session is a name that the page made up: queries and categories under it, for half an hour, in one worker's memory.
Nothing of it is written anywhere, no user id comes near it, and what one session did is read under its own name alone.
"""

from collections import OrderedDict
from dataclasses import dataclass

# What came before is another errand: web sessions are cut after half an hour since Catledge and Pitkow (1995).
EXPIRES_MS = 30 * 60 * 1000
# Of each kind, the newest.
MOST_KEPT = 5
LONGEST_QUERY = 100
# About 1 kB each: 20 MB a worker at most.
MOST_SESSIONS = 20_000


@dataclass(frozen=True, slots=True)
class Session:
    """The newest queries, and the newest categories looked at, each newest last; times in UTC epoch milliseconds.

    Attributes:
        queries: Texts that were searched for.
        categories: Of products clicked, put into the cart or bought: paths joined by " > ".
        last_ms: When it last did anything; 0 for an empty session.
    """

    queries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    last_ms: int = 0

    def __bool__(self) -> bool:
        return bool(self.queries or self.categories)

    def searched(self, query: str, at_ms: int) -> "Session":
        """With one more query; the same text again only becomes the newest, and a longer one is none.

        What was pasted says nothing of the next search, and a part of it is nothing that anybody searched for.
        """
        text = query.strip()
        if not text or len(text) > LONGEST_QUERY:
            return self
        return Session(_newest(self.queries, text), self.categories, max(at_ms, self.last_ms))

    def looked_at(self, category: str, at_ms: int) -> "Session":
        """With one more category."""
        if not category:
            return self
        return Session(self.queries, _newest(self.categories, category), max(at_ms, self.last_ms))

    def at(self, now_ms: int) -> "Session":
        """What of it still counts."""
        return self if now_ms - self.last_ms < EXPIRES_MS else NOBODY


NOBODY = Session()


def _newest(kept: tuple[str, ...], text: str) -> tuple[str, ...]:
    return (*(each for each in kept if each != text), text)[-MOST_KEPT:]


class SessionMemory:
    """Sessions by shop and name, the least recently changed forgotten first; for one thread."""

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, str], Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def of(self, shop: str, name: str | None, now_ms: int) -> Session:
        """The session of that name in that shop; an empty one for none, and for one that has expired."""
        if name is None:
            return NOBODY
        held = self._held.get((shop, name))
        return NOBODY if held is None else held.at(now_ms)

    def searched(self, shop: str, name: str, query: str, at_ms: int) -> None:
        """Remember a query."""
        self._keep(shop, name, self.of(shop, name, at_ms).searched(query, at_ms))

    def looked_at(self, shop: str, name: str, category: str, at_ms: int) -> None:
        """Remember the category of a product."""
        self._keep(shop, name, self.of(shop, name, at_ms).looked_at(category, at_ms))

    def forget(self, shop: str) -> None:
        """Drop every session of a shop."""
        for key in [key for key in self._held if key[0] == shop]:
            del self._held[key]

    def _keep(self, shop: str, name: str, session: Session) -> None:
        key = (shop, name)
        self._held.pop(key, None)
        if session:
            self._held[key] = session
        while len(self._held) > self._most:
            self._held.popitem(last=False)
