"""Click models: how likely a position is looked at, and how attractive a product is for a query once it is.

The position-based model: a result at position i is clicked when it is examined and attracts,
P(click) = examination[i] * attractiveness[query, product]. A product that was shown for one query at several positions
tells the two apart.

References:
    Craswell, Zoeter, Taylor, Ramsey: An Experimental Comparison of Click Position-Bias Models, WSDM 2008.
    Chuklin, Markov, de Rijke: Click Models for Web Search, 2015, 3.2 and 4.3 (the EM updates).
"""

from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table
from numpy.typing import NDArray

from data.mining.counting import total
from data.mining.ingest import CART, CLICK, PURCHASE

# Positions further down share the last one's examination: a handful of people get there.
LAST_POSITION = 100
ITERATIONS = 60  # by then the curve moves by less than 0.001
# A position with fewer clicks says nothing by itself: it follows its predecessor as 1/position does.
ENOUGH_CLICKS = 20
# Rows of (query, product, position) the fit reads at most, the most shown first: 2 million take 100 MB.
MOST_ROWS = 2_000_000
# A product's own clicks outweigh the shop's average from so many looks on.
PRIOR_LOOKS = 5.0
# A cart says as much as one more click, a purchase as two: it was looked at closely, and paid for.
CART_WEIGHT = 1.0
PURCHASE_WEIGHT = 2.0


def shown_counts(searches: Table) -> Table:
    """How often a product was shown where for a query, of one day: `norm, locale, product_id, position, shown`."""
    placed = searches.select("norm", "locale", "hits").unnest("hits", offset="place")
    placed = placed.mutate(position=ibis.least(placed.place + 1, LAST_POSITION).cast("int64"))
    return placed.group_by(["norm", "locale", "hits", "position"]).agg(shown=placed.count()).rename(product_id="hits")


def click_counts(acted: Table) -> Table:
    """How often it was clicked there: `norm, locale, product_id, position, clicks`; once a search."""
    clicks = acted.filter((acted.action == CLICK) & acted.position.between(1, LAST_POSITION))
    once = clicks.select("query_id", "norm", "locale", "product_id", "position").distinct()
    return once.group_by(["norm", "locale", "product_id", "position"]).agg(clicks=once.count())


def fit_rows(shown: Table, clicks: Table) -> Table:
    """What the examination is fitted to: pairs shown at several positions, `pair, position, shown, clicks`."""
    keys = ["norm", "locale", "product_id"]
    table = shown.left_join(clicks, [*keys, "position"]).select(
        *keys, "position", "shown", clicks=ibis.least(ibis.coalesce(clicks.clicks, 0), shown.shown)
    )
    several = table.mutate(positions=table.count().over(group_by=keys), of_pair=table.clicks.sum().over(group_by=keys))
    several = several.filter((several.positions > 1) & (several.of_pair > 0))
    return several.order_by([several.shown.desc(), *keys, "position"]).limit(MOST_ROWS)


def fit_examination(
    pair: NDArray[np.int64], position: NDArray[np.int64], shown: NDArray[np.int64], clicks: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The examination of positions 1, 2, ..., relative to the first, by expectation maximisation.

    Args:
        pair: (n,) number of the query and product of each row, from 0.
        position: (n,) from 1.
        shown: (n,) times shown there, at least 1.
        clicks: (n,) times clicked there, at most `shown`.

    Returns:
        (largest position,) in (0, 1], the first 1.0; empty without rows.
    """
    if not len(pair):
        return np.empty(0)
    place = position - 1
    positions, pairs = int(position.max()), int(pair.max()) + 1
    examination: NDArray[np.float64] = 1.0 / np.arange(1, positions + 1)
    looked = np.bincount(pair, shown * examination[place], pairs)
    attraction = np.clip(np.bincount(pair, clicks, pairs) / np.maximum(looked, 1e-9), 1e-4, 0.95)
    by_pair = np.bincount(pair, shown, pairs)
    by_position = np.bincount(place, shown, positions)
    passed = shown - clicks
    for _ in range(ITERATIONS):
        seen, liked = examination[place], attraction[pair]
        neither = np.maximum(1 - seen * liked, 1e-9)
        seen_there = np.bincount(place, clicks + passed * seen * (1 - liked) / neither, positions)
        examination = np.clip(seen_there / np.maximum(by_position, 1), 1e-6, 1.0)
        attraction = np.bincount(pair, clicks + passed * liked * (1 - seen) / neither, pairs) / by_pair
        attraction = np.clip(attraction, 1e-6, 1.0)
    return _reliable(examination, np.bincount(place, clicks, positions))


def _reliable(examination: NDArray[np.float64], clicks: NDArray[Any]) -> NDArray[np.float64]:
    """Relative to the first position; positions with few clicks follow their predecessor."""
    found: NDArray[np.float64] = np.clip(examination / examination[0], 0.0, 1.0)
    for i in range(1, len(found)):
        if clicks[i] < ENOUGH_CLICKS:
            found[i] = found[i - 1] * i / (i + 1)
    return found


def examination_curve(rows: dict[str, list[Any]], deepest: int) -> NDArray[np.float64]:
    """`fit_examination` of the columns of `fit_rows`, down to the deepest position that was shown.

    Positions that no row speaks of follow their predecessor as 1/position does.
    """
    keys: dict[tuple[str, str, str], int] = {}
    names = zip(rows["norm"], rows["locale"], rows["product_id"], strict=True)
    pairs = [keys.setdefault(key, len(keys)) for key in names]
    columns = [np.array(values, np.int64) for values in (pairs, rows["position"], rows["shown"], rows["clicks"])]
    fitted = fit_examination(*columns)
    curve = np.ones(max(deepest, len(fitted)))
    curve[: len(fitted)] = fitted
    for i in range(max(1, len(fitted)), len(curve)):
        curve[i] = curve[i - 1] * i / (i + 1)
    return curve


def looks(shown: Table, examination: Table) -> Table:
    """The rows of `shown` with `examined`: how often the product was probably looked at there.

    A position without a fitted examination counts as the reciprocal of its number.
    """
    table = shown.left_join(examination, "position")
    return table.mutate(examined=table.shown * ibis.coalesce(table.examination, 1.0 / table.position)).drop(
        "examination", "position_right"
    )


def outcome_counts(acted: Table, keys: list[str]) -> Table:
    """Clicks, carts and purchases by `keys`."""
    counted = acted.mutate(
        **{
            name: (acted.action == action).cast("int64")
            for name, action in (("clicks", CLICK), ("carts", CART), ("purchases", PURCHASE))
        }
    )
    return counted.group_by(keys).agg(
        clicks=total(counted.clicks), carts=total(counted.carts), purchases=total(counted.purchases)
    )


def attractiveness(seen: Table, outcomes: Table, average: float) -> Table:
    """How attractive each product is for each query.

    The mean of a Beta distribution: successes are clicks, carts and purchases with their weights, trials the looks and
    the weights of carts and purchases; the prior is `PRIOR_LOOKS` looks at the shop's average.

    Args:
        seen: `norm, locale, product_id, shown, examined`, a row a position.
        outcomes: `outcome_counts` by query and product.
        average: Clicks a look of the whole shop, in [0, 1].

    Returns:
        `norm, locale, product_id, shown, examined, clicks, carts, purchases, attractiveness`.
    """
    keys = ["norm", "locale", "product_id"]
    by_pair = seen.group_by(keys).agg(shown=total(seen.shown), examined=seen.examined.sum())
    joined = by_pair.left_join(outcomes, keys).select(
        *keys,
        "shown",
        "examined",
        **{name: ibis.coalesce(outcomes[name], 0) for name in ("clicks", "carts", "purchases")},
    )
    more = joined.carts * CART_WEIGHT + joined.purchases * PURCHASE_WEIGHT
    successes = joined.clicks + more
    trials = ibis.greatest(joined.examined + more, successes)
    return joined.mutate(attractiveness=(successes + average * PRIOR_LOOKS) / (trials + PRIOR_LOOKS))
