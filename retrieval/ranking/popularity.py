"""What the log says of a release's products, as of a day: alone, and for a query that was asked before."""

import json
from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from data.features.product_counters import COUNTERS
from retrieval.index.postings import map_array

_ARRAYS = ("counters", "offsets", "rows", "attraction", "examined")


@dataclass(frozen=True, slots=True, eq=False)
class Popularity:
    """Counters of rows, and of queries with rows.

    Attributes:
        counters: (rows, COUNTERS).
        queries: "locale normal form" to a number.
        offsets: What is known of query `q` stands at `offsets[q]:offsets[q + 1]` of the rest.
        rows: Ascending within a query.
        attraction: In [0, 1].
        examined: log(1 + looks).
        unknown: Counters of a product that the log does not know.
        average: Attraction of a product nobody has looked at.
    """

    counters: NDArray[np.float32]
    queries: marisa_trie.Trie
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    attraction: NDArray[np.float32]
    examined: NDArray[np.float32]
    unknown: tuple[float, ...]
    average: float

    def columns(self, rows: NDArray[np.int32], query: str, locale: str) -> dict[str, NDArray[np.float32]]:
        """By feature, of some rows; -1 for a product that the release does not have.

        Args:
            rows: Any.
            query: Its normal form.
            locale: Of the query.
        """
        values = np.where((rows >= 0)[:, None], self.counters[rows], np.array(self.unknown, np.float32))
        found = {name: values[:, place] for place, name in enumerate(COUNTERS)}
        found["attraction"] = np.full(len(rows), self.average, np.float32)
        found["attraction_seen"] = np.zeros(len(rows), np.float32)
        number = self.queries.get(query_key(query, locale))
        if number is not None:
            span = slice(int(self.offsets[number]), int(self.offsets[number + 1]))
            held = self.rows[span]
            place = np.minimum(np.searchsorted(held, rows), len(held) - 1)
            known = held[place] == rows
            found["attraction"][known] = self.attraction[span][place[known]]
            found["attraction_seen"][known] = self.examined[span][place[known]]
        return found


def query_key(query: str, locale: str) -> str:
    """A query's name in the trie."""
    return f"{locale}\t{query}"


def save_popularity(folder: Path, popularity: Popularity) -> None:
    """Write it under `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    popularity.queries.save(str(folder / "queries.marisa"))
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(popularity, name))
    about = {"unknown": popularity.unknown, "average": popularity.average}
    (folder / "popularity.json").write_text(json.dumps(about), encoding="utf-8")


def load_popularity(folder: Path) -> Popularity:
    """Map what `save_popularity` wrote."""
    about = json.loads((folder / "popularity.json").read_text(encoding="utf-8"))
    queries = marisa_trie.Trie()
    queries.mmap(str(folder / "queries.marisa"))
    counters, offsets, rows, attraction, examined = (map_array(folder / f"{name}.npy") for name in _ARRAYS)
    return Popularity(
        counters, queries, offsets, rows, attraction, examined, tuple(about["unknown"]), float(about["average"])
    )
