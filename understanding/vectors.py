"""The products' vectors of one release; those of products that say the same as before are taken from its parent."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from data.product import Product
from understanding.encoders.encoder import Encoder

VECTORS, DIGESTS = "vectors.npy", "vector_digests.npy"


def build_vectors(
    folder: Path, encoder: Encoder, products: Sequence[Product], parent: Path | None = None
) -> NDArray[np.float32]:
    """Encode the products and write the vectors with a digest of what each was made of.

    Args:
        folder: Of the release's understanding.
        encoder: That of the release.
        products: In the order of their rows.
        parent: The same folder of the release before; used where its encoder is the same.

    Returns:
        Shape (len(products), encoder.dimension).
    """
    digests = np.array([digest(product) for product in products], np.uint64)
    vectors = np.zeros((len(products), encoder.dimension), np.float32)
    known, sources = _known(parent, encoder)
    order = np.argsort(known)
    kept = np.isin(digests, known)
    vectors[kept] = sources[order[np.searchsorted(known, digests[kept], sorter=order)]]
    missing = np.flatnonzero(~kept).tolist()
    if missing:
        vectors[missing] = encoder.encode_products([products[row] for row in missing])
    np.save(folder / VECTORS, vectors)
    np.save(folder / DIGESTS, digests)
    return vectors


def digest(product: Product) -> int:
    """Of everything that an encoder may read of a product: 8 bytes, in a million any two alike once in 10^7."""
    said = (
        [(locale, text.title, text.description) for locale, text in sorted(product.texts.items())],
        product.brand,
        product.category,
        sorted(product.attributes),
    )
    return int.from_bytes(hashlib.blake2b(orjson.dumps(said), digest_size=8).digest(), "big")


def _known(parent: Path | None, encoder: Encoder) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
    """A parent's digests and vectors; none where it was encoded otherwise or cannot be read."""
    nothing = np.empty(0, np.uint64), np.empty((0, encoder.dimension), np.float32)
    if parent is None:
        return nothing
    try:
        about = orjson.loads((parent / "understanding.json").read_bytes())
        if about["encoder_id"] != encoder.encoder_id:
            return nothing
        vectors = np.load(parent / VECTORS, mmap_mode="r")
        digests = np.load(parent / DIGESTS)
    except (OSError, ValueError, KeyError, EOFError):
        return nothing
    if vectors.shape != (len(digests), encoder.dimension):
        return nothing
    return digests, vectors
