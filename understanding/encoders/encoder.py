"""The encoder: texts and products in, unit vectors out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.product import Product


class Encoder(Protocol):
    """Encodes so that the inner product of two vectors says how alike what they stand for is.

    `encoder_id` names the model and its parameters; vectors of different ids are never compared.
    """

    @property
    def encoder_id(self) -> str:
        """Name and fingerprint of the fitted model."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def encode_products(self, products: Sequence[Product]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(products), dimension); a product without known words is all zeros."""

    def encode_documents(self, texts: Sequence[str], locale: str | None = None) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension); a text without known words is all zeros."""

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:
        """One unit vector, shape (dimension,), zeros when nothing is known; `None` is the shop's first locale."""
