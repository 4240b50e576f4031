"""Relations that contradict each other: a curator is believed before the catalogue, the catalogue before mining.

Only what a weaker source adds is passed over. Statements of one source that contradict each other stay, for
`graph.integrity` to refuse: nobody has said which of them is right. Mined edges may contradict each other as well, for
each was found on its own; there the heavier one counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.concept import Layer
from graph.relation import Predicate, Relation

_BELIEF = {Layer.CURATED: 2, Layer.IMPORTED: 1, Layer.MINED: 0}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edge that is passed over, and why."""

    relation: Relation
    reason: str

    def said(self, names: Mapping[str, str]) -> str:
        """A sentence with the concepts' names (their keys)."""
        edge = self.relation
        ends = f"{names.get(edge.subject, edge.subject)!r} {edge.predicate} {names.get(edge.object, edge.object)!r}"
        return f"passed over: {ends} ({edge.layer}, from {edge.source}): {self.reason}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The relations that hold together, and those passed over."""

    relations: tuple[Relation, ...]
    refusals: tuple[Refusal, ...]


class _Broader:
    """BROADER edges by subject, to be walked upwards: a concept has few broader ones."""

    def __init__(self) -> None:
        self._above: dict[str, dict[str, Relation]] = defaultdict(dict)

    def add(self, edge: Relation) -> None:
        self._above[edge.subject][edge.object] = edge

    def remove(self, edge: Relation) -> None:
        del self._above[edge.subject][edge.object]

    def path(self, start: str, end: str) -> list[Relation] | None:
        """Edges from one concept up to another, empty for the same; `None` when there is no way."""
        came: dict[str, Relation | None] = {start: None}
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at == end:
                path = []
                while (edge := came[at]) is not None:
                    path.append(edge)
                    at = edge.subject
                return path
            for above, edge in self._above.get(at, {}).items():
                if above not in came:
                    came[above] = edge
                    waiting.append(above)
        return None


def agree(curated: Sequence[Relation], drafted: Sequence[Relation]) -> Agreement:
    """Put a build's relations under the curated ones.

    Args:
        curated: All are kept.
        drafted: Imported and mined.
    """
    refusals: list[Refusal] = []
    broader = _Broader()
    for edge in curated:
        if edge.predicate is Predicate.BROADER:
            broader.add(edge)
    kept: list[Relation] = list(curated)
    # Stable: within the catalogue in its order, mined ones by falling weight.
    for edge in sorted(
        drafted, key=lambda edge: (-_BELIEF[edge.layer], -edge.weight if edge.layer is Layer.MINED else 0)
    ):
        if edge.predicate is Predicate.BROADER:
            circle = broader.path(edge.object, edge.subject)
            if circle is not None and (edge.layer is Layer.MINED or _holds(circle, _BELIEF[edge.layer] + 1)):
                refusals.append(Refusal(edge, "it would close a circle with what is believed more"))
                continue
            broader.add(edge)
        kept.append(edge)
    refusals += _make_way(broader, [edge for edge in kept if edge.predicate is Predicate.RELATED])
    for edge in kept:
        if edge.predicate is Predicate.RELATED and edge.layer is not Layer.CURATED:
            way = broader.path(edge.subject, edge.object) or broader.path(edge.object, edge.subject)
            if way and (edge.layer is Layer.MINED or _holds(way, _BELIEF[edge.layer] + 1)):
                refusals.append(Refusal(edge, "one is already broader than the other"))
    gone = {(refusal.relation.subject, refusal.relation.predicate, refusal.relation.object) for refusal in refusals}
    return Agreement(
        tuple(edge for edge in kept if (edge.subject, edge.predicate, edge.object) not in gone), tuple(refusals)
    )


def _make_way(broader: _Broader, related: Iterable[Relation]) -> list[Refusal]:
    """RELATED breaks a way of BROADER between its ends at the least believed edge, if it is believed more itself."""
    refusals = []
    for edge in sorted(related, key=lambda edge: -_BELIEF[edge.layer]):
        for start, end in ((edge.subject, edge.object), (edge.object, edge.subject)):
            while way := broader.path(start, end):
                weakest = min(way, key=lambda step: (_BELIEF[step.layer], step.weight, step.subject, step.object))
                if _BELIEF[weakest.layer] >= _BELIEF[edge.layer]:
                    break
                broader.remove(weakest)
                refusals.append(Refusal(weakest, f"its ends, or those around it, are related ({edge.layer})"))
    return refusals


def _holds(path: Iterable[Relation], belief: int) -> bool:
    return any(_BELIEF[edge.layer] >= belief for edge in path)
