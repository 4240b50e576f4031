"""What a rebuild leaves: new imported and mined statements under the curated ones, with ids matched by key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.agreement import agree
from graph.concept import Concept, Layer, Status
from graph.label import Label, LabelKind
from graph.minting import Minter
from graph.relation import Relation
from graph.statements import ConceptKey, DraftConcept, DraftName, Statements
from graph.store import GraphState, in_order

_RELATION = "relation"
_LABEL = "label"


def label_tombstone(concept_id: str, norm: str, language: str) -> tuple[str, str]:
    """How a withdrawn label stands in `GraphState.rejected`."""
    return _LABEL, "\t".join((concept_id, language, norm))


def relation_tombstone(subject: str, predicate: str, object_: str) -> tuple[str, str]:
    """How a withdrawn relation stands in `GraphState.rejected`."""
    return _RELATION, "\t".join((subject, predicate, object_))


@dataclass(frozen=True, slots=True)
class Merged:
    """A state after a rebuild, and a sentence for each statement that is not in it."""

    state: GraphState
    passed_over: tuple[str, ...]


def merge_rebuild(old: GraphState, statements: Statements) -> Merged:
    """The state after a rebuild: the old one itself when nothing changed, else one revision more."""
    revision = old.revision + 1
    mint = Minter(old.concepts, old.reserved)
    known = {ConceptKey(concept.scheme, concept.key): concept for concept in old.concepts}
    rejected = frozenset(old.rejected)
    curated_labels = [label for label in old.labels if label.layer is Layer.CURATED]
    curated_relations = [relation for relation in old.relations if relation.layer is Layer.CURATED]
    curated_ids = {label.concept_id for label in curated_labels} | {
        end for relation in curated_relations for end in (relation.subject, relation.object)
    }
    concepts: list[Concept] = []
    ids: dict[ConceptKey, str] = {}
    for draft in statements.concepts:
        concept = _matched(draft, known.get(draft.key), mint, revision)
        ids[draft.key] = concept.concept_id
        concepts.append(concept)
    for key, concept in known.items():
        if key in ids:
            continue
        ids[key] = concept.concept_id
        stays = concept.layer is Layer.CURATED or concept.concept_id in curated_ids
        status = concept.status if stays else Status.RETIRED
        concepts.append(concept if status is concept.status else replace(concept, status=status, revision=revision))
    labels = list(curated_labels)
    curated_by_id: dict[str, list[Label]] = {}
    for label in curated_labels:
        curated_by_id.setdefault(label.concept_id, []).append(label)
    for draft in statements.concepts:
        labels += _labels_under_curated(draft, ids[draft.key], curated_by_id.get(ids[draft.key], []), rejected)
    labels += _names(statements.names, ids, labels, rejected)
    curated_edges = {(relation.subject, relation.predicate, relation.object) for relation in curated_relations}
    drafted = []
    for edge in statements.relations:
        ends = ids[edge.subject], edge.predicate, ids[edge.object]
        if ends not in curated_edges and relation_tombstone(*ends) not in rejected:
            drafted.append(Relation(*ends, edge.weight, edge.layer, edge.source, edge.evidence))
    agreed = agree(curated_relations, drafted)
    names = {concept.concept_id: concept.key for concept in concepts}
    held = {concept.concept_id for concept in concepts}
    new = in_order(
        GraphState(
            revision,
            tuple(concepts),
            tuple(labels),
            agreed.relations,
            old.rejected,
            tuple(spare for spare in old.reserved if spare[2] not in held),
        )
    )
    passed_over = tuple(refusal.said(names) for refusal in agreed.refusals)
    return Merged(old if replace(new, revision=old.revision) == old else new, passed_over)


def _matched(draft: DraftConcept, held: Concept | None, mint: Callable[[ConceptKey], str], revision: int) -> Concept:
    """The drafted concept under the id it has or gets; what a curator has made of it stays."""
    if held is None:
        scheme, key = draft.key.scheme, draft.key.key
        concept_id = mint(draft.key)
        return Concept(concept_id, scheme, key, Status.ACTIVE, draft.confidence, draft.layer, draft.source, revision)
    if held.layer is Layer.CURATED:
        return held
    told = replace(held, status=Status.ACTIVE, confidence=draft.confidence, layer=draft.layer, source=draft.source)
    return held if told == held else replace(told, revision=revision)


def _labels_under_curated(
    draft: DraftConcept, concept_id: str, curated: list[Label], rejected: frozenset[tuple[str, str]]
) -> list[Label]:
    """The draft's labels that no curator contradicts; a curated preferred label makes the draft's an alternative."""
    said = {(label.language, label.norm) for label in curated}
    preferred = {label.language for label in curated if label.kind is LabelKind.PREFERRED}
    labels = []
    for label in draft.labels:
        if (label.language, label.norm) in said:
            continue
        if label_tombstone(concept_id, label.norm, label.language) in rejected:
            continue
        demoted = label.kind is LabelKind.PREFERRED and label.language in preferred
        kind = LabelKind.ALTERNATIVE if demoted else label.kind
        labels.append(Label(concept_id, label.text, label.norm, label.language, kind, draft.layer))
    return labels


def _names(
    drafts: Sequence[DraftName],
    ids: Mapping[ConceptKey, str],
    held: Sequence[Label],
    rejected: frozenset[tuple[str, str]],
) -> list[Label]:
    """Names as labels, but those that the concept has already or that a curator withdrew; of two the first counts."""
    taken = {(label.concept_id, label.language, label.norm) for label in held}
    labels = []
    for draft in drafts:
        concept_id, label = ids[draft.concept], draft.label
        key = (concept_id, label.language, label.norm)
        if key in taken or label_tombstone(concept_id, label.norm, label.language) in rejected:
            continue
        taken.add(key)
        labels.append(
            Label(
                concept_id,
                label.text,
                label.norm,
                label.language,
                label.kind,
                draft.layer,
                draft.confidence,
                draft.evidence,
            )
        )
    return labels
