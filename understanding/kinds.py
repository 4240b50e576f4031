"""What kind of thing each product is: its product types and its narrowest category, ready to be counted."""

from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.concept import Scheme
from graph.snapshot import Snapshot

NONE = -1


class KindTable:
    """Kinds by row.

    Attributes:
        categories: Shape (rows,), ordinal of the narrowest category, -1 without one; the others are its ancestors.
        starts: Shape (rows + 1,), where each row's product types begin.
        types: Ordinals of product types, row by row.
    """

    def __init__(self, categories: NDArray[np.int32], starts: NDArray[np.int64], types: NDArray[np.int32]) -> None:
        """Take the table; `build_kinds` and `load_kinds` make it."""
        self.categories = categories
        self.starts = starts
        self.types = types

    def shares(
        self, rows: NDArray[np.int32], weights: NDArray[np.float32] | None = None
    ) -> dict[Scheme, dict[int, float]]:
        """Shares of product types and of categories among some products; one with several types splits its say."""
        said: dict[Scheme, dict[int, float]] = {
            Scheme.PRODUCT_TYPE: defaultdict(float),
            Scheme.CATEGORY: defaultdict(float),
        }
        total = float(len(rows)) if weights is None else float(weights.sum())
        if total <= 0:
            return said
        parts = [1.0 / total] * len(rows) if weights is None else (weights / total).tolist()
        for row, part in zip(rows.tolist(), parts, strict=True):
            types = self.types[self.starts[row] : self.starts[row + 1]].tolist()
            for kind in types:
                said[Scheme.PRODUCT_TYPE][kind] += part / len(types)
            category = int(self.categories[row])
            if category != NONE:
                said[Scheme.CATEGORY][category] += part
        return said

    def save(self, folder: Path) -> None:
        """Write three arrays."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "categories.npy", self.categories)
        np.save(folder / "starts.npy", self.starts)
        np.save(folder / "types.npy", self.types)


def load_kinds(folder: Path) -> KindTable:
    """Map what `KindTable.save` wrote."""
    return KindTable(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS))


_ARRAYS = ("categories", "starts", "types")


def build_kinds(snapshot: Snapshot, rows: int) -> KindTable:
    """Read the kinds of every product off the graph."""
    categories = np.full(rows, NONE, np.int32)
    # Broad first, so that the narrowest is written last; of equal ones the longer path is the narrower.
    for concept in sorted(
        snapshot.by_scheme(Scheme.CATEGORY).tolist(),
        key=lambda o: (-snapshot.product_count(o), len(snapshot.key(o)), -o),
    ):
        categories[snapshot.products(concept)] = concept
    owners: list[NDArray[np.int32]] = []
    ordinals: list[NDArray[np.int32]] = []
    for concept in snapshot.by_scheme(Scheme.PRODUCT_TYPE).tolist():
        owners.append(snapshot.products(concept))
        ordinals.append(np.full(len(owners[-1]), concept, np.int32))
    row_of = np.concatenate([np.empty(0, np.int32), *owners])
    type_of = np.concatenate([np.empty(0, np.int32), *ordinals])
    order = np.lexsort((type_of, row_of))
    starts = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=rows))]).astype(np.int64)
    return KindTable(categories, starts, type_of[order].astype(np.int32))
