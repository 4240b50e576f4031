"""Which searches are more frequent just now than they ever are.

People are counted, not searches: within a sliding window each counts once for a query. What is usual is the query's
share of all that people look for, of as many as there are in the window now, so that a busy hour makes no trend. A
query trends when it is `LEAST_STRENGTH` standard deviations of a Poisson count above that, and fades as those people's
searches leave the window.

Who invents people can invent a trend: a shop's pages cannot keep a secret, so neither can what counts their shoppers.
What a trend can do at worst is to suggest a harmless text that finds something: blocked and private texts, and what
finds nothing, are left out as everywhere.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from autocomplete.live.live_state import Trend
from autocomplete.words import split_words

WINDOW_MS = 15 * 60 * 1000
# A count that chance gives one query in 30,000.
LEAST_STRENGTH = 4.0
# Best ones kept; an answer shows two.
MOST_TRENDS = 50
# Queries and people within a window, each: some 30 MB at most. The least recent go first.
MOST_KEPT = 50_000
# Ways of typing the same words.
MOST_FORMS = 10

Key = tuple[str, tuple[str, ...]]
# Share of all searches that a query is known to have, by its locale and text; 0 for one that is not known.
ShareOf = Callable[[str, str], float]


@dataclass(slots=True)
class _Searched:
    """One query within the window: when each person searched for it last, oldest first, and how it was typed."""

    people: OrderedDict[str, int] = field(default_factory=OrderedDict)
    texts: Counter[str] = field(default_factory=Counter)


class TrendCounter:
    """Counts the searches of a sliding window; for one thread."""

    def __init__(self) -> None:
        self._queries: OrderedDict[Key, _Searched] = OrderedDict()
        # Of everybody: a person counts once for each query.
        self._total = 0

    def add(self, text: str, locale: str, person: str, at_ms: int, now_ms: int) -> None:
        """One search; one from before the window, of nobody or without words is passed over."""
        at_ms = min(at_ms, now_ms)
        text = text.strip()
        words = tuple(split_words(text))
        if at_ms <= now_ms - WINDOW_MS or not words or not person:
            return
        key = (locale, words)
        searched = self._queries.get(key)
        if searched is None:
            searched = self._queries[key] = _Searched()
        self._queries.move_to_end(key)
        self._total += person not in searched.people
        searched.people[person] = max(at_ms, searched.people.get(person, 0))
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

    def trends(self, share_of: ShareOf, now_ms: int, minimum_people: int = 5) -> list[Trend]:
        """What at least so many people, and far more than usual, search for now; strongest first."""
        self._leave_behind(now_ms - WINDOW_MS)
        found = []
        for (locale, _), searched in self._queries.items():
            people = len(searched.people)
            if people < max(2, minimum_people):
                continue
            text = min(searched.texts, key=lambda text: (-searched.texts[text], text))
            usual = share_of(text, locale) * self._total
            strength = (people - usual) / (usual + 1.0) ** 0.5
            if strength >= LEAST_STRENGTH:
                found.append(Trend(text, locale, people, round(strength, 2)))
        return sorted(found, key=lambda trend: (-trend.strength, trend.text))[:MOST_TRENDS]

    def _leave_behind(self, before_ms: int) -> None:
        for key, searched in list(self._queries.items()):
            while searched.people:
                person, at_ms = next(iter(searched.people.items()))
                if at_ms > before_ms:
                    break
                del searched.people[person]
                self._total -= 1
            if not searched.people:
                del self._queries[key]
