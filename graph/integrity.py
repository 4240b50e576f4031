"""The rules a graph must keep, checked over a whole state inside the write that made it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data.errors import IntegrityViolation
from graph.concept import Concept, Status
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.traversal import closure, find_cycle

MOST_REPORTED = 20


def violations(concepts: Sequence[Concept], labels: Sequence[Label], relations: Sequence[Relation]) -> list[str]:
    """Every broken rule as one sentence, at most `MOST_REPORTED` of each kind; empty for a sound graph."""
    active = {concept.concept_id for concept in concepts if concept.status is Status.ACTIVE}
    known = {concept.concept_id for concept in concepts}
    found = [
        *_few(_duplicate_keys(concepts)),
        *_few(_label_rules(labels, known)),
        *_few(_dangling(relations, known)),
        *_few(_redirects(relations, active)),
    ]
    broader: dict[str, list[str]] = defaultdict(list)
    for relation in relations:
        if relation.predicate is Predicate.BROADER:
            broader[relation.subject].append(relation.object)
    cycle = find_cycle(broader)
    if cycle:
        return [*found, f"BROADER runs in a circle: {' -> '.join(cycle)}; remove one of these relations"]
    return [*found, *_few(_related_inside_broader(relations, broader))]


def check(concepts: Sequence[Concept], labels: Sequence[Label], relations: Sequence[Relation]) -> None:
    """Let only a sound graph pass.

    Raises:
        IntegrityViolation: Naming the broken rules.
    """
    found = violations(concepts, labels, relations)
    if found:
        raise IntegrityViolation("; ".join(found))


def _few(sentences: Iterable[str]) -> list[str]:
    few = []
    for sentence in sentences:
        few.append(sentence)
        if len(few) == MOST_REPORTED:
            break
    return few


def _duplicate_keys(concepts: Sequence[Concept]) -> Iterable[str]:
    for (scheme, key), times in Counter((concept.scheme, concept.key) for concept in concepts).items():
        if times > 1:
            yield f"{times} concepts have the {scheme} key {key!r}; a key names one concept"
    for concept_id, times in Counter(concept.concept_id for concept in concepts).items():
        if times > 1:
            yield f"the concept id {concept_id} is given {times} times"


def _label_rules(labels: Sequence[Label], known: set[str]) -> Iterable[str]:
    preferred: Counter[tuple[str, str]] = Counter()
    kinds: dict[tuple[str, str, str], set[LabelKind]] = defaultdict(set)
    for label in labels:
        if label.concept_id not in known:
            yield f"the label {label.text!r} belongs to the unknown concept {label.concept_id}"
        if not label.norm:
            yield f"the label {label.text!r} of {label.concept_id} has no letter or digit"
        preferred[label.concept_id, label.language] += label.kind is LabelKind.PREFERRED
        kinds[label.concept_id, label.language, label.norm].add(label.kind)
    for (concept_id, language), times in preferred.items():
        if times > 1:
            yield f"{concept_id} has {times} preferred labels in {language}; one language has one"
    for (concept_id, language, norm), held in kinds.items():
        if len(held) > 1:
            yield f"{norm!r} is {' and '.join(sorted(held))} label of {concept_id} in {language}; it can be one of them"


def _dangling(relations: Sequence[Relation], known: set[str]) -> Iterable[str]:
    for relation in relations:
        for end in (relation.subject, relation.object):
            if end not in known:
                yield f"{_said(relation)} names the unknown concept {end}"
        if relation.subject == relation.object:
            yield f"{_said(relation)} points to itself"
        if not 0 < relation.weight <= 1:
            yield f"{_said(relation)} weighs {relation.weight}; (0, 1] is allowed"


def _redirects(relations: Sequence[Relation], active: set[str]) -> Iterable[str]:
    for relation in relations:
        if relation.predicate is Predicate.MERGED_INTO and relation.object not in active:
            yield f"{relation.subject} was merged into {relation.object}, which is not in use"


def _related_inside_broader(relations: Sequence[Relation], broader: Mapping[str, Sequence[str]]) -> Iterable[str]:
    above = closure(broader)
    for relation in relations:
        if relation.predicate is Predicate.RELATED and (
            relation.object in above.get(relation.subject, ()) or relation.subject in above.get(relation.object, ())
        ):
            yield f"RELATED {relation.subject} -> {relation.object}: one is already broader than the other"


def _said(relation: Relation) -> str:
    return f"{relation.predicate} {relation.subject} -> {relation.object}"
