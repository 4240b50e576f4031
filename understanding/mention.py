"""A mention: a span of the query that names a concept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """One linked span.

    Attributes:
        start: Of the half-open span in the original query.
        end: Of the same.
        text: The span as typed.
        concept_id: The concept it was linked to.
        concept: Its ordinal in the release's snapshot.
        scheme: The concept's scheme (`brand`, `value`, ...).
        label: The concept's preferred label in the query's language.
        confidence: In (0, 1]; how sure the link is among the concepts that bear this name.
    """

    start: int
    end: int
    text: str
    concept_id: str
    concept: int
    scheme: str
    label: str
    confidence: float
