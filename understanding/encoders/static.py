"""A static encoder: a vector a token, their mean; as fast as a dictionary.

`understanding/training/static.py` makes the folder: `encoder.json`, `tokens.npy` (tokens, d), `tokenizer.json`.

References:
    Minish: model2vec; Tom Aarsen: Train 400x faster Static Embedding Models with Sentence Transformers, 2025.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from data.errors import ReleaseDamaged
from data.product import Product
from understanding.encoders.product_text import attribute_words, every_text

KIND = "static"
# A text is read up to here; what follows changes a mean little.
MOST_TOKENS = 512


class StaticEncoder:
    """Means of token vectors.

    Args:
        tokenizer: Of the `tokenizers` library, without padding or special tokens.
        tokens: Shape (vocabulary, d), by token id.
        encoder_id: Name and fingerprint.
        locales: The shop's; the first is the one whose texts stand for a product.
    """

    def __init__(self, tokenizer: Any, tokens: NDArray[np.floating], encoder_id: str, locales: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self._tokens = tokens
        self._encoder_id = encoder_id
        self._locales = tuple(locales)

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """Map a trained model.

        Raises:
            ReleaseDamaged: A file is missing or says something else.
        """
        from tokenizers import Tokenizer  # a shop without such an encoder never loads it

        try:
            about = orjson.loads((folder / "encoder.json").read_bytes())
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokens = np.load(folder / "tokens.npy", mmap_mode="r").view(np.ndarray)
            if tokens.ndim != 2 or tokens.shape != (tokenizer.get_vocab_size(), about["dimension"]):
                raise ValueError(f"tokens of shape {tokens.shape} for a vocabulary of {tokenizer.get_vocab_size()}")
            return cls(tokenizer, tokens, str(about["encoder_id"]), tuple(about["locales"]))
        except Exception as error:  # `tokenizers` raises nothing narrower
            raise ReleaseDamaged(f"{folder}: expected a static encoder, got {error!r}; train it again") from error

    @property
    def encoder_id(self) -> str:
        """Name and fingerprint of the model."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self._tokens.shape[1])

    def encode_products(self, products: Sequence[Product]) -> NDArray[np.float32]:
        """Unit vectors of the texts in all locales with the names of the attributes, (len(products), dimension)."""
        sums = self._sums([every_text(product, self._locales) for product in products])
        names = sorted({name for product in products for name in product.attributes})
        # Thousands of products have the same few hundred attributes: each name is read once.
        place = {name: at for at, name in enumerate(names)}
        of_names = self._sums([attribute_words(name) for name in names])
        for row, product in enumerate(products):
            if product.attributes:
                sums[row] += of_names[[place[name] for name in product.attributes]].sum(axis=0)
        return _unit(sums)

    def encode_documents(self, texts: Sequence[str], locale: str | None = None) -> NDArray[np.float32]:  # noqa: ARG002 - the tokenizer knows no locales
        """Unit vectors, shape (len(texts), dimension); a text without known tokens is all zeros."""
        return _unit(self._sums(texts))

    def _sums(self, texts: Sequence[str]) -> NDArray[np.float32]:
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for row, found in enumerate(self._tokenizer.encode_batch(list(texts), add_special_tokens=False)):
            if found.ids:
                sums[row] = self._tokens[found.ids[:MOST_TOKENS]].astype(np.float32).sum(axis=0)
        return sums

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:  # noqa: ARG002 - likewise
        """One unit vector, shape (dimension,); zeros when nothing is known."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids[:MOST_TOKENS]
        if not ids:
            return np.zeros(self.dimension, np.float32)
        vector: NDArray[np.float32] = self._tokens[ids].astype(np.float32).sum(axis=0)
        length = float(np.sqrt(vector @ vector))
        return np.asarray(vector / np.float32(length)) if length > 0 else vector


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
