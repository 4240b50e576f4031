"""The dense source: inner products of unit vectors, all of them while that is cheap, Faiss' neighbours beyond."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postings import map_array
from retrieval.planning.plan import Plan
from retrieval.ranking.best_rows import best_rows
from retrieval.sources.candidate import Run
from understanding.neighbours import NearestTitles

# One thread multiplies 200,000 x 256 in about 15 ms; beyond that the match set asks Faiss' inverted file first.
EXACT_ROWS = 200_000
# Dimensions read of every vector to rule it out. Those of a fitted encoder come in falling weight: on Icecat 64 of 256
# leave 200 of 19,406 rows to multiply in full, .15 ms instead of 1.7 ms, and the answer is the same.
HEAD = 64
# Of sums of a thousand single-precision products.
_ROUNDING = 1e-5
# The architecture's limit: the dense source adds at most this many products to the match set.
MATCHES = 1_000
# Share of random (query, product) pairs that may pass the cut; see `calibrate_cut`.
FALSE_MATCHES = 0.001
_CALIBRATION_QUERIES = 256
_CALIBRATION_PRODUCTS = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What bounds an inner product from above without reading the whole vectors (Cauchy and Schwarz).

    Attributes:
        heads: The first `HEAD` dimensions, shape (rows, HEAD).
        tails: Lengths of the rest, shape (rows,).
    """

    heads: NDArray[np.float32]
    tails: NDArray[np.float32]

    def within(self, vector: NDArray[np.float32], cut: float) -> NDArray[np.int32]:
        """Sorted rows whose inner product with a vector may reach a cut; all that do are among them."""
        bounds = self.heads @ vector[: self.heads.shape[1]]
        bounds += self.tails * np.linalg.norm(vector[self.heads.shape[1] :])
        return np.flatnonzero(bounds >= cut - _ROUNDING).astype(np.int32)


def cut_heads(vectors: NDArray[np.float32]) -> Heads:
    """The heads of some vectors."""
    tails = np.linalg.norm(vectors[:, HEAD:], axis=1) if vectors.shape[1] > HEAD else np.zeros(len(vectors))
    return Heads(np.ascontiguousarray(vectors[:, :HEAD]), tails.astype(np.float32))


class DenseRetriever:
    """Ranks rows by the inner product of their vector with the plan's."""

    source = "dense"

    def __init__(
        self,
        vectors: NDArray[np.float32],
        neighbours: NearestTitles,
        cut: float,
        exact_rows: int = EXACT_ROWS,
        heads: Heads | None = None,
    ) -> None:
        self._vectors = vectors
        self._heads = cut_heads(vectors) if heads is None else heads
        self._neighbours = neighbours
        self._exact = len(vectors) <= exact_rows
        self.cut = cut

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best rows; see `Retriever.retrieve`. Without `within` a large shop answers from its nearest rows."""
        if plan.vector is None:
            return Run(self.source, np.empty(0, np.int32), np.empty(0, np.float32))
        if within is None and not self._exact:
            within = np.sort(self._neighbours.search(plan.vector, MATCHES)[0])
        if within is None:
            return Run(self.source, *best_rows(self._vectors @ plan.vector, top_k))
        places, scores = best_rows(self.scores(plan.vector, within), top_k)
        return Run(self.source, within[places], scores)

    def matches(self, plan: Plan, top_k: int) -> Run:
        """The best `top_k` rows above the plan's cut; every one of them up to the exact size."""
        if plan.vector is None:
            return Run(self.source, np.empty(0, np.int32), np.empty(0, np.float32))
        if self._exact:
            run = self.retrieve(plan, top_k, self._heads.within(plan.vector, plan.dense_cut))
        else:
            run = Run(self.source, *self._neighbours.search(plan.vector, top_k))
        above = (run.scores >= plan.dense_cut) & (run.scores > 0)
        return Run(self.source, run.rows[above], run.scores[above])

    def scores(self, vector: NDArray[np.float32], rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Inner products of sorted rows with a vector, shape (len(rows),)."""
        if len(rows) * 2 > len(self._vectors):
            return np.asarray((self._vectors @ vector)[rows], np.float32)
        return np.asarray(self._vectors[rows] @ vector, np.float32)


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
    folder: Path, vectors: NDArray[np.float32], neighbours: NearestTitles, queries: NDArray[np.float32]
) -> DenseRetriever:
    """Write the calibrated cut and the heads; vectors and neighbours stay where understanding wrote them."""
    folder.mkdir(parents=True, exist_ok=True)
    cut = calibrate_cut(queries, vectors)
    heads = cut_heads(vectors)
    np.save(folder / "heads.npy", heads.heads)
    np.save(folder / "tails.npy", heads.tails)
    (folder / "dense.json").write_text(json.dumps({"cut": cut}), encoding="utf-8")
    return DenseRetriever(vectors, neighbours, cut, heads=heads)


def load_dense(folder: Path, vectors: NDArray[np.float32], neighbours: NearestTitles) -> DenseRetriever:
    """Read what `build_dense` wrote."""
    settings = json.loads((folder / "dense.json").read_text(encoding="utf-8"))
    heads = Heads(map_array(folder / "heads.npy"), map_array(folder / "tails.npy"))
    return DenseRetriever(vectors, neighbours, float(settings["cut"]), heads=heads)
