"""Related categories: what people who buy of one buy of the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from data.mining.candidate import Candidate

# Pairs of purchases that make a pair of categories more than chance.
FEWEST_PAIRS = 10
# So many times as often as if the two had nothing to do with each other.
LEAST_LIFT = 2.0


def related(bought: Sequence[Mapping[str, Any]], groups: Mapping[str, str], locale: str) -> list[Candidate]:
    """Candidates between leaf categories.

    Args:
        bought: `product_id, other_id, count`, each pair both ways.
        groups: Leaf category's path by product.
        locale: Of the categories' names.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for row in bought:
        one, other = groups.get(row["product_id"]), groups.get(row["other_id"])
        if one and other:
            pairs[one, other] += row["count"]
    alone: Counter[str] = Counter()
    for (one, _), count in pairs.items():
        alone[one] += count
    total = alone.total()
    found = []
    for (one, other), count in sorted(pairs.items()):
        if one >= other or count < FEWEST_PAIRS:
            continue
        lift = count * total / (alone[one] * alone[other])
        if lift >= LEAST_LIFT:
            sentence = f"people bought of {one!r} and {other!r} {count} times, {lift:.1f} times as often as by chance"
            score = round(1 - 1 / lift, 4)
            counts = {"pairs": count, "of_source": alone[one], "of_target": alone[other]}
            found.append(Candidate("related", one, other, locale, score, sentence, counts))
    return found
