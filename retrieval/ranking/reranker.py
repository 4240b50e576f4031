"""Learned order: LambdaMART over the features of `features.py`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import ReleaseDamaged
from data.model_manifest import read_model_manifest
from data.trees import BoostedTrees
from retrieval.ranking.features import FEATURES, Matrix

FORMAT = 1
MANIFEST = "reranker.json"
TREES = "trees.txt"

# Candidates of one search that the trees see.
MOST_CANDIDATES = 200


class Reranker:
    """A trained model.

    Attributes:
        mixture: Share of the trees in the final score among candidates like those it was trained on, the rest is the
            fusion's; chosen with them.
        in_search: The same share in a shop's search.
        trained: What it was trained on and how it did, for people.
    """

    def __init__(self, trees: BoostedTrees, mixture: float, in_search: float, trained: Mapping[str, Any]) -> None:
        self._trees = trees
        self.mixture = mixture
        self.in_search = in_search
        self.trained = trained

    @classmethod
    def load(cls, folder: Path) -> "Reranker":
        """Open what `intentrie train reranker` wrote.

        Raises:
            ReleaseTooNew: A newer program wrote it.
            ReleaseDamaged: A file is missing or another one than was written, or the features are others.
        """
        path = folder / MANIFEST
        manifest = read_model_manifest(path, "a reranker", "reranker", FORMAT, FEATURES, ("mixture", "in_search"))
        mixture, in_search = manifest.numbers["mixture"], manifest.numbers["in_search"]
        if not (0 <= mixture <= 1 and 0 <= in_search <= 1):
            raise ReleaseDamaged(
                f"{path}: expected mixtures in [0, 1], got {mixture} and {in_search}; train the reranker again"
            )
        return cls(BoostedTrees.load(folder / TREES, manifest.sha256), mixture, in_search, manifest.trained)

    def scores(self, rows: Matrix) -> NDArray[np.float64]:
        """What the trees say of each candidate of a query, in (0, 1), higher is better; depends on its row alone."""
        return squash(self._trees.scores(rows))

    def contributions(self, row: Matrix) -> Mapping[str, float]:
        """What each feature of one row, shape (features,), added to its raw score, largest first, zeros left out."""
        parts = self._trees.contributions(row[None, :])[0, :-1]
        order = sorted(range(len(FEATURES)), key=lambda place: (-abs(parts[place]), place))
        return {FEATURES[place]: float(parts[place]) for place in order if parts[place]}


def squash(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raw scores onto (0, 1), in the same order."""
    squashed: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(raw, -30, 30)))
    return squashed


def mix(fused: NDArray[np.floating[Any]], learned: NDArray[np.floating[Any]], mixture: float) -> NDArray[np.float64]:
    """The final score of a query's candidates, in [0, 1].

    Args:
        fused: In [0, 1].
        learned: In (0, 1), of the same candidates.
        mixture: Share of `learned`.
    """
    mixed: NDArray[np.float64] = (1 - mixture) * fused + mixture * learned
    return mixed
