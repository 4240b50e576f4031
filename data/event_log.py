"""The durable log of what shoppers did on a shop's own servers: what is acknowledged is on the disk, in one order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from data.event import Event, encode_event, parse_event, write_events
from data.event_source import UNKNOWN, source_of
from data.log_store import LogStore
from data.mining.state import pseudonym
from data.storage import storage_errors

# Who an event is of stands in columns of its own, so that one person's events can be found and deleted.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, client_id TEXT NOT NULL, user_id TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS forgotten (position INTEGER PRIMARY KEY AUTOINCREMENT, pseudonym TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sources (position INTEGER PRIMARY KEY, source INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS source_key (only INTEGER PRIMARY KEY CHECK (only = 0), key BLOB NOT NULL);
INSERT OR IGNORE INTO source_key VALUES (0, randomblob(16))
"""
# Sources are asked for by who counts the last minutes, and are no part of what is learned from.
SOURCES_KEPT = 100_000
# Read at a time when everything is: some megabytes.
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event and its place in the log, from 1; `source` as `data.event_source` has it."""

    position: int
    event: Event
    source: int = UNKNOWN


class EventLog:
    """`LIVE/events.sqlite`; any number of processes append and read."""

    def __init__(self, path: Path) -> None:
        self._store = LogStore(path, _SCHEMA)

    def append(self, events: Sequence[Event], address: str = "") -> int:
        """Write all of the events, or none; when this returns they are on the disk. A batch costs one fsync.

        Args:
            events: In order.
            address: That they came from, where it may tell people apart; it is not written.

        Returns:
            The position of the last one; of the log's last one when `events` is empty.

        Raises:
            StorageError: The disk is full, read-only or busy.
        """
        rows = [(event.at_ms, event.client_id, event.user_id, encode_event(event)) for event in events]
        with self._store.writing() as connection:
            connection.executemany("INSERT INTO events VALUES (NULL, ?, ?, ?, ?)", rows)
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
            last = int(row[0]) if row else 0
            source = UNKNOWN
            if address:
                source = source_of(address, *connection.execute("SELECT key FROM source_key").fetchone())
            if source != UNKNOWN:
                numbered = ((position, source) for position in range(last - len(rows) + 1, last + 1))
                connection.executemany("INSERT INTO sources VALUES (?, ?)", numbered)
                connection.execute("DELETE FROM sources WHERE position <= ?", (last - SOURCES_KEPT,))
        return last

    def read(self, after: int, limit: int = 1000) -> list[LoggedEvent]:
        """Up to `limit` events with a position greater than `after`, in order."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT position, body, coalesce(source, 0) FROM events LEFT JOIN sources USING (position) "
                "WHERE position > ? ORDER BY position LIMIT ?",
                (after, limit),
            ).fetchall()
        return [LoggedEvent(position, parse_event(orjson.loads(body)), source) for position, body, source in rows]

    def read_all(self, after: int = 0) -> Iterator[LoggedEvent]:
        """Every event beyond a position that there is when it is asked for, in order, a batch in memory at a time."""
        position = after
        while batch := self.read(position, _BATCH):
            yield from batch
            position = batch[-1].position

    def forget(self, person: str) -> int:
        """Delete the events of a person, and remember that they must never be learned from again.

        Args:
            person: Id of a user or of a client. Of a user, the events go too that the same clients sent without saying
                whose they were; what others sent from a shared client stays.

        Returns:
            How many events there were.

        Raises:
            StorageError: The disk is full, read-only or busy; nothing was deleted.
        """
        if not person:
            return 0
        with self._store.writing() as connection:
            # What was deleted is overwritten, not only unlinked.
            connection.execute("PRAGMA secure_delete=ON")
            mine = "SELECT DISTINCT client_id FROM events WHERE user_id = ? AND client_id <> ''"
            gone = connection.execute(
                f"DELETE FROM events WHERE user_id = ? OR (user_id = '' AND (client_id = ? OR client_id IN ({mine})))",
                (person, person, person),
            ).rowcount
            connection.execute("DELETE FROM sources WHERE position NOT IN (SELECT position FROM events)")
            connection.execute("INSERT INTO forgotten VALUES (NULL, ?)", (pseudonym(person),))
        # The write-ahead log still has the old pages until it is emptied.
        with storage_errors("writing the log", self._store.path):
            self._store.checkpoint()
        return int(gone)

    def forgotten(self, after: int = 0) -> list[tuple[int, str]]:
        """Positions, from 1, and pseudonyms (`data.mining.state`) of forgotten people beyond a position, in order."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT position, pseudonym FROM forgotten WHERE position > ? ORDER BY position", (after,)
            ).fetchall()
        return [(int(position), str(name)) for position, name in rows]

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
