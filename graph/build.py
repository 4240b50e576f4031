"""The graph's part of a build: catalogue into the store, the store's state into a snapshot folder."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import marisa_trie
import numpy as np

from data.mining.candidate import Candidate, write_candidates
from data.product import Product
from data.shop import ShopConfig
from data.text import analyser_for
from graph.compile import closure_rows, compile_catalogue
from graph.concept import Status
from graph.label import Label
from graph.load import load_graph
from graph.mined import compile_candidates
from graph.relation import Predicate, Relation
from graph.snapshot import FORMAT, KINDS, PREDICATES, SCHEMES, STEMMED, Snapshot
from graph.statements import ConceptKey, joined
from graph.storage import write_rows, write_strings
from graph.store import GraphState, GraphStore
from graph.traversal import bottom_up

# Candidates that a build did not write, for curators; beside the snapshot's files.
CANDIDATES = "candidates.jsonl"


def build_graph(
    folder: Path,
    products: Sequence[Product],
    config: ShopConfig,
    store: GraphStore,
    candidates: Sequence[Candidate] = (),
    report: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """Compile the catalogue into the store and write the snapshot of what the store then holds.

    Args:
        folder: Of the release; made if missing.
        products: In the order of their rows.
        config: Of the shop; its first locale's titles name the product types.
        store: Its curated statements win over the catalogue's.
        candidates: Mined; what is not sure enough stands in the folder's `candidates.jsonl` afterwards.
        report: Hears a sentence for each statement that was passed over, because a curator says otherwise.

    Raises:
        IntegrityViolation: The catalogue contradicts itself; the store is as it was.
    """
    compiled = compile_catalogue(products, config)
    mined = compile_candidates(candidates, compiled.statements, compiled.rows, config.locales)
    for sentence in store.rebuild(config.name, joined(compiled.statements, mined.statements)).passed_over:
        report(sentence)
    write_snapshot(folder, store.read(config.name), compiled.rows, products, config)
    if candidates:
        write_candidates(folder / CANDIDATES, mined.kept)
    return load_graph(folder)


def write_snapshot(
    folder: Path,
    state: GraphState,
    rows: Mapping[ConceptKey, Sequence[int]],
    products: Sequence[Product],
    config: ShopConfig,
) -> None:
    """Write the mapped files of a state; see `Snapshot`.

    Args:
        folder: Made if missing.
        state: Of the store.
        rows: Own rows by key; a concept that only a curator knows has those of its narrower ones.
        products: In the order of their rows.
        config: Its languages are the ones whose stems aliases are found by.
    """
    folder.mkdir(parents=True, exist_ok=True)
    active = {concept.concept_id: concept for concept in state.concepts if concept.status is Status.ACTIVE}
    relations = [edge for edge in state.relations if edge.subject in active and edge.object in active]
    broader: dict[str, list[str]] = {concept_id: [] for concept_id in active}
    for edge in relations:
        if edge.predicate is Predicate.BROADER:
            broader[edge.subject].append(edge.object)
    own = {concept_id: rows.get(ConceptKey(c.scheme, c.key), ()) for concept_id, c in active.items()}
    held = closure_rows(own, broader, bottom_up(broader))
    counts = {concept_id: len({products[row].group_id for row in rows}) for concept_id, rows in held.items()}
    order = sorted(active, key=lambda concept_id: (-counts[concept_id], concept_id))
    ordinals = {concept_id: ordinal for ordinal, concept_id in enumerate(order)}
    by_row: list[list[int]] = [[] for _ in products]
    for ordinal, concept_id in enumerate(order):
        for row in held[concept_id]:
            by_row[row].append(ordinal)
    write_strings(folder, "ids", order)
    write_strings(folder, "keys", [active[concept_id].key for concept_id in order])
    marisa_trie.RecordTrie("<I", [(concept_id, (i,)) for i, concept_id in enumerate(order)]).save(
        str(folder / "ids.marisa")
    )
    np.save(folder / "schemes.npy", np.array([SCHEMES.index(active[c].scheme) for c in order], np.uint8))
    np.save(folder / "confidences.npy", np.array([active[c].confidence for c in order], np.float32))
    np.save(folder / "counts.npy", np.array([counts[c] for c in order], np.int32))
    write_rows(folder, "products", [sorted(held[concept_id]) for concept_id in order])
    write_rows(folder, "concepts", by_row)
    longest = _write_labels(folder, [label for label in state.labels if label.concept_id in active], ordinals, config)
    _write_edges(folder, relations, ordinals)
    languages = sorted({analyser_for(locale).language for locale in config.locales})
    header = {"format": FORMAT, "revision": state.revision, "languages": languages, "longest_alias": longest}
    (folder / "snapshot.json").write_text(json.dumps(header))


def _write_labels(folder: Path, labels: Sequence[Label], ordinals: Mapping[str, int], config: ShopConfig) -> int:
    """Labels by concept and the alias look-up; gives the words in the longest alias."""
    ordered = sorted(labels, key=lambda label: (ordinals[label.concept_id], KINDS.index(label.kind), label.language))
    languages = sorted({label.language for label in ordered})
    by_concept: list[list[int]] = [[] for _ in ordinals]
    for at, label in enumerate(ordered):
        by_concept[ordinals[label.concept_id]].append(at)
    write_rows(folder, "labels", by_concept)
    write_strings(folder, "label_texts", [label.text for label in ordered])
    write_strings(folder, "label_norms", [label.norm for label in ordered])
    write_strings(folder, "languages", languages)
    codes = {language: code for code, language in enumerate(languages)}
    np.save(folder / "label_languages.npy", np.array([codes[label.language] for label in ordered], np.uint16))
    np.save(folder / "label_kinds.npy", np.array([KINDS.index(label.kind) for label in ordered], np.uint8))
    aliases: set[tuple[str, int]] = set()
    for label in ordered:
        ordinal = ordinals[label.concept_id]
        aliases.add((label.norm, ordinal))
        # A label of any language may be typed with the endings of each of the shop's languages.
        for locale in config.locales if label.language == "und" else (label.language,):
            analyser = analyser_for(locale)
            stems = " ".join(map(analyser.stem, label.norm.split(" ")))
            aliases.add((stems + STEMMED + analyser.language, ordinal))
    trie = marisa_trie.RecordTrie("<I", [(alias, (ordinal,)) for alias, ordinal in sorted(aliases)])
    trie.save(str(folder / "aliases.marisa"))
    return max((label.norm.count(" ") + 1 for label in ordered), default=0)


def _write_edges(folder: Path, relations: Sequence[Relation], ordinals: Mapping[str, int]) -> None:
    ends = [(ordinals[edge.subject], ordinals[edge.object]) for edge in relations]
    outgoing: list[list[int]] = [[] for _ in ordinals]
    incoming: list[list[int]] = [[] for _ in ordinals]
    for at, (subject, object_) in enumerate(ends):
        outgoing[subject].append(at)
        incoming[object_].append(at)
    write_rows(folder, "edges_out", outgoing)
    write_rows(folder, "edges_in", incoming)
    np.save(folder / "edge_ends.npy", np.array(ends, np.int32).reshape(-1, 2))
    codes = [PREDICATES.index(edge.predicate) for edge in relations]
    np.save(folder / "edge_predicates.npy", np.array(codes, np.uint8))
    np.save(folder / "edge_weights.npy", np.array([edge.weight for edge in relations], np.float32))
    write_strings(folder, "edge_evidence", [edge.evidence for edge in relations])
