"""What of a product is searched as text."""

from collections.abc import Sequence

from data.product import AttributeValue, Product, Quantity
from data.text import Analyser

# Kept apart as features ("why this?", rerankers); searched together as one text.
FIELDS = ("title", "description", "brand", "category", "attributes")


def searchable_fields(
    product: Product, locale: str, fallbacks: Sequence[str], attributes: Sequence[str]
) -> dict[str, str]:
    """The texts of `FIELDS` in a locale (its language, the fallbacks, or the first there is).

    Args:
        product: Whose.
        locale: Wanted.
        fallbacks: The shop's locales.
        attributes: Names of those that are searched as text. None by default: all of Icecat's cost .04 nDCG@10, and
            values that people ask for are found by their concepts.
    """
    text = product.text(locale, fallbacks)
    return {
        "title": text.title,
        "description": text.description,
        "brand": product.brand,
        "category": " ".join(product.category),
        "attributes": " ".join(_words(product.attributes.get(name)) for name in attributes),
    }


def searchable_terms(fields: dict[str, str], analyser: Analyser) -> list[str]:
    """Terms of the one concatenated text: title and description, then the other fields where they say more.

    A brand's or category's word that the title has already is not repeated: most feeds write the brand into the title
    and some do not, and BM25 would read the difference as relevance.
    """
    terms = analyser.terms(fields["title"])
    said = set(terms)
    terms += analyser.terms(fields["description"])
    for name in ("brand", "category", "attributes"):
        more = [term for term in analyser.terms(fields[name]) if term not in said]
        said.update(more)
        terms += dict.fromkeys(more)
    return terms


def _words(value: AttributeValue | None) -> str:
    """A value as people would say it; truth values have no words."""
    match value:
        case Quantity(amount, unit):
            return f"{amount:g} {unit}"
        case str():
            return value
        case tuple():
            return " ".join(value)
        case bool() | None:
            return ""
        case _:
            return f"{value:g}"
