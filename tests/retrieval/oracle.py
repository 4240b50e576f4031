"""The architecture's sentences about search, product by product: no index, no array, no cleverness."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.product import Product, Quantity
from data.text import analyser_for, fold
from retrieval.index.postings import K1, B
from retrieval.index.searchable import searchable_fields, searchable_terms
from retrieval.planning.plan import Plan
from retrieval.sources.concept import UNKNOWN_TYPE

_IN_CM = {"in": 2.54, "cm": 1.0}
Filters = Mapping[str, Mapping[str, Any]]


def document(product: Product) -> list[str]:
    return searchable_terms(searchable_fields(product, "en", ["en"], ()), analyser_for("en"))


def words_held(product: Product, plan: Plan) -> set[int]:
    held = set(document(product))
    return {group for term in plan.terms if set(term.words) <= held for group in term.groups}


def matches(
    product: Product, plan: Plan, under: Callable[[Product, int], bool], nearness: Callable[[Product], float]
) -> bool:
    """(lexical matches under minimum-should-match, products of linked concepts, dense hits above the cut)."""
    if plan.browse:
        return True
    lexical = bool(plan.terms) and len(words_held(product, plan)) >= max(1, plan.min_should_match)
    linked = bool(plan.concepts) and all(under(product, concept) for concept in plan.concepts)
    dense = plan.vector is not None and nearness(product) >= max(plan.dense_cut, 1e-9)
    return lexical or linked or dense


def bm25(product: Product, plan: Plan, released: Sequence[Product]) -> float:
    """Of the words typed: per word the best way to say it, times the share of words held."""
    documents = [document(each) for each in released]
    mean = sum(map(len, documents)) / len(documents)
    own = document(product)
    counts = Counter(own)

    def score(word: str) -> float:
        df = sum(word in each for each in documents)
        idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
        return idf * counts[word] / (counts[word] + K1 * (1 - B + B * len(own) / mean))

    best: dict[int, float] = {}
    for term in plan.terms:
        if all(word in counts for word in term.words):
            gained = sum(map(score, term.words)) * term.weight / len(term.groups)
            for group in term.groups:
                best[group] = max(best.get(group, 0.0), gained)
    return sum(best.values()) * len(best) / max(1, plan.groups)


def concept(
    product: Product, plan: Plan, under: Callable[[Product, int], bool], is_typed: Callable[[Product], bool]
) -> float:
    score = sum(each.weight for each in plan.evidence if under(product, each.concept))
    wanted = max((each.weight for each in plan.evidence if each.scheme == "product_type"), default=0.0)
    return score + (0.0 if is_typed(product) else UNKNOWN_TYPE * wanted)


def fused(sources: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> dict[str, float]:
    """By product: the weighted sum of each source's scores over its best one."""
    total: dict[str, float] = {}
    for source, scores in sources.items():
        best = max(scores.values(), default=0.0)
        for product_id, score in scores.items():
            share = max(0.0, score) / best if best > 0 else 0.0
            total[product_id] = total.get(product_id, 0.0) + weights.get(source, 0.0) * share
    return total


class Fields:
    """Filters on a shop's products; `size` is in the unit that most of the release's products give it in."""

    def __init__(self, released: Sequence[Product]) -> None:
        self.paths = {path for each in released for path in self.texts(each, "category")}
        held = [each.attributes["size"] for each in released if "size" in each.attributes]
        units = Counter(each.unit for each in held if isinstance(each, Quantity))
        self.unit = min(units, key=lambda unit: (-units[unit], unit), default="")

    def amount(self, product: Product, field: str) -> float | None:
        value = product.attributes.get(field)
        if isinstance(value, Quantity):
            return self._comparable(value.amount, value.unit)
        if isinstance(value, float) and not isinstance(value, bool):
            return self._comparable(value, self.unit) if field == "size" else value
        return None

    def bound(self, field: str, value: float) -> float | None:
        return self._comparable(value, self.unit) if field == "size" else value

    def _comparable(self, amount: float, unit: str) -> float | None:
        if unit == self.unit == "kg":
            return amount
        if unit in _IN_CM and self.unit in _IN_CM:
            return float(f"{amount * _IN_CM[unit]:.9g}")
        return amount if unit == self.unit else None

    def texts(self, product: Product, field: str) -> set[str]:
        if field == "brand":
            return {fold(product.brand)} - {""}
        if field == "category":
            steps = [fold(step) for step in product.category]
            return {" > ".join(steps[: depth + 1]) for depth in range(len(steps))}
        value = product.attributes.get(field)
        if isinstance(value, bool):
            return {str(value).lower()}
        if isinstance(value, Quantity):
            return set() if self.amount(product, field) is not None else {f"{value.amount:g} {value.unit}"}
        if isinstance(value, str):
            return {fold(value)}
        return {fold(each) for each in value} if isinstance(value, tuple) else set()

    def passes(self, product: Product, filters: Filters, currency: str = "EUR") -> bool:
        return all(
            self._holds(product, field, operator, value, currency)
            for field, wanted in filters.items()
            for operator, value in wanted.items()
        )

    def _holds(self, product: Product, field: str, operator: str, value: Any, currency: str) -> bool:
        number, texts, present = self._read(product, field, currency)
        if operator == "exists":
            return present is value
        if operator in ("gte", "gt", "lte", "lt"):
            bound = self.bound(field, value)
            if number is None or bound is None:
                return False
            return {"gte": number >= bound, "gt": number > bound, "lte": number <= bound, "lt": number < bound}[
                operator
            ]
        if field == "category":
            # A name that is no path is every category of that name.
            texts = texts | {text.rpartition(" > ")[2] for text in texts} - self.paths
        wanted = {str(each).lower() if isinstance(each, bool) else each for each in value}
        equal = any(
            (fold(each) in texts) if isinstance(each, str) else number is not None and number == self.bound(field, each)
            for each in wanted
        )
        return equal if operator == "in" else not equal

    def _read(self, product: Product, field: str, currency: str) -> tuple[float | None, set[str], bool]:
        if field == "price":
            own = product.price_minor if product.currency == currency else None
            return own, set(), product.price_minor is not None
        if field == "stock":
            return product.stock, set(), product.stock is not None
        if field == "in_stock":
            return None, {str(product.in_stock).lower()}, True
        if field in ("product_id", "group_id"):
            return None, {fold(getattr(product, field))}, True
        number, texts = self.amount(product, field), self.texts(product, field)
        return number, texts, number is not None or bool(texts)


def groups(held: Sequence[Product]) -> int:
    return len({product.group_id for product in held})
