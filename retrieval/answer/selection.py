"""Counting groups: a group counts once, however many of its variants are there."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.answer.sorting import count_groups
from retrieval.index.world import Rows, World

# With fewer values than a hundredth of the vocabulary, sorting them is quicker than counting into all codes.
_SPARSE = 100


class Selection:
    """Some rows, what they have, and how many groups have it.

    Args:
        rows: Sorted.
        world: Where they are.
    """

    def __init__(self, rows: Rows, world: World) -> None:
        self.rows = rows
        self._world = world

    @cached_property
    def groups(self) -> int:
        """How many groups there are."""
        return count_groups(self.rows, self._world)

    def having(self, mask: NDArray[np.bool_]) -> int:
        """Groups with a row that is marked; shape (len(rows),)."""
        return count_groups(self.rows[mask], self._world)

    def by_label(
        self, places: NDArray[np.int64], labels: NDArray[np.integer], count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Groups by label.

        Args:
            places: In `rows`, ascending.
            labels: One a place, from 0.
            count: All labels are below it.

        Returns:
            Labels that occur, ascending, and in how many groups.
        """
        siblings = self._world.siblings
        if siblings is not None and len(places):
            groups = self._world.group(self.rows)[places]
            several = siblings[groups]
            pairs = groups[several].astype(np.int64) * count + labels[several]
            labels = np.concatenate((labels[~several], np.unique(pairs) % count))
        if len(labels) * _SPARSE < count:
            return np.unique(labels, return_counts=True)
        counts = np.bincount(labels, minlength=count)
        present = np.flatnonzero(counts)
        return present, counts[present]

    @cached_property
    def codes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Values that the rows have, ascending, and in how many groups."""
        places, codes = self._world.codes(self.rows)
        return self.by_label(places, codes, len(self._world.reader.vocabulary))

    @cached_property
    def amounts(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        """See `World.amounts`."""
        return self._world.amounts(self.rows)

    def amounts_of(self, number: int | None) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Places of the rows that have an amount of a field, and the amounts."""
        places, fields, amounts = self.amounts
        of_field = fields == (-1 if number is None else number)
        return places[of_field], amounts[of_field]
