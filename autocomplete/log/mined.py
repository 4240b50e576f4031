"""Reads what the mining jobs learned into the histories that ranking is made from; for building and training only.

The files are those of `intentrie mine`: `completions.parquet` (searches by day), `searches.parquet` (what came of
each), `prefix_log.parquet` (what was shown for each keystroke). Any of them may be missing: a shop that logs no
keystrokes still has searches.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from autocomplete.log.history import DAY_MS, DailySearches, History, PartHistory, day_of
from autocomplete.log.local_time import DAYPARTS, LocalClock
from autocomplete.log.part_counts import PartLog, split_table
from autocomplete.log.parts import Parts, SaidQuery
from autocomplete.log.prefix_log import Keystroke, PrefixLog
from autocomplete.log.visits import VisitLog
from autocomplete.matching.diversity import grouping
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.typed import parse_prefix
from autocomplete.ranking.columns import ids_by_words
from autocomplete.words import split_words
from data.errors import InputError
from data.product import locale_chain
from data.text import analyser_for

_COMPLETIONS = "completions.parquet"
_SEARCHES = "searches.parquet"
_PREFIX_LOG = "prefix_log.parquet"
_BATCH = 65_536


@dataclass(frozen=True, slots=True)
class Search:
    """One search of the log; `clicked` are ids of products."""

    at_ms: int
    session: str
    query: str
    clicked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedKeystroke:
    """One keystroke of the log as it was typed.

    Attributes:
        wanted: What was searched for in the end, `None` when that is unknown.
        picked: Place in the list, from 0, where it was picked at this very keystroke; -1 for none.
    """

    at_ms: int
    session: str
    prefix: str
    wanted: str | None
    picked: int


class MinedTables:
    """The tables' rows in one locale, or in no known one; nothing from `until_ms` on is read."""

    def __init__(self, mined: Path, locale: str, until_ms: int | None = None) -> None:
        self._mined = mined
        self._until_ms = until_ms
        self._locales = frozenset({"und", *locale_chain(locale)})

    def rows(self, name: str, columns: Sequence[str], by_time: bool = False) -> Iterator[Mapping[str, Any]]:
        """Rows of a table in the file's order or by time; none where the file is missing."""
        path = self._mined / name
        if not path.exists():
            return
        try:
            if by_time:
                batches = parquet.read_table(path, columns=list(columns)).sort_by("at_ms").to_batches(_BATCH)
            else:
                batches = parquet.ParquetFile(path).iter_batches(_BATCH, columns=list(columns))
            for batch in batches:
                yield from batch.filter(self._wanted(batch)).to_pylist()
        except (OSError, ValueError, KeyError) as error:
            raise InputError(
                f"{path}: expected columns {', '.join(columns)}, got {error}; mine the log again"
            ) from error

    def _wanted(self, batch: pa.RecordBatch) -> pa.Array:
        """Flags of the rows; sorted out before they become Python's: most are another locale's."""
        wanted = compute.is_in(compute.fill_null(batch["locale"], "und"), pa.array(sorted(self._locales), pa.string()))
        if "at_ms" in batch.schema.names and self._until_ms is not None:
            wanted = compute.and_(wanted, compute.less(batch["at_ms"], self._until_ms))
        return wanted

    def said(self) -> list[SaidQuery]:
        """Every search, in the file's order."""
        return [
            SaidQuery(row["query"], day_of(row["at_ms"]), row["person_hash"] or "")
            for row in self.rows(_SEARCHES, ("at_ms", "query", "locale", "person_hash"))
        ]


class MinedLog:
    """The mined log in one locale, against an index of that locale; nothing from `until_ms` on is read.

    The `clock` tells the parts of the day of its searches; UTC where there is none.
    """

    def __init__(
        self,
        mined: Path,
        index: CompletionIndex,
        locale: str,
        until_ms: int | None = None,
        clock: LocalClock | None = None,
    ) -> None:
        self._log = MinedTables(mined, locale, until_ms)
        self._clock = clock or LocalClock()
        self._until_ms = math.inf if until_ms is None else until_ms
        self._ids = ids_by_words(index)
        self._group_of = grouping(analyser_for(locale))
        # Somebody who sent "usb cables" wanted what is suggested as "usb cable"; the likeliest of near-duplicates.
        self._near: dict[str, int] = {}
        for words, completion in sorted(self._ids.items(), key=lambda held: held[1]):
            self._near.setdefault(self._group_of(words), completion)
        self._size = len(index)
        # A log repeats itself.
        self._id = lru_cache(maxsize=1 << 18)(self._look_up)

    def _look_up(self, text: str) -> int:
        words = tuple(split_words(text))
        found = self._ids.get(words)
        return self._near.get(self._group_of(words), -1) if found is None else found

    def id(self, text: str | None) -> int:
        """Of the completion of the same words, or of a near-duplicate (`diversity.py`); -1 for none."""
        return -1 if text is None else self._id(text)

    def history(self, parts: Parts | None = None) -> History:
        """Searches by day from the mined completions, what came of them from the searches, and those of the parts."""
        counts: dict[tuple[int, int], list[int]] = {}
        for row in self._log.rows(_COMPLETIONS, ("query", "locale", "daily")):
            completion = self.id(row["query"])
            if completion < 0:
                continue
            for each in row["daily"]:
                if int(each["day"]) * DAY_MS >= self._until_ms:
                    continue
                counts.setdefault((completion, int(each["day"])), [0] * (5 + DAYPARTS))[0] += int(each["count"])
        met: set[tuple[int, object]] = set()
        columns = ("at_ms", "query", "locale", "person_hash", "clicked", "carted", "bought")
        for row in self._log.rows(_SEARCHES, columns, by_time=True):
            completion = self.id(row["query"])
            if completion < 0:
                continue
            # Only days that the completions tell of: who is left out there (bots, too few people) is left out here.
            held = counts.get((completion, day_of(row["at_ms"])))
            if held is None:
                continue
            held[5 + self._clock.at(row["at_ms"]).daypart] += 1
            for place, name in enumerate(("clicked", "carted", "bought"), start=1):
                held[place] += bool(row[name])
            person = (completion, row["person_hash"])
            if person not in met:
                met.add(person)
                held[4] += 1
        rows = []
        for (completion, day), (searches, clicked, carted, bought, first, *dayparts) in counts.items():
            rows.append(DailySearches(completion, day, searches, clicked, carted, bought, first, tuple(dayparts)))
        return History(rows, self._size, None if parts is None else self._part_history(parts), self._clock)

    def _part_history(self, parts: Parts) -> PartHistory:
        texts: list[tuple[str, ...]] = [()] * self._size
        for words, completion in self._ids.items():
            texts[completion] = words
        visits: dict[str, list[tuple[int, int]]] = {}
        for search in self.searches():
            head = parts.head_of(split_words(search.query))
            if search.session and head is not None:
                visits.setdefault(search.session, []).append((day_of(search.at_ms), head))
        return PartHistory(
            parts,
            split_table(parts, texts),
            PartLog(parts, self._log.said()),
            VisitLog(visits.values(), len(parts.heads)),
        )

    def prefix_log(self) -> PrefixLog:
        """Every logged keystroke."""
        columns = ("at_ms", "session_id", "prefix", "locale", "shown", "picked", "picked_position", "final_query")
        carts = self._carts()
        key_of = lru_cache(maxsize=1 << 18)(_key)  # a log repeats itself
        found = []
        for row in self._log.rows(_PREFIX_LOG, columns):
            final = row["final_query"] or row["picked"]
            shown, picked = _once(list(row["shown"] or ()), _place(row["picked_position"]))
            found.append(
                Keystroke(
                    day_of(row["at_ms"]),
                    key_of(row["prefix"]),
                    [self.id(text) for text in shown],
                    self.id(final),
                    final is not None,
                    picked,
                    _has_carted(carts.get((row["session_id"] or "", final), ()), row["at_ms"]),
                )
            )
        return PrefixLog(found)

    def _carts(self) -> dict[tuple[str, str], list[tuple[int, bool]]]:
        """By session and query: when it was sent, and whether that put something into the cart; oldest first."""
        found: dict[tuple[str, str], list[tuple[int, bool]]] = {}
        for row in self._log.rows(_SEARCHES, ("at_ms", "session_id", "query", "locale", "carted"), by_time=True):
            key = (row["session_id"] or "", row["query"])
            found.setdefault(key, []).append((row["at_ms"], bool(row["carted"])))
        return found

    def keystrokes(self) -> Iterator[LoggedKeystroke]:
        """Logged keystrokes in the file's order."""
        columns = ("at_ms", "session_id", "prefix", "locale", "picked", "picked_position", "final_query")
        for row in self._log.rows(_PREFIX_LOG, columns):
            yield LoggedKeystroke(
                row["at_ms"],
                row["session_id"] or "",
                row["prefix"],
                row["final_query"] or row["picked"],
                _place(row["picked_position"]),
            )

    def searches(self) -> list[Search]:
        """All searches, oldest first."""
        columns = ("at_ms", "session_id", "query", "locale", "clicked")
        return [
            Search(row["at_ms"], row["session_id"] or "", row["query"], tuple(row["clicked"] or ()))
            for row in self._log.rows(_SEARCHES, columns, by_time=True)
        ]


def _key(prefix: str) -> str:
    typed = parse_prefix(prefix)
    return "" if typed is None else typed.key


def _once(shown: list[str], picked: int) -> tuple[list[str], int]:
    """Each text once, where it stood first, with the place of the one that was picked: scopes say a text again."""
    if len(set(shown)) == len(shown):
        return shown, picked
    once = list(dict.fromkeys(shown))
    return once, once.index(shown[picked]) if 0 <= picked < len(shown) else picked


def _has_carted(searches: Sequence[tuple[int, bool]], at_ms: int) -> bool:
    """Whether the first of them since a moment did."""
    for sent_ms, carted in searches:
        if sent_ms >= at_ms:
            return carted
    return False


def _place(position: int | None) -> int:
    """From 0; -1 for none. Logs count from 1."""
    return -1 if position is None else int(position) - 1
