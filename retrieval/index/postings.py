"""BM25 postings: scores computed once by bm25s, kept by term, mapped from disk."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

# Lucene's usual values. On Icecat k1 between .9 and 1.5 and b between .4 and .75 move nDCG@10 by less than .01.
K1 = 0.9
B = 0.4

# The npy header of a one-dimensional array is padded to this many bytes; what follows is data.
_HEADER_BYTES = 128

_NO_ROWS = np.empty(0, np.int32)
_NO_SCORES = np.empty(0, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """For each term the rows that hold it and their BM25 scores.

    Attributes:
        terms: Term to ordinal; a succinct trie, because most terms of a catalogue are part numbers.
        offsets: Shape (terms + 1,); the postings of ordinal `o` are `offsets[o]:offsets[o + 1]`.
        rows: Shape (postings,), sorted within a term.
        scores: Shape (postings,), positive.
        documents: How many rows were indexed.
        mean_length: Terms per row, for scoring live documents with these statistics.
    """

    terms: marisa_trie.Trie
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
    documents: int
    mean_length: float

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Rows (sorted) and scores of a term; both empty when no row holds it."""
        ordinal = self.terms.get(term)
        if ordinal is None:
            return _NO_ROWS, _NO_SCORES
        span = slice(int(self.offsets[ordinal]), int(self.offsets[ordinal + 1]))
        return self.rows[span], self.scores[span]

    def frequency(self, term: str) -> int:
        """How many rows hold the term."""
        ordinal = self.terms.get(term)
        return 0 if ordinal is None else int(self.offsets[ordinal + 1] - self.offsets[ordinal])

    def idf(self, term: str) -> float:
        """Lucene's inverse document frequency, ln(1 + (N - df + .5) / (df + .5)); positive, greatest for unknown."""
        frequency = self.frequency(term)
        return math.log(1 + (self.documents - frequency + 0.5) / (frequency + 0.5))

    def score_document(self, counts: Mapping[str, int], length: int, term: str) -> float:
        """The score of a document that was not indexed, by the statistics of those that were.

        Args:
            counts: The document's terms with their frequencies.
            length: Its number of terms.
            term: The term to score.

        References:
            Kamphuis et al.: Which BM25 do you mean?, ECIR 2020, "Lucene (accurate)", as bm25s computes it.
        """
        frequency = counts.get(term, 0)
        if not frequency:
            return 0.0
        saturation = K1 * (1 - B + B * length / self.mean_length) if self.mean_length else K1
        return self.idf(term) * frequency / (frequency + saturation)


def build_postings(documents: Sequence[Sequence[str]]) -> Postings:
    """Index analysed documents, one per row; documents without terms are allowed."""
    import bm25s  # only builds need it; serving reads the arrays

    lengths = sum(len(document) for document in documents)
    if not lengths:
        return Postings(marisa_trie.Trie(), np.zeros(1, np.int64), _NO_ROWS, _NO_SCORES, len(documents), 0.0)
    index = bm25s.BM25(method="lucene", k1=K1, b=B)
    index.index([list(document) for document in documents], create_empty_token=False, show_progress=False)
    matrix = index.scores
    columns: dict[str, int] = index.vocab_dict
    terms = marisa_trie.Trie(columns)
    order = np.empty(len(columns), np.int64)
    for term, column in columns.items():
        order[terms[term]] = column
    starts = np.asarray(matrix["indptr"], np.int64)
    sizes = np.diff(starts)[order]
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    rows = np.empty(offsets[-1], np.int32)
    scores = np.empty(offsets[-1], np.float32)
    for ordinal, place in enumerate(order):
        source = slice(int(starts[place]), int(starts[place + 1]))
        ascending = np.argsort(matrix["indices"][source], kind="stable")
        target = slice(offsets[ordinal], offsets[ordinal + 1])
        rows[target] = matrix["indices"][source][ascending]
        scores[target] = matrix["data"][source][ascending]
    return Postings(terms, offsets, rows, scores, len(documents), lengths / len(documents))


def save_postings(folder: Path, postings: Postings) -> None:
    """Write the parts under `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    postings.terms.save(str(folder / "terms.marisa"))
    np.save(folder / "offsets.npy", postings.offsets)
    np.save(folder / "rows.npy", postings.rows)
    np.save(folder / "scores.npy", postings.scores)
    statistics = {"documents": postings.documents, "mean_length": postings.mean_length}
    (folder / "statistics.json").write_text(json.dumps(statistics), encoding="utf-8")


def load_postings(folder: Path) -> Postings:
    """Map what `save_postings` wrote; pages are shared by the workers of a machine."""
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    terms = marisa_trie.Trie()
    terms.mmap(str(folder / "terms.marisa"))
    return Postings(
        terms,
        map_array(folder / "offsets.npy"),
        map_array(folder / "rows.npy"),
        map_array(folder / "scores.npy"),
        int(statistics["documents"]),
        float(statistics["mean_length"]),
    )


def map_array(path: Path) -> NDArray[Any]:
    """Map an array; an empty one, which no system can map, is read."""
    array: NDArray[Any] = np.load(path, mmap_mode="r") if path.stat().st_size > _HEADER_BYTES else np.load(path)
    # A plain array over the mapping: `np.memmap` itself costs a microsecond more a slice.
    return array.view(np.ndarray)
