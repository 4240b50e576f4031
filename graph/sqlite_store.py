"""The embedded graph store: one SQLite file, the truth of a shop on one machine."""

import sqlite3
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any

from data.log_store import LogStore
from graph import integrity
from graph.changes import Changes, changes
from graph.concept import Concept, Layer, Scheme, Status
from graph.editing import apply_edit
from graph.label import Label, LabelKind
from graph.lookup import best_first, lookup_words
from graph.merging import merge_rebuild
from graph.minting import next_id
from graph.relation import Predicate, Relation
from graph.statements import ConceptKey, Statements
from graph.store import Edit, Found, GraphState, Rebuilt, in_order

# `minted` holds reserved ids; files of 0.1 hold every id there, and those that concepts have are passed over.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS shops (shop TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minted (
    shop TEXT, scheme TEXT, key TEXT, concept_id TEXT NOT NULL, PRIMARY KEY (shop, scheme, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS concepts (
    shop TEXT, concept_id TEXT, scheme TEXT NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL,
    confidence REAL NOT NULL, layer TEXT NOT NULL, source TEXT NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (shop, concept_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (
    shop TEXT, concept_id TEXT, text TEXT NOT NULL, norm TEXT, language TEXT, kind TEXT NOT NULL, layer TEXT NOT NULL,
    confidence REAL NOT NULL DEFAULT 1, evidence TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (shop, concept_id, language, norm)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relations (
    shop TEXT, subject TEXT, predicate TEXT, object TEXT, weight REAL NOT NULL, layer TEXT NOT NULL,
    source TEXT NOT NULL, evidence TEXT NOT NULL, valid_from INTEGER, valid_to INTEGER,
    PRIMARY KEY (shop, subject, predicate, object)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (shop TEXT, kind TEXT, what TEXT, PRIMARY KEY (shop, kind, what)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS concept_keys ON concepts (shop, scheme, key)
"""
# What files of 0.1 lack.
_LATER = {"labels": {"confidence": "REAL NOT NULL DEFAULT 1", "evidence": "TEXT NOT NULL DEFAULT ''"}}
# Ids that were minted and that no concept has.
_FREE = """WITH free AS (SELECT * FROM minted WHERE NOT EXISTS (
    SELECT 1 FROM concepts WHERE concepts.shop = minted.shop AND concepts.concept_id = minted.concept_id))"""
_CONCEPT = "concept_id, scheme, key, status, confidence, layer, source, revision"
_LABEL = "concept_id, text, norm, language, kind, layer, confidence, evidence"
_RELATION = "subject, predicate, object, weight, layer, source, evidence, valid_from, valid_to"


class SqliteGraphStore:
    """`GraphStore` in a SQLite file (WAL, `synchronous=FULL`); a second process that writes waits for its turn.

    A write reads the shop's state, works out the next one, checks it whole and writes the rows in which they differ,
    all in one transaction.
    """

    def __init__(self, path: Path) -> None:
        self._store = LogStore(path, _SCHEMA)
        with self._store.writing() as connection:
            for table, columns in _LATER.items():
                held = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                for column, kind in columns.items():
                    if column not in held:
                        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def shops(self) -> list[str]:
        """Names of the shops that have been written."""
        with self._store.reading() as connection:
            return [shop for (shop,) in connection.execute("SELECT shop FROM shops ORDER BY shop")]

    def revision(self, shop: str) -> int:
        """0 before the first write."""
        with self._store.reading() as connection:
            return _revision(connection, shop)

    def read(self, shop: str) -> GraphState:
        """A consistent state; empty for an unknown shop."""
        with self._store.reading() as connection:
            return _state(connection, shop)

    def lookup(self, shop: str, text: str, limit: int) -> list[Found]:
        """See `GraphStore.lookup`; a scan of the labels, 30 ms for 100,000."""
        words = lookup_words(text)
        begins = " AND ".join(["instr(' ' || norm, ?)"] * len(words)) or "false"
        columns = ", ".join(f"labels.{column}" for column in _LABEL.split(", "))
        columns += ", " + ", ".join(f"concepts.{column}" for column in _CONCEPT.split(", "))
        query = (
            f"SELECT {columns} FROM labels JOIN concepts USING (shop, concept_id) WHERE shop = ? AND {begins}"
            " ORDER BY norm != ?, length(norm), norm, concept_id, language LIMIT ?"
        )
        with self._store.reading() as connection:
            rows = connection.execute(query, [shop, *(f" {word}" for word in words), " ".join(words), limit])
            return best_first([Found(_concept(row[8:]), _label(row[:8])) for row in rows], words, limit)

    def rebuild(self, shop: str, statements: Statements) -> Rebuilt:
        """See `GraphStore.rebuild`."""
        passed_over: tuple[str, ...] = ()

        def step(old: GraphState) -> GraphState:
            nonlocal passed_over
            merged = merge_rebuild(old, statements)
            passed_over = merged.passed_over
            return merged.state

        return Rebuilt(self._write(shop, step), passed_over)

    def edit(self, shop: str, edit: Edit) -> int:
        """See `GraphStore.edit`."""
        return self._write(shop, lambda old: apply_edit(old, edit))

    def restore(self, shop: str, state: GraphState) -> int:
        """See `GraphStore.restore`."""
        return self._write(shop, lambda _: in_order(state))

    def mint(self, shop: str, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""
        named = (shop, key.scheme, key.key)
        with self._store.writing() as connection:
            for table in ("concepts", "free"):
                found = f"{_FREE} SELECT concept_id FROM {table} WHERE shop = ? AND scheme = ? AND key = ?"
                row = connection.execute(found, named).fetchone()
                if row:
                    return str(row[0])
            taken = f"{_FREE}, taken AS (SELECT shop, concept_id FROM concepts UNION SELECT shop, concept_id FROM free)"
            (used,) = connection.execute(f"{taken} SELECT count(*) FROM taken WHERE shop = ?", (shop,)).fetchone()
            is_taken = f"{taken} SELECT 1 FROM taken WHERE shop = ? AND concept_id = ?"
            concept_id = next_id(used, lambda name: connection.execute(is_taken, (shop, name)).fetchone() is not None)
            connection.execute("INSERT OR REPLACE INTO minted VALUES (?, ?, ?, ?)", (*named, concept_id))
            return concept_id

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _write(self, shop: str, step: Callable[[GraphState], GraphState]) -> int:
        """From the state that is there to the next one, in one transaction; the revision after it."""
        with self._store.writing() as connection:
            old = _state(connection, shop)
            new = step(old)
            if new is not old:
                integrity.check(new.concepts, new.labels, new.relations)
                _apply(connection, shop, changes(old, new))
            return new.revision


def _revision(connection: sqlite3.Connection, shop: str) -> int:
    row = connection.execute("SELECT revision FROM shops WHERE shop = ?", (shop,)).fetchone()
    return int(row[0]) if row else 0


def _state(connection: sqlite3.Connection, shop: str) -> GraphState:
    def rows(columns: str, table: str) -> sqlite3.Cursor:
        return connection.execute(f"{_FREE} SELECT {columns} FROM {table} WHERE shop = ?", (shop,))

    return in_order(
        GraphState(
            _revision(connection, shop),
            tuple(map(_concept, rows(_CONCEPT, "concepts"))),
            tuple(map(_label, rows(_LABEL, "labels"))),
            tuple(map(_relation, rows(_RELATION, "relations"))),
            tuple(rows("kind, what", "rejected")),
            tuple(rows("scheme, key, concept_id", "free")),
        )
    )


def _concept(row: tuple[Any, ...]) -> Concept:
    concept_id, scheme, key, status, confidence, layer, source, revision = row
    return Concept(concept_id, Scheme(scheme), key, Status(status), confidence, Layer(layer), source, revision)


def _label(row: tuple[Any, ...]) -> Label:
    concept_id, text, norm, language, kind, layer, confidence, evidence = row
    return Label(concept_id, text, norm, language, LabelKind(kind), Layer(layer), confidence, evidence)


def _relation(row: tuple[Any, ...]) -> Relation:
    subject, predicate, object_, weight, layer, source, evidence, since, until = row
    return Relation(subject, Predicate(predicate), object_, weight, Layer(layer), source, evidence, since, until)


def _apply(connection: sqlite3.Connection, shop: str, changed: Changes) -> None:
    def delete(table: str, columns: str, keys: Iterable[tuple[str, ...]]) -> None:
        where = " AND ".join(f"{column} = ?" for column in ("shop", *columns.split(", ")))
        connection.executemany(f"DELETE FROM {table} WHERE {where}", ((shop, *key) for key in keys))

    def put(table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
        names = f"shop, {columns}"
        marks = ", ".join("?" * len(names.split(", ")))
        connection.executemany(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", ((shop, *row) for row in rows)
        )

    delete("relations", "subject, predicate, object", changed.relations.gone)
    delete("labels", "concept_id, language, norm", changed.labels.gone)
    delete("concepts", "concept_id", ((concept_id,) for concept_id in changed.concepts.gone))
    delete("rejected", "kind, what", changed.rejected.gone)
    delete("minted", "scheme, key", changed.reserved.gone)
    delete("minted", "concept_id", ((concept_id,) for concept_id in changed.concepts.gone))
    put("concepts", _CONCEPT, map(_fields(_CONCEPT), changed.concepts.told))
    put("labels", _LABEL, map(_fields(_LABEL), changed.labels.told))
    put("relations", _RELATION, map(_fields(_RELATION), changed.relations.told))
    put("rejected", "kind, what", changed.rejected.told)
    put("minted", "scheme, key, concept_id", changed.reserved.told)
    put("shops", "revision", [(changed.revision,)])


def _fields(columns: str) -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*columns.split(", "))
