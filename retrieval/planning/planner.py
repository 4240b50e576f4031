"""From an understanding to a plan: which words, concepts and vector to look up, and how much each counts."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from data.shop import ShopConfig
from data.text import Analyser
from graph.concept import Scheme
from graph.snapshot import Snapshot
from retrieval.index.terms import QueryWord, query_words
from retrieval.planning.heads import head_type
from retrieval.planning.plan import Evidence, Plan, Term
from retrieval.sources.bm25 import Bm25Retriever
from retrieval.sources.dense import DenseRetriever
from understanding.encoders.encoder import Encoder
from understanding.mention import Mention
from understanding.understanding import Expansion, Understanding

# A page of results. All words of a query must match; when fewer products than this have them all, one word fewer will
# do, and so on. On Icecat "all words" costs .016 nDCG@10 against "any word", this rule costs nothing.
ENOUGH_MATCHES = 10

# Expansions below it are not searched: what merely goes with a thing, or is a doubtful reading, is not asked for.
LEAST_EXPANSION = 0.35

# What a product gains in the concept run for standing under a concept of the query, before normalisation. The product
# type says what is wanted; a brand and a value say which one.
TYPE_WEIGHT = 1.0
CATEGORY_WEIGHT = 0.7
BRAND_WEIGHT = 0.5
VALUE_WEIGHT = 0.3
_SCHEME_WEIGHT = {
    Scheme.PRODUCT_TYPE: TYPE_WEIGHT,
    Scheme.CATEGORY: CATEGORY_WEIGHT,
    Scheme.BRAND: BRAND_WEIGHT,
    Scheme.VALUE: VALUE_WEIGHT,
}


def plan_search(
    understanding: Understanding,
    snapshot: Snapshot,
    encoder: Encoder | None,
    config: ShopConfig,
    lexical: Bm25Retriever,
    dense: DenseRetriever | None = None,
) -> Plan:
    """Decide how one understood query is searched.

    Args:
        understanding: What was meant.
        snapshot: The release's graph.
        encoder: Of the release, `None` when it has none.
        config: The shop's.
        lexical: For the analyser of the locale and for how many products hold the words.
        dense: The dense source, `None` when the shop has none.

    Returns:
        The plan; `browse` for an empty text, for which every product that passes the filters matches.
    """
    locale = understanding.query.locale
    text = understanding.retrieval_text
    analyser = lexical.analyser(locale)
    words = distinct_words(query_words(text, analyser))
    spans = original_spans(understanding, words, analyser)
    expansions = understanding.expansions if config.search.expansions else ()
    terms = plan_terms(words, expansions, spans, analyser)
    linked = linked_mentions(understanding)
    quorum = lexical.quorum(terms, locale, ENOUGH_MATCHES)
    vector = None
    if encoder is not None and dense is not None and config.search.dense_weight > 0 and text:
        vector = encoder.encode_query(text, locale)
        vector = vector if vector.any() else None
    use_concepts = config.search.concept_weight > 0
    evidence = concept_evidence(understanding, linked, snapshot) if use_concepts else ()
    concepts = matching_concepts(linked, spans, quorum) if use_concepts else ()
    weights = {
        "bm25": config.search.bm25_weight if terms else 0.0,
        "concept": config.search.concept_weight * strength(evidence),
        "dense": config.search.dense_weight if vector is not None else 0.0,
    }
    return Plan(
        text=text,
        locale=locale,
        terms=terms,
        min_should_match=quorum,
        concept_rows=common_products(concepts, snapshot),
        concepts=concepts,
        evidence=evidence,
        vector=vector,
        dense_cut=dense.cut if dense is not None else 1.0,
        weights=convex(weights),
        filters=tuple(constraint for constraint in understanding.constraints if constraint.strict),
        browse=not text.strip(),
    )


def strength(evidence: Sequence[Evidence]) -> float:
    """How much the concepts have to say, in [0, 1]: as much as the weightiest of them.

    Fusion scales each run to its best score; without this a guess at a product type would count like a certain one.
    """
    return min(1.0, max((each.weight for each in evidence), default=0.0))


def convex(weights: dict[str, float]) -> dict[str, float]:
    """The sources that are on, their weights scaled to sum to 1; empty when all are off."""
    total = sum(weights.values())
    return {source: weight / total for source, weight in weights.items() if weight > 0}


def distinct_words(words: Sequence[QueryWord]) -> list[QueryWord]:
    """The first of each word that is said twice."""
    return list({word.ways: word for word in reversed(words)}.values())[::-1]


def original_spans(
    understanding: Understanding, words: Sequence[QueryWord], analyser: Analyser
) -> list[tuple[int, int] | None]:
    """Where each word of the retrieval text stands in the query as typed; `None` when it cannot be told.

    Mentions and expansions speak of the query as typed, the words come from the text with corrections applied and
    constraints taken out. Both keep the order, so each word is the next one that reads the same.
    """
    text = understanding.query.text
    applied = sorted((each for each in understanding.corrections if each.applied), key=lambda each: each.start)
    placed: list[tuple[int, int, QueryWord]] = []
    at = 0
    for correction in applied:
        placed += [(at + w.start, at + w.end, w) for w in query_words(text[at : correction.start], analyser)]
        placed += [(correction.start, correction.end, w) for w in query_words(correction.replacement, analyser)]
        at = correction.end
    placed += [(at + word.start, at + word.end, word) for word in query_words(text[at:], analyser)]
    spans: list[tuple[int, int] | None] = []
    next_place = 0
    for word in words:
        found = next((place for place in range(next_place, len(placed)) if placed[place][2].ways == word.ways), None)
        spans.append(None if found is None else placed[found][:2])
        next_place = next_place if found is None else found + 1
    return spans


def plan_terms(
    words: Sequence[QueryWord],
    expansions: Sequence[Expansion],
    spans: Sequence[tuple[int, int] | None],
    analyser: Analyser,
) -> tuple[Term, ...]:
    """One group a word: each way it may be written at full weight, then the expansions of its span."""
    terms = [Term(way, 1.0, (group,)) for group, word in enumerate(words) for way in word.ways]
    known = {(term.words, term.groups) for term in terms}
    for expansion in expansions:
        groups = covered(spans, expansion.start, expansion.end)
        parts = tuple(part for word in query_words(expansion.text, analyser) for part in word.ways[0])
        if expansion.weight >= LEAST_EXPANSION and groups and parts and (parts, groups) not in known:
            known.add((parts, groups))
            terms.append(Term(parts, expansion.weight, groups))
    return tuple(terms)


def covered(spans: Sequence[tuple[int, int] | None], start: int, end: int) -> tuple[int, ...]:
    """The groups whose words lie inside a span of the query as typed."""
    return tuple(group for group, span in enumerate(spans) if span is not None and start <= span[0] and span[1] <= end)


def linked_mentions(understanding: Understanding) -> list[Mention]:
    """The mentions that say what is wanted: brands, values, categories, and of the product types the head.

    In "phone charger" both words are product types, and the products wanted are chargers.
    """
    head = head_type(understanding)
    return [
        mention
        for mention in understanding.mentions
        if mention.scheme in _SCHEME_WEIGHT and (mention.scheme != Scheme.PRODUCT_TYPE or mention is head)
    ]


def concept_evidence(
    understanding: Understanding, linked: Sequence[Mention], snapshot: Snapshot
) -> tuple[Evidence, ...]:
    """What lifts a product: each linked mention, then product types and categories read from the nearest titles."""
    evidence: list[Evidence] = []
    seen: set[int] = set()
    read = [(each.concept, each.scheme, each.label, each.confidence) for each in linked]
    read += [
        (each.concept, each.scheme, each.label, each.confidence)
        for each in (*understanding.intents, *understanding.categories)
    ]
    for concept, scheme, label, confidence in read:
        rows = snapshot.products(concept)
        if concept in seen or not len(rows):
            continue
        seen.add(concept)
        weight = _SCHEME_WEIGHT[Scheme(scheme)] * confidence
        evidence.append(Evidence(concept, str(scheme), snapshot.key(concept), label, rows, weight))
    return tuple(evidence)


def matching_concepts(
    linked: Sequence[Mention], spans: Sequence[tuple[int, int] | None], quorum: int
) -> tuple[int, ...]:
    """Concepts whose products join the match set without saying the words.

    The rule: the products that stand under *all* linked concepts, when the words of those mentions are at least as
    many as a lexical match needs (`quorum`); none otherwise. So "nike shoes" finds Nike's shoes whose texts say
    neither word, and "samsung galaxy s10 case" does not find every Samsung case.
    """
    groups = {group for mention in linked for group in covered(spans, mention.start, mention.end)}
    if not linked or len(groups) < max(1, quorum):
        return ()
    return tuple(dict.fromkeys(mention.concept for mention in linked))


def common_products(concepts: Sequence[int], snapshot: Snapshot) -> NDArray[np.int32]:
    """Sorted rows that stand under all concepts; none when there are none."""
    if not concepts:
        return np.empty(0, np.int32)
    sets = [snapshot.products(concept) for concept in concepts]
    return reduce(lambda kept, more: np.intersect1d(kept, more, assume_unique=True), sets).astype(np.int32)
