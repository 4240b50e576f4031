"""A relation: a weighted, directed edge between two concepts."""

from dataclasses import dataclass
from enum import StrEnum

from graph.concept import Layer


class Predicate(StrEnum):
    """The kinds of edges. BROADER points from the narrower concept to the broader one."""

    BROADER = "BROADER"
    RELATED = "RELATED"
    HAS_ATTRIBUTE = "HAS_ATTRIBUTE"
    VALUE_OF = "VALUE_OF"
    SUBSTITUTE = "SUBSTITUTE"
    ASPECT_OF = "ASPECT_OF"
    EXACT_MATCH = "EXACT_MATCH"
    MERGED_INTO = "MERGED_INTO"
    SPLIT_FROM = "SPLIT_FROM"


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge; `weight` in (0, 1], validity in UTC epoch milliseconds (`None`: open)."""

    subject: str
    predicate: Predicate
    object: str
    weight: float = 1.0
    layer: Layer = Layer.IMPORTED
    source: str = "catalogue"
    evidence: str = ""
    valid_from: int | None = None
    valid_to: int | None = None
