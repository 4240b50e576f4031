"""Where a title says a word of the query."""

from collections.abc import Sequence
from functools import lru_cache

from data.text import Analyser, Token
from retrieval.planning.plan import Term

# Titles that are shown again and again; 2,000 of them with their tokens are 8 MB, and reading one is 30 us.
_REMEMBERED = 2_000


def highlight(title: str, terms: Sequence[Term], analyser: Analyser) -> tuple[tuple[int, int], ...]:
    """Spans of the title's words whose stem is among the query's terms.

    Args:
        title: As shown.
        terms: Of the plan, expansions included: what was searched for is what is marked.
        analyser: That made the terms.

    Returns:
        Half-open, ascending, not overlapping; a number and its unit, or the parts of a model number, that match
        together are one span.
    """
    wanted = {word for term in terms for word in term.words}
    spans: list[tuple[int, int]] = []
    before = None
    for token in _tokens(analyser, title):
        joined = before is not None and title[before.end : token.start] in ("", " ", "-") and before.stem + token.stem
        if joined and before is not None and joined in wanted:
            spans = [span for span in spans if span[1] <= before.start] + [(before.start, token.end)]
        elif token.stem in wanted:
            spans.append((token.start, token.end))
        before = token
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


@lru_cache(_REMEMBERED)
def _tokens(analyser: Analyser, title: str) -> tuple[Token, ...]:
    return tuple(analyser.tokens(title))
