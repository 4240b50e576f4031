"""The encoder: texts in, unit vectors out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Encodes texts so that the inner product of two vectors says how alike their texts are.

    `encoder_id` names the model and its parameters; vectors of different ids are never compared.
    """

    @property
    def encoder_id(self) -> str:
        """Name and fingerprint of the fitted model."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension); a text without known terms is all zeros."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector, shape (dimension,), zeros when nothing is known."""
