"""Write what understanding needs of one catalogue."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from data.product import Product
from data.shop import ShopConfig
from data.storage import storage_errors
from graph.snapshot import Snapshot
from understanding.encoders.check import LEAST_AUC, masked_word_auc
from understanding.encoders.cooccurrence import CooccurrenceEncoder
from understanding.encoders.encoder import Encoder
from understanding.encoders.loading import load_encoder
from understanding.kinds import build_kinds
from understanding.lexicon import build_lexicon
from understanding.load import load_understanding
from understanding.neighbours import build_neighbours
from understanding.pipeline import Understander
from understanding.quantities import build_quantities
from understanding.vectors import build_vectors
from understanding.voters import VOTERS


def build_understanding(
    folder: Path,
    products: Sequence[Product],
    snapshot: Snapshot,
    config: ShopConfig,
    query_counts: Mapping[str, int],
    encoder_folder: Path | None = None,
    parent: Path | None = None,
) -> Understander:
    """Count, fit and index, write it all to `folder`, and load it from there.

    Args:
        folder: Made when missing.
        products: The catalogue in row order.
        snapshot: Of the graph of the same catalogue.
        config: `encoder` "off" writes no vectors, "auto" only when `masked_word_auc` says that they know something.
        query_counts: Searches with how often each was sent; may be empty.
        encoder_folder: A trained encoder, which takes the place of the one that is fitted here; that one still votes
            on intents.
        parent: The same folder of the release before: vectors of products that say the same are taken from there.

    Raises:
        ReleaseDamaged: The trained encoder cannot be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = [(label.norm, label.language) for o in range(len(snapshot)) for label in snapshot.labels(o)]
    build_lexicon(products, labels, query_counts, config.locales).save(folder / "lexicon")
    build_kinds(snapshot, len(products)).save(folder / "kinds")
    build_quantities(products).save(folder / "quantities")
    own, reason = _own_encoder(products, config)
    encoder: Encoder | None = own
    if encoder_folder is not None and config.encoder != "off":
        encoder, reason = _trained_encoder(folder / "encoder", encoder_folder), "trained before the build"
        if own is not None:
            (folder / VOTERS).mkdir()
            own.save(folder / VOTERS / "encoder")
            build_neighbours(folder / VOTERS, own.encode_products(products))
    elif own is not None:
        own.save(folder / "encoder")
    (folder / "understanding.json").write_bytes(
        orjson.dumps({"encoder_id": None if encoder is None else encoder.encoder_id, "reason": reason})
    )
    if encoder is not None:
        build_neighbours(folder, build_vectors(folder, encoder, products, parent))
    return load_understanding(folder, snapshot, config)


def _trained_encoder(folder: Path, trained: Path) -> Encoder:
    """A copy of it in `folder`."""
    load_encoder(trained)  # what is damaged is told by the name that the caller knows
    with storage_errors("copying the encoder", folder):
        shutil.copytree(trained, folder)
    return load_encoder(folder)


def _own_encoder(products: Sequence[Product], config: ShopConfig) -> tuple[CooccurrenceEncoder | None, str]:
    """What the shop's own texts teach, or nothing; and why."""
    if config.encoder == "off":
        return None, "switched off in the shop's configuration"
    if config.encoder == "auto":
        area = masked_word_auc(products, config.locales)
        if area is None:
            return None, "the catalogue is too small to learn from"
        if area < LEAST_AUC:
            return None, f"masked words are found with an area of {area:.3f}, below {LEAST_AUC}"
        reason = f"masked words are found with an area of {area:.3f}"
    else:
        reason = "asked for in the shop's configuration"
    return CooccurrenceEncoder.fit(products, config.locales), reason
