"""Write what understanding needs of one catalogue."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import orjson

from data.product import Product
from data.shop import ShopConfig
from graph.snapshot import Snapshot
from understanding.encoders.check import LEAST_AUC, masked_word_auc
from understanding.encoders.cooccurrence import CooccurrenceEncoder
from understanding.kinds import build_kinds
from understanding.lexicon import build_lexicon
from understanding.load import load_understanding
from understanding.neighbours import build_neighbours
from understanding.pipeline import Understander
from understanding.quantities import build_quantities


def build_understanding(
    folder: Path,
    products: Sequence[Product],
    snapshot: Snapshot,
    config: ShopConfig,
    query_counts: Mapping[str, int],
) -> Understander:
    """Count, fit and index, write it all to `folder`, and load it from there.

    Args:
        folder: Made when missing.
        products: The catalogue in row order.
        snapshot: Of the graph of the same catalogue.
        config: `encoder` "off" writes no vectors, "auto" only when `masked_word_auc` says that they know something.
        query_counts: Searches with how often each was sent; may be empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = [(label.norm, label.language) for o in range(len(snapshot)) for label in snapshot.labels(o)]
    build_lexicon(products, labels, query_counts, config.locales).save(folder / "lexicon")
    build_kinds(snapshot, len(products)).save(folder / "kinds")
    build_quantities(products).save(folder / "quantities")
    encoder, reason = _encoder(products, config)
    (folder / "understanding.json").write_bytes(
        orjson.dumps({"encoder_id": None if encoder is None else encoder.encoder_id, "reason": reason})
    )
    if encoder is not None:
        encoder.save(folder / "encoder")
        vectors = encoder.encode_products(products)
        np.save(folder / "vectors.npy", vectors)
        build_neighbours(folder, vectors)
    return load_understanding(folder, snapshot, config)


def _encoder(products: Sequence[Product], config: ShopConfig) -> tuple[CooccurrenceEncoder | None, str]:
    """The fitted encoder, or none, and why."""
    if config.encoder == "off":
        return None, "switched off in the shop's configuration"
    if config.encoder == "auto":
        area = masked_word_auc(products, config.locales)
        if area is None:
            return None, "the catalogue is too small to learn from"
        if area < LEAST_AUC:
            return None, f"masked words are found with an area of {area:.3f}, below {LEAST_AUC}"
        return CooccurrenceEncoder.fit(products, config.locales), f"masked words are found with an area of {area:.3f}"
    return CooccurrenceEncoder.fit(products, config.locales), "asked for in the shop's configuration"
