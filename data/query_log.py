"""The query log: what was searched, by how many people and when, from events or from a plain list of queries."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from data.cleaning import clean_text
from data.errors import BadRow
from data.event import SEARCH_ACTIONS, Event, is_bulk_action, parse_event, read_events
from data.product_row import parse_time_ms
from data.quarantine import Quarantine
from data.rows import Row, format_of, read_lines, read_rows
from data.shop import ShopConfig
from data.text import analyser_for, fold

DAY_MS = 86_400_000
# What is longer was pasted, not searched for; the longest of 2,120 popular queries of a demo shop has 49 characters.
LONGEST_QUERY = 200
# Between two keystrokes; nobody reads a page of results and refines the search in less.
TYPING_PAUSE_MS = 2_000

_COUNTED = re.compile(r'"?(.+?)"?[\t,;]\s*([0-9]+(?:\.[0-9]+)?)\s*')
_COLUMNS = {
    "text": ("query", "user_query", "text", "search_term", "keyword", "q"),
    "count": ("count", "weight", "searches", "frequency", "popularity"),
    "people": ("people", "users", "unique_users"),
    "person": ("user_id", "client_id", "session_id"),
    "time": ("timestamp", "last_seen", "time", "date"),
    "locale": ("locale", "language"),
}


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """All searches of one normal form in one locale.

    Attributes:
        text: The most frequent way it was typed.
        locale: BCP 47.
        count: Searches, at least 1.
        people: Different people known to have searched it, at most `count`. All who are not known count as one; in a
            list with counts but without people each search counts as a person (the shop has aggregated them).
        first_seen_ms: Of the oldest search, UTC epoch milliseconds; `None` when no time is known.
        last_seen_ms: Of the newest.
        daily: (days since 1970-01-01 UTC, searches), oldest first; searches without a time are in none.
        clicks: On what these searches found; `None` where the log does not tell.
        purchases: Of what they found, likewise.
    """

    text: str
    locale: str
    count: int
    people: int
    first_seen_ms: int | None = None
    last_seen_ms: int | None = None
    daily: tuple[tuple[int, int], ...] = ()
    clicks: int | None = None
    purchases: int | None = None

    def decayed(self, now_ms: int, half_life_days: float) -> float:
        """Searches, each counting half as much per half-life of age; those without a time count whole."""
        today = now_ms // DAY_MS
        weight = float(self.count)
        for day, count in self.daily:
            weight -= count * (1 - math.exp2(-max(0, today - day) / half_life_days))
        return weight


@dataclass(slots=True)
class _Tally:
    surfaces: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    counted_people: int = 0
    days: Counter[int] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)  # oldest and newest

    def add(self, text: str, count: int, at_ms: int | None) -> None:
        self.surfaces[text] += count
        if at_ms is not None:
            self.days[at_ms // DAY_MS] += count
            self.times = [min(at_ms, *self.times), max(at_ms, *self.times)] if self.times else [at_ms, at_ms]


class QueryTally:
    """Counts searches by (normal form, locale).

    Args:
        config: Whose locales.
    """

    def __init__(self, config: ShopConfig) -> None:
        self._config = config
        self._tallies: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)

    def add(
        self,
        text: str,
        locale: str | None = None,
        *,
        count: int = 1,
        people: int | None = None,
        person: str | None = None,
        at_ms: int | None = None,
    ) -> None:
        """Count searches of one text.

        Args:
            text: As typed.
            locale: The shop's default when `None`.
            count: How many.
            people: How many people they were, where the log says so; else `person` did them all.
            person: Who, `None` when unknown.
            at_ms: When.

        Raises:
            BadRow: When it is no query.
        """
        cleaned = clean_text(text)
        if not cleaned or len(cleaned) > LONGEST_QUERY:
            raise BadRow("query", f"expected 1 to {LONGEST_QUERY} characters, got {len(cleaned)}")
        where = locale or self._config.locale
        norm = analyser_for(where).normalise(cleaned)
        if not norm:
            raise BadRow("query", f"expected a word, got {cleaned!r}")
        tally = self._tallies[norm, where]
        tally.add(cleaned, count, at_ms)
        if people is not None:
            tally.counted_people += people
        else:
            tally.people.add(person or "")

    def queries(self) -> list[LoggedQuery]:
        """All, most frequent first, ties by text and locale."""
        found = []
        for (_, locale), tally in self._tallies.items():
            count = tally.surfaces.total()
            text = min(tally.surfaces, key=lambda surface: (-tally.surfaces[surface], surface))
            people = min(count, tally.counted_people + len(tally.people))
            first, last = tally.times or (None, None)
            found.append(LoggedQuery(text, locale, count, people, first, last, tuple(sorted(tally.days.items()))))
        return sorted(found, key=lambda query: (-query.count, query.text, query.locale))


def read_query_log(
    events_path: Path | None, queries_path: Path | None, config: ShopConfig, quarantine: Quarantine
) -> list[LoggedQuery]:
    """What was searched, from events, a list of queries, or both (which must then be of different searches).

    Of events, all that share a `query_id` are one search. A list of queries is CSV, TSV or JSONL with a column `query`
    and, each optional, `count`, `people`, `locale`, `timestamp`, `client_id`; `query,count` and bare queries may go
    without a header; UBI query records are read as events.

    Returns:
        Most frequent first; empty without files.

    Raises:
        InputError: When a file cannot be read.
        TooManyBadRows: When too many of its lines are no queries.
    """
    tally = QueryTally(config)
    if events_path is not None:
        tally_events(read_events(events_path, quarantine, config.catalog.quarantine_share), tally)
    if queries_path is not None:
        tally_list(queries_path, config, quarantine, tally)
    return tally.queries()


def tally_events(events: Iterable[Event], tally: QueryTally) -> None:
    """Count the searches of an event stream, in any order.

    All events that share a `query_id` are one search, at its first event. Shops that search while one types log every
    keystroke; of those only what the typing came to counts. A text that is no query (too long, no word) is no search.
    """
    first: dict[str, Event] = {}
    for number, event in enumerate(events):
        if not event.query_text.strip():
            continue
        sends = event.action_name in SEARCH_ACTIONS or event.message_type.upper() == "QUERY"
        if not (event.query_id or sends):
            continue  # a click that repeats the query, without saying of which search
        key = event.query_id or f"#{number}"
        if key not in first or event.at_ms < first[key].at_ms:
            first[key] = event
    searches = sorted(first.values(), key=lambda event: (event.person or "", event.at_ms, event.query_text))
    for event, following in zip_longest(searches, searches[1:]):
        if following is None or not _is_typing(event, following):
            with suppress(BadRow):
                tally.add(event.query_text, event.locale, person=event.person, at_ms=event.at_ms)


def _is_typing(event: Event, following: Event) -> bool:
    """Whether the next search of the same person only goes on typing this one, or sends it twice."""
    if event.person is None or event.person != following.person or following.at_ms - event.at_ms > TYPING_PAUSE_MS:
        return False
    return fold(following.query_text).startswith(fold(event.query_text))


def tally_list(path: Path, config: ShopConfig, quarantine: Quarantine, tally: QueryTally) -> int:
    """Count the searches of a list of queries, see `read_query_log`; how many rows were used."""
    before = quarantine.rejected
    good = 0
    columns: dict[str, str] | None = None
    events: list[Event] = []
    for line, record in _list_rows(path, quarantine):
        if is_bulk_action(record):
            continue
        try:
            if "query_id" in record or "action_name" in record:
                events.append(parse_event(record))
            else:
                columns = columns if columns is not None and columns["text"] in record else _columns(record)
                _add_row(record, columns, tally)
        except BadRow as error:
            quarantine.reject(path.name, line, error.field, error.reason, record)
            continue
        good += 1
    tally_events(events, tally)
    quarantine.check(str(path), good + quarantine.rejected - before, config.catalog.quarantine_share, before)
    return good


def _list_rows(path: Path, quarantine: Quarantine) -> Iterator[Row]:
    """The rows; a text file may be bare queries, or queries with counts, without a header."""
    if format_of(path) == "csv":
        first = next(iter(read_lines(path, Quarantine())), (0, ""))[1]
        names = {cell.strip(' "').lower() for cell in re.split(r"[,;\t]", first)}
        if not names & set(_COLUMNS["text"]):
            counted = _COUNTED.fullmatch(first) is not None
            for number, line in read_lines(path, quarantine):
                match = _COUNTED.fullmatch(line) if counted else None
                yield Row(number, {"query": match[1], "count": match[2]} if match else {"query": line})
            return
    yield from read_rows(path, quarantine)


def _columns(record: Mapping[str, Any]) -> dict[str, str]:
    by_lower = {name.strip().lower(): name for name in record}
    found = {
        name: next((by_lower[alias] for alias in aliases if alias in by_lower), "")
        for name, aliases in _COLUMNS.items()
    }
    if not found["text"]:
        raise BadRow("query", f"expected a column 'query', got {', '.join(record)}"[:200])
    return found


def _add_row(record: Mapping[str, Any], columns: Mapping[str, str], tally: QueryTally) -> None:
    def said(name: str) -> Any:
        value = record.get(columns[name]) if columns[name] else None
        return None if value == "" else value

    text, person, locale, time = said("text"), said("person"), said("locale"), said("time")
    if not isinstance(text, str):
        raise BadRow("query", f"expected a text, got {type(text).__name__}")
    count = _count(said("count"), "count")
    people = _count(said("people"), "people")
    if people is None and person is None and count is not None:
        people = count
    try:
        at_ms = None if time is None else parse_time_ms(time)
    except (ValueError, OverflowError) as error:
        raise BadRow("timestamp", str(error)) from error
    if count != 0:
        tally.add(
            text,
            None if locale is None else str(locale),
            count=count or 1,
            people=people,
            person=None if person is None else str(person),
            at_ms=at_ms,
        )


def _count(value: Any, name: str) -> int | None:
    """A whole number of searches; a fractional weight rounds up, so that no query is lost."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < 2**53:
        raise BadRow(name, f"expected a number from 0, got {value!r}"[:100])
    return -int(-number // 1)
