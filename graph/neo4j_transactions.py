"""The graph store's steps inside one Neo4j transaction: reading a shop's state, writing a difference."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import neo4j

from data.errors import GraphError
from graph import neo4j_queries as cypher
from graph.changes import Changes
from graph.concept import Concept, Layer, Scheme, Status
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.store import GraphState, in_order

# Rows a query: small enough for the server's memory of a statement, large enough that round trips cost nothing.
BATCH = 5_000

Item = TypeVar("Item")
# A query and its parameters to the first value it gives; in which transaction, whoever made it knows.
Run = Callable[[str, dict[str, Any]], Any]


def prepare(transaction: neo4j.ManagedTransaction) -> None:
    """Constraints and indexes, where they are not there yet."""
    for statement in cypher.SCHEMA:
        transaction.run(statement).consume()


def one(transaction: neo4j.ManagedTransaction | neo4j.Transaction, query: str, parameters: dict[str, Any]) -> Any:
    """The first value of the one record; `None` without a record."""
    record = transaction.run(query, parameters).single()
    return record[0] if record is not None else None


def version(transaction: neo4j.ManagedTransaction, shop: str) -> tuple[int, int]:
    """Revision and number of writes; the second tells two restores of one revision apart."""
    record = transaction.run(cypher.REVISION, {"shop": shop}).single()
    return (record[0], record[1]) if record is not None else (0, 0)


def read_state(transaction: neo4j.ManagedTransaction, shop: str) -> GraphState:
    """All of a shop; consistent when nobody can write meanwhile. What is there at revision 0 nobody has seen yet."""

    def rows(query: str) -> Iterator[neo4j.Record]:
        return iter(transaction.run(query, {"shop": shop}))

    revision, _ = version(transaction, shop)
    concepts: list[Concept] = []
    labels: list[Label] = []
    relations: list[Relation] = []
    for concept, its_labels, its_relations in rows(cypher.READ_RECORDS) if revision > 0 else ():
        concept_id = concept[0]
        concepts.append(concept_of(concept))
        labels += [label_of((concept_id, *row)) for row in its_labels]
        relations += [_relation(row[0], (concept_id, *row[1:])) for row in its_relations]
    return in_order(
        GraphState(
            revision,
            tuple(concepts),
            tuple(labels),
            tuple(relations),
            tuple((kind, what) for ((kind, what),) in rows(cypher.READ_REJECTED)),
            tuple((scheme, key, concept_id) for ((scheme, key, concept_id),) in rows(cypher.READ_RESERVED)),
        )
    )


def concept_of(row: Sequence[Any]) -> Concept:
    """From the columns `CONCEPT`."""
    concept_id, scheme, key, status, confidence, layer, source, revision = row
    return Concept(concept_id, Scheme(scheme), key, Status(status), confidence, Layer(layer), source, revision)


def label_of(row: Sequence[Any]) -> Label:
    """From the columns `LABEL`."""
    concept_id, language, norm, text, kind, layer, confidence, evidence = row
    return Label(concept_id, text, norm, language, LabelKind(kind), Layer(layer), confidence, evidence)


def _relation(predicate: str, row: Sequence[Any]) -> Relation:
    subject, object_, weight, layer, source, evidence, since, until = row
    return Relation(subject, Predicate(predicate), object_, weight, Layer(layer), source, evidence, since, until)


def apply_records(run: Run, shop: str, changed: Changes) -> None:
    """Write the concepts, labels and relations of a difference, so that no constraint is broken on the way."""
    for predicate, gone in _by_predicate(changed.relations.gone, lambda key: key[1]):
        put(run, shop, cypher.drop_relations(predicate), [(key[0], key[2]) for key in gone])
    put(run, shop, cypher.DROP_LABELS, changed.labels.gone)
    put(run, shop, cypher.DROP_CONCEPTS, [(concept_id,) for concept_id in changed.concepts.gone])
    put(run, shop, cypher.FREE_KEYS, [(concept_id,) for concept_id in changed.rekeyed])
    put(run, shop, cypher.PUT_CONCEPTS, map(attrgetter(*cypher.CONCEPT), changed.concepts.told))
    put(run, shop, cypher.PUT_LABELS, map(attrgetter(*cypher.LABEL), changed.labels.told))
    for predicate, told in _by_predicate(changed.relations.told, lambda edge: edge.predicate):
        put(run, shop, cypher.put_relations(predicate), map(attrgetter(*cypher.RELATION), told))


def create_records(run: Run, shop: str, state: GraphState) -> None:
    """Write the concepts, labels and relations of a shop of which the store has nothing."""
    put(run, shop, cypher.NEW_CONCEPTS, map(attrgetter(*cypher.CONCEPT), state.concepts))
    put(run, shop, cypher.NEW_LABELS, map(attrgetter(*cypher.LABEL), state.labels))
    for predicate, told in _by_predicate(state.relations, lambda edge: edge.predicate):
        put(run, shop, cypher.new_relations(predicate), map(attrgetter(*cypher.RELATION), told))


def apply_rest(run: Run, shop: str, changed: Changes) -> None:
    """Write tombstones, reserved ids and the revision, which makes a new shop visible."""
    put(run, shop, cypher.DROP_REJECTED, changed.rejected.gone)
    put(run, shop, cypher.DROP_RESERVED, changed.reserved.gone)
    put(run, shop, cypher.PUT_REJECTED, changed.rejected.told)
    put(run, shop, cypher.PUT_RESERVED, changed.reserved.told)
    run(cypher.SET_REVISION, {"shop": shop, "revision": changed.revision})


def clear(run: Run, shop: str) -> None:
    """Remove what a write of a new shop left when it was cut off."""
    while run(cypher.CLEAR, {"shop": shop, "limit": BATCH}):
        pass


def check_counts(run: Run, shop: str, state: GraphState) -> None:
    """Compare what is there with what was to be written.

    Raises:
        GraphError: It is not the same.
    """
    wanted = [len(state.concepts), len(state.labels), len(state.relations)]
    held = run(cypher.COUNT_RECORDS, {"shop": shop})
    if held != wanted:
        raise GraphError(
            f"expected {wanted} concepts, labels and relations of {shop} in the store, found {held}: did another "
            "program write there? Nothing of it is visible; run it again"
        )


def put(run: Run, shop: str, query: str, rows: Iterable[Sequence[object]]) -> None:
    """Run a query of rows in batches.

    Raises:
        GraphError: Fewer records were written than rows given; the transaction is undone by it.
    """
    waiting = iter(rows)
    while batch := [list(row) for row in itertools.islice(waiting, BATCH)]:
        done = run(query, {"shop": shop, "rows": batch})
        if done != len(batch):
            raise GraphError(f"expected {len(batch)} records of {shop} to be written, got {done}; nothing was written")


def _by_predicate(
    items: Iterable[Item], predicate_of: Callable[[Item], Predicate]
) -> Iterator[tuple[Predicate, Iterator[Item]]]:
    """Grouped: the type of an edge cannot be a parameter."""
    return itertools.groupby(sorted(items, key=predicate_of), predicate_of)
