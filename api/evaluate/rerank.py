"""Reranking by title: how well the lexical score orders each query's judged titles."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.evaluate.measures import Values, measure_runs, usable
from data.errors import InputError
from data.text import Analyser, analyser_for
from retrieval.bm25 import evaluate_terms
from retrieval.postings import build_postings
from retrieval.terms import typed_terms

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


def evaluate_rerank(pairs: Sequence[Pair], locale: str = "en") -> tuple[Values, Values]:
    """Order every query's own candidates by BM25 of the title (statistics of all distinct titles) and measure.

    Relevance is counted from the file's lowest, which is worth nothing. A title judged twice for a query counts with
    its mean. Queries with fewer than three candidates, or with none better than the lowest, say nothing about an order
    and are left out. Candidates of equal score stay in the file's order.

    Returns:
        By query, by measure: of BM25 and of a random order, which is far from 0 where lists are short.

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
    titles = {title: row for row, title in enumerate(dict.fromkeys(pair.title for pair in pairs))}
    ranked = rank_titles(qrels, titles, analyser_for(locale))
    generator = np.random.default_rng(0)
    shuffled = {query: generator.permutation(np.array(list(held), object)).tolist() for query, held in qrels.items()}
    return measure_runs(qrels, ranked), measure_runs(qrels, shuffled)


def rank_titles(
    candidates: Mapping[str, Mapping[str, float]], titles: Mapping[str, int], analyser: Analyser
) -> dict[str, list[str]]:
    """Each query's candidates, best first; `titles` gives every title's row."""
    postings = build_postings([analyser.terms(title) for title in titles])
    runs = {}
    for query, held in candidates.items():
        scores = evaluate_terms(postings, typed_terms(query, analyser)).scores
        runs[query] = sorted(held, key=lambda title: -float(scores[titles[title]]))
    return runs
