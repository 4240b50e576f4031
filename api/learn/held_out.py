"""Held-out days: what people chose after the last training day, as judgments and as typed prefixes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from api.evaluate.prefixes import PrefixCase
from data.judgment import Judgment

# What an action says beside a click, which says 1: putting it into the cart, buying it.
CART, PURCHASE = 2.0, 4.0
# Products seen less often than this (in expected examinations) are not judged: one click of one person is chance.
LEAST_EXAMINED = 2.0
# Grades by share of the query's most attractive product.
GRADES = ((2 / 3, 3.0), (1 / 3, 2.0), (0.0, 1.0))
# Queries and prefixes that are measured; the most frequent ones, ties by text. 600 keep a trial below 10 s.
MOST_QUERIES = 600
MOST_PREFIXES = 3_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class LoggedSearch:
    """One search of a held-out day and what came of it."""

    at_ms: int
    query: str
    locale: str
    hits: Sequence[str]
    clicked: frozenset[str]
    carted: frozenset[str]
    bought: frozenset[str]


def read_searches(mined: Path, since_ms: int) -> Iterator[LoggedSearch]:
    """The searches of `mined/searches.parquet` from a time on."""
    columns = ["at_ms", "query", "locale", "hits", "clicked", "carted", "bought"]
    table = pq.read_table(mined / "searches.parquet", columns=columns, filters=[("at_ms", ">=", since_ms)])
    for row in table.to_pylist():
        yield LoggedSearch(
            row["at_ms"],
            row["query"],
            row["locale"],
            row["hits"] or (),
            frozenset(row["clicked"] or ()),
            frozenset(row["carted"] or ()),
            frozenset(row["bought"] or ()),
        )


def read_examination(mined: Path) -> dict[int, float]:
    """Probability that a position (from 1) is looked at."""
    table = pq.read_table(mined / "examination.parquet", columns=["position", "examination"])
    return {row["position"]: row["examination"] for row in table.to_pylist()}


def judgments_of(
    searches: Iterable[LoggedSearch], examination: Mapping[int, float]
) -> dict[tuple[str, str], list[Judgment]]:
    """Graded judgments by (query, locale) from what people chose, debiased by where it stood.

    A product's attraction is what it earned (a click 1, a cart 2 more, a purchase 4 more) per expected examination; its
    grade is 3, 2 or 1 by its share of the query's most attractive product, and 0 where nobody wanted it.

    Args:
        searches: Of held-out days.
        examination: By position from 1; positions beyond the last are looked at as rarely as the last.

    References:
        Craswell, Zoeter, Taylor, Ramsey: An Experimental Comparison of Click Position-Bias Models, WSDM 2008.
    """
    last = min(examination.values(), default=1.0)
    earned: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    examined: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    sent: dict[tuple[str, str], int] = defaultdict(int)
    for search in searches:
        key = search.query, search.locale
        sent[key] += 1
        for position, product in enumerate(search.hits, start=1):
            examined[key][product] += examination.get(position, last)
            value = (
                (product in search.clicked) + CART * (product in search.carted) + PURCHASE * (product in search.bought)
            )
            if value:
                earned[key][product] += value
    judged: dict[tuple[str, str], list[Judgment]] = {}
    for key in sorted(sent, key=lambda key: (-sent[key], key))[:MOST_QUERIES]:
        seen = {product: times for product, times in examined[key].items() if times >= LEAST_EXAMINED}
        attraction = {product: earned[key][product] / times for product, times in seen.items()}
        best = max(attraction.values(), default=0.0)
        if best > 0:
            judged[key] = [Judgment(key[0], product, _grade(value / best)) for product, value in attraction.items()]
    return judged


def _grade(share: float) -> float:
    return next((grade for least, grade in GRADES if share > least), 0.0)


def prefix_cases(mined: Path, since_ms: int) -> list[PrefixCase]:
    """What was typed on held-out days with what was searched in the end: the most frequent pairs, ties by text."""
    columns = ["at_ms", "prefix", "locale", "final_query"]
    table = pq.read_table(mined / "prefix_log.parquet", columns=columns, filters=[("at_ms", ">=", since_ms)])
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in table.to_pylist():
        target = row["final_query"]
        if target and row["prefix"] and row["prefix"].casefold() != target.casefold():
            counts[row["prefix"], target, row["locale"]] += 1
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_PREFIXES]
    return [PrefixCase(prefix, target, "all", count, locale) for (prefix, target, locale), count in frequent]
