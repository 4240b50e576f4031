"""What a shopper does with what is shown: looks, from the top, less and less; takes what attracts.

References:
    Craswell, Zoeter, Taylor, Ramsey: An Experimental Comparison of Click Position-Bias Models, WSDM 2008 (the
    examination hypothesis: a click is a look times an attraction).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PAGE = 20
# How surely a position is looked at; the first always. Steeper than 1/sqrt(p), as eye tracking of lists finds.
EXAMINATION = np.arange(1, PAGE + 1) ** -0.6
SUGGESTIONS = 8
SUGGESTION_EXAMINATION = np.arange(1, SUGGESTIONS + 1) ** -0.5
# Chance that a product which is looked at is clicked, by how well it fulfils the need (0 to 3).
ATTRACTION = np.array([0.012, 0.07, 0.22, 0.42])
# Chance that a clicked product goes into the cart, and that what is in the cart is bought.
CART = np.array([0.01, 0.06, 0.22, 0.4])
PURCHASE = 0.45


@dataclass(frozen=True, slots=True)
class Outcome:
    """Places from 0 of what was clicked, put into the cart, bought, each within the one before."""

    clicked: tuple[int, ...]
    carted: tuple[int, ...]
    bought: tuple[int, ...]


def shop_around(
    ratings: NDArray[np.int8],
    appeal: NDArray[np.float64],
    in_stock: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Outcome:
    """One page, one shopper.

    Args:
        ratings: Shape (shown,), 0 to 3, how well each fulfils the need.
        appeal: Shape (shown,), around 1: the product's attractiveness and this shopper's taste.
        in_stock: Shape (shown,); what is sold out is clicked and not bought.
        rng: Of the shopper.
    """
    shown = len(ratings)
    look = EXAMINATION[:shown]
    clicked = np.flatnonzero(rng.random(shown) < look * np.minimum(0.95, ATTRACTION[ratings] * appeal))
    carted = clicked[(rng.random(len(clicked)) < CART[ratings[clicked]]) & in_stock[clicked]]
    bought = carted[rng.random(len(carted)) < PURCHASE]
    return Outcome(tuple(clicked.tolist()), tuple(carted.tolist()), tuple(bought.tolist()))
