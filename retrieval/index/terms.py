"""From a query's text to its words, each with the ways the index may have written it."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.text import Analyser, Token, TokenKind
from retrieval.planning.plan import Term

# What may stand inside one word: "wh-1000xm4", "1920x1080" (nothing), "1/4", "o'neill".
_INSIDE_A_WORD = frozenset({"", "-", "/", ".", ",", "'", "’"})
# What may stand between a number and its unit.
_BEFORE_A_UNIT = frozenset({"", " ", "-"})


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query.

    Attributes:
        start: Of the half-open span in the text.
        end: Of the same.
        ways: Analysed terms that stand for it; each way is a set of terms of which a product must have all.
    """

    start: int
    end: int
    ways: tuple[tuple[str, ...], ...]


def query_words(text: str, analyser: Analyser) -> list[QueryWord]:
    """The words of a text without stop words, unless there is nothing else.

    A number with its unit is one word (`16 gb`), so is what hyphens join, found both joined and in its parts. Pairs of
    characters of a script without spaces are a word each.
    """
    chunks = _chunks(text, analyser.tokens(text))
    telling = [chunk for chunk in chunks if not all(analyser.is_stop(token.text) for token in chunk)]
    return [_word(text, chunk, analyser) for chunk in telling or chunks]


def typed_terms(text: str, analyser: Analyser) -> tuple[Term, ...]:
    """The plan's terms of what was typed: one group a distinct word, each way with full weight."""
    terms: list[Term] = []
    group = 0
    seen = set()
    for word in query_words(text, analyser):
        if word.ways not in seen:
            seen.add(word.ways)
            terms += [Term(way, 1.0, (group,)) for way in word.ways]
            group += 1
    return tuple(terms)


def _chunks(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    chunks: list[list[Token]] = []
    for token in tokens:
        before = chunks[-1][-1] if chunks else None
        if before is not None and _belongs(before, token, text[before.end : token.start]):
            chunks[-1].append(token)
        else:
            chunks.append([token])
    return chunks


def _belongs(before: Token, token: Token, between: str) -> bool:
    if TokenKind.BIGRAM in (before.kind, token.kind):
        return False
    if token.kind is TokenKind.UNIT:
        return before.kind is TokenKind.NUMBER and between in _BEFORE_A_UNIT
    return before.kind is not TokenKind.UNIT and between in _INSIDE_A_WORD


def _word(text: str, chunk: Sequence[Token], analyser: Analyser) -> QueryWord:
    start, end = chunk[0].start, chunk[-1].end
    parts = tuple(token.stem for token in chunk)
    if chunk[0].kind is TokenKind.BIGRAM:
        return QueryWord(start, end, (parts,))
    # Beyond its parts the index holds joined forms of several parts, and the word and number of one ("iphone13").
    more = tuple(term for term in analyser.terms(text[start:end]) if term not in parts)
    if chunk[-1].kind is TokenKind.UNIT:
        # "16" and "gb" somewhere in a text say nothing; "16gb" is indexed for every number with a unit.
        return QueryWord(start, end, ((more[-1],) if more else parts,))
    if len(parts) == 1:
        return QueryWord(start, end, (parts, more) if len(more) > 1 else (parts,))
    return QueryWord(start, end, (parts, *((term,) for term in more)))
