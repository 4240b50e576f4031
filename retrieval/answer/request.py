"""A search as it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    Attributes:
        query: As typed; what it means comes beside it as an `Understanding`.
        filters: `{"field": {"in": [...], "not": [...], "gte": ..., "exists": ...}}`, joined by AND.
        facets: Fields to count; `None` takes the shop's, or chooses.
        sort: One of `retrieval.answer.sorting.SORTS`; `None` is by relevance.
        size: Results at most; 0 counts only.
        cursor: Of the answer before, for the page after it.
        locale: BCP 47, of the texts shown.
        explain: Whether hits bear their score parts.
        seed: Of what may differ between shoppers; carried through the pages.
        now_ms: UTC epoch milliseconds.
        hurried: Whether what would come late is left out, as a server answers; else every stage is waited for.
    """

    query: str = ""
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facets: tuple[str, ...] | None = None
    sort: str | None = None
    size: int = 24
    cursor: str | None = None
    locale: str = "en"
    explain: bool = False
    seed: int = 0
    now_ms: int = 0
    hurried: bool = False
