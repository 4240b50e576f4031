"""Products that the same people buy, and that the same visits look at."""

from ibis.expr.types import Table

from data.mining.ingest import CLICK, PURCHASE, VIEW

# Who bought or looked at more is a reseller, or compares everything with everything: its pairs say nothing.
LARGEST_BASKET = 50
# Fewer are chance.
FEWEST_TOGETHER = 3


def co_bought(actions: Table) -> Table:
    """Pairs bought by the same person: `product_id, other_id, count` (people), `lift`, each pair both ways."""
    return _pairs(actions.filter(actions.action == PURCHASE), "person_hash")


def co_viewed(actions: Table) -> Table:
    """Pairs clicked or looked at in the same visit: `product_id, other_id, count` (visits), `lift`, both ways."""
    return _pairs(actions.filter(actions.action.isin([CLICK, VIEW])), "session_id")


def co_bought_categories(actions: Table, categories: Table) -> Table:
    """Pairs of categories of which the same people bought: `one, other, people, of_one, of_other, total`, both ways.

    Counted by category from the start: hardly any two products are bought together by enough people to be counted.

    Args:
        actions: As cleaned.
        categories: `product_id, category`, one row a product.
    """
    bought = actions.filter(actions.action == PURCHASE).select("person_hash", "product_id").distinct()
    items = bought.join(categories, "product_id").select("person_hash", "category").distinct()
    items = items.mutate(size=items.count().over(group_by="person_hash"))
    items = items.filter(items["size"].between(2, LARGEST_BASKET)).select("person_hash", "category")
    alone = items.group_by("category").agg(alone=items.count())
    total = items.agg(total=items.person_hash.nunique())
    twin = items.view()
    pairs = items.join(twin, [items.person_hash == twin.person_hash, items.category != twin.category]).select(
        one=items.category, other=twin.category
    )
    counted = pairs.group_by(["one", "other"]).agg(people=pairs.count())
    counted = counted.filter(counted.people >= FEWEST_TOGETHER)
    of_one = alone.select(one="category", of_one="alone")
    of_other = alone.select(other="category", of_other="alone")
    joined = counted.join(of_one, "one").join(of_other, "other").cross_join(total)
    return joined.select("one", "other", "people", "of_one", "of_other", "total")


def _pairs(actions: Table, basket: str) -> Table:
    """Pairs of one basket; lift is how many times as often as if the two had nothing to do with each other.

    The chance is of baskets that hold at least two products: a basket of one cannot hold a pair.
    """
    items = actions.select(basket="person_hash" if basket == "person_hash" else "session_id", product_id="product_id")
    items = items.distinct()
    items = items.mutate(size=items.count().over(group_by="basket"))
    items = items.filter(items["size"].between(2, LARGEST_BASKET)).select("basket", "product_id")
    alone = items.group_by("product_id").agg(alone=items.count())
    total = items.agg(total=items.basket.nunique())
    other = items.view()
    pairs = items.join(other, [items.basket == other.basket, items.product_id != other.product_id]).select(
        product_id=items.product_id, other_id=other.product_id
    )
    counted = pairs.group_by(["product_id", "other_id"]).agg(count=pairs.count())
    counted = counted.filter(counted["count"] >= FEWEST_TOGETHER)
    own = alone.select("product_id", of_own="alone")
    others = alone.select(other_id="product_id", of_other="alone")
    joined = counted.join(own, "product_id").join(others, "other_id").cross_join(total)
    lift = joined["count"] * joined.total / (joined.of_own * joined.of_other).cast("float64")
    return joined.select("product_id", "other_id", "count", lift=lift)
