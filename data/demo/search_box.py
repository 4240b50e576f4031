"""The search box of the simulated shop: what others have searched, by popularity, and how a shopper uses it."""

from collections import Counter
from random import Random

from data.demo.clicks import SUGGESTION_EXAMINATION, SUGGESTIONS

# Others see a query once so many people have sent it.
SHARED_BY = 5
# Characters after which the box looks through what it would show for fewer.
LONGEST_KEY = 20
# Who sees the wished query takes it so often, beside having to look at it.
TAKES = 0.5
# Nobody looks at suggestions before the second character.
LOOKS_FROM = 2


class SearchBox:
    """One locale's suggestions: yesterday's most popular queries that begin with what is typed."""

    def __init__(self, known: list[str]) -> None:
        self._people: dict[str, set[str]] = {}
        self._counts: Counter[str] = Counter(dict.fromkeys(known, 1))
        self._known = set(known)
        self._shown: dict[str, list[str]] = {}

    def searched(self, text: str, client_id: str) -> None:
        """Count a search; it is suggested from the next day on."""
        self._counts[text] += 1
        self._people.setdefault(text, set()).add(client_id)

    def next_day(self) -> None:
        """Make the lists anew."""
        self._shown = {}
        shared = [text for text in self._counts if text in self._known or len(self._people.get(text, ())) >= SHARED_BY]
        for text in sorted(shared, key=lambda text: (-self._counts[text], text)):
            for length in range(1, min(len(text), LONGEST_KEY) + 1):
                held = self._shown.setdefault(text[:length], [])
                if len(held) < SUGGESTIONS:
                    held.append(text)

    def show(self, prefix: str) -> list[str]:
        """At most `SUGGESTIONS` texts, best first."""
        held = self._shown.get(prefix[:LONGEST_KEY], [])
        return held if len(prefix) <= LONGEST_KEY else [text for text in held if text.startswith(prefix)]


def picks(shown: list[str], wanted: str, typed: int, rng: Random) -> int | None:
    """The place from 0 at which the wished query is seen and taken; `None` when it is not."""
    if typed < LOOKS_FROM or wanted not in shown:
        return None
    place = shown.index(wanted)
    return place if rng.random() < TAKES * SUGGESTION_EXAMINATION[place] else None
