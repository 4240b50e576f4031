"""Priors: how likely a completion is what somebody is about to type, before they type anything.

One scale for all sources, in *searches*: a logged query has as many as its decayed count; what only the catalogue
vouches for has a few imagined ones, so that a shop without a log ranks by its products and a shop with one hardly
notices them.
"""

import math

from autocomplete.suggestion import SuggestionKind

# How many imagined searches a doubling of the products behind a completion is worth, by what it is. Compared with each
# other only: people look for a kind of thing more often than for a brand, and for one property alone hardly ever.
PRIOR_BY_KIND = {
    SuggestionKind.QUERY: 1.0,
    SuggestionKind.CATEGORY: 1.0,
    SuggestionKind.BRAND: 0.9,
    SuggestionKind.ATTRIBUTE: 0.3,
    SuggestionKind.PRODUCT: 0.1,
}
# A combination is worth less than each of its parts with as many products: somebody has to want both.
GENERATED_SHARE = 0.6
# An alternative label ("couch") against the preferred one ("sofa").
ALTERNATIVE_SHARE = 0.5


def catalogue_prior(kind: SuggestionKind, products: int) -> float:
    """Imagined searches for a completion with so many products behind it.

    Damped by a logarithm: a thousand cables are not wanted a thousand times as often as one scanner, the shop only has
    many to choose from.
    """
    return PRIOR_BY_KIND[kind] * math.log2(1 + products)
