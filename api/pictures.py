"""Pictures beside suggestions that lead to a product."""

from collections.abc import Iterable
from dataclasses import replace

from autocomplete.suggestion import Suggestion
from retrieval.engine import SearchEngine


def with_pictures(suggestions: Iterable[Suggestion], engine: SearchEngine) -> list[Suggestion]:
    """The same suggestions, each product's with its picture as it now is; a product without one has none."""
    return [each if each.product_id is None else _pictured(each, each.product_id, engine) for each in suggestions]


def _pictured(suggestion: Suggestion, product_id: str, engine: SearchEngine) -> Suggestion:
    card = engine.card(product_id)
    return suggestion if card is None or card.image is None else replace(suggestion, image=card.image)
