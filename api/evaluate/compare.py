"""Two systems on the same queries: who wins where, and whether it could be chance."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.evaluate.bootstrap import Interval, bootstrap_p_value, paired_bootstrap, randomisation_p_value
from data.errors import InputError

# Differences below this are ties: they are rounding of the per-query file, not ranking.
_TIE = 1e-5


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A on one measure.

    Attributes:
        measure: Which.
        queries: How many both have.
        wins: Queries where B is better.
        losses: Queries where A is better.
        ties: The rest.
        difference: Mean of B - A with its 95% interval.
        bootstrap_p: Two-sided, paired bootstrap.
        randomisation_p: Two-sided, paired randomisation.
        worst: The queries B lost most on, (query, A, B), worst first.
        best: The queries B won most on, best first.
    """

    measure: str
    queries: int
    wins: int
    losses: int
    ties: int
    difference: Interval
    bootstrap_p: float
    randomisation_p: float
    worst: tuple[tuple[str, float, float], ...]
    best: tuple[tuple[str, float, float], ...]


def compare(
    first: Mapping[str, Mapping[str, float]],
    second: Mapping[str, Mapping[str, float]],
    measure: str,
    listed: int = 10,
) -> Comparison:
    """Compare the second system (B) with the first (A).

    Raises:
        InputError: If they have no query in common or one lacks the measure.
    """
    queries = [query for query in first if query in second]
    if not queries:
        raise InputError("the two files have no query in common; compare runs over the same judgments")
    for name, values in (("A", first), ("B", second)):
        if any(measure not in values[query] for query in queries):
            held = ", ".join(values[queries[0]])
            raise InputError(f"file {name} has no measure {measure!r}; it has {held}")
    pairs = [(query, first[query][measure], second[query][measure]) for query in queries]
    before, after = [pair[1] for pair in pairs], [pair[2] for pair in pairs]
    by_change = sorted(pairs, key=lambda pair: (pair[2] - pair[1], pair[0]))
    wins = sum(b - a > _TIE for _, a, b in pairs)
    losses = sum(a - b > _TIE for _, a, b in pairs)
    return Comparison(
        measure,
        len(pairs),
        wins,
        losses,
        len(pairs) - wins - losses,
        paired_bootstrap(after, before),
        bootstrap_p_value(after, before),
        randomisation_p_value(after, before),
        tuple(pair for pair in by_change[:listed] if pair[1] - pair[2] > _TIE),
        tuple(pair for pair in by_change[::-1][:listed] if pair[2] - pair[1] > _TIE),
    )
