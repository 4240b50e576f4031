"""What of a product is searched as text."""

from collections.abc import Sequence

from data.product import Product
from data.text import Analyser

# Kept apart as features ("why this?", rerankers); searched together as one text.
FIELDS = ("title", "description", "brand", "category")


def searchable_fields(product: Product, locale: str, fallbacks: Sequence[str]) -> dict[str, str]:
    """The texts of `FIELDS` in a locale (its language, the fallbacks, or the first there is)."""
    text = product.text(locale, fallbacks)
    return {
        "title": text.title,
        "description": text.description,
        "brand": product.brand,
        "category": " ".join(product.category),
    }


def searchable_terms(fields: dict[str, str], analyser: Analyser) -> list[str]:
    """Terms of the one concatenated text: title and description, then brand and category where they say more.

    A brand or category word that the title has already is not repeated: most feeds write the brand into the title
    and some do not, and BM25 would read the difference as relevance.
    """
    terms = analyser.terms(fields["title"])
    said = set(terms)
    terms += analyser.terms(fields["description"])
    for name in ("brand", "category"):
        more = [term for term in analyser.terms(fields[name]) if term not in said]
        said.update(more)
        terms += dict.fromkeys(more)
    return terms
