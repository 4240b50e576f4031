"""Intent: which product types and categories the shopper is after, and how sure that is.

Two witnesses. The words: a linked product type or category, the head of the phrase before its modifiers ("laptop bag"
is a bag). The neighbours: what kind of things the products nearest in meaning are. Confidences of one scheme sum to at
most 1; what is left is the chance that it is none of them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.concept import Scheme
from graph.snapshot import Snapshot
from understanding.kinds import KindTable
from understanding.linking import Link
from understanding.understanding import Intent
from understanding.word import Word

NEIGHBOURS = 50
"""Nearest products that vote."""

WORDS_SHARE = 0.7
"""Say of linked words beside the neighbours, when there are any: words name, neighbours only resemble."""

HEAD = 1.0
MODIFIER = 0.25
"""Weight of a linked type that is not the head: some who type "laptop bag" do look at laptops."""

LEAST_CONFIDENCE = 0.05
"""Intents below it are left out."""

MOST_INTENTS = 5

NEAREST_DOUBTFUL = 0.3
NEAREST_CERTAIN = 0.7
"""Mean inner product of the neighbours at which their votes count nothing and fully. On Icecat random products are at 0
(99% below .2 to .6), the fifty nearest between .4 ("ps4 pro", hardly sold) and .95 ("headphones")."""

SAMPLE = 200
"""Products asked for the categories of a linked type, evenly spaced."""

HEAD_FIRST = frozenset({"es", "fr", "it", "pt", "ca", "ro"})
"""Languages that name the thing before its qualities."""

PREPOSITIONS = frozenset(
    "for with from by in on to without fur mit ohne von aus zum pour avec sans de du des para con sin por en".split()  # noqa: SIM905
)
"""Folded words behind which a thing is only described ("bag for laptop")."""


def find_intents(
    words: Sequence[Word],
    links: Sequence[Link],
    nearest: tuple[NDArray[np.int32], NDArray[np.float32]],
    known: float,
    kinds: KindTable,
    snapshot: Snapshot,
    language: str,
) -> tuple[tuple[Intent, ...], tuple[Intent, ...]]:
    """Product types and categories, each best first.

    Args:
        words: Of the query.
        links: What they name, without what is not wanted.
        nearest: Rows nearest in meaning with their inner products; empty without an encoder.
        known: Share of the query's words that some title has; the nearest products answer only these.
        kinds: Of the products.
        snapshot: The graph.
        language: For the labels.
    """
    heads = head_weights(words, links, snapshot, language)
    said: dict[Scheme, dict[int, float]] = {Scheme.PRODUCT_TYPE: {}, Scheme.CATEGORY: {}}
    evidence: dict[int, str] = {}
    total = sum(heads.values())
    for (concept, place), weight in heads.items():
        scheme = snapshot.scheme(concept)
        link = links[place]
        share = weight / total * link.confidences[link.concepts.index(concept)] * snapshot.confidence(concept)
        said[scheme][concept] = said[scheme].get(concept, 0.0) + share
        named = " ".join(word.text for word in words[link.first : link.last])
        evidence.setdefault(concept, f"named by {named!r}; {snapshot.product_count(concept)} products")
        other = Scheme.CATEGORY if scheme is Scheme.PRODUCT_TYPE else Scheme.PRODUCT_TYPE
        for voted, part in kinds.shares(_sampled(snapshot.products(concept)))[other].items():
            said[other][voted] = said[other].get(voted, 0.0) + share * part
            evidence.setdefault(voted, f"{part:.0%} of the products that {named!r} names")
    rows, scores = nearest
    votes = kinds.shares(rows, np.maximum(scores, 0))
    certain = _certainty(scores) * known
    found = []
    for scheme in (Scheme.PRODUCT_TYPE, Scheme.CATEGORY):
        near = {concept: part * snapshot.confidence(concept) for concept, part in votes[scheme].items()}
        weight = (WORDS_SHARE if len(rows) else 1.0) if said[scheme] else 0.0
        both = {
            concept: weight * said[scheme].get(concept, 0.0) + (1 - weight) * certain * near.get(concept, 0.0)
            for concept in said[scheme].keys() | near.keys()
        }
        for concept, part in near.items():
            reason = f"{part:.0%} of the {len(rows)} products nearest in meaning"
            evidence[concept] = f"{evidence[concept]}; {reason}" if concept in evidence else reason
        found.append(_best(both, evidence, snapshot, language))
    return found[0], found[1]


def head_weights(
    words: Sequence[Word], links: Sequence[Link], snapshot: Snapshot, language: str
) -> Mapping[tuple[int, int], float]:
    """Weight of each (type or category, place of its link): 1 for the head of the phrase, `MODIFIER` for the others."""
    typed = [
        (place, concept)
        for place, link in enumerate(links)
        for concept in link.concepts
        if snapshot.scheme(concept) in (Scheme.PRODUCT_TYPE, Scheme.CATEGORY)
    ]
    if not typed:
        return {}
    cut = next((i for i, word in enumerate(words) if i and word.text in PREPOSITIONS), len(words))
    before = [place for place, _ in typed if links[place].first < cut] or [place for place, _ in typed]
    head = before[0] if language in HEAD_FIRST else before[-1]
    return {(concept, place): HEAD if place == head else MODIFIER for place, concept in typed}


def _certainty(scores: NDArray[np.float32]) -> float:
    if not len(scores):
        return 0.0
    return float(np.clip((scores.mean() - NEAREST_DOUBTFUL) / (NEAREST_CERTAIN - NEAREST_DOUBTFUL), 0.0, 1.0))


def _sampled(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    return rows[:: max(1, -(-len(rows) // SAMPLE))]


def _best(
    confidences: Mapping[int, float], evidence: Mapping[int, str], snapshot: Snapshot, language: str
) -> tuple[Intent, ...]:
    ranked = sorted(confidences.items(), key=lambda item: (-item[1], item[0]))[:MOST_INTENTS]
    return tuple(
        Intent(
            concept_id=snapshot.concept_id(concept),
            concept=concept,
            scheme=snapshot.scheme(concept).value,
            label=snapshot.label(concept, language),
            # Rounded down, so that the sum stays at most 1.
            confidence=int(confidence * 10_000) / 10_000,
            evidence=evidence[concept],
        )
        for concept, confidence in ranked
        if confidence >= LEAST_CONFIDENCE
    )
