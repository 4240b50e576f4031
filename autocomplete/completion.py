"""A completion: a text that may be suggested, with everything that decides whether and where."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.suggestion import SuggestionKind, SuggestionSource

NO_ROWS: NDArray[np.int32] = np.empty(0, np.int32)


class Results(NamedTuple):
    """What a search finds: groups of products, how many of them have something in stock, and which products it means.

    `rows` are of the catalogue, those in stock first; none where it is not known which.
    """

    groups: int
    in_stock: int
    rows: NDArray[np.int32] = NO_ROWS


@dataclass(frozen=True, slots=True)
class Completion:
    """One entry of the vocabulary.

    Attributes:
        text: As shown and put into the search box.
        weight: Prior, finite and non-negative; comparable within one vocabulary (see `popularity.py`).
        locale: BCP 47, or "und" for a text of every language (a brand).
        people: Distinct people who searched for it; 0 when it does not come from a log.
        result_count: Groups of products its search finds; 0 is never in a vocabulary.
        in_stock: Of them, how many have something in stock when it is collected.
        last_seen_ms: UTC epoch milliseconds; 0 when it does not come from a log.
        prior: The catalogue's part of the weight.
        category: That most of its products stand in, a path joined by " > "; empty when unknown.
        click_rate: Clicks a search, as mined; `None` when the log does not tell.
        conversion: Purchases a search, likewise.
        rows: See `Results`.
    """

    text: str
    weight: float
    kind: SuggestionKind = SuggestionKind.QUERY
    source: SuggestionSource = SuggestionSource.LOG
    locale: str = "und"
    people: int = 0
    result_count: int = 1
    in_stock: int = 1
    last_seen_ms: int = 0
    concept_id: str | None = None
    product_id: str | None = None
    prior: float = 0.0
    category: str = ""
    click_rate: float | None = None
    conversion: float | None = None
    rows: NDArray[np.int32] = field(default_factory=lambda: NO_ROWS, compare=False, repr=False)
