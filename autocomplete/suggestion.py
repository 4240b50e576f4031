"""A suggestion: what is shown under the search box."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class SuggestionKind(StrEnum):
    """What a suggestion leads to."""

    QUERY = "query"
    CATEGORY = "category"
    BRAND = "brand"
    ATTRIBUTE = "attribute"
    PRODUCT = "product"


class SuggestionSource(StrEnum):
    """Where a suggestion came from."""

    LOG = "log"
    GRAPH = "graph"
    GENERATED = "generated"
    RECENT = "recent"
    TRENDING = "trending"
    CURATED = "curated"


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the prefix that was read as another one; `start`, `end` are offsets into the prefix as typed.

    A character too many, in a script without spaces, has an empty `replacement`.
    """

    start: int
    end: int
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion.

    Attributes:
        text: To put into the search box.
        highlights: Half-open character spans of `text` that the shopper has typed already.
        scope: Category path a query is confined to, if any.
        score: Higher is better; comparable within one answer only.
        reasons: By name, when the context asks to explain: match kind, popularity, result count, ...
    """

    text: str
    kind: SuggestionKind
    source: SuggestionSource
    highlights: tuple[tuple[int, int], ...]
    score: float
    scope: str | None = None
    concept_id: str | None = None
    product_id: str | None = None
    image: str | None = None
    correction: Correction | None = None
    reasons: Mapping[str, str | float] = field(default_factory=dict)
