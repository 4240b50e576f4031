"""Linking: which spans of the query name which concepts of the graph."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from graph.snapshot import Snapshot
from numpy.typing import NDArray

from data.text import Analyser, TokenKind
from graph.concept import Scheme
from understanding.lexicon import Lexicon
from understanding.mention import Mention
from understanding.word import Word

LONGEST_ALIAS = 8
"""Words of one alias that are looked at."""

FEWER_SPANS = 0.1
"""Cost of a span when the query is cut up: `gaming mouse pad` is better read as two spans than as three."""

LEAST_CONFIDENCE = 0.1
"""A link below it is noise: one product with the value "case" says nothing about the 300 that are titled so."""

TOGETHER = 3.0
"""Weight of the share of products that a candidate has in common with its neighbours' candidates."""

SAMPLE = 256
"""Products compared per pair of candidates; the share's error is below .06."""

LONGEST_CODE_LETTERS = 3
"""Letters of a model number that are no word of their own; `logitech-m185` still names the brand."""

SCHEME_PRIORS = {
    Scheme.BRAND: 1.0,
    Scheme.PRODUCT_TYPE: 1.0,
    Scheme.CATEGORY: 0.8,
    Scheme.ASPECT: 0.5,
    Scheme.INTENT: 0.5,
    Scheme.VALUE: 0.3,
    Scheme.ATTRIBUTE: 0.0,
    Scheme.UNIT: -1.0,
}
"""In nats, beside the log of the product count: of equally common meanings, people name what a thing is or who made it
before what some attribute of it is called."""


@dataclass(frozen=True, slots=True)
class Link:
    """A span of words with every concept that it may name, likeliest first.

    Attributes:
        first: Place of its first word.
        last: Place behind its last word.
        concepts: Ordinals, likeliest first.
        confidences: Of each, in (0, 1].
    """

    first: int
    last: int
    concepts: tuple[int, ...]
    confidences: tuple[float, ...]


def link_words(words: Sequence[Word], snapshot: Snapshot, lexicon: Lexicon, analyser: Analyser) -> tuple[Link, ...]:
    """The best reading of the query as spans that name concepts, in order, not overlapping."""
    spans = _cut(words, _spans(words, snapshot, analyser), snapshot)
    return _disambiguate(words, spans, snapshot, lexicon)


def mention(text: str, words: Sequence[Word], link: Link, snapshot: Snapshot, language: str) -> Mention:
    """The likeliest reading of a link, placed in the original query."""
    start, end = words[link.first].start, words[link.last - 1].end
    concept = link.concepts[0]
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        concept_id=snapshot.concept_id(concept),
        concept=concept,
        scheme=snapshot.scheme(concept).value,
        label=snapshot.label(concept, language),
        confidence=link.confidences[0],
    )


def common_share(first: NDArray[np.int32], second: NDArray[np.int32]) -> float:
    """Share of the smaller set of sorted rows that lies in the larger, on an even sample of it."""
    small, large = (first, second) if len(first) <= len(second) else (second, first)
    if not len(small):
        return 0.0
    asked = small[:: -(-len(small) // SAMPLE)]
    places = np.searchsorted(large, asked)
    places[places == len(large)] = 0
    return int((large[places] == asked).sum()) / len(asked)


def _spans(words: Sequence[Word], snapshot: Snapshot, analyser: Analyser) -> list[list[tuple[int, tuple[int, ...]]]]:
    """For every start, (words used, concepts) of each alias that begins there, longest first."""
    texts = [word.text for word in words]
    found: list[list[tuple[int, tuple[int, ...]]]] = []
    for start in range(len(words)):
        here = []
        limit = min(LONGEST_ALIAS, len(words) - start)
        while limit:
            match = snapshot.longest_match(texts[start : start + limit], 0)
            if match is None:
                break
            used, concepts = match
            if not _says_nothing(words[start : start + used], analyser):
                here.append((used, tuple(concepts)))
            limit = used - 1
        found.append(here)
    return found


def _says_nothing(words: Sequence[Word], analyser: Analyser) -> bool:
    """Bare numbers, words like "with" and the letters of a model number name concepts only by accident.

    "5" is the value of a hundred fields, and the TN of "TN-2110" is no kind of screen.
    """
    if len(words) > 1 and all(word.in_code for word in words):
        return False
    return all(
        word.kind in (TokenKind.NUMBER, TokenKind.UNIT)
        or analyser.is_stop(word.text)
        or (word.in_code and word.text.isalpha() and len(word.text) <= LONGEST_CODE_LETTERS)
        for word in words
    )


def _cut(
    words: Sequence[Word], spans: Sequence[Sequence[tuple[int, tuple[int, ...]]]], snapshot: Snapshot
) -> list[tuple[int, int, tuple[int, ...]]]:
    """The non-overlapping spans that cover most words with fewest spans; of equals, those with more products."""
    best: list[tuple[float, float]] = [(0.0, 0.0)] * (len(words) + 1)
    choice: list[tuple[int, tuple[int, ...]] | None] = [None] * len(words)
    for start in range(len(words) - 1, -1, -1):
        best[start] = best[start + 1]
        for used, concepts in spans[start]:
            # Halves of a split word have no span of their own unless the folded text is as long as the typed one.
            if words[start].start == words[start].end:
                continue
            covered, support = best[start + used]
            known = math.log1p(max(snapshot.product_count(concept) for concept in concepts)) if used > 1 else 0.0
            option = (covered + used - FEWER_SPANS, support + known)
            if option > best[start]:
                best[start], choice[start] = option, (used, concepts)
    chosen = []
    at = 0
    while at < len(words):
        taken = choice[at]
        if taken is None:
            at += 1
        else:
            chosen.append((at, at + taken[0], taken[1]))
            at += taken[0]
    return chosen


def _disambiguate(
    words: Sequence[Word], spans: Sequence[tuple[int, int, tuple[int, ...]]], snapshot: Snapshot, lexicon: Lexicon
) -> tuple[Link, ...]:
    links = []
    for i, (first, last, concepts) in enumerate(spans):
        neighbours = [spans[j][2][0] for j in (i - 1, i + 1) if 0 <= j < len(spans)] if len(concepts) > 1 else []
        titles = min(_titles(word, lexicon) for word in words[first:last])
        scores = [_score(concept, neighbours, snapshot) for concept in concepts]
        best = max(scores)
        total = sum(math.exp(score - best) for score in scores)
        weighed = [
            (
                math.exp(score - best) / total * _support(concept, titles, snapshot) * snapshot.confidence(concept),
                concept,
            )
            for score, concept in zip(scores, concepts, strict=True)
        ]
        kept = sorted(((c, o) for c, o in weighed if c >= LEAST_CONFIDENCE), key=lambda pair: (-pair[0], pair[1]))
        if kept:
            links.append(Link(first, last, tuple(o for _, o in kept), tuple(round(c, 4) for c, _ in kept)))
    return tuple(links)


def _titles(word: Word, lexicon: Lexicon) -> int:
    word_id = lexicon.words.get(word.text)
    return 0 if word_id is None else int(lexicon.counts[word_id])


def _score(concept: int, neighbours: Sequence[int], snapshot: Snapshot) -> float:
    score = math.log1p(snapshot.product_count(concept)) + SCHEME_PRIORS[snapshot.scheme(concept)]
    if neighbours:
        rows = snapshot.products(concept)
        score += TOGETHER * max(common_share(rows, snapshot.products(other)) for other in neighbours)
    return score


def _support(concept: int, titles: int, snapshot: Snapshot) -> float:
    """Full when at least half as many products bear the concept as are titled with its rarest word."""
    if snapshot.scheme(concept) is Scheme.PRODUCT_TYPE or not titles:
        return 1.0
    return min(1.0, 2 * snapshot.product_count(concept) / titles)
