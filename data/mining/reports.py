"""Two lists for the people who run the shop: what finds nothing, and what is found but not wanted."""

from ibis.expr.types import Table

# From so many searches on, a share of clicks says something about the results.
ENOUGH_SEARCHES = 20
# Half of the shop's own average or less is low.
LOW_SHARE = 0.5


def zero_results(counts: Table, fewest_people: int) -> Table:
    """Queries that found nothing at least once: `query, norm, locale, count, people, empty, share`."""
    found = counts.filter((counts.empty > 0) & (counts.people >= fewest_people))
    return found.select(
        "query", "norm", "locale", "count", "people", "empty", share=found.empty / found["count"].cast("float64")
    )


def low_clicks(counts: Table, fewest_people: int, average: float) -> Table:
    """Queries with results that are clicked half as often as the shop's average or less.

    Args:
        counts: Of `completions.query_counts`.
        fewest_people: As for completions.
        average: Share of the shop's searches with a click.

    Returns:
        `query, norm, locale, count, people, clicked, share`.
    """
    share = counts.clicked / counts["count"].cast("float64")
    found = counts.filter(
        (counts["count"] >= ENOUGH_SEARCHES)
        & (counts.people >= fewest_people)
        & (counts.empty * 2 < counts["count"])
        & (share <= LOW_SHARE * average)
    )
    return found.select(
        "query", "norm", "locale", "count", "people", "clicked", share=found.clicked / found["count"].cast("float64")
    )
