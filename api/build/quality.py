"""What a release is measured by before it is published: do searches find something, and the right things?"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from data.errors import ReleaseDamaged
from data.judgment import Judgment
from data.query_log import LoggedQuery

# The searches a release is remembered by. 300 are two seconds of building at 7 ms each, and the rate of a third of them
# that find nothing is known to +-5 points, which is what the gate allows by default.
SAMPLE_SIZE = 300
SAMPLE_NAME = "quality/searches.jsonl"


@dataclass(frozen=True, slots=True)
class SampledSearch:
    """A logged search, how often it was sent, and whether the release found anything for it."""

    text: str
    locale: str
    count: int
    found: bool


def zero_result_rate(searches: Sequence[SampledSearch]) -> float:
    """Share of the searches, weighted by how often they were sent, that find nothing; at least one is given."""
    sent = sum(search.count for search in searches)
    return sum(search.count for search in searches if not search.found) / sent


def pick_sample(queries: Iterable[LoggedQuery], minimum_people: int) -> list[tuple[str, str, int]]:
    """The most frequent searches, ties by text: text, locale, how often sent.

    Searches of fewer people than `minimum_people` may be somebody's secret, and a release is copied around.
    """
    shared = [query for query in queries if query.people >= minimum_people]
    shared.sort(key=lambda query: (-query.count, query.text, query.locale))
    return [(query.text, query.locale, query.count) for query in shared[:SAMPLE_SIZE]]


def run_sample(
    searches: Iterable[tuple[str, str, int]], count_results: Callable[[str, str], int]
) -> list[SampledSearch]:
    """Send searches to a release.

    Args:
        searches: Text, locale, how often sent.
        count_results: Groups found for a text in a locale.
    """
    return [SampledSearch(text, locale, count, count_results(text, locale) > 0) for text, locale, count in searches]


def write_sample(folder: Path, searches: Sequence[SampledSearch]) -> None:
    """Keep the searches in the release, for the gate of the next one."""
    path = folder / SAMPLE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(search, option=orjson.OPT_APPEND_NEWLINE) for search in searches))


def read_sample(folder: Path) -> list[SampledSearch]:
    """The searches that a release keeps; none when it was built without a log.

    Raises:
        ReleaseDamaged: The file is not what `write_sample` writes.
    """
    path = folder / SAMPLE_NAME
    if not path.exists():
        return []
    try:
        return [SampledSearch(**orjson.loads(line)) for line in path.read_bytes().splitlines()]
    except (orjson.JSONDecodeError, TypeError) as error:
        raise ReleaseDamaged(f"{path} is not a list of searches ({error}); build with --force to go on") from error


def mean_ndcg(
    judgments: Iterable[Judgment], search: Callable[[str], Sequence[str]], depth: int = 10
) -> tuple[float, int]:
    """Mean nDCG of the judged queries; unjudged products count 0.

    Args:
        judgments: Of any number of queries; queries without a rating above 0 are passed over.
        search: The ids of the best `depth` products of a query, best first.
        depth: How many results count.

    Returns:
        The mean, in [0, 1], and of how many queries (0.0 and 0 when none is usable).

    References:
        Järvelin, Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques, TOIS 2002, with the gain 2^rating - 1 of
        Burges et al.: Learning to Rank Using Gradient Descent, ICML 2005.
    """
    ratings: dict[str, dict[str, float]] = {}
    for judgment in judgments:
        ratings.setdefault(judgment.query, {})[judgment.product_id] = judgment.rating
    values = []
    for query, rated in ratings.items():
        best = _dcg(sorted(rated.values(), reverse=True)[:depth])
        if best > 0:
            values.append(_dcg([rated.get(product_id, 0.0) for product_id in search(query)[:depth]]) / best)
    return (math.fsum(values) / len(values) if values else 0.0), len(values)


def _dcg(ratings: Sequence[float]) -> float:
    return math.fsum((2 ** max(0.0, rating) - 1) / math.log2(rank + 1) for rank, rating in enumerate(ratings, start=1))
