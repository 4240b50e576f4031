"""What a shop's own texts and log say belongs together: the examples of a static encoder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from data.mining.state import ATTRACTIVENESS
from data.product import Product
from understanding.encoders.product_text import product_text

# A query's products teach when they were chosen, and are wanted so many times as much as the shop's average one. In the
# laboratory, vectors alone: 1.5 and twelve products a query .664, 1 and thirty .669.
WANTED = 1.0
# Shown often near the top and chosen by nobody: what a query does not mean, though its words say so.
UNWANTED_LOOKS = 4.0
# A query teaches with so many of its products at most; otherwise the head of the log is all there is.
MOST_OF_A_QUERY = 30


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """A text and the product that it belongs to.

    Attributes:
        anchor: A query or a title.
        product: Row of the product.
        unwanted: Row of a product that was shown and not wanted; -1 where none is known.
        title: Whether the anchor is a title, of which a query would say a few words.
    """

    anchor: str
    product: int
    unwanted: int = -1
    title: bool = False


def title_pairs(products: Sequence[Product], locales: Sequence[str]) -> Iterator[TrainingPair]:
    """Each product with its title in each locale."""
    for row, product in enumerate(products):
        for locale in locales:
            text = product.texts.get(locale)
            if text is not None and text.title.strip():
                yield TrainingPair(text.title, row, title=True)


def logged_pairs(mined: Path, products: Sequence[Product]) -> list[TrainingPair]:
    """Query with the products that people wanted for it, most wanted first; queries in the order of their texts."""
    rows = {product.product_id: row for row, product in enumerate(products)}
    columns = ["norm", "locale", "product_id", "examined", "clicks", "attractiveness"]
    table = pq.read_table(mined / ATTRACTIVENESS, columns=columns)
    told = [each for each in table.to_pylist() if each["product_id"] in rows]
    if not told:
        return []
    average = sum(each["attractiveness"] for each in told) / len(told)
    wanted: dict[tuple[str, str], list[int]] = {}
    unwanted: dict[tuple[str, str], int] = {}
    for each in sorted(told, key=lambda each: (-each["attractiveness"], each["product_id"])):
        key, row = (each["norm"], each["locale"]), rows[each["product_id"]]
        if each["clicks"] and each["attractiveness"] >= WANTED * average:
            wanted.setdefault(key, []).append(row)
        elif not each["clicks"] and each["examined"] >= UNWANTED_LOOKS:
            unwanted[key] = row  # the last, hence the least attractive one
    return [
        TrainingPair(norm, row, unwanted.get((norm, locale), -1))
        for (norm, locale), held in sorted(wanted.items())
        for row in held[:MOST_OF_A_QUERY]
    ]


def corpus(products: Sequence[Product], locales: Sequence[str]) -> Iterator[str]:
    """Every text of the shop, for a teacher."""
    for product in products:
        for locale in locales:
            if locale in product.texts:
                yield product_text(product, (locale,))
