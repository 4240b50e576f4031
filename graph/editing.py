"""What a curator's edit leaves, and a state that was carried here."""

from collections.abc import Iterable
from dataclasses import replace

from graph.agreement import agree
from graph.concept import Layer
from graph.label import Label, LabelKind
from graph.merging import label_tombstone, relation_tombstone
from graph.relation import Predicate, Relation
from graph.store import Edit, GraphState, in_order


def apply_edit(old: GraphState, edit: Edit) -> GraphState:
    """The state after an edit; the old one itself when nothing changed, else one revision more."""
    concepts = {concept.concept_id: concept for concept in old.concepts}
    labels = {(label.concept_id, label.language, label.norm): label for label in old.labels}
    relations = {(edge.subject, edge.predicate, edge.object): edge for edge in old.relations}
    rejected = dict.fromkeys(old.rejected)
    revision = old.revision + 1
    for concept in edit.concepts:
        held = concepts.get(concept.concept_id)
        told = replace(concept, layer=Layer.CURATED, revision=held.revision if held else revision)
        concepts[concept.concept_id] = told if told == held else replace(told, revision=revision)
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
    new = in_order(
        GraphState(
            revision,
            tuple(concepts.values()),
            tuple(labels.values()),
            _under_curated(relations.values()),
            tuple(rejected),
            tuple(spare for spare in old.reserved if spare[2] not in concepts),
        )
    )
    return old if replace(new, revision=old.revision) == old else new


def _under_curated(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Without what the build says against a curator; the next build passes it over as well."""
    by_curators: dict[bool, list[Relation]] = {True: [], False: []}
    for edge in relations:
        by_curators[edge.layer is Layer.CURATED].append(edge)
    return agree(by_curators[True], by_curators[False]).relations


def _demote_preferred(labels: dict[tuple[str, str, str], Label], newer: Label) -> None:
    """One language has one preferred label: the newest a curator gave; the one before is still understood."""
    for key, label in labels.items():
        if key[:2] == (newer.concept_id, newer.language) and label.kind is LabelKind.PREFERRED:
            labels[key] = replace(label, kind=LabelKind.ALTERNATIVE)
