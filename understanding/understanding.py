"""What was meant: the record that understanding hands to retrieval and to the page."""

from dataclasses import dataclass

from understanding.mention import Mention
from understanding.query import Query


@dataclass(frozen=True, slots=True)
class Constraint:
    """A condition read from the query, in the vocabulary of search filters.

    Attributes:
        field: As in filters: `price`, `brand`, `category` or an attribute's name.
        operator: `in`, `not`, `gte`, `lte`, `gt` or `lt`.
        values: Texts for `in` and `not`, one number otherwise; a price is in minor units, a quantity in the
            field's own unit.
        start: Of the half-open span in the original query.
        end: Of the same.
        text: The span as typed.
        confidence: In (0, 1].
        strict: Whether it filters (a price limit, "without leather") or only lifts what fulfils it (a colour).
    """

    field: str
    operator: str
    values: tuple[str | float, ...]
    start: int
    end: int
    text: str
    confidence: float
    strict: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A word read as another.

    Attributes:
        start: Of the half-open span in the original query.
        end: Of the same.
        original: The span as typed.
        replacement: What it was read as; more or fewer words than `original` when words were split or joined.
        confidence: In (0, 1].
        evidence: Why, for people (edit distance, frequency).
        applied: Whether it is in `Understanding.text`; otherwise it is only offered ("did you mean").
    """

    start: int
    end: int
    original: str
    replacement: str
    confidence: float
    evidence: str
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Intent:
    """A concept the shopper is after (a category or product type), with the evidence for it; scores sum to <= 1."""

    concept_id: str
    concept: int
    scheme: str
    label: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words that may stand for a span of the query; `weight` in (0, 1), `reason` for people."""

    start: int
    end: int
    text: str
    concept_id: str
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """A quality the shopper cares about ("quiet"), linked to an aspect concept."""

    concept_id: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that was read from one query; every span refers to `query.text`.

    Attributes:
        query: As it was sent.
        text: With confident corrections applied; what the page shows as "showing results for".
        retrieval_text: `text` without the words of strict constraints and of price limits ("under 50 euro"); what is
            matched as text. Empty when constraints say it all.
        mentions: In order of their spans, not overlapping.
        intents: Product types, best first.
        categories: Categories, best first.
    """

    query: Query
    text: str
    mentions: tuple[Mention, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    intents: tuple[Intent, ...] = ()
    categories: tuple[Intent, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    corrections: tuple[Correction, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    retrieval_text: str = ""
