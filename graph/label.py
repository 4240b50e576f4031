"""A label: what people call a concept."""

from dataclasses import dataclass
from enum import StrEnum

from graph.concept import Layer


class LabelKind(StrEnum):
    """SKOS lexical labels: one preferred per language, alternatives shown, hidden ones only matched."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Label:
    """A label.

    Attributes:
        concept_id: Whose.
        text: As people write it.
        norm: The analyser's `normalise(text)`.
        language: BCP 47, or "und" (any language).
        kind: Preferred, alternative or hidden.
        layer: Who said it.
        confidence: In (0, 1]; below 1 for what was mined.
        evidence: Why it is believed, for people; empty where the catalogue itself says it.
    """

    concept_id: str
    text: str
    norm: str
    language: str = "und"
    kind: LabelKind = LabelKind.PREFERRED
    layer: Layer = Layer.IMPORTED
    confidence: float = 1.0
    evidence: str = ""
