"""A made-up log of events, written by hand in the tests."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

START_MS = 1_767_254_400_000  # 2026-01-01 08:00 UTC
DAY_MS = 86_400_000


class Log:
    """Events in memory; every method takes the seconds since the start."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._searches = 0

    def add(self, action: str, at: float, session: str, attributes: dict[str, Any], **more: Any) -> None:
        moment = datetime.fromtimestamp((START_MS + round(at * 1000)) / 1000, UTC)
        self.events.append(
            {
                "action_name": action,
                "timestamp": moment.isoformat(timespec="milliseconds"),
                "session_id": session,
                "client_id": more.pop("client", f"client of {session}"),
                "event_attributes": attributes,
                **more,
            }
        )

    def search(self, at: float, session: str, query: str, hits: Sequence[str] = (), **more: Any) -> str:
        self._searches += 1
        query_id = more.pop("query_id", f"q{self._searches}")
        attributes = {"locale": more.pop("locale", "en"), "query_response_hit_ids": list(hits)}
        self.add("search", at, session, attributes, query_id=query_id, user_query=query, **more)
        return query_id

    def act(
        self, action: str, at: float, session: str, product: str, query_id: str = "", position: int | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        attributes: dict[str, Any] = {"object": {"object_id": product, "object_id_field": "product_id"}}
        if position is not None:
            attributes["position"] = {"ordinal": position}
        self.add(action, at, session, attributes, query_id=query_id, **more)

    def keystroke(
        self, at: float, session: str, prefix: str, shown: Sequence[str], suggest_id: str, **more: Any
    ) -> None:
        attributes = {"suggest_id": suggest_id, "prefix": prefix, "locale": "en", "shown": list(shown)}
        self.add("suggest", at, session, attributes, **more)

    def pick(self, at: float, session: str, prefix: str, text: str, position: int, suggest_id: str) -> None:
        attributes = {
            "suggest_id": suggest_id,
            "prefix": prefix,
            "locale": "en",
            "object": {"object_id": text, "object_id_field": "suggestion"},
            "position": {"ordinal": position},
        }
        self.add("suggest_pick", at, session, attributes)

    def write(self, folder: Path) -> Path:
        """One file a day, as a shop's log is kept."""
        folder.mkdir(parents=True, exist_ok=True)
        days: dict[str, list[dict[str, Any]]] = {}
        for event in self.events:
            days.setdefault(event["timestamp"][:10], []).append(event)
        for day, events in days.items():
            with gzip.open(folder / f"{day}.jsonl.gz", "wt", encoding="utf-8") as file:
                file.writelines(json.dumps(event) + "\n" for event in events)
        return folder


TABLES = (
    "completions", "examination", "attractiveness", "products", "prefixes", "prefix_log", "searches", "clusters",
    "co_bought", "co_viewed", "reports/zero_results", "reports/low_clicks",
)  # fmt: skip


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """A table's rows in an order of their own: none is promised where times are equal."""
    return sorted(pq.read_table(out / f"{table}.parquet").to_pylist(), key=repr)


def everything(out: Path) -> dict[str, Any]:
    """All outputs that consumers read."""
    found: dict[str, Any] = {name: rows(out, name) for name in TABLES}
    found |= {name: (out / f"{name}.jsonl").read_text() for name in ("candidates", "attributes")}
    return found


def shoppers(days: int = 3, people: int = 12) -> Log:
    """A small log in which everything happens a few times; the same every time it is made."""
    log = Log()
    words = ["teapot", "tent", "sofa", "lamp"]
    for day in range(days):
        for person in range(people):
            session = f"s{day}-{person}"
            begin = day * 86_400 + person * 600.0
            client = f"c{person}"
            word = words[(day + person) % len(words)]
            for end in range(1, 4):
                log.keystroke(
                    begin + end / 2, session, word[:end], [one for one in words if one.startswith(word[:end])],
                    f"{session}-{end}", client=client,
                )  # fmt: skip
            order = [f"{word}-{(place + person) % 4}" for place in range(4)]
            query = log.search(begin + 3, session, word, order, client=client, user_id=f"u{person}")
            for position in range(1, 1 + person % 3):
                product = order[position - 1]
                log.act("click", begin + 10 * position, session, product, query, position, client=client)
                if person % 2:
                    log.act("purchase", begin + 90 + position, session, product, query, client=client)
    return log
