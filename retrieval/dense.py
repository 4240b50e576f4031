"""The dense source: inner products of unit vectors, exact while that is cheap, an inverted file beyond."""

import json
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from data.product import Product
from retrieval.candidate import Run
from retrieval.plan import Plan
from retrieval.ranking import best_rows
from understanding.encoders.encoder import Encoder

# One thread multiplies 200,000 x 256 in about 15 ms; beyond that the match set asks the inverted file first.
EXACT_ROWS = 200_000
# The architecture's limit: the dense source adds at most this many products to the match set.
MATCHES = 1_000
# Share of random (query, product) pairs that may pass the cut; see `calibrate_cut`.
FALSE_MATCHES = 0.001
_CALIBRATION_QUERIES = 256
_CALIBRATION_PRODUCTS = 4_096


class DenseRetriever:
    """Ranks rows by the inner product of their vector with the plan's."""

    source = "dense"

    def __init__(self, vectors: NDArray[np.float32], cut: float, index: faiss.Index | None = None) -> None:
        self._vectors = vectors
        self._index = index
        self.cut = cut

    def matches(self, plan: Plan) -> NDArray[np.int32]:
        """The rows above the plan's cut, at most `MATCHES`, nearest first kept."""
        if plan.vector is None:
            return np.empty(0, np.int32)
        if self._index is None:
            rows, scores = best_rows(self._vectors @ plan.vector, MATCHES)
        else:
            found, labels = self._index.search(plan.vector[None, :], MATCHES)
            rows, scores = labels[0][labels[0] >= 0].astype(np.int32), found[0][labels[0] >= 0]
        return np.sort(rows[scores >= plan.dense_cut])

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best rows; see `Retriever.retrieve`. Without `within` a large shop answers from its nearest rows."""
        if plan.vector is None:
            return Run(self.source, np.empty(0, np.int32), np.empty(0, np.float32))
        if within is None and self._index is not None:
            within = self.matches(plan)
        if within is None or len(within) * 2 > len(self._vectors):
            return Run(self.source, *best_rows(self._vectors @ plan.vector, top_k, within))
        places, scores = best_rows(self._vectors[within] @ plan.vector, top_k)
        return Run(self.source, within[places], scores)

    def score_documents(self, plan: Plan, products: Sequence[Product], encoder: Encoder) -> NDArray[np.float32]:
        """Score live products by encoding them now, shape (len(products),)."""
        if plan.vector is None or not products:
            return np.zeros(len(products), np.float32)
        return np.asarray(encoder.encode_products(products) @ plan.vector, np.float32)


def calibrate_cut(queries: NDArray[np.float32], vectors: NDArray[np.float32]) -> float:
    """The inner product that only `FALSE_MATCHES` of random (query, product) pairs pass.

    What counts as near depends on the encoder and the shop; a fixed number would be wrong for the next encoder.

    Args:
        queries: Vectors of texts as people type them (labels of product types, brands), shape (n, d).
        vectors: Of the products, shape (rows, d).

    Returns:
        The cut, in [0, 1]; 1 when there is nothing to measure on.
    """
    generator = np.random.default_rng(0)
    if not len(queries) or not len(vectors):
        return 1.0
    asked = queries[generator.permutation(len(queries))[:_CALIBRATION_QUERIES]]
    shown = vectors[np.sort(generator.permutation(len(vectors))[:_CALIBRATION_PRODUCTS])]
    return float(np.clip(np.quantile(asked @ shown.T, 1 - FALSE_MATCHES), 0.0, 1.0))


def build_dense(
    folder: Path, vectors: NDArray[np.float32], queries: NDArray[np.float32], exact_rows: int = EXACT_ROWS
) -> DenseRetriever:
    """Write the cut and, beyond `exact_rows`, the inverted file; the vectors stay where understanding wrote them."""
    folder.mkdir(parents=True, exist_ok=True)
    inverted = len(vectors) > exact_rows
    cut = calibrate_cut(queries, vectors)
    (folder / "dense.json").write_text(json.dumps({"cut": cut, "inverted": inverted}), encoding="utf-8")
    if inverted:
        # Faiss' own advice: about 4 * sqrt(n) lists with at least 39 vectors each; a sixteenth of the lists finds more
        # than .95 of the nearest among text vectors.
        lists = max(1, min(int(4 * len(vectors) ** 0.5), len(vectors) // 39))
        quantiser = faiss.IndexFlatIP(vectors.shape[1])
        index = faiss.IndexIVFFlat(quantiser, vectors.shape[1], lists, faiss.METRIC_INNER_PRODUCT)
        contiguous = np.ascontiguousarray(vectors, np.float32)
        index.train(contiguous)
        index.add(contiguous)
        index.nprobe = max(1, lists // 16)
        faiss.write_index(index, str(folder / "inverted.faiss"))
    return load_dense(folder, vectors)


def load_dense(folder: Path, vectors: NDArray[np.float32]) -> DenseRetriever:
    """Map what `build_dense` wrote."""
    settings = json.loads((folder / "dense.json").read_text(encoding="utf-8"))
    index = None
    if settings["inverted"]:
        index = faiss.read_index(str(folder / "inverted.faiss"), faiss.IO_FLAG_MMAP)
    return DenseRetriever(vectors, float(settings["cut"]), index)
