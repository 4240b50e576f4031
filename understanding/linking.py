"""Linking: which spans of the query name which concepts of the graph."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.text import Analyser, TokenKind
from graph.concept import Scheme
from graph.snapshot import Snapshot
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

SAME_PRODUCTS = 0.8
"""Share of common products from which a product type and a category are the same thing to a shopper."""

LONGEST_CODE_LETTERS = 3
"""Letters of a model number that are no word of their own; `logitech-m185` still names the brand."""

SCHEME_PRIORS = {
    Scheme.BRAND: 3.0,
    Scheme.PRODUCT_TYPE: 2.5,
    Scheme.CATEGORY: 2.3,
    Scheme.ASPECT: 1.0,
    Scheme.INTENT: 1.0,
    Scheme.VALUE: 0.0,
    Scheme.ATTRIBUTE: -0.5,
    Scheme.UNIT: -2.0,
}
"""In nats, beside the log of the product count: people name who made a thing and what it is before what some attribute
of it is called. "apple" is the brand of twelve products, though two hundred accessories have it as a value."""

SCHEME_QUALITY = {Scheme.ATTRIBUTE: 0.6, Scheme.UNIT: 0.3}
"""How much a span is worth that names no thing and no value; 1 for the others."""

LENGTH_POWER = 1.2
"""A span of two words is worth more than two of one: names are said as a whole."""


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
    candidates = [
        [_weigh(words, start, start + used, concepts, snapshot, lexicon) for used, concepts in here]
        for start, here in enumerate(_spans(words, snapshot, analyser))
    ]
    chosen = _cut(words, candidates)
    links = (_disambiguate(i, chosen, snapshot) for i in range(len(chosen)))
    return tuple(link for link in links if link.concepts)


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A span with its concepts: log weights, supports in (0, 1], and what the span is worth to the reading."""

    first: int
    last: int
    concepts: tuple[int, ...]
    scores: tuple[float, ...]
    supports: tuple[float, ...]
    worth: float


def _weigh(
    words: Sequence[Word], first: int, last: int, concepts: tuple[int, ...], snapshot: Snapshot, lexicon: Lexicon
) -> _Candidate:
    titles = min(_titles(word, lexicon) for word in words[first:last])
    scores = tuple(
        math.log1p(snapshot.product_count(o)) + SCHEME_PRIORS[snapshot.scheme(o)] + math.log(snapshot.confidence(o))
        for o in concepts
    )
    supports = tuple(_support(concept, titles, snapshot) for concept in concepts)
    quality = sum(
        share * support * SCHEME_QUALITY.get(snapshot.scheme(concept), 1.0)
        for share, support, concept in zip(_softmax(scores), supports, concepts, strict=True)
    )
    return _Candidate(first, last, concepts, scores, supports, (last - first) ** LENGTH_POWER * quality - FEWER_SPANS)


def _cut(words: Sequence[Word], candidates: Sequence[Sequence[_Candidate]]) -> list[_Candidate]:
    """The non-overlapping spans that are worth most together."""
    best = [0.0] * (len(words) + 1)
    choice: list[_Candidate | None] = [None] * len(words)
    for start in range(len(words) - 1, -1, -1):
        best[start] = best[start + 1]
        for candidate in candidates[start]:
            option = candidate.worth + best[candidate.last]
            if option > best[start]:
                best[start], choice[start] = option, candidate
    chosen = []
    at = 0
    while at < len(words):
        taken = choice[at]
        if taken is None:
            at += 1
        else:
            chosen.append(taken)
            at = taken.last
    return chosen


def _disambiguate(place: int, chosen: Sequence[_Candidate], snapshot: Snapshot) -> Link:
    """The concepts of one chosen span in the light of what stands beside it."""
    span = chosen[place]
    scores = list(span.scores)
    if len(span.concepts) > 1:
        beside = [chosen[i] for i in (place - 1, place + 1) if 0 <= i < len(chosen)]
        likeliest = [other.concepts[other.scores.index(max(other.scores))] for other in beside]
        neighbours = [snapshot.products(concept) for concept in likeliest]
        for i, concept in enumerate(span.concepts):
            rows = snapshot.products(concept)
            scores[i] += TOGETHER * max((common_share(rows, other) for other in neighbours), default=0.0)
    weighed = [
        (share * support, concept)
        for share, support, concept in zip(_softmax(scores), span.supports, span.concepts, strict=True)
    ]
    # The order is that of the plain shares: united ones are equal, and the likelier of them stays first.
    order = {o: (-c, o) for c, o in weighed}
    kept = [(c, o) for c, o in _united(weighed, snapshot) if c >= LEAST_CONFIDENCE]
    kept.sort(key=lambda pair: order[pair[1]])
    return Link(span.first, span.last, tuple(o for _, o in kept), tuple(round(c, 4) for c, _ in kept))


def _united(weighed: Sequence[tuple[float, int]], snapshot: Snapshot) -> list[tuple[float, int]]:
    """Between a product type and the category of the very same products there is nothing to doubt: both get the sum."""
    kinds = [(c, o) for c, o in weighed if snapshot.scheme(o) in (Scheme.PRODUCT_TYPE, Scheme.CATEGORY)]
    united = {o: c for c, o in weighed}
    for i, (share, concept) in enumerate(kinds):
        rows = snapshot.products(concept)
        for other_share, other in kinds[i + 1 :]:
            others = snapshot.products(other)
            alike = min(len(rows), len(others)) >= SAME_PRODUCTS * max(len(rows), len(others))
            if alike and common_share(rows, others) >= SAME_PRODUCTS:
                united[concept] += other_share
                united[other] += share
    return [(min(1.0, c), o) for o, c in united.items()]


def _softmax(scores: Sequence[float]) -> list[float]:
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def _titles(word: Word, lexicon: Lexicon) -> int:
    word_id = lexicon.words.get(word.text)
    return 0 if word_id is None else int(lexicon.counts[word_id])


def _support(concept: int, titles: int, snapshot: Snapshot) -> float:
    """Full when at least half as many products bear the concept as are titled with its rarest word."""
    if snapshot.scheme(concept) is Scheme.PRODUCT_TYPE or not titles:
        return 1.0
    return min(1.0, 2 * len(snapshot.products(concept)) / titles)
