"""How relevant a product is to a query, as somebody or something judged it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgment:
    """One judged pair; a higher `rating` is more relevant, 0 is not relevant."""

    query: str
    product_id: str
    rating: float
