"""A token: what an analyser makes of a stretch of text."""

from enum import StrEnum
from typing import NamedTuple


class TokenKind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    UNIT = "unit"
    BIGRAM = "bigram"


class Token(NamedTuple):
    """One token; a named tuple because a build makes millions (three times as fast as a frozen dataclass).

    Attributes:
        text: The folded surface, apostrophes left out; a sign's unit symbol (`"` is `in`).
        stem: What the index compares: a word's stem, a number's plain decimal, a unit's symbol.
        start: Of the half-open span in the original text.
        end: Of the same.
        kind: A word, a number, a unit behind a number, or two characters of a script without spaces.
    """

    text: str
    stem: str
    start: int
    end: int
    kind: TokenKind
