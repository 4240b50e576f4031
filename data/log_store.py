"""What every durable log here stands on: one SQLite file, several processes, nothing acknowledged is lost."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.storage import storage_errors

# A writer holds the lock for one transaction (milliseconds, even for a batch of 1,000); ten seconds of waiting mean
# that somebody hangs, and saying so is better than hanging too.
BUSY_TIMEOUT_MS = 10_000


class LogStore:
    """A SQLite file in WAL mode whose commits are on the disk before they return.

    `synchronous=FULL` makes each commit wait for the write-ahead log's fsync; `BEGIN IMMEDIATE` makes the writers of
    all processes queue up, so what a transaction reads is still true when it writes. One connection is shared by this
    process's threads behind a lock.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self._lock = threading.RLock()
        with storage_errors("opening the log", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            self._enter_wal()
            self._connection.execute("PRAGMA synchronous=FULL")
            with self.writing() as connection:
                for statement in schema.split(";"):
                    connection.execute(statement)

    def _enter_wal(self) -> None:
        """Switch the file to WAL.

        The switch upgrades a lock, which SQLite refuses at once instead of waiting: of six processes that opened a new
        log together, one in thirty failed here.
        """
        until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.005)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: durable when the block is left, undone when it raises."""
        with self._lock, storage_errors("writing the log", self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view; writers go on meanwhile."""
        with self._lock, storage_errors("reading the log", self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file and empty it, as far as no reader needs it."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
