"""Who votes on what kind of thing a query asks for: the products nearest to it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from understanding.encoders.encoder import Encoder
from understanding.encoders.loading import load_encoder
from understanding.neighbours import NearestTitles, load_neighbours

VOTERS = "voters"
"""Folder of the shop's own encoder and its neighbours, in a release that searches with a trained one.

Categories and attributes' names make the co-occurrence encoder know kinds of things better than any reader of texts
does. Icecat, searched with MiniLM: intents voted by its own neighbours .775 (judged only .898), by these .784 (.898).
"""


@dataclass(frozen=True, slots=True)
class Voters:
    """An encoder with an index over its vectors of the products."""

    encoder: Encoder
    neighbours: NearestTitles

    def nearest(self, text: str, locale: str, most: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Rows nearest in meaning with their inner products, best first."""
        return self.neighbours.search(self.encoder.encode_query(text, locale), most)


def load_voters(folder: Path) -> Voters:
    """Map the folder `VOTERS` of a release."""
    return Voters(load_encoder(folder / "encoder"), load_neighbours(folder))
