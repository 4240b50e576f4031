"""A small shop's log, made up: what people want depends on the day and on what they did before; weight sees neither.

Every errand has two searches of one theme ("cup bed", then "cup box"), and all themes start with the same letter; half
of the errands are of another theme than the popular one. From the second third of the days on one completion that
nobody wanted before is wanted by every fourth person.
"""

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.log.history import DAY_MS
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.ranking.columns import catalogue_of
from autocomplete.ranking.features import Catalogue
from data.text import analyser_for

FIRST_DAY = 20_000
DAYS = 30
THEMES = ("cat", "cot", "cup", "car")
THINGS = ("bag", "bed", "belt", "bin", "bolt", "bow", "brush")
RISING = "cow bell"
_POPULARITY = {"cat": 8, "cot": 4, "cup": 2, "car": 1}
# How likely each place is looked at; what is not seen is typed to its end.
EXAMINED = (1.0, 0.7, 0.5, 0.35, 0.25, 0.2, 0.15, 0.1)


def completions() -> list[Completion]:
    """By weight as somebody would have them who only counts: the popular theme first, the rising one last."""
    texts = [
        (f"{theme} {thing}", _POPULARITY[theme] + 1 / (2 + place))
        for theme in THEMES
        for place, thing in enumerate(THINGS)
    ]
    return [
        Completion(text, weight, people=9, result_count=3, in_stock=2, prior=0.5, category=text.split()[0])
        for text, weight in [*texts, (RISING, 0.1)]
    ]


def completer() -> TrieCompleter:
    group_of = grouping(analyser_for("en"))
    return TrieCompleter(build_index(completions(), group_of), build_index([], group_of))


def catalogue(held: TrieCompleter) -> Catalogue:
    return catalogue_of(held.completions, completions())


def write_mined(folder: Path, seed: int = 3, people_a_day: int = 60, days: int = DAYS) -> Path:
    """`completions.parquet`, `searches.parquet`, `prefix_log.parquet` as `intentrie mine` writes them."""
    generator = random.Random(seed)
    shown_of = completer()
    searches: list[dict[str, Any]] = []
    keystrokes: list[dict[str, Any]] = []
    for day in range(FIRST_DAY, FIRST_DAY + days):
        for person in range(people_a_day):
            session = f"s{day}-{person}"
            # Popular themes have more people; within a theme everything is wanted alike.
            theme = generator.choices(THEMES, [_POPULARITY[each] for each in THEMES])[0]
            at_ms = day * DAY_MS + person * 60_000
            first, second = (f"{theme} {thing}" for thing in generator.sample(THINGS, 2))
            for usual in (first, second):
                at_ms += 20_000
                rising = day >= FIRST_DAY + days // 3 and generator.random() < 0.25
                wanted = RISING if rising else usual
                at_ms = _type(keystrokes, shown_of, generator, wanted, session, at_ms)
                searches.append(search(f"q{len(searches)}", at_ms, session, wanted))
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, searches, keystrokes)
    return folder


def write(folder: Path, searches: list[dict[str, Any]], keystrokes: list[dict[str, Any]]) -> None:
    daily: dict[str, dict[int, int]] = {}
    for search in searches:
        counts = daily.setdefault(search["query"], {})
        counts[search["at_ms"] // DAY_MS] = counts.get(search["at_ms"] // DAY_MS, 0) + 1
    rows = [
        {"query": query, "locale": "en", "daily": [{"day": day, "count": count} for day, count in counts.items()]}
        for query, counts in daily.items()
    ]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "completions.parquet")
    parquet.write_table(pa.Table.from_pylist(searches, _SEARCHES), folder / "searches.parquet")
    parquet.write_table(pa.Table.from_pylist(keystrokes, _KEYSTROKES), folder / "prefix_log.parquet")


_LIST = pa.list_(pa.string())
_SEARCHES = pa.schema(
    [(name, pa.string()) for name in ("query_id", "session_id", "person_hash", "query", "norm", "locale")]
    + [(name, _LIST) for name in ("hits", "clicked", "carted", "bought")]
    + [("at_ms", pa.int64())],
)
_KEYSTROKES = pa.schema(
    [(name, pa.string()) for name in ("suggest_id", "person_hash", "session_id", "prefix", "locale")]
    + [(name, pa.string()) for name in ("picked", "final_query")]
    + [("at_ms", pa.int64()), ("shown", _LIST), ("picked_position", pa.int64())],
)


def search(query_id: str, at_ms: int, session: str, query: str) -> dict[str, Any]:
    product = f"p-{query.split()[0]}"
    return {
        "query_id": query_id,
        "at_ms": at_ms,
        "session_id": session,
        "person_hash": session,
        "query": query,
        "norm": query,
        "locale": "en",
        "hits": [product],
        "clicked": [product],
        "carted": [],
        "bought": [],
    }


def _type(
    keystrokes: list[dict[str, Any]],
    shown_of: TrieCompleter,
    generator: random.Random,
    wanted: str,
    session: str,
    at_ms: int,
) -> int:
    """Letter by letter until it is seen in the list; gives the time of the last one."""
    for size in range(1, len(wanted) + 1):
        at_ms += 300
        shown = [match.text for match in shown_of.match(wanted[:size], 8)]
        place = shown.index(wanted) if wanted in shown else -1
        picked = place >= 0 and generator.random() < EXAMINED[place]
        keystrokes.append(
            {
                "suggest_id": f"k{len(keystrokes)}",
                "at_ms": at_ms,
                "person_hash": session,
                "session_id": session,
                "prefix": wanted[:size],
                "locale": "en",
                "shown": shown,
                "picked": wanted if picked else None,
                "picked_position": place + 1 if picked else None,
                "final_query": wanted,
            }
        )
        if picked:
            break
    return at_ms + 300
