"""The only place that folds, cuts or stems text: whatever is compared anywhere was made comparable here."""

from data.text.analyser import Analyser, Chunk, analyser_for
from data.text.folding import fold
from data.text.tokens import Token, TokenKind
from data.text.units import UNITS, Measure, canonical, parse_quantities

__all__ = [
    "UNITS",
    "Analyser",
    "Chunk",
    "Measure",
    "Token",
    "TokenKind",
    "analyser_for",
    "canonical",
    "fold",
    "parse_quantities",
]
