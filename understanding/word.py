"""A word of the query as it is read: corrected or not, always pointing at what was typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.text import Analyser, Token, TokenKind

MOST_WORDS = 32
"""Read of a query; no shopper types more, and what comes behind is neither corrected nor linked."""

MOST_CHARACTERS = 600
"""Of the query that are analysed; bounds the time for a pasted page."""

_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: Folded surface, corrected when `corrected`.
        stem: As the locale's analyser makes it.
        start: Of the half-open span of the original query that it stands for.
        end: Of the same; the halves of a split word share their span's boundary, a joined word covers both.
        kind: Of the token.
        corrected: Whether it differs from what was typed.
        in_code: Whether it is part of a model number.
    """

    text: str
    stem: str
    start: int
    end: int
    kind: TokenKind
    corrected: bool = False
    in_code: bool = False


def read_words(text: str, analyser: Analyser) -> tuple[Word, ...]:
    """The first words of a query, in order."""
    tokens = analyser.word_tokens(text[:MOST_CHARACTERS])[:MOST_WORDS]
    coded = _in_codes(text, tokens)
    return tuple(
        Word(token.text, token.stem, token.start, token.end, token.kind, in_code=i in coded)
        for i, token in enumerate(tokens)
    )


def _in_codes(text: str, tokens: Sequence[Token]) -> set[int]:
    """Places of tokens that stand in one run without blanks with a digit, other than a measure: `tn-2110`."""
    found: set[int] = set()
    begin = 0
    for i in range(1, len(tokens) + 1):
        if i < len(tokens) and not _BLANK.search(text, tokens[i - 1].end, tokens[i].start):
            continue
        run = tokens[begin:i]
        if any(token.kind is TokenKind.WORD for token in run) and any(
            character.isdigit() for token in run for character in token.text
        ):
            found.update(range(begin, i))
        begin = i
    return found


def rewrite(text: str, words: Sequence[Word]) -> str:
    """The query with its corrected words in place of what was typed; everything else stays as it is."""
    parts: list[str] = []
    at = 0
    previous: Word | None = None
    for word in words:
        if not word.corrected:
            previous = word
            continue
        if previous is not None and previous.corrected and word.start == previous.end and word.start == at:
            parts.append(" ")  # the second half of a split word
        parts.append(text[at : word.start])
        parts.append(word.text)
        at = max(at, word.end)
        previous = word
    return "".join(parts) + text[at:]
