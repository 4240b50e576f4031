"""A click is a look times an attraction; carts are clicked, purchases carted, what is sold out is not bought."""

import numpy as np
import pytest

from data.demo.clicks import ATTRACTION, EXAMINATION, PAGE, shop_around

ROUNDS = 20_000


def test_clicks_fall_with_the_position_as_looks_do() -> None:
    """Where all attract alike, the shares of clicks are the examination curve."""
    rng = np.random.default_rng(3)
    ratings, same, stocked = np.full(PAGE, 2, np.int8), np.ones(PAGE), np.ones(PAGE, bool)
    clicks = np.zeros(PAGE)
    for _ in range(ROUNDS):
        clicks[list(shop_around(ratings, same, stocked, rng).clicked)] += 1
    assert clicks / ROUNDS == pytest.approx(EXAMINATION * ATTRACTION[2], abs=0.012)


def test_the_first_is_always_looked_at_and_later_ones_less() -> None:
    assert EXAMINATION[0] == 1.0
    assert (np.diff(EXAMINATION) < 0).all()


def test_what_fits_better_attracts_more() -> None:
    rng = np.random.default_rng(4)
    counts = np.zeros(4)
    for _ in range(ROUNDS):
        place = rng.permutation(4)
        outcome = shop_around(place.astype(np.int8), np.ones(4), np.ones(4, bool), rng)
        for at in outcome.clicked:
            counts[place[at]] += 1
    assert (np.diff(counts) > 0).all()


def test_funnel_and_stock() -> None:
    rng = np.random.default_rng(5)
    ratings, appeal = np.full(PAGE, 3, np.int8), np.full(PAGE, 1.5)
    stocked = np.arange(PAGE) % 2 == 0
    bought = 0
    for _ in range(2_000):
        outcome = shop_around(ratings, appeal, stocked, rng)
        assert set(outcome.bought) <= set(outcome.carted) <= set(outcome.clicked)
        assert all(at % 2 == 0 for at in outcome.carted)
        bought += len(outcome.bought)
    assert bought > 0
