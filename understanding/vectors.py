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
    known = _known(parent, encoder)
    missing = [row for row, key in enumerate(digests.tolist()) if key not in known]
    for row, key in enumerate(digests.tolist()):
        if key in known:
            vectors[row] = known[key]
    if missing:
        vectors[missing] = encoder.encode_products([products[row] for row in missing])
    np.save(folder / VECTORS, vectors)
    np.save(folder / DIGESTS, digests)
    return vectors


def digest(product: Product) -> int:
    """Of everything that an encoder may read of a product: 8 bytes, two in a million alike once in 10^7."""
    said = (
        [(locale, text.title, text.description) for locale, text in sorted(product.texts.items())],
        product.brand,
        product.category,
        sorted(product.attributes),
    )
    return int.from_bytes(hashlib.blake2b(orjson.dumps(said), digest_size=8).digest(), "big")


def _known(parent: Path | None, encoder: Encoder) -> dict[int, NDArray[np.float32]]:
    """Vectors by digest, where the parent was encoded alike; a parent that cannot be read teaches nothing."""
    if parent is None:
        return {}
    try:
        about = orjson.loads((parent / "understanding.json").read_bytes())
        if about["encoder_id"] != encoder.encoder_id:
            return {}
        vectors = np.load(parent / VECTORS, mmap_mode="r")
        return dict(zip(np.load(parent / DIGESTS).tolist(), vectors, strict=True))
    except (OSError, ValueError, KeyError):
        return {}
