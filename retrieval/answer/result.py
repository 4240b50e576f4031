"""What a search answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FacetKind = Literal["text", "boolean", "number", "category"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One group of variants, shown as its best variant.

    Attributes:
        score: Of the fusion, or of the prior when browsing; in [0, 1], higher is better, whatever the sort.
        highlights: Half-open spans of `title` that say a word of the query.
        reasons: Score parts by name, weights applied, when they were asked for.
    """

    product_id: str
    group_id: str
    title: str
    url: str | None
    image: str | None
    price_minor: int | None
    currency: str | None
    in_stock: bool
    score: float
    highlights: tuple[tuple[int, int], ...] = ()
    reasons: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value that can be filtered by.

    Attributes:
        value: What goes into the filter's `in`; `None` for a range, which is filtered by `gte` and `lt`.
        label: For people.
        count: Groups with a matching variant that has it.
        gte: Lower bound of a range, `None` when it is open.
        lt: Upper bound, exclusive, `None` when it is open.
        depth: Of a category below its root, 0 otherwise.
    """

    value: str | bool | float | None
    label: str
    count: int
    gte: float | None = None
    lt: float | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field among the results, as if the field itself were not filtered by.

    Attributes:
        values: Most frequent first; numbers and ranges ascending; a category before those under it.
        more: How many further values there are.
        unit: Of a number's values and bounds; a currency for prices.
        minimum: Of a number among the results, in `unit`.
        maximum: Of the same.
    """

    field: str
    kind: FacetKind
    values: tuple[FacetValue, ...]
    more: int = 0
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page.

    Attributes:
        hits: Best first by the sort.
        facets: In the order to show them.
        total: Groups in the match set.
        cursor: For the next page, `None` after the last.
        degraded: Stages that failed or were late, and so are not in this answer.
        timings: Microseconds by stage.
        explain: The plan, when it was asked for.
    """

    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    total: int
    cursor: str | None
    degraded: tuple[str, ...]
    timings: Mapping[str, int]
    explain: Mapping[str, Any] | None = None
