"""How relevant a product is to a query, as somebody or something judged it."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.quarantine import Quarantine
from data.rows import format_of, read_lines, read_rows

_COLUMNS = {
    "query": ("query", "query_text", "search_term", "user_query"),
    "product_id": ("docid", "product_id", "doc_id", "document_id", "object_id"),
    "rating": ("rating", "relevance", "judgment", "grade", "label"),
}


@dataclass(frozen=True, slots=True)
class Judgment:
    """One judged pair; a higher `rating` is more relevant, 0 is not relevant."""

    query: str
    product_id: str
    rating: float


def read_judgments(path: Path) -> list[Judgment]:
    """Read `query,docid,rating` (CSV, TSV, JSONL) or TREC qrels; of a repeated pair the last counts.

    A qrels line is `query 0 docid rating`. The query may hold blanks. Query *numbers* are turned into texts by a file
    `queries.tsv` (number TAB text) in the same folder, when there is one.

    Raises:
        InputError: With file and line. A figure from half the judgments would be a wrong figure: one bad line fails.
    """
    tabular = path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"))
    pairs = _from_table(path) if tabular else _from_qrels(path)
    judged: dict[tuple[str, str], Judgment] = {}
    for line, query, product_id, rating in pairs:
        try:
            value = float(rating)
        except (TypeError, ValueError):
            value = math.nan
        if not query or not product_id or not math.isfinite(value):
            raise InputError(
                f"{path}:{line}: expected a query, a product id and a number, got {rating!r} for {query!r}"
            )
        judged[query, product_id] = Judgment(query, product_id, value)
    if not judged:
        raise InputError(f"{path}: no judgments; expected query,docid,rating with a header, or TREC qrels")
    return list(judged.values())


def _from_table(path: Path) -> Iterator[tuple[int, str, str, Any]]:
    quarantine = Quarantine()
    columns: dict[str, str] | None = None
    for line, record in read_rows(path, quarantine):
        columns = columns or _columns(record, path)
        query, product_id, rating = (record.get(columns[name]) for name in _COLUMNS)
        yield line, str(query or "").strip(), str("" if product_id is None else product_id).strip(), rating
    if quarantine.rejected:
        raise InputError(f"{path}: {quarantine.rejected} lines cannot be read: {'; '.join(quarantine.reasons)}")


def _columns(record: Mapping[str, Any], path: Path) -> dict[str, str]:
    found = {}
    for name, aliases in _COLUMNS.items():
        column = next((alias for alias in aliases if alias in record), None)
        if column is None:
            raise InputError(f"{path}: expected a column {aliases[0]!r}, got {', '.join(record)}")
        found[name] = column
    return found


def _from_qrels(path: Path) -> Iterator[tuple[int, str, str, Any]]:
    texts: dict[str, str] = {}
    queries = path.with_name("queries.tsv")
    if queries.is_file():
        for _, line in read_lines(queries, Quarantine()):
            topic, _, text = line.partition("\t")
            texts[topic.strip()] = text.strip()
    for number, line in read_lines(path, Quarantine()):
        parts = line.rsplit(None, 3)
        if len(parts) != 4:
            raise InputError(f"{path}:{number}: expected 'query 0 docid rating', got {line[:80]!r}")
        query = parts[0].strip()
        yield number, texts.get(query, query), parts[2], parts[3]


def write_judgments(path: Path, judgments: Iterable[Judgment]) -> int:
    """Write `query,docid,rating`; how many there were."""
    if format_of(path) != "csv" or path.name.endswith(".gz"):
        raise InputError(f"{path}: judgments are written as .csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("query", "docid", "rating"))
        for judgment in judgments:
            writer.writerow((judgment.query, judgment.product_id, f"{judgment.rating:g}"))
            count += 1
    return count
