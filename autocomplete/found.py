"""Which products each completion finds, so that what sells out takes its completions along at once.

Completions name thousands of products, and a product thousands of completions; to ask the search engine for each of
them when a delivery fails takes minutes. With the rows at hand it is one look at their stock: 5 ms for a million.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autocomplete.completion import Completion
from autocomplete.matching.index import CompletionIndex

# Rows kept of a completion, 64 bytes: those in stock first. Where all of these are gone, the engine is asked.
MOST_ROWS = 16
_ARRAYS = ("offsets", "rows", "more")


class FoundProducts:
    """Rows of the products that an index's completions find, by id.

    Args:
        offsets: (n + 1,) where each completion's rows begin.
        rows: Of the release; a completion that is found by no row of its own has none.
        more: (n,) whether a completion finds others besides.
    """

    def __init__(self, offsets: NDArray[np.uint32], rows: NDArray[np.int32], more: NDArray[np.bool_]) -> None:
        self._offsets = offsets
        self._rows = rows
        self.more = more

    @classmethod
    def of(cls, index: CompletionIndex, completions: Iterable[Completion]) -> "FoundProducts":
        """Those of an index that was built from these completions."""
        by_text = {each.text: each.rows for each in completions}
        held = [by_text[index.text(place)] for place in range(len(index))]
        offsets = np.cumsum([0, *(min(len(rows), MOST_ROWS) for rows in held)], dtype=np.uint32)
        rows = np.concatenate([np.zeros(0, np.int32), *(rows[:MOST_ROWS] for rows in held)])
        return cls(offsets, rows, np.fromiter((len(rows) > MOST_ROWS for rows in held), np.bool_, len(held)))

    @classmethod
    def load(cls, folder: Path) -> "FoundProducts | None":
        """Map what `save` wrote; `None` for a release from before it was written."""
        if not folder.exists():
            return None
        arrays: list[NDArray[Any]] = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS]
        return cls(*arrays)

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which is made."""
        folder.mkdir(parents=True)
        for name, array in zip(_ARRAYS, (self._offsets, self._rows, self.more), strict=True):
            np.save(folder / f"{name}.npy", array)

    def sold_out(self, in_stock: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) whether a completion has rows and none of those that are kept is in stock, by row."""
        held = np.concatenate(([0], np.cumsum(in_stock[self._rows], dtype=np.int64)))
        offsets = self._offsets.astype(np.int64)
        sold_out: NDArray[np.bool_] = (held[offsets[1:]] == held[offsets[:-1]]) & (offsets[1:] > offsets[:-1])
        return sold_out
