"""Which searches are more frequent just now than they ever are.

People are counted, not searches: within a sliding window each counts once for a query. What is usual is the query's
share of all that people look for, of as many as there are in the window now, so that a busy hour makes no trend. A
query trends when it is `LEAST_STRENGTH` standard deviations of a Poisson count above that, and fades as those people's
searches leave the window.

Anybody can invent people, since a shop's pages cannot keep a secret. So those on one device count as one, and at most
`MOST_PER_SOURCE` of one connection count. Who has many connections can still make a trend; what that can do at worst
is to suggest a harmless text that finds something: blocked and private texts, and what finds nothing, are left out as
everywhere.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from autocomplete.live.live_state import Trend
from autocomplete.words import split_words

WINDOW_MS = 15 * 60 * 1000
# A count that chance gives one query in 30,000.
LEAST_STRENGTH = 4.0
# Best ones kept; an answer shows two.
MOST_TRENDS = 50
# Queries and people within a window, each: some 30 MB at most. The least recent go first.
MOST_KEPT = 50_000
# Of a household, or of whoever invents people: fewer than make a trend, by themselves and with one other such source.
MOST_PER_SOURCE = 2
# Ways of typing the same words.
MOST_FORMS = 10

Key = tuple[str, tuple[str, ...]]
# Share of all searches that a query is known to have, by its locale and text; 0 for one that is not known.
ShareOf = Callable[[str, str], float]
# How a text is known to be spelt, by its locale and text; `None` for one that is not known.
SurfaceOf = Callable[[str, str], str | None]
# Of a shout or a sentence; what may be part of a name stays ("c++", "15\"", "50%", "(2nd)").
_BEFORE = "!?.,;:…¿¡、。！？，；：·*~-–— "
_BEHIND = "!?,;:…、。！？，；：·*~-–— "


class _Search(NamedTuple):
    """A person's last search for a query."""

    at_ms: int
    device: str
    source: int


def independent(searches: Iterable[tuple[int, str, int]]) -> int:
    """How many people count: one of each device, a few of each source; empty devices and source 0 say nothing.

    Args:
        searches: Of distinct people: when, on which device, from which source (`data.event_source`).
    """
    devices: set[str] = set()
    sources: Counter[int] = Counter()
    count = 0
    for _, device, source in searches:
        if (device and device in devices) or (source and sources[source] >= MOST_PER_SOURCE):
            continue
        devices.add(device)
        sources[source] += 1
        count += 1
    return count


@dataclass(slots=True)
class _Searched:
    """One query within the window: when each person searched for it last and from where, oldest first; how typed."""

    people: OrderedDict[str, _Search] = field(default_factory=OrderedDict)
    texts: Counter[str] = field(default_factory=Counter)


class TrendCounter:
    """Counts the searches of a sliding window; for one thread."""

    def __init__(self) -> None:
        self._queries: OrderedDict[Key, _Searched] = OrderedDict()
        # People kept, once for each query.
        self._total = 0

    def add(
        self, text: str, locale: str, person: str, at_ms: int, now_ms: int, device: str = "", source: int = 0
    ) -> None:
        """One search; one from before the window, of nobody or without words is passed over.

        Args:
            text: As typed; signs around it are no part of it.
            locale: One of the shop's.
            person: As closely as is known.
            at_ms: UTC epoch milliseconds, as the page says; one that is ahead is now.
            now_ms: UTC epoch milliseconds.
            device: That it was made on, empty when unknown.
            source: See `data.event_source`.
        """
        at_ms = min(at_ms, now_ms)
        text = _said(text)
        words = tuple(split_words(text))
        if at_ms <= now_ms - WINDOW_MS or not words or not person:
            return
        key = (locale, words)
        searched = self._queries.get(key)
        if searched is None:
            searched = self._queries[key] = _Searched()
        self._queries.move_to_end(key)
        self._total += person not in searched.people
        before = searched.people.get(person)
        latest = at_ms if before is None else max(at_ms, before.at_ms)
        searched.people[person] = _Search(latest, device, source)
        searched.people.move_to_end(person)
        if text in searched.texts or len(searched.texts) < MOST_FORMS:
            searched.texts[text] += 1
        while len(self._queries) > MOST_KEPT or self._total > 4 * MOST_KEPT:
            _, dropped = self._queries.popitem(last=False)
            self._total -= len(dropped.people)

    def forget_all(self) -> None:
        """Start anew, for what is read again."""
        self._queries.clear()
        self._total = 0

    def trends(
        self, share_of: ShareOf, now_ms: int, minimum_people: int, surface_of: SurfaceOf = lambda *_: None
    ) -> list[Trend]:
        """What at least so many people, and far more than usual, search for now; strongest first.

        Spelt as it is known to be, and where it is not known as most of them do.
        """
        self._leave_behind(now_ms - WINDOW_MS)
        counts = {key: independent(searched.people.values()) for key, searched in self._queries.items()}
        total = sum(counts.values())
        found = []
        for key, people in counts.items():
            if people < max(2, minimum_people):
                continue
            texts, locale = self._queries[key].texts, key[0]
            text = max(sorted(texts), key=texts.__getitem__)
            usual = share_of(text, locale) * total
            strength = (people - usual) / (usual + 1.0) ** 0.5
            if strength >= LEAST_STRENGTH:
                found.append(Trend(surface_of(text, locale) or text, locale, people, round(strength, 2)))
        return sorted(found, key=lambda trend: (-trend.strength, trend.text))[:MOST_TRENDS]

    def _leave_behind(self, before_ms: int) -> None:
        for key, searched in list(self._queries.items()):
            while searched.people:
                person, search = next(iter(searched.people.items()))
                if search.at_ms > before_ms:
                    break
                del searched.people[person]
                self._total -= 1
            if not searched.people:
                del self._queries[key]


def _said(text: str) -> str:
    """A search without the signs around it: "Tent!!!" is "Tent"; one dot ends what is cut short ("st.")."""
    said = " ".join(text.split()).lstrip(_BEFORE).rstrip(_BEHIND)
    while said.endswith(".."):
        said = said[:-2].rstrip(_BEHIND + ".")
    return said
