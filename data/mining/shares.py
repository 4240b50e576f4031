"""Shares of small counts: how low the true share may be."""

from math import sqrt

# One-sided 95%.
Z = 1.645


def wilson_lower(successes: int, trials: int, z: float = Z) -> float:
    """Lower bound of a share, in [0, 1]; 0 without trials.

    References:
        Wilson: Probable Inference, the Law of Succession, and Statistical Inference, JASA 1927.
    """
    if not trials:
        return 0.0
    share = successes / trials
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (share + z * z / (2 * trials) - spread) / (1 + z * z / trials))
