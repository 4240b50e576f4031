"""Searches in the order in which their session sent them: half-typed ones, outcomes, and what was tried next."""

import ibis
from ibis.expr.types import Table

from data.mining.ingest import CART, CLICK, PURCHASE

# Nobody reads a page of results and types on in less; the searches between are keystrokes of a shop that searches
# while one types.
TYPING_MS = 5_000
# The next search within so long tries again for the same thing, or for another one; later is another visit.
REFORMULATION_MS = 180_000


def each_search_once(searches: Table) -> Table:
    """Of the searches that share a `query_id` (pages of one answer) the first; those without an id all stay."""
    order = ibis.window(group_by="query_id", order_by=["at_ms", "session_id", "query"])
    numbered = searches.mutate(number=ibis.row_number().over(order))
    return numbered.filter((numbered.number == 0) | numbered.query_id.isnull()).drop("number")


def attributed(actions: Table, searches: Table) -> Table:
    """Actions with the search they came from, and the place of their product in it (from 1, null when unknown).

    Returns:
        `query_id, at_ms, day, person_hash, session_id, norm, locale, product_id, action, position`.
    """
    of = searches.select("query_id", "norm", "locale", "hits")
    joined = actions.filter(actions.query_id.notnull()).join(of, "query_id")
    place = joined.hits.index(joined.product_id)
    position = ibis.cases((place >= 0, place + 1), else_=joined.ordinal)
    return joined.select(
        "query_id",
        "at_ms",
        "person_hash",
        "session_id",
        "norm",
        "locale",
        "product_id",
        "action",
        position=position.cast("int64"),
    )


def with_outcomes(searches: Table, acted: Table) -> Table:
    """Searches with the products clicked, put in the cart and bought (each once, by id)."""

    def products(action: str, name: str) -> Table:
        rows = acted.filter(acted.action == action).select("query_id", "product_id").distinct()
        return rows.group_by("query_id").agg(**{name: rows.product_id.collect().sort()})

    table = searches
    for action, name in ((CLICK, "clicked"), (CART, "carted"), (PURCHASE, "bought")):
        table = table.left_join(products(action, name), "query_id").drop("query_id_right")
        table = table.mutate(**{name: ibis.coalesce(table[name], ibis.literal([], "array<string>"))})
    return table


def in_sequence(searches: Table) -> Table:
    """Searches with what their session sent next.

    Returns:
        The columns of `searches` and `next_norm`, `next_ms` (null for the last one), `next_clicked` (whether anything
        was clicked after it) and `half_typed`: the next query,
        sent within `TYPING_MS`, goes on where this one stops, and nothing was clicked in between.
    """
    order = ibis.window(group_by=["session_id", "locale"], order_by=["at_ms", "query_id"])
    table = searches.mutate(
        next_norm=searches.norm.lead().over(order),
        next_ms=searches.at_ms.lead().over(order),
        next_clicked=ibis.coalesce((searches.clicked.length() > 0).lead().over(order), False),
    )
    goes_on = (
        (table.next_ms - table.at_ms <= TYPING_MS)
        & table.next_norm.startswith(table.norm)
        & (table.next_norm != table.norm)
        & (table.clicked.length() == 0)
    )
    return table.mutate(half_typed=ibis.coalesce(goes_on, False))


def reformulations(sequence: Table) -> Table:
    """The searches that another one of the same visit followed within `REFORMULATION_MS`.

    Returns:
        `norm, next_norm, locale, person_hash, was_clicked, next_clicked` (whether anything was clicked after the first,
        after the next), a row a time; the two are different, and the first was not half typed.
    """
    pairs = sequence.filter(
        sequence.next_norm.notnull()
        & (sequence.next_norm != sequence.norm)
        & (sequence.next_ms - sequence.at_ms <= REFORMULATION_MS)
        & ~sequence.half_typed
    )
    return pairs.select(
        "norm", "next_norm", "locale", "person_hash", "next_clicked", was_clicked=pairs.clicked.length() > 0
    )
