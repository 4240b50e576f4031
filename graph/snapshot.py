"""The snapshot: the graph of one release as mapped arrays, which is all that serving ever asks.

Concepts are numbered 0..n-1 by falling product count (ties by concept_id), so the best concept of an alias is the
smallest ordinal. Nothing is decoded at load: opening costs the mapping of a dozen files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from data.product import locale_chain
from data.text import analyser_for
from graph.concept import Scheme
from graph.label import LabelKind
from graph.relation import Predicate
from graph.storage import Rows, Strings

FORMAT = 1
SCHEMES = tuple(Scheme)
KINDS = tuple(LabelKind)
PREDICATES = tuple(Predicate)
# Between an alias and the marker that says it was stemmed; no normal form has it.
STEMMED = "\x1f"
_ANY_LANGUAGE = "und"


@dataclass(frozen=True, slots=True)
class SnapshotLabel:
    """A label as the release has it; `norm` is its normal form."""

    text: str
    norm: str
    language: str
    kind: LabelKind


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation seen from one end: the concept at the other end, the weight in (0, 1], the evidence for people."""

    ordinal: int
    weight: float
    evidence: str


class Snapshot:
    """Labels, relations and products of every concept in use.

    Args:
        folder: As `graph.build` wrote it.
        revision: Of the store when it was made.
        languages: Of the shop, for stemmed look-ups.
        longest_alias: Words in the longest alias.
    """

    def __init__(self, folder: Path, revision: int, languages: Sequence[str], longest_alias: int) -> None:
        self.revision = revision
        self._analysers = [analyser_for(language) for language in languages]
        self._longest_alias = longest_alias
        self._ids = Strings(folder, "ids")
        self._keys = Strings(folder, "keys")
        self._ordinals = marisa_trie.RecordTrie("<I").mmap(str(folder / "ids.marisa"))
        self._aliases = marisa_trie.RecordTrie("<I").mmap(str(folder / "aliases.marisa"))
        self._schemes = np.load(folder / "schemes.npy", mmap_mode="r")
        self._confidences = np.load(folder / "confidences.npy", mmap_mode="r")
        self._counts = np.load(folder / "counts.npy", mmap_mode="r")
        self._labels = Rows(folder, "labels")
        self._label_texts = Strings(folder, "label_texts")
        self._label_norms = Strings(folder, "label_norms")
        self._label_languages = np.load(folder / "label_languages.npy", mmap_mode="r")
        self._label_kinds = np.load(folder / "label_kinds.npy", mmap_mode="r")
        self._languages = Strings(folder, "languages")
        self._edges_out = Rows(folder, "edges_out")
        self._edges_in = Rows(folder, "edges_in")
        self._edge_ends = np.load(folder / "edge_ends.npy", mmap_mode="r")
        self._edge_predicates = np.load(folder / "edge_predicates.npy", mmap_mode="r")
        self._edge_weights = np.load(folder / "edge_weights.npy", mmap_mode="r")
        self._edge_evidence = Strings(folder, "edge_evidence")
        self._products = Rows(folder, "products")
        self._concepts = Rows(folder, "concepts")
        self._label_cached = lru_cache(maxsize=8192)(self._find_label)

    def __len__(self) -> int:
        return len(self._ids)

    def ordinal(self, concept_id: str) -> int | None:
        """The ordinal of an id, `None` when this release does not have it."""
        found = self._ordinals.get(concept_id)
        return int(found[0][0]) if found else None

    def concept_id(self, ordinal: int) -> str:
        """The opaque id."""
        return self._ids[ordinal]

    def scheme(self, ordinal: int) -> Scheme:
        """What kind of thing it is."""
        return SCHEMES[int(self._schemes[ordinal])]

    def key(self, ordinal: int) -> str:
        """The source's key; see `Concept.key`."""
        return self._keys[ordinal]

    def confidence(self, ordinal: int) -> float:
        """In (0, 1]."""
        return float(self._confidences[ordinal])

    def label(self, ordinal: int, language: str = _ANY_LANGUAGE) -> str:
        """The preferred label in a language, its fallbacks, or any; the key when there is none."""
        return self._label_cached(ordinal, language)

    def _find_label(self, ordinal: int, language: str) -> str:
        labels = [label for label in self.labels(ordinal) if label.kind is LabelKind.PREFERRED] or self.labels(ordinal)
        by_language = {label.language: label.text for label in reversed(labels)}
        for candidate in locale_chain(language, (_ANY_LANGUAGE,)):
            if candidate in by_language:
                return by_language[candidate]
        return labels[0].text if labels else self.key(ordinal)

    def labels(self, ordinal: int) -> list[SnapshotLabel]:
        """Every label, preferred ones first."""
        return [
            SnapshotLabel(
                self._label_texts[at],
                self._label_norms[at],
                self._languages[self._label_languages[at]],
                KINDS[int(self._label_kinds[at])],
            )
            for at in self._labels[ordinal]
        ]

    def find(self, norm: str) -> tuple[int, ...]:
        """Concepts that bear exactly this normal form, most products first."""
        return tuple(sorted(ordinal for (ordinal,) in self._aliases.get(norm, ())))

    def find_stemmed(self, words: Sequence[str]) -> tuple[int, ...]:
        """Concepts with a label whose words have the same stems, most products first."""
        found: set[int] = set()
        for analyser in self._analysers:
            key = " ".join(map(analyser.stem, words)) + STEMMED + analyser.language
            found.update(ordinal for (ordinal,) in self._aliases.get(key, ()))
        return tuple(sorted(found))

    def longest_match(self, words: Sequence[str], start: int) -> tuple[int, tuple[int, ...]] | None:
        """The longest alias that begins at `words[start]`, as written or else by stems.

        Args:
            words: Folded words, as `Analyser.words` gives them.
            start: Where the alias begins.

        Returns:
            How many words it takes and the concepts that bear it, most products first.
        """
        for length in range(min(self._longest_alias, len(words) - start), 0, -1):
            span = words[start : start + length]
            found = self.find(" ".join(span)) or self.find_stemmed(span)
            if found:
                return length, found
        return None

    def by_scheme(self, scheme: Scheme) -> NDArray[np.int32]:
        """Ordinals of a scheme, most products first."""
        return np.flatnonzero(self._schemes == SCHEMES.index(scheme)).astype(np.int32)

    def edges(self, ordinal: int, predicate: Predicate, inverse: bool = False) -> tuple[Edge, ...]:
        """Relations from a concept, or to it when `inverse`."""
        code = PREDICATES.index(predicate)
        edges = (self._edges_in if inverse else self._edges_out)[ordinal]
        return tuple(
            Edge(
                int(self._edge_ends[edge, 0 if inverse else 1]),
                float(self._edge_weights[edge]),
                self._edge_evidence[edge],
            )
            for edge in edges
            if self._edge_predicates[edge] == code
        )

    def products(self, ordinal: int) -> NDArray[np.int32]:
        """Sorted rows of its products, those of narrower concepts included."""
        return self._products[ordinal]

    def product_count(self, ordinal: int) -> int:
        """How many groups its products are."""
        return int(self._counts[ordinal])

    def concepts_of(self, row: int) -> NDArray[np.int32]:
        """Concepts that a product stands under, broader ones included, most products first."""
        return self._concepts[row]
