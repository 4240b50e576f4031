"""Files of judged pairs: `query,title,relevance`."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.evaluate.measures import usable
from data.errors import InputError

# Two titles are in order half the time by chance.
FEWEST_CANDIDATES = 3
_COLUMNS = ("query", "title", "relevance")
# Home Depot's own names, so that its file is taken as it is.
_ALIASES = {"search_term": "query", "product_title": "title"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A judged title; `relevance` at least 0."""

    query: str
    title: str
    relevance: float


def read_pairs(path: Path) -> list[Pair]:
    """Judged pairs of a CSV (or .csv.gz) with the columns query, title, relevance.

    Raises:
        InputError: With the line, if a column is missing or a relevance is no number.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", newline="", encoding="utf-8-sig", errors="replace") as file:
            reader = csv.DictReader(file)
            names = {_ALIASES.get(name, name): name for name in reader.fieldnames or ()}
            if absent := [name for name in _COLUMNS if name not in names]:
                raise InputError(f"{path}: expected the columns {', '.join(_COLUMNS)}; {', '.join(absent)} is missing")
            pairs = []
            for row in reader:
                try:
                    relevance = float(row[names["relevance"]])
                except (TypeError, ValueError) as error:
                    raise InputError(f"{path}:{reader.line_num}: expected a number as relevance, got {row}") from error
                pairs.append(Pair(row[names["query"]] or "", row[names["title"]] or "", relevance))
            return pairs
    except (OSError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a CSV of pairs: {error}") from error


def qrels_of(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Ratings by query and title.

    Relevance is counted from the file's lowest, which is worth nothing. A title judged twice for a query counts with
    its mean. Queries with fewer than `FEWEST_CANDIDATES` candidates, or with none better than the lowest, say nothing
    about an order and are left out.

    Raises:
        InputError: If no query is left.
    """
    lowest = min((pair.relevance for pair in pairs), default=0.0)
    ratings: dict[str, dict[str, list[float]]] = {}
    for pair in pairs:
        ratings.setdefault(pair.query, {}).setdefault(pair.title, []).append(pair.relevance - lowest)
    qrels = usable(
        {
            query: {title: float(np.mean(each)) for title, each in held.items()}
            for query, held in ratings.items()
            if len(held) >= FEWEST_CANDIDATES
        }
    )
    if not qrels:
        raise InputError(f"expected a query with {FEWEST_CANDIDATES} judged titles, not all alike; there is none")
    return {query: dict(held) for query, held in qrels.items()}
