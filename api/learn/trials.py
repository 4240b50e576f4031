"""Models on trial: each measured on held-out choices beside what is served now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.assembly import ShopRelease
from api.evaluate.measures import Values
from api.evaluate.search import evaluate_search
from api.learn.held_out import LoggedSearch
from data.errors import InputError
from data.judgment import Judgment
from data.product import Product
from understanding.encoders.encoder import Encoder

Judged = Mapping[tuple[str, str], Sequence[Judgment]]
# A product below this rank is as good as not found.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A query of a held-out day and the products chosen for it."""

    query: str
    locale: str
    products: frozenset[str]


def choices_of(searches: Iterable[LoggedSearch], most: int) -> list[Choice]:
    """Each query with everything that was chosen for it, the most frequent ones, ties by text."""
    chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
    sent: dict[tuple[str, str], int] = defaultdict(int)
    for search in searches:
        sent[search.query, search.locale] += 1
        chosen[search.query, search.locale] |= search.clicked | search.bought
    keys = sorted((key for key in sent if chosen[key]), key=lambda key: (-sent[key], key))[:most]
    return [Choice(*key, frozenset(chosen[key])) for key in keys]


def measure_search(held: ShopRelease, judged: Judged) -> Values:
    """Every measure of `evaluate_search` by query, each query asked in its own locale."""
    by_locale: dict[str, list[Judgment]] = defaultdict(list)
    for (_, locale), judgments in judged.items():
        by_locale[locale] += judgments
    values: Values = {}
    for locale, judgments in by_locale.items():
        try:
            found = evaluate_search(held, judgments, locale)
        except InputError:
            continue  # nothing rated above 0 in this locale
        values |= {f"{query} ({locale})": held_values for query, held_values in found.items()}
    return values


def measure_encoder(encoder: Encoder, products: Sequence[Product], choices: Sequence[Choice]) -> Values:
    """Reciprocal rank of the first chosen product among all products by cosine, 0 beyond `DEPTH`, by query."""
    vectors = encoder.encode_products(products)
    rows = {product.product_id: row for row, product in enumerate(products)}
    values: Values = {}
    for choice in choices:
        wanted = [rows[product] for product in choice.products if product in rows]
        if not wanted:
            continue
        near = vectors @ encoder.encode_query(choice.query, choice.locale)
        best = float(near[wanted].max())
        rank = 1 + int(np.count_nonzero(near > best))
        values[f"{choice.query} ({choice.locale})"] = {"mrr@10": 1 / rank if rank <= DEPTH and best > 0 else 0.0}
    return values
