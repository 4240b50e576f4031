"""The durable log of what shoppers did on a shop's own servers: what is acknowledged is on the disk, in one order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from data.event import Event, encode_event, parse_event, write_events
from data.log_store import LogStore

# Who an event is of stands in columns of its own, so that one person's events can be found and deleted.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, client_id TEXT NOT NULL, user_id TEXT NOT NULL,
    body BLOB NOT NULL
)
"""
# Read at a time when everything is: some megabytes.
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event and its place in the log, from 1."""

    position: int
    event: Event


class EventLog:
    """`LIVE/events.sqlite`; any number of processes append and read."""

    def __init__(self, path: Path) -> None:
        self._store = LogStore(path, _SCHEMA)

    def append(self, events: Sequence[Event]) -> int:
        """Write all of the events, or none; when this returns they are on the disk. A batch costs one fsync.

        Returns:
            The position of the last one; of the log's last one when `events` is empty.

        Raises:
            StorageError: The disk is full, read-only or busy.
        """
        rows = [(event.at_ms, event.client_id, event.user_id, encode_event(event)) for event in events]
        with self._store.writing() as connection:
            connection.executemany("INSERT INTO events VALUES (NULL, ?, ?, ?, ?)", rows)
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def read(self, after: int, limit: int = 1000) -> list[LoggedEvent]:
        """Up to `limit` events with a position greater than `after`, in order."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT position, body FROM events WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
            ).fetchall()
        return [LoggedEvent(position, parse_event(orjson.loads(body))) for position, body in rows]

    def read_all(self, after: int = 0) -> Iterator[LoggedEvent]:
        """Every event beyond a position that there is when it is asked for, in order, a batch in memory at a time."""
        position = after
        while batch := self.read(position, _BATCH):
            yield from batch
            position = batch[-1].position

    def export(self, path: Path) -> int:
        """Write everything as canonical events, which `build --events` reads; gives how many there were."""
        return write_events(path, (logged.event for logged in self.read_all()))

    @property
    def position(self) -> int:
        """Of the last event; 0 when there was none ever."""
        with self._store.reading() as connection:
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()
