"""The durable log of changes to live products: what is acknowledged is on the disk, in one order for all workers.

Two tables. `changes` is the log that servers follow by position. `heads` holds, per product, the net effect of all its
changes with the time and version of each part; it outlives compaction, so that a build from a catalogue which still
lists a product deleted last month knows of the deletion.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from data.change import INHERIT, Change, ChangeKind, check_patch
from data.errors import InputError, ProductNotFound, ReleaseError, StaleVersion
from data.log_store import LogStore
from data.product import Product
from data.product_json import decode_product, encode_product

__all__ = ["INHERIT", "Change", "ChangeKind", "LiveProduct", "OverlayLog", "Stamp"]

# (version, UTC epoch milliseconds): of two statements about a product the greater one is newer.
Stamp = tuple[int, int]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS changes (
    position INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, product_id TEXT NOT NULL, kind TEXT NOT NULL,
    version INTEGER NOT NULL, body BLOB
);
CREATE TABLE IF NOT EXISTS heads (
    product_id TEXT PRIMARY KEY, position INTEGER NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    deleted INTEGER NOT NULL, product BLOB, product_at_ms INTEGER NOT NULL, product_version INTEGER NOT NULL,
    patches BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS floor (only INTEGER PRIMARY KEY CHECK (only = 0), position INTEGER NOT NULL);
INSERT OR IGNORE INTO floor VALUES (0, 0)
"""


@dataclass(frozen=True, slots=True)
class LiveProduct:
    """The net effect of every change of one product.

    Attributes:
        position: Of its last change.
        stamp: Of its last change.
        deleted: Whether the last word was a delete; `product` and `patches` are empty then.
        product: The last upsert, `None` when there were only patches.
        product_stamp: Of that upsert; the shop's own `updated_at` when it gave one, else when it was taken in.
        patches: Later patches by path (`("stock",)`, `("attributes", "colour")`): when, and the JSON value.
    """

    product_id: str
    position: int
    stamp: Stamp
    deleted: bool
    product: Product | None = None
    product_stamp: Stamp = (0, 0)
    patches: Mapping[tuple[str, ...], tuple[Stamp, Any]] = field(default_factory=dict)


class OverlayLog:
    """`LIVE/overlay.sqlite`; any number of processes append and read."""

    def __init__(self, path: Path) -> None:
        self._store = LogStore(path, _SCHEMA)

    def append(
        self, changes: Sequence[Change], base_versions: Mapping[str, int], base_position: int = 0
    ) -> list[Change]:
        """Write all of the changes, or none; when this returns they are on the disk.

        A batch costs one fsync, so many changes in one call are far cheaper than many calls.

        Args:
            changes: In order; a later one sees the earlier ones. `position` is ignored.
            base_versions: Version by product id in the release that the caller serves (only `get` is used).
            base_position: The position of this log that the release has folded in: about products changed up to there
                the release has the last word (a deleted product that a newer catalogue brought back is there again).
                If the log was lost or restored from an older backup, positions go on after this one, so that no server
                passes over a new change.

        Returns:
            The changes with their positions and versions.

        Raises:
            StaleVersion: A change has a smaller version than the product, or than its tombstone.
            ProductNotFound: A patch or a delete of a product that is not there.
            InputError: A patch or an upsert that no product could take.
            StorageError: The disk is full, read-only or busy.
        """
        for change in changes:
            _check(change)
        with self._store.writing() as connection:
            if _last_position(connection) < base_position:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = 'changes'")
                connection.execute("INSERT INTO sqlite_sequence VALUES ('changes', ?)", (base_position,))
            written = []
            for change in changes:
                head = _head(connection, change.product_id)
                base_version = base_versions.get(change.product_id)
                version = _admit(change, head, base_version, base_position)
                body = None
                if change.kind == "upsert" and change.product is not None:
                    change = replace(change, product=replace(change.product, version=version))
                    body = encode_product(change.product) if change.product else None
                elif change.kind == "patch":
                    body = orjson.dumps(change.patch, default=_plain)
                row = (change.at_ms, change.product_id, change.kind, version, body)
                cursor = connection.execute("INSERT INTO changes VALUES (NULL, ?, ?, ?, ?, ?)", row)
                change = replace(change, position=cursor.lastrowid or 0, version=version)
                # A patch that gets this far on a deleted product means that the release has overruled the tombstone.
                _write_head(connection, advance(None if head and head.deleted else head, change))
                written.append(change)
        return written

    def read(self, after: int, limit: int = 1000) -> list[Change]:
        """Up to `limit` changes with a position greater than `after`, in order.

        Raises:
            ReleaseError: If changes after `after` were compacted away: the asker's release is older than any kept.
        """
        with self._store.reading() as connection:
            floor = _floor(connection)
            if after < floor:
                raise ReleaseError(
                    f"{self._store.path}: changes up to position {floor} were dropped after newer releases had folded "
                    f"them in, but they are asked for from {after + 1}; serve a newer release"
                )
            rows = connection.execute(
                "SELECT position, at_ms, product_id, kind, version, body FROM changes WHERE position > ? "
                "ORDER BY position LIMIT ?",
                (after, limit),
            ).fetchall()
        return [_change(*row) for row in rows]

    @property
    def position(self) -> int:
        """Of the last change; 0 when there was none ever."""
        with self._store.reading() as connection:
            return _last_position(connection)

    @property
    def floor(self) -> int:
        """Changes up to this position are no longer in the log."""
        with self._store.reading() as connection:
            return _floor(connection)

    def live_products(self) -> tuple[list[LiveProduct], int]:
        """The net effect of all changes ever, by product id, and the position that it is the effect of."""
        with self._store.reading() as connection:
            return list(_heads(connection)), _last_position(connection)

    def compact(self, up_to: int) -> int:
        """Drop the changes up to a position that every kept release has folded in; gives how many."""
        with self._store.writing() as connection:
            up_to = min(up_to, _last_position(connection))
            dropped = connection.execute("DELETE FROM changes WHERE position <= ?", (up_to,)).rowcount
            connection.execute("UPDATE floor SET position = max(position, ?)", (up_to,))
        return dropped

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def advance(head: LiveProduct | None, change: Change) -> LiveProduct:
    """The net effect after one more change; pure, so that it can be tested against replaying every change."""
    stamp = (change.version, change.at_ms)
    if change.kind == "delete":
        return LiveProduct(change.product_id, change.position, stamp, deleted=True)
    if change.kind == "upsert":
        updated_at = change.product.updated_at if change.product else None
        product_stamp = (change.version, change.at_ms if updated_at is None else updated_at)
        return LiveProduct(change.product_id, change.position, stamp, False, change.product, product_stamp)
    patches = dict(head.patches) if head else {}
    for name, value in (change.patch or {}).items():
        if name in ("attributes", "texts"):
            patches.update({(name, key): (stamp, part) for key, part in value.items()})
        else:
            patches[(name,)] = (stamp, value)
    product, product_stamp = (head.product, head.product_stamp) if head else (None, (0, 0))
    return LiveProduct(change.product_id, change.position, stamp, False, product, product_stamp, patches)


def _check(change: Change) -> None:
    if not change.product_id:
        raise InputError("a change names its product; the product id is empty")
    if change.version < INHERIT:
        raise InputError(f"product {change.product_id!r}: a version is 0 or more, got {change.version}")
    if (change.product is not None) != (change.kind == "upsert") or (change.patch is not None) != (
        change.kind == "patch"
    ):
        raise InputError(
            f"product {change.product_id!r}: an upsert carries a product, a patch carries a patch, a delete neither"
        )
    if change.product is not None and change.product.product_id != change.product_id:
        raise InputError(f"upsert of {change.product_id!r} carries product {change.product.product_id!r}")
    if change.patch is not None:
        check_patch(change.patch)


def _admit(change: Change, head: LiveProduct | None, base_version: int | None, base_position: int) -> int:
    """The version that the change gets, or why it cannot be taken."""
    known = [version for version in (head.stamp[0] if head else None, base_version) if version is not None]
    held = max(known, default=None)
    there = base_version is not None
    if head is not None and head.position > base_position:
        # A release that holds a greater version than a tombstone was built from a newer catalogue.
        there = not head.deleted or (base_version is not None and base_version > head.stamp[0])
    if change.kind != "upsert" and not there:
        raise ProductNotFound(
            f"no product {change.product_id!r} in this shop, so it cannot be {_PAST[change.kind]}; upsert it first"
        )
    asked = change.version
    if asked == INHERIT:
        asked = change.product.version if change.product is not None else (held or 0)
    if held is not None and asked < held:
        raise StaleVersion(
            f"product {change.product_id!r} has version {held}, the {change.kind} has {asked}; "
            "send a version that is not smaller"
        )
    return asked


_PAST = {"patch": "patched", "delete": "deleted"}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)


def _change(position: int, at_ms: int, product_id: str, kind: ChangeKind, version: int, body: bytes | None) -> Change:
    product = decode_product(body) if kind == "upsert" and body is not None else None
    patch = orjson.loads(body) if kind == "patch" and body is not None else None
    return Change(position, at_ms, product_id, kind, product, patch, version)


def _last_position(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
    return int(row[0]) if row else 0


def _floor(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT position FROM floor").fetchone()[0])


def _head(connection: sqlite3.Connection, product_id: str) -> LiveProduct | None:
    return next(_heads(connection, "WHERE product_id = ?", (product_id,)), None)


def _heads(connection: sqlite3.Connection, where: str = "", values: tuple[str, ...] = ()) -> Iterator[LiveProduct]:
    columns = "product_id, position, version, at_ms, deleted, product, product_version, product_at_ms, patches"
    query = f"SELECT {columns} FROM heads {where} ORDER BY product_id"
    for row in connection.execute(query, values):
        product_id, position, version, at_ms, deleted, product, product_version, product_at_ms, patches = row
        yield LiveProduct(
            product_id,
            position,
            (version, at_ms),
            bool(deleted),
            decode_product(product) if product is not None else None,
            (product_version, product_at_ms),
            {tuple(path): ((stamp[0], stamp[1]), value) for path, stamp, value in orjson.loads(patches)},
        )


def _write_head(connection: sqlite3.Connection, head: LiveProduct) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO heads "
        "(product_id, position, version, at_ms, deleted, product, product_version, product_at_ms, patches) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            head.product_id,
            head.position,
            *head.stamp,
            head.deleted,
            encode_product(head.product) if head.product else None,
            *head.product_stamp,
            orjson.dumps([[path, stamp, value] for path, (stamp, value) in head.patches.items()], default=_plain),
        ),
    )
