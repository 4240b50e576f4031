"""Whether a model may be published: its queries against those of what is served now, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.evaluate.compare import Comparison, compare
from data.errors import InputError

# A gate on fewer queries says nothing: with 30, a true gain of .05 is seen about half of the time.
LEAST_QUERIES = 30
# What the lower end of the gain's 95% interval may cost, in the measure's own unit. A loss of half a point of nDCG is
# below what anybody sees; without this slack no model ever passes on a few hundred queries.
SLACK = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """One model on trial.

    Attributes:
        model: `encoder`, `fusion`, `reranker` or `suggester`.
        measure: What it was tried by.
        champion: The mean of what is served now, over the held-out queries.
        challenger: The new model's mean.
        comparison: Query by query; `None` when there were too few queries to try it.
        accepted: Whether it is published.
        reason: A sentence.
    """

    model: str
    measure: str
    champion: float
    challenger: float
    comparison: Comparison | None
    accepted: bool
    reason: str


def judge(
    model: str,
    measure: str,
    champion: Mapping[str, Mapping[str, float]],
    challenger: Mapping[str, Mapping[str, float]],
) -> Verdict:
    """Accept a model that beats what is served on queries that neither was fitted on.

    It must be better on average, and the gain's 95% interval must not reach below `-SLACK`.

    Args:
        model: Which.
        measure: A key of the per-query values.
        champion: Values by query, by measure, of what is served now.
        challenger: Of the same queries.
    """
    queries = [query for query in champion if query in challenger]
    if len(queries) < LEAST_QUERIES:
        return refused(model, measure, f"only {len(queries)} held-out queries to try it on, {LEAST_QUERIES} are needed")
    found = compare(champion, challenger, measure, listed=20)
    before = sum(champion[query][measure] for query in queries) / len(queries)
    after = sum(challenger[query][measure] for query in queries) / len(queries)
    gain = found.difference
    accepted = gain.mean > 0 and gain.low >= -SLACK
    bounds = f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] {measure} on {len(queries)} held-out queries"
    if accepted:
        reason = f"better: {bounds}"
    elif gain.mean <= 0:
        reason = f"not better: {bounds}"
    else:
        reason = f"not surely better: {bounds}; the interval may not reach below {-SLACK}"
    return Verdict(model, measure, before, after, found, accepted, reason)


def refused(model: str, measure: str, reason: str) -> Verdict:
    """A model that could not be tried, or not be trained.

    Raises:
        InputError: Without a reason.
    """
    if not reason:
        raise InputError("expected a reason for refusing a model, got none")
    return Verdict(model, measure, 0.0, 0.0, None, False, reason)
