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
    """A label; `norm` is the analyser's `normalise(text)`, `language` BCP 47 or "und" (any language)."""

    concept_id: str
    text: str
    norm: str
    language: str = "und"
    kind: LabelKind = LabelKind.PREFERRED
    layer: Layer = Layer.IMPORTED
