"""Expansions: other words for what the query names, all from the graph, none made up."""

from collections.abc import Iterator, Sequence

from data.text import Analyser
from graph.concept import Scheme
from graph.label import LabelKind
from graph.relation import Predicate
from graph.snapshot import Snapshot
from understanding.linking import Link
from understanding.understanding import Expansion
from understanding.word import Word

ALTERNATIVE = 0.8
"""Weight of another label of the same concept, times the link's confidence."""

EXACT_MATCH = 0.8
SUBSTITUTE = 0.4
RELATED = 0.3
"""Times the weight of the edge: a substitute is bought instead, something related is bought too."""

NARROWER = 0.5
"""A kind of what was asked for: an in-ear headphone is a headphone."""

MOST_NARROWER = 5
MOST_PER_MENTION = 8
MOST = 24
LEAST_WEIGHT = 0.1

_EDGES = (
    (Predicate.EXACT_MATCH, EXACT_MATCH, "means the same as"),
    (Predicate.SUBSTITUTE, SUBSTITUTE, "can stand in for"),
    (Predicate.RELATED, RELATED, "goes with"),
)


def expand(
    words: Sequence[Word], links: Sequence[Link], snapshot: Snapshot, analyser: Analyser, language: str
) -> tuple[Expansion, ...]:
    """Other words for each linked span, the weightiest first within a span.

    Args:
        words: As read.
        links: What they name; each span is expanded by its likeliest concept.
        snapshot: The graph.
        analyser: Says which labels are but another form of what was typed.
        language: Labels of other languages are left out.
    """
    found: list[Expansion] = []
    for link in links:
        concept, confidence = link.concepts[0], link.confidences[0]
        typed = f" {' '.join(analyser.stem(word.text) for word in words[link.first : link.last])} "
        named = snapshot.label(concept, language)
        best: dict[str, Expansion] = {}
        for norm, shown, other, weight, reason in _others(concept, named, snapshot, language):
            weight = round(weight * confidence, 4)
            # What contains the typed words, or has the same stems, is found by them already.
            if weight < LEAST_WEIGHT or typed in f" {' '.join(map(analyser.stem, norm.split()))} ":
                continue
            if norm not in best or best[norm].weight < weight:
                span = (words[link.first].start, words[link.last - 1].end)
                best[norm] = Expansion(*span, shown, snapshot.concept_id(other), weight, reason)
        found.extend(sorted(best.values(), key=lambda each: (-each.weight, each.text))[:MOST_PER_MENTION])
    return tuple(found[:MOST])


def _others(concept: int, named: str, snapshot: Snapshot, language: str) -> Iterator[tuple[str, str, int, float, str]]:
    """(normal form, text, concept, weight, reason) of everything that may be said instead."""
    for label in snapshot.labels(concept):
        if label.kind is not LabelKind.HIDDEN and _speaks(label.language, language):
            yield label.norm, label.text, concept, ALTERNATIVE, f"{named!r} is also called that"
    for predicate, factor, how in _EDGES:
        for inverse in (False, True):
            for edge in snapshot.edges(concept, predicate, inverse=inverse):
                for norm, shown in _names(edge.ordinal, snapshot, language):
                    yield norm, shown, edge.ordinal, factor * edge.weight, f"{how} {named!r}"
    # A narrower type is a kind of it; a narrower category need not be: bells stand under bicycles.
    if snapshot.scheme(concept) is Scheme.PRODUCT_TYPE:
        narrower = sorted(
            snapshot.edges(concept, Predicate.BROADER, inverse=True),
            key=lambda edge: (-snapshot.product_count(edge.ordinal), edge.ordinal),
        )
        for edge in narrower[:MOST_NARROWER]:
            for norm, shown in _names(edge.ordinal, snapshot, language):
                yield norm, shown, edge.ordinal, NARROWER * edge.weight, f"is a kind of {named!r}"


def _names(concept: int, snapshot: Snapshot, language: str) -> Iterator[tuple[str, str]]:
    for label in snapshot.labels(concept):
        if label.kind is not LabelKind.HIDDEN and _speaks(label.language, language):
            yield label.norm, label.text


def _speaks(label_language: str, language: str) -> bool:
    return label_language == "und" or label_language.split("-")[0] == language
