"""Days, and how much of a day's counts is left later."""

import numpy as np
from numpy.typing import NDArray

DAY_MS = 86_400_000


def day_of(at_ms: int) -> int:
    """UTC days since 1970."""
    return at_ms // DAY_MS


def decayed(days: NDArray[np.int64], today: int, half_life_days: float) -> NDArray[np.float64]:
    """What one event of each day still counts on a later one: 1 of the day before, half after a half-life more."""
    left: NDArray[np.float64] = 0.5 ** ((today - 1 - days) / half_life_days)
    return left
