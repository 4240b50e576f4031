"""How often each part of the log's queries was said, as of a day, and how often a query made of them is expected.

A query of head h and modifiers m is expected T(h) · ∏ M(m) / T(H(m)) times: T counts searches of a head with whatever
goes with it, M those with a modifier, H(m) are the heads that have products with the modifier ("24 mp" is said of
cameras, and its share is that among cameras). Somebody who asked for red kettles and grey down jackets makes grey
kettles likelier, if there are any. A head alone is expected as often as heads are said alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autocomplete.log.parts import Parts, SaidQuery
from autocomplete.words import split_words

Numbers = NDArray[np.float64]

# Columns of a table of splits: a head, then modifiers; -1 for none.
MOST_MODIFIERS = 3
WIDTH = 1 + MOST_MODIFIERS


@dataclass(frozen=True, slots=True)
class PartCounts:
    """Decayed searches as of a day.

    Attributes:
        heads: (heads,) with each head.
        modifiers: (modifiers,) with each modifier.
        among: (modifiers,) with any head that goes with the modifier.
        bare: Share of all searches that say a head alone, in [0, 1].
    """

    heads: Numbers
    modifiers: Numbers
    among: Numbers
    bare: float

    def expected(self, splits: NDArray[np.int32]) -> Numbers:
        """Searches of queries made of these parts, (n,), from their (n, WIDTH) splits; 0 without a head."""
        heads = splits[:, 0]
        if not len(self.heads):
            return np.zeros(len(splits))
        found = np.where(heads >= 0, self.heads[heads], 0.0)
        # The last place stands for no modifier.
        share = np.append(np.minimum(1.0, self.modifiers / np.maximum(self.among, 1e-9)), 1.0)
        said = splits[:, 1:]
        found = found * share[said].prod(axis=1)
        alone = (said < 0).all(axis=1)
        result: Numbers = np.where(alone, found * self.bare, found)
        return result


class PartLog:
    """Searches by day and part.

    Args:
        parts: What is counted.
        queries: In any order.
    """

    def __init__(self, parts: Parts, queries: Iterable[SaidQuery]) -> None:
        self._parts = parts
        self._ends = np.cumsum([len(each) for each in parts.fitting], dtype=np.int64)
        self._fitting = np.array([head for each in parts.fitting for head in each], np.int64)
        counts: Counter[tuple[int, int, int]] = Counter()
        for (text, day), times in Counter((query.text, query.day) for query in queries).items():
            split = parts.split(split_words(text))
            if split is None:
                continue
            head, modifiers = split
            counts[day, 0, head] += times
            if not modifiers:
                counts[day, 2, 0] += times
            for modifier in modifiers:
                counts[day, 1, modifier] += times
        table = np.array([(*key, times) for key, times in sorted(counts.items())], np.int64).reshape(-1, 4)
        self._days, self._kinds, self._ids, self._times = table.T

    @property
    def end(self) -> int:
        """The day after the last one with a search; 0 for none."""
        return int(self._days[-1]) + 1 if len(self._days) else 0

    def as_of(self, day: int, half_life: float) -> PartCounts:
        """Everything before `day`; on the day before it a search is 0 days old."""
        cut = int(self._days.searchsorted(day))
        weights = self._times[:cut] * 0.5 ** ((day - 1 - self._days[:cut]) / half_life)
        heads, modifiers, bare = (
            np.bincount(self._ids[:cut][kind], weights[kind], size).astype(np.float64)
            for kind, size in (
                (self._kinds[:cut] == number, size)
                for number, size in enumerate((len(self._parts.heads), len(self._parts.modifiers), 1))
            )
        )
        sums = np.append(0.0, np.cumsum(heads[self._fitting]))
        among = np.diff(np.append(0.0, sums[self._ends])) if len(self._ends) else np.zeros(0)
        total = heads.sum()
        return PartCounts(heads, modifiers, among, float(bare[0] / total) if total else 0.0)


def split_table(parts: Parts, texts: Iterable[Sequence[str]]) -> NDArray[np.int32]:
    """(n, WIDTH) splits of folded words; only -1 for what is not made of parts, or of too many."""
    rows = []
    for words in texts:
        split = parts.split(words)
        if split is None or len(split[1]) > MOST_MODIFIERS:
            rows.append((-1,) * WIDTH)
        else:
            head, modifiers = split
            rows.append((head, *modifiers, *(-1,) * (MOST_MODIFIERS - len(modifiers))))
    return np.array(rows, np.int32).reshape(-1, WIDTH)
