"""A concept: a node of the knowledge graph."""

from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """What kind of thing a concept is."""

    CATEGORY = "category"
    BRAND = "brand"
    ATTRIBUTE = "attribute"
    VALUE = "value"
    UNIT = "unit"
    PRODUCT_TYPE = "product_type"
    ASPECT = "aspect"
    INTENT = "intent"


class Layer(StrEnum):
    """Who said it. Builds rewrite `imported` and `mined`; only change sets write `curated`, which wins."""

    IMPORTED = "imported"
    MINED = "mined"
    CURATED = "curated"


class Status(StrEnum):
    """Whether a concept is in use; a retired one keeps its id for ever."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Concept:
    """A node.

    Attributes:
        concept_id: Opaque, minted once, never derived from a label.
        scheme: What kind of thing it is.
        key: The source's key, unique within the scheme; ids are matched on rebuild by (scheme, key). A category's
            is its path joined by " > ", a brand's and a product type's its normal form, an attribute's the field
            name, a value's "field=normal form".
        status: Retired concepts are not in snapshots.
        confidence: In (0, 1].
        source: Where it came from, for people ("catalogue", "titles").
        revision: Of the graph, when it last changed.
    """

    concept_id: str
    scheme: Scheme
    key: str
    status: Status = Status.ACTIVE
    confidence: float = 1.0
    layer: Layer = Layer.IMPORTED
    source: str = "catalogue"
    revision: int = 0
