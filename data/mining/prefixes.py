"""The prefix log: what was typed, what was shown for it, what was picked and passed over, and what it came to."""

import ibis
from ibis.expr.types import Table

from data.mining.counting import total

# A search later than this after a keystroke is another thought.
TYPED_TO_SEARCH_MS = 60_000


def prefix_log(keystrokes: Table, picks: Table, searches: Table) -> Table:
    """Each answered keystroke with the suggestion picked from it and the query that its session sent next.

    Returns:
        `suggest_id, at_ms, person_hash, session_id, prefix, locale, shown, picked, picked_position, final_query`; the
        last three are null where nothing was picked or sent.
    """
    moments = keystrokes.select("session_id", "at_ms", search_ms=ibis.null("int64")).union(
        searches.select("session_id", "at_ms", search_ms=searches.at_ms)
    )
    following = ibis.window(group_by="session_id", order_by="at_ms", preceding=0, following=None)
    moments = moments.mutate(next_ms=moments.search_ms.min().over(following)).filter(lambda t: t.search_ms.isnull())
    moments = moments.filter(moments.next_ms - moments.at_ms <= TYPED_TO_SEARCH_MS)
    moments = moments.select("session_id", "at_ms", "next_ms").distinct()
    sent = searches.group_by(["session_id", "at_ms"]).agg(final_query=searches.query.min())
    ends = moments.join(sent, [moments.session_id == sent.session_id, moments.next_ms == sent.at_ms]).select(
        moments.session_id, moments.at_ms, sent.final_query
    )
    picked = picks.group_by("suggest_id").agg(picked=picks.text.min(), picked_position=picks.ordinal.min())
    log = keystrokes.left_join(picked, "suggest_id").drop("suggest_id_right")
    log = log.left_join(ends, ["session_id", "at_ms"])
    return log.select(
        "suggest_id",
        "at_ms",
        "person_hash",
        "session_id",
        "prefix",
        "locale",
        "shown",
        "picked",
        "picked_position",
        "final_query",
    )


def prefix_counts(log: Table) -> Table:
    """How often a text was shown, picked and passed over for a prefix on one day, and by how many people typed.

    A text is passed over (`skipped`) when it stood above the one that was picked. One that a list had again, within a
    category, counts once, where it stood first.

    Returns:
        `prefix, locale, text, shown, picked, skipped`.
    """
    placed = log.unnest("shown", offset="place")
    once = ["suggest_id", "prefix", "locale", "shown", "picked", "picked_position"]
    placed = placed.group_by(once).agg(place=placed.place.min())
    is_picked = placed.shown == placed.picked
    counted = placed.mutate(
        is_picked=ibis.coalesce(is_picked, False).cast("int64"),
        is_skipped=ibis.coalesce(
            (placed.place + 1 < placed.picked_position) & placed.picked.notnull() & ~is_picked, False
        ).cast("int64"),
    )
    return (
        counted.group_by(["prefix", "locale", "shown"])
        .agg(n=counted.count(), picked=total(counted.is_picked), skipped=total(counted.is_skipped))
        .select("prefix", "locale", text="shown", shown="n", picked="picked", skipped="skipped")
    )
