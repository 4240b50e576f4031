"""Queries worth completing to: asked by several people, whole, one surface for all the ways of writing one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import ibis
from ibis.expr.types import Table

from data.mining.counting import total
from data.mining.ingest import CART, CLICK, PURCHASE
from data.mining.state import DAY_MS

# What fewer people have asked could tell who they are.
FEWEST_PEOPLE = 5
# A query that is only the start of another, so many times more frequent one ...
FAR_MORE_FREQUENT = 10
# ... and is clicked less than this share as often after it, was sent by mistake.
CLICKS_OF_A_FRAGMENT = 0.5


def query_counts(sequence: Table, acted: Table) -> Table:
    """What is known of each normal form, half-typed searches aside.

    Returns:
        `norm, locale, cluster, query` (most frequent way of typing), `count, people, clicked` (searches with a click),
        `empty` (searches without results), `clicks, carts, purchases, first_seen_ms, last_seen_ms`.
    """
    whole = sequence.filter(~sequence.half_typed)
    whole = whole.mutate(
        was_clicked=(whole.clicked.length() > 0).cast("int64"),
        was_empty=ibis.coalesce(whole.hits.length() == 0, False).cast("int64"),
    )
    keys = ["norm", "locale"]
    counts = whole.group_by(keys).agg(
        cluster=whole["cluster"].min(),
        count=whole.count(),
        people=whole.person_hash.nunique(),
        clicked=total(whole.was_clicked),
        empty=total(whole.was_empty),
        first_seen_ms=whole.at_ms.min(),
        last_seen_ms=whole.at_ms.max(),
    )
    typed = whole.group_by([*keys, "query"]).agg(n=whole.count())
    order = ibis.window(group_by=keys, order_by=[typed.n.desc(), typed.query])
    surfaces = typed.mutate(place=ibis.row_number().over(order)).filter(lambda t: t.place == 0)
    outcomes = (
        acted.filter(acted.action.isin([CLICK, CART, PURCHASE]))
        .group_by(keys)
        .agg(
            **{
                name: total((acted.action == action).cast("int64"))
                for name, action in (("clicks", CLICK), ("carts", CART), ("purchases", PURCHASE))
            }
        )
    )
    joined = counts.join(surfaces.select(*keys, "query"), keys).left_join(outcomes, keys)
    return joined.select(
        *counts.columns, "query", **{name: ibis.coalesce(joined[name], 0) for name in ("clicks", "carts", "purchases")}
    )


def respelt(
    norms: Iterable[tuple[str, str]], right: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Queries that hold a wrong spelling, and what they are in the right one; both as (norm, locale).

    Args:
        norms: Of queries.
        right: The right spelling of each wrong one, words or phrases, by locale.
    """
    longest = max((len(wrong.split()) for wrong, _ in right), default=0)
    found = {}
    for norm, locale in norms:
        words, at = norm.split(), 0
        read: list[str] = []
        while at < len(words):
            phrases = ((end, " ".join(words[at:end])) for end in range(min(len(words), at + longest), at, -1))
            known = next((each for each in phrases if (each[1], locale) in right), None)
            at, phrase = known or (at + 1, words[at])
            read.append(right.get((phrase, locale), phrase))
        if " ".join(read) != norm:
            found[norm, locale] = (" ".join(read), locale)
    return found


def clusters(counts: Table, wrong: Table) -> Table:
    """The queries that differ in spelling or number only, and the surface that stands for them: the most frequent.

    Args:
        counts: Of `query_counts`.
        wrong: `norm, locale, right` of queries in a wrong spelling: they belong to the cluster of the right one, where
            anybody asked so, and never stand for it.

    Returns:
        `norm, locale, cluster, surface, query, count`.
    """
    asked = counts.select("locale", right="norm", right_cluster="cluster")
    joined = counts.left_join(wrong, ["norm", "locale"]).drop("norm_right", "locale_right")
    joined = joined.left_join(asked, ["right", "locale"])
    counts = joined.select(
        "norm",
        "locale",
        "query",
        "count",
        cluster=ibis.coalesce(joined.right_cluster, joined.cluster),
        is_wrong=joined.right_cluster.notnull(),
    )
    order = ibis.window(group_by=["cluster", "locale"], order_by=[counts.is_wrong, counts["count"].desc(), counts.norm])
    return counts.select(
        "norm",
        "locale",
        "cluster",
        surface=counts.norm.first().over(order),
        query=counts["query"].first().over(order),
        count=counts["count"],
    )


def completions(sequence: Table, counts: Table, surfaces: Table, kept: Table) -> Table:
    """The completions: one row a cluster whose surface is in `kept`.

    Args:
        sequence: Of `in_sequence`.
        counts: Of `query_counts`.
        surfaces: Of `clusters`.
        kept: `norm, locale` of the surfaces to keep; see `kept_surfaces`.

    Returns:
        `query, locale, count, people, clicks, carts, purchases, first_seen_ms, last_seen_ms, daily`.
    """
    keys = ["surface", "locale"]
    named = surfaces.select("norm", "locale", "surface", shown_as="query").semi_join(
        kept, [("surface", "norm"), ("locale", "locale")]
    )
    whole = sequence.filter(~sequence.half_typed).join(named, ["norm", "locale"])
    whole = whole.select("surface", "locale", "shown_as", "person_hash", "at_ms")
    people = whole.group_by([*keys, "shown_as"]).agg(
        count=whole.count(),
        people=whole.person_hash.nunique(),
        first_seen_ms=whole.at_ms.min(),
        last_seen_ms=whole.at_ms.max(),
    )
    by_day = whole.mutate(day=whole.at_ms // DAY_MS).group_by([*keys, "day"]).agg(n=lambda t: t.count())
    daily = by_day.group_by(keys).agg(
        daily=ibis.struct({"day": by_day.day.cast("int32"), "count": by_day.n.cast("int32")}).collect().sort()
    )
    summed = counts.select("norm", "locale", "clicks", "carts", "purchases").join(named, ["norm", "locale"])
    outcomes = summed.group_by(keys).agg(
        clicks=total(summed.clicks), carts=total(summed.carts), purchases=total(summed.purchases)
    )
    joined = people.join(daily, keys).join(outcomes, keys)
    return joined.select(
        "locale",
        "count",
        "people",
        "clicks",
        "carts",
        "purchases",
        "first_seen_ms",
        "last_seen_ms",
        "daily",
        query="shown_as",
    ).select(
        "query", "locale", "count", "people", "clicks", "carts", "purchases", "first_seen_ms", "last_seen_ms", "daily"
    )


def surface_counts(sequence: Table, surfaces: Table, counts: Table) -> Table:
    """Searches, people and clicked searches of whole clusters: `norm, locale, count, people, clicked`."""
    whole = sequence.filter(~sequence.half_typed).join(surfaces.select("norm", "locale", "surface"), ["norm", "locale"])
    people = whole.group_by(["surface", "locale"]).agg(people=whole.person_hash.nunique())
    joined = counts.join(surfaces.select("norm", "locale", "surface"), ["norm", "locale"])
    totals = joined.group_by(["surface", "locale"]).agg(count=total(joined["count"]), clicked=total(joined.clicked))
    return totals.join(people, ["surface", "locale"]).select("locale", "count", "people", "clicked", norm="surface")


def kept_surfaces(
    rows: Sequence[Mapping[str, object]], misspelt: frozenset[tuple[str, str]] = frozenset()
) -> list[tuple[str, str]]:
    """The surfaces that are neither fragments nor misspellings, as (norm, locale).

    Args:
        rows: Of `surface_counts`, those of enough people.
        misspelt: (norm, locale) of what is known to be a wrong spelling.
    """
    by_locale: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        by_locale[str(row["locale"])][str(row["norm"])] = (int(str(row["count"])), int(str(row["clicked"])))
    dropped = {(norm, locale) for locale, counts in by_locale.items() for norm in fragments(counts)} | misspelt
    return sorted(
        (norm, locale) for locale, counts in by_locale.items() for norm in counts if (norm, locale) not in dropped
    )


def fragments(counts: Mapping[str, tuple[int, int]]) -> set[str]:
    """The queries that are the start of a far more frequent one and rarely clicked.

    Args:
        counts: (searches, clicked searches) by normal form, of one locale.
    """
    longer: dict[str, tuple[int, int]] = {}
    for norm, both in counts.items():
        for end in range(1, len(norm)):
            start = norm[:end]
            if start in counts and both > longer.get(start, (0, 0)):
                longer[start] = both
    found = set()
    for norm, (count, clicked) in longer.items():
        own_count, own_clicked = counts[norm]
        if count >= FAR_MORE_FREQUENT * own_count and own_clicked / own_count < CLICKS_OF_A_FRAGMENT * clicked / count:
            found.add(norm)
    return found
