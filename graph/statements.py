"""Statements by key: what a compiler or miner says of concepts that may not have an id yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.concept import Layer, Scheme
from graph.label import LabelKind
from graph.relation import Predicate


@dataclass(frozen=True, slots=True)
class ConceptKey:
    """How a source names a concept; the store matches it to the id minted for it once."""

    scheme: Scheme
    key: str


@dataclass(frozen=True, slots=True)
class DraftLabel:
    """A label before its concept has an id."""

    text: str
    norm: str
    language: str = "und"
    kind: LabelKind = LabelKind.PREFERRED


@dataclass(frozen=True, slots=True)
class DraftConcept:
    """A concept as a source describes it."""

    key: ConceptKey
    labels: tuple[DraftLabel, ...]
    confidence: float = 1.0
    layer: Layer = Layer.IMPORTED
    source: str = "catalogue"


@dataclass(frozen=True, slots=True)
class DraftName:
    """One more label for a concept that another source describes; a label the concept already has goes before it."""

    concept: ConceptKey
    label: DraftLabel
    confidence: float = 1.0
    layer: Layer = Layer.MINED
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DraftRelation:
    """An edge between keys; `weight` in (0, 1]."""

    subject: ConceptKey
    predicate: Predicate
    object: ConceptKey
    weight: float = 1.0
    layer: Layer = Layer.IMPORTED
    source: str = "catalogue"
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Statements:
    """All that one build says; it replaces what earlier builds said."""

    concepts: Sequence[DraftConcept] = ()
    relations: Sequence[DraftRelation] = ()
    names: Sequence[DraftName] = ()


def joined(*parts: Statements) -> Statements:
    """All that several sources say; no two may describe one concept."""
    return Statements(
        tuple(concept for part in parts for concept in part.concepts),
        tuple(relation for part in parts for relation in part.relations),
        tuple(name for part in parts for name in part.names),
    )
