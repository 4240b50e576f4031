"""What a shop's own texts and log say belongs together: the examples of a static encoder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from data.mining.state import ATTRACTIVENESS
from data.product import Product
from understanding.encoders.product_text import product_text

# A query's products teach when they are wanted so much more than the shop's average one.
WANTED = 1.5
# Shown often near the top and chosen by nobody: what a query does not mean, though its words say so.
UNWANTED_LOOKS = 4.0
# A query teaches with so many of its products at most; otherwise the head of the log is all there is.
MOST_OF_A_QUERY = 12


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """Two texts that belong together, and one that does not.

    Attributes:
        anchor: A query or a title.
        positive: Text of a product.
        group: Products of one group are never each other's negatives.
        negative: Text of a product that was shown and not wanted; empty where none is known.
    """

    anchor: str
    positive: str
    group: str
    negative: str = ""


def text_pairs(products: Sequence[Product], locales: Sequence[str]) -> Iterator[TrainingPair]:
    """Title with what else is said of the product, in each locale."""
    for product in products:
        for locale in locales:
            text = product.texts.get(locale)
            if text is not None:
                rest = " ".join([*_said(product), text.description]).strip()
                if rest:
                    yield TrainingPair(text.title, rest, product.group_id)


def _said(product: Product) -> list[str]:
    """Category and attribute values in words."""
    values = [str(value) for value in product.attributes.values() if isinstance(value, str)]
    return [*product.category, *([product.brand] if product.brand else []), *values]


def logged_pairs(mined: Path, products: Sequence[Product], locales: Sequence[str]) -> list[TrainingPair]:
    """Query with the products that people wanted for it, most wanted first; queries in the order of their texts."""
    by_id = {product.product_id: product for product in products}
    columns = ["norm", "locale", "product_id", "examined", "clicks", "attractiveness"]
    rows = pq.read_table(mined / ATTRACTIVENESS, columns=columns).to_pylist()
    rows = [row for row in rows if row["product_id"] in by_id]
    if not rows:
        return []
    average = sum(row["attractiveness"] for row in rows) / len(rows)
    wanted: dict[tuple[str, str], list[dict[str, object]]] = {}
    unwanted: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: (-row["attractiveness"], row["product_id"])):
        key = (row["norm"], row["locale"])
        if row["clicks"] and row["attractiveness"] >= WANTED * average:
            wanted.setdefault(key, []).append(row)
        elif not row["clicks"] and row["examined"] >= UNWANTED_LOOKS:
            unwanted[key] = row["product_id"]
    pairs = []
    for (norm, locale), held in sorted(wanted.items()):
        own = (locale, *locales)
        negative = by_id[unwanted[norm, locale]] if (norm, locale) in unwanted else None
        for row in held[:MOST_OF_A_QUERY]:
            product = by_id[str(row["product_id"])]
            pairs.append(
                TrainingPair(
                    norm,
                    product_text(product, own),
                    product.group_id,
                    "" if negative is None or negative.group_id == product.group_id else product_text(negative, own),
                )
            )
    return pairs


def corpus(products: Sequence[Product], locales: Sequence[str]) -> Iterator[str]:
    """Every text of the shop, for the tokenizer and for a teacher."""
    for product in products:
        for locale in locales:
            if locale in product.texts:
                yield product_text(product, (locale,))
