"""Keystrokes whose search is known: logged ones, and synthetic ones of logged searches; and what their sessions did."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.assembly import ShopRelease
from autocomplete.completer import TrieCompleter
from autocomplete.log.history import day_of
from autocomplete.log.mined import MinedLog, Search
from autocomplete.matching.typed import parse_prefix
from autocomplete.ranking.session import NOBODY, Session

# Days at the beginning that give history and no examples; at most a fifth of the log.
WARM_UP_DAYS = 7


@dataclass(frozen=True, slots=True)
class Typing:
    """One keystroke whose search is known.

    Attributes:
        prefix: As typed.
        wanted: Id of the completion that was searched for.
        place: Of the list, from 0, where it was picked; -1 when it was typed on.
    """

    at_ms: int
    session: str
    prefix: str
    wanted: int
    place: int = -1


def typings_of(log: MinedLog, completer: TrieCompleter) -> list[Typing]:
    """The logged keystrokes, and the synthetic ones of the logged searches."""
    found, logged = [], set[tuple[str, int, str]]()
    for each in log.keystrokes():
        wanted = log.id(each.wanted)
        if wanted >= 0:
            found.append(Typing(each.at_ms, each.session, each.prefix, wanted, each.picked))
            logged.add((each.session, wanted, _key(each.prefix)))
    for search in log.searches():
        wanted = log.id(search.query)
        if wanted < 0:
            continue
        text = completer.completions.text(wanted)
        for size in range(len(text)):
            if (search.session, wanted, _key(text[:size])) not in logged:
                found.append(Typing(search.at_ms, search.session, text[:size], wanted))
    return found


def _key(prefix: str) -> str:
    typed = parse_prefix(prefix)
    return "" if typed is None else typed.key


def sample(typings: Sequence[Typing], most: int, seed: int) -> list[Typing]:
    """At most so many after the warm-up, drawn evenly, in time."""
    if not typings:
        return []
    days = sorted({day_of(each.at_ms) for each in typings})
    first = days[min(WARM_UP_DAYS, len(days) // 5)]
    late = sorted(
        (each for each in typings if day_of(each.at_ms) >= first),
        key=lambda each: (each.at_ms, each.session, each.prefix, each.wanted),
    )
    # Half again as many, because of some the candidates will not hold what was wanted.
    drawn = random.Random(seed).sample(range(len(late)), min(len(late), most * 3 // 2))
    return [late[place] for place in sorted(drawn)]


class Sessions:
    """What sessions had done by any moment."""

    def __init__(self, searches: Iterable[Search], release: ShopRelease) -> None:
        self._by_name: dict[str, list[Search]] = {}
        self._release = release
        for search in searches:
            if search.session:
                self._by_name.setdefault(search.session, []).append(search)

    def before(self, name: str, at_ms: int) -> Session:
        """Its searches before then, with the categories of what they led to."""
        session = NOBODY
        for search in self._by_name.get(name, ()):
            if search.at_ms >= at_ms:
                break
            session = session.at(search.at_ms).searched(search.query, search.at_ms)
            for product_id in search.clicked:
                product = self._release.engine.product(product_id)
                if product is not None:
                    session = session.looked_at(" > ".join(product.category), search.at_ms)
        return session.at(at_ms)
