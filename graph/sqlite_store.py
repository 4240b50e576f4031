"""The embedded graph store: one SQLite file, the truth of a shop on one machine."""

import itertools
import sqlite3
from dataclasses import replace
from pathlib import Path

from data.log_store import LogStore
from graph import integrity
from graph.concept import Concept, Layer, Scheme, Status
from graph.label import Label, LabelKind
from graph.merging import label_tombstone, merge_rebuild, relation_tombstone
from graph.relation import Predicate, Relation
from graph.statements import ConceptKey, Statements
from graph.store import Edit, GraphState

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
    PRIMARY KEY (shop, concept_id, language, norm)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relations (
    shop TEXT, subject TEXT, predicate TEXT, object TEXT, weight REAL NOT NULL, layer TEXT NOT NULL,
    source TEXT NOT NULL, evidence TEXT NOT NULL, valid_from INTEGER, valid_to INTEGER,
    PRIMARY KEY (shop, subject, predicate, object)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (shop TEXT, kind TEXT, what TEXT, PRIMARY KEY (shop, kind, what)) WITHOUT ROWID
"""


class SqliteGraphStore:
    """`GraphStore` in a SQLite file (WAL, `synchronous=FULL`); a second process that writes waits for its turn.

    A write reads the shop's state, works out the next one, checks it and replaces the rows, all in one transaction: a
    shop's graph is some ten thousand rows, and a state that was checked whole is worth more than the half second.
    """

    def __init__(self, path: Path) -> None:
        self._store = LogStore(path, _SCHEMA)

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

    def rebuild(self, shop: str, statements: Statements) -> int:
        """See `GraphStore.rebuild`."""
        with self._store.writing() as connection:
            old = _state(connection, shop)
            new = merge_rebuild(old, statements, lambda key: _mint(connection, shop, key))
            if new is not old:
                _replace(connection, shop, new)
            return new.revision

    def edit(self, shop: str, edit: Edit) -> int:
        """See `GraphStore.edit`."""
        with self._store.writing() as connection:
            old = _state(connection, shop)
            new = _edited(old, edit)
            if new != replace(old, revision=new.revision):
                _replace(connection, shop, new)
                return new.revision
            return old.revision

    def mint(self, shop: str, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""
        with self._store.writing() as connection:
            return _mint(connection, shop, key)

    def restore(self, shop: str, state: GraphState) -> int:
        """See `GraphStore.restore`."""
        with self._store.writing() as connection:
            _replace(connection, shop, state)
            connection.execute("DELETE FROM minted WHERE shop = ?", (shop,))
            connection.executemany(
                "INSERT INTO minted VALUES (?, ?, ?, ?)",
                [(shop, concept.scheme, concept.key, concept.concept_id) for concept in state.concepts],
            )
            return state.revision

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def _revision(connection: sqlite3.Connection, shop: str) -> int:
    row = connection.execute("SELECT revision FROM shops WHERE shop = ?", (shop,)).fetchone()
    return int(row[0]) if row else 0


def _state(connection: sqlite3.Connection, shop: str) -> GraphState:
    def rows(columns: str, table: str, order: str) -> sqlite3.Cursor:
        return connection.execute(f"SELECT {columns} FROM {table} WHERE shop = ? ORDER BY {order}", (shop,))

    return GraphState(
        _revision(connection, shop),
        tuple(
            Concept(concept_id, Scheme(scheme), key, Status(status), confidence, Layer(layer), source, revision)
            for concept_id, scheme, key, status, confidence, layer, source, revision in rows(
                "concept_id, scheme, key, status, confidence, layer, source, revision", "concepts", "concept_id"
            )
        ),
        tuple(
            Label(concept_id, text, norm, language, LabelKind(kind), Layer(layer))
            for concept_id, text, norm, language, kind, layer in rows(
                "concept_id, text, norm, language, kind, layer", "labels", "concept_id, language, kind, norm, text"
            )
        ),
        tuple(
            Relation(subject, Predicate(predicate), object_, weight, Layer(layer), source, evidence, since, until)
            for subject, predicate, object_, weight, layer, source, evidence, since, until in rows(
                "subject, predicate, object, weight, layer, source, evidence, valid_from, valid_to",
                "relations",
                "subject, predicate, object",
            )
        ),
        tuple((kind, what) for kind, what in rows("kind, what", "rejected", "kind, what")),
    )


def _mint(connection: sqlite3.Connection, shop: str, key: ConceptKey) -> str:
    """Counted, so that identical builds of a new shop give identical ids."""
    row = connection.execute(
        "SELECT concept_id FROM minted WHERE shop = ? AND scheme = ? AND key = ?", (shop, key.scheme, key.key)
    ).fetchone()
    if row:
        return str(row[0])
    (used,) = connection.execute("SELECT count(*) FROM minted WHERE shop = ?", (shop,)).fetchone()
    # An imported graph may have used numbers ahead of the count.
    numbers = (f"c{number:06}" for number in itertools.count(used + 1))
    taken = "SELECT 1 FROM minted WHERE shop = ? AND concept_id = ?"
    concept_id = next(name for name in numbers if connection.execute(taken, (shop, name)).fetchone() is None)
    connection.execute("INSERT INTO minted VALUES (?, ?, ?, ?)", (shop, key.scheme, key.key, concept_id))
    return concept_id


def _edited(old: GraphState, edit: Edit) -> GraphState:
    concepts = {concept.concept_id: concept for concept in old.concepts}
    labels = {(label.concept_id, label.language, label.norm): label for label in old.labels}
    relations = {(edge.subject, edge.predicate, edge.object): edge for edge in old.relations}
    rejected = dict.fromkeys(old.rejected)
    revision = old.revision + 1
    for concept in edit.concepts:
        concepts[concept.concept_id] = replace(concept, layer=Layer.CURATED, revision=revision)
    for concept_id, norm, language in edit.withdrawn_labels:
        labels.pop((concept_id, language, norm), None)
        rejected[label_tombstone(concept_id, norm, language)] = None
    for ends in edit.withdrawn_relations:
        relations.pop((ends[0], Predicate(ends[1]), ends[2]), None)
        rejected[relation_tombstone(*ends)] = None
    for label in edit.labels:
        rejected.pop(label_tombstone(label.concept_id, label.norm, label.language), None)
        if label.kind is LabelKind.PREFERRED:
            _demote_preferred(labels, label)
        labels[label.concept_id, label.language, label.norm] = replace(label, layer=Layer.CURATED)
    for edge in edit.relations:
        rejected.pop(relation_tombstone(edge.subject, edge.predicate, edge.object), None)
        relations[edge.subject, edge.predicate, edge.object] = replace(edge, layer=Layer.CURATED)
    return GraphState(
        revision, tuple(concepts.values()), tuple(labels.values()), tuple(relations.values()), tuple(sorted(rejected))
    )


def _demote_preferred(labels: dict[tuple[str, str, str], Label], newer: Label) -> None:
    """One language has one preferred label: the newest a curator gave; the one before is still understood."""
    for key, label in labels.items():
        if key[:2] == (newer.concept_id, newer.language) and label.kind is LabelKind.PREFERRED:
            labels[key] = replace(label, kind=LabelKind.ALTERNATIVE)


def _replace(connection: sqlite3.Connection, shop: str, state: GraphState) -> None:
    integrity.check(state.concepts, state.labels, state.relations)
    for table in ("concepts", "labels", "relations", "rejected"):
        connection.execute(f"DELETE FROM {table} WHERE shop = ?", (shop,))
    connection.executemany(
        "INSERT INTO concepts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (shop, c.concept_id, c.scheme, c.key, c.status, c.confidence, c.layer, c.source, c.revision)
            for c in state.concepts
        ],
    )
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (shop, label.concept_id, label.text, label.norm, label.language, label.kind, label.layer)
            for label in state.labels
        ],
    )
    connection.executemany(
        "INSERT INTO relations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (shop, e.subject, e.predicate, e.object, e.weight, e.layer, e.source, e.evidence, e.valid_from, e.valid_to)
            for e in state.relations
        ],
    )
    connection.executemany(
        "INSERT INTO rejected VALUES (?, ?, ?)", [(shop, *rejection) for rejection in state.rejected]
    )
    connection.execute("INSERT OR REPLACE INTO shops VALUES (?, ?)", (shop, state.revision))
