"""A shopper's review of a product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """One review; `rating` is 1 to 5 or `None`, `created_at` UTC epoch milliseconds."""

    review_id: str
    product_id: str
    text: str
    locale: str
    rating: float | None = None
    created_at: int | None = None
