"""What a write has to touch: the records in which two states of a shop differ."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph.concept import Concept
from graph.label import Label
from graph.relation import Predicate, Relation
from graph.store import GraphState

Record = TypeVar("Record")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Changed(Generic[Key, Record]):
    """Of one kind of record: the keys that are gone, and the records that are new or say something else."""

    gone: tuple[Key, ...]
    told: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """From one state to another.

    Attributes:
        revision: After it.
        concepts: By concept_id.
        labels: By (concept_id, language, norm).
        relations: By (subject, predicate, object).
        rejected: Tombstones are their own keys.
        reserved: By (scheme, key).
        rekeyed: Ids of concepts that have another (scheme, key) now.
    """

    revision: int
    concepts: Changed[str, Concept]
    labels: Changed[tuple[str, str, str], Label]
    relations: Changed[tuple[str, Predicate, str], Relation]
    rejected: Changed[tuple[str, str], tuple[str, str]]
    reserved: Changed[tuple[str, str], tuple[str, str, str]]
    rekeyed: tuple[str, ...]


def changes(old: GraphState, new: GraphState) -> Changes:
    """The differences, each in the order of its state."""
    keys = {concept.concept_id: (concept.scheme, concept.key) for concept in old.concepts}
    return Changes(
        new.revision,
        _changed(old.concepts, new.concepts, lambda concept: concept.concept_id),
        _changed(old.labels, new.labels, lambda label: (label.concept_id, label.language, label.norm)),
        _changed(old.relations, new.relations, lambda edge: (edge.subject, edge.predicate, edge.object)),
        _changed(old.rejected, new.rejected, lambda tombstone: tombstone),
        _changed(old.reserved, new.reserved, lambda spare: spare[:2]),
        tuple(
            concept.concept_id
            for concept in new.concepts
            if keys.get(concept.concept_id, (concept.scheme, concept.key)) != (concept.scheme, concept.key)
        ),
    )


def _changed(old: Iterable[Record], new: Iterable[Record], key: Callable[[Record], Key]) -> Changed[Key, Record]:
    before = {key(record): record for record in old}
    after = {key(record): record for record in new}
    gone = tuple(name for name in before if name not in after)
    return Changed(gone, tuple(record for name, record in after.items() if before.get(name) != record))
