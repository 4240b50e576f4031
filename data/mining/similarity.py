"""How alike two queries are by what is clicked after them, however few clicks there are.

With click counts a and b (totals n and m), the overlap of the two distributions is estimated by sum(a*b)/(n*m), and the
overlap of one with itself by sum(a*(a-1))/(n*(n-1)): the chance that two *different* clicks meet at one product. Their
ratio does not shrink with few clicks as a plain cosine does.

References:
    Spearman: The Proof and Measurement of Association between Two Things, 1904 (correction for attenuation).
    Simpson: Measurement of Diversity, Nature 1949 (the unbiased overlap of a distribution with itself).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Under so many clicks even the unbiased estimate is noise.
FEWEST_CLICKS = 8
# Of the queries after which a product is clicked, those with the most clicks are compared: keeps pairs linear.
MOST_QUERIES_OF_A_PRODUCT = 60


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two queries by their clicks.

    Attributes:
        first: A query.
        second: Another.
        shared: Different products clicked after both.
        alike: Overlap over the geometric mean of the two's overlaps with themselves; about 1 for one distribution, may
            exceed it by chance.
        first_in_second: About 1 when the first's products are all among the second's, whatever else that has.
        second_in_first: The other way round.
    """

    first: str
    second: str
    shared: int
    alike: float
    first_in_second: float
    second_in_first: float


class ClickProfiles:
    """Clicks by query and product.

    Args:
        clicks: (query, product, clicks), each pair once.
    """

    def __init__(self, clicks: Iterable[tuple[str, str, int]]) -> None:
        self.by_query: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for query, product, count in clicks:
            self.by_query[query][product] = count
        self.totals = {query: sum(counts.values()) for query, counts in self.by_query.items()}
        self.own = {query: _own_overlap(counts, self.totals[query]) for query, counts in self.by_query.items()}

    def overlap(self, first: str, second: str) -> Overlap | None:
        """The two compared; `None` when either has too few clicks, or they share no product."""
        if min(self.totals.get(first, 0), self.totals.get(second, 0)) < FEWEST_CLICKS:
            return None
        small, large = self.by_query[first], self.by_query[second]
        if len(small) > len(large):
            small, large = large, small
        both = [count * large[product] for product, count in small.items() if product in large]
        if not both:
            return None
        together = sum(both) / (self.totals[first] * self.totals[second])
        own_first, own_second = self.own[first], self.own[second]
        return Overlap(
            first,
            second,
            len(both),
            together / math.sqrt(own_first * own_second),
            together / own_second,
            together / own_first,
        )

    def pairs(self) -> list[Overlap]:
        """All pairs of queries with enough clicks that share two products or more, by name."""
        by_product: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for query, counts in self.by_query.items():
            if self.totals[query] >= FEWEST_CLICKS:
                for product, count in counts.items():
                    by_product[product].append((-count, query))
        shared: defaultdict[tuple[str, str], int] = defaultdict(int)
        for asked in by_product.values():
            queries = sorted(query for _, query in sorted(asked)[:MOST_QUERIES_OF_A_PRODUCT])
            for i, first in enumerate(queries):
                for second in queries[i + 1 :]:
                    shared[first, second] += 1
        found = (self.overlap(*pair) for pair, count in sorted(shared.items()) if count >= 2)
        return [overlap for overlap in found if overlap is not None]


def _own_overlap(counts: Mapping[str, int], total: int) -> float:
    """Chance that two different clicks meet at one product; half a meeting when none did."""
    if total < 2:
        return 1.0
    return max(sum(count * (count - 1) for count in counts.values()), 1.0) / (total * (total - 1))
