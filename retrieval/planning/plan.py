"""A plan: one understood query, decided down to terms, row sets, a vector and weights.

Everything a source needs stands in the plan, so that sources are pure functions of (index, plan) and the brute-force
oracle of the match set reads the same record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from understanding.understanding import Constraint


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say one or more words of the query.

    Attributes:
        words: As the locale's analyser indexes them; a product matches the term when it has all of them.
        weight: Factor on their BM25 scores; 1 for what was typed, less for an expansion.
        groups: Which words of the query it stands for. A product meets minimum-should-match by *groups*: a word and
            its expansions count once, and of several matching terms of a group the best score counts.
    """

    words: tuple[str, ...]
    weight: float
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A concept that the query speaks of, with the products it lifts.

    Attributes:
        concept: Ordinal in the snapshot, -1 when the rows come from a soft constraint.
        scheme: `product_type`, `brand`, `category`, `value`, or `constraint`.
        key: The concept's key (`brand` of a live product is compared with it).
        label: For "why this?".
        rows: Sorted, distinct rows of the release.
        weight: In (0, 1]; what a product in `rows` gains in the concept run, before normalisation.
    """

    concept: int
    scheme: str
    key: str
    label: str
    rows: NDArray[np.int32]
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is retrieved, and how it is weighed.

    Attributes:
        text: What is matched as text; empty when constraints say it all.
        locale: Whose analyser made `terms`.
        terms: What was typed first, then expansions; empty for an empty query.
        min_should_match: How many groups of `terms` a lexical match must contain; 0 when there are no terms.
        concept_rows: Sorted rows that belong to the match set because of linked concepts.
        concepts: Ordinals of those concepts, whose common products the rows are; empty when none may match alone.
        evidence: Concepts that lift products, for scores and for "why this?".
        vector: Unit vector of `text`, or `None` when the dense source is off or knows nothing of it.
        dense_cut: Least inner product of a dense match.
        weights: By source, a convex combination over the sources that are on.
        filters: Strict constraints; the match set is intersected with them.
        browse: No text and no concept: every product that passes the filters matches.
    """

    text: str
    locale: str
    terms: tuple[Term, ...] = ()
    min_should_match: int = 0
    concept_rows: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    concepts: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    vector: NDArray[np.float32] | None = None
    dense_cut: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    filters: tuple[Constraint, ...] = ()
    browse: bool = False

    @property
    def groups(self) -> int:
        """How many words of the query have terms."""
        return len({group for term in self.terms for group in term.groups})
