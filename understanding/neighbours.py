"""The products nearest in meaning to a query: Faiss over the products' vectors."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

EXACT_ROWS = 4_000
"""Up to this many are compared one by one (.2 ms); beyond, an inverted file looks at a sixteenth of them."""

LISTS_PER_ROOT = 4
"""Lists of the inverted file per square root of the rows, Faiss' own advice."""

PROBED_SHARE = 1 / 16
"""Of the lists are looked at: finds .99 of the nearest fifty on Icecat; a vote of fifty does not notice the rest."""

LEAST_PER_LIST = 39
"""Vectors that Faiss wants to train one list on."""

SEED = 0


class NearestTitles:
    """Rows by inner product with a vector."""

    def __init__(self, index: faiss.Index) -> None:
        """Take an index; `build_neighbours` and `load_neighbours` make one."""
        self._index = index

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The nearest rows.

        Args:
            vector: Shape (d,), of unit length or zero.
            k: How many at most.

        Returns:
            (rows, scores), best first, ties by row; empty for the zero vector.
        """
        if not vector.any() or k < 1 or not self._index.ntotal:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        scores, rows = self._index.search(np.ascontiguousarray(vector[None, :], np.float32), min(k, self._index.ntotal))
        found = rows[0] >= 0
        order = np.lexsort((rows[0][found], -scores[0][found]))
        return rows[0][found][order].astype(np.int32), scores[0][found][order]


def build_neighbours(folder: Path, vectors: NDArray[np.float32]) -> NearestTitles:
    """Index the products' vectors, shape (n, d), in half precision (the fourth digit of a vote)."""
    dimension = vectors.shape[1]
    contiguous = np.ascontiguousarray(vectors, np.float32)
    half = faiss.ScalarQuantizer.QT_fp16
    if len(vectors) <= EXACT_ROWS:
        index: Any = faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)
        index.train(contiguous)
    else:
        lists = min(int(LISTS_PER_ROOT * len(vectors) ** 0.5), len(vectors) // LEAST_PER_LIST)
        quantiser = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(quantiser, dimension, lists, half, faiss.METRIC_INNER_PRODUCT)
        index.cp.seed = SEED
        index.cp.spherical = True
        sample = np.random.default_rng(SEED).permutation(len(vectors))[: lists * LEAST_PER_LIST]
        index.train(contiguous[np.sort(sample)])
        index.nprobe = max(1, int(lists * PROBED_SHARE))
    index.add(contiguous)
    faiss.write_index(index, str(folder / "neighbours.faiss"))
    return load_neighbours(folder)


def load_neighbours(folder: Path) -> NearestTitles:
    """Map what `build_neighbours` wrote."""
    # IO_FLAG_MMAP would make every search of an inverted file start prefetching threads: 3 ms instead of 40 us.
    # One query is far too little work to be shared between threads; servers run one worker a core.
    faiss.omp_set_num_threads(1)
    return NearestTitles(faiss.read_index(str(folder / "neighbours.faiss"), faiss.IO_FLAG_MMAP_IFC))
