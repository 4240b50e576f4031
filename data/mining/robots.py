"""Who is no shopper: people told apart from programs by how much, how fast and how evenly they search, day by day."""

import ibis
from ibis.expr.types import Table

# A shopper who searches all day long sends a query every few minutes; 300 leave no minute free in five hours.
MOST_SEARCHES_A_DAY = 300
# From so many searches on, gaps say something about who sends them.
ENOUGH_SEARCHES = 20
# Reading one page of results takes longer than this on average over 20 of them.
SHORTEST_MEAN_GAP_MS = 4_000
# People's gaps vary by about as much as their mean; a timer's do not.
LEAST_VARIATION = 0.15
# A person who has searched so often has clicked something at least once in a hundred searches.
SEARCHES_WITHOUT_CLICK = 100


def behaviour(searches: Table, actions: Table) -> Table:
    """How each person searched on one day: `person_hash, searches, actions, mean_gap_ms, gap_deviation_ms, robot`."""
    order = ibis.window(group_by="person_hash", order_by="at_ms")
    gaps = searches.select("person_hash", "at_ms", gap=searches.at_ms - searches.at_ms.lag().over(order))
    by_person = gaps.group_by("person_hash").agg(
        searches=gaps.count(), mean_gap_ms=gaps.gap.mean(), gap_deviation_ms=gaps.gap.std(how="pop")
    )
    acted = actions.group_by("person_hash").agg(actions=actions.count())
    joined = by_person.left_join(acted, "person_hash").select(by_person, actions=ibis.coalesce(acted.actions, 0))
    many = joined.searches >= ENOUGH_SEARCHES
    robot = (
        (joined.searches > MOST_SEARCHES_A_DAY)
        | (many & (joined.mean_gap_ms < SHORTEST_MEAN_GAP_MS))
        | (many & (joined.gap_deviation_ms < LEAST_VARIATION * joined.mean_gap_ms))
        | ((joined.searches >= SEARCHES_WITHOUT_CLICK) & (joined.actions == 0))
    )
    return joined.mutate(robot=robot.fill_null(False))
