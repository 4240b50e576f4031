"""Whether a release may take its parent's place."""

from collections.abc import Mapping, Sequence

from data.errors import GateRefused
from data.shop import GateConfig

# Figures of `Manifest.quality` that the gate looks at. Rates must not rise by more than a share of all queries;
# qualities must not fall by more than a share of the parent's.
RATE = "zero_result_rate"
QUALITIES = ("ndcg@10",)


def find_regressions(
    products: int,
    quality: Mapping[str, float],
    parent_products: int,
    parent_quality: Mapping[str, float],
    gates: GateConfig,
) -> list[str]:
    """What is worse than the parent's by more than the shop allows, a sentence each; empty lets the release through.

    Args:
        products: Rows of the new release.
        quality: Its figures; one that the parent or the new release lacks is not compared.
        parent_products: Rows of the parent.
        parent_quality: The parent's figures, on the same queries.
        gates: How much worse is still allowed; exactly that much is.
    """
    found = []
    fewest = parent_products * (1 - gates.product_fall)
    if products < fewest:
        found.append(
            f"{products} products, the parent has {parent_products} "
            f"(allowed: a fall of {gates.product_fall:.0%}, to {fewest:.0f})"
        )
    if RATE in quality and RATE in parent_quality:
        highest = parent_quality[RATE] + gates.zero_result_rise
        # A rate is a quotient of counts; what is equal on paper may differ in the last bit.
        if quality[RATE] > highest + 1e-9:
            found.append(
                f"{quality[RATE]:.1%} of the parent's searches find nothing, {parent_quality[RATE]:.1%} did before "
                f"(allowed: up to {highest:.1%})"
            )
    for name in QUALITIES:
        if name in quality and name in parent_quality:
            lowest = parent_quality[name] * (1 - gates.quality_fall)
            if quality[name] < lowest - 1e-9:
                found.append(
                    f"{name} is {quality[name]:.3f}, the parent's is {parent_quality[name]:.3f} "
                    f"(allowed: from {lowest:.3f})"
                )
    return found


def check_gate(regressions: Sequence[str], parent_id: str, force: bool) -> None:
    """Let the release through, or not.

    Raises:
        GateRefused: There are regressions and nobody forces it; says them and how to force.
    """
    if regressions and not force:
        raise GateRefused(
            f"not published, because it is worse than its parent {parent_id}: {'; '.join(regressions)}. "
            "The parent stays current. If that is meant, build again with --force (the manifest records it), "
            "or allow more under [gates] in the shop's configuration"
        )
