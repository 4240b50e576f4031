"""Map what `build_understanding` wrote."""

from pathlib import Path

import numpy as np
import orjson

from data.shop import ShopConfig
from graph.snapshot import Snapshot
from understanding.encoders.loading import load_encoder
from understanding.kinds import load_kinds
from understanding.lexicon import load_lexicon
from understanding.neighbours import load_neighbours
from understanding.pipeline import Understander
from understanding.quantities import load_quantities
from understanding.voters import VOTERS, load_voters


def load_understanding(folder: Path, snapshot: Snapshot, config: ShopConfig) -> Understander:
    """The understander of one release; its files stay mapped, and are shared by the workers of a machine."""
    lexicon = load_lexicon(folder / "lexicon")
    quantities = load_quantities(folder / "quantities")
    kinds = load_kinds(folder / "kinds")
    about = orjson.loads((folder / "understanding.json").read_bytes())
    if about["encoder_id"] is None:
        return Understander(snapshot, lexicon, quantities, kinds, config)
    encoder = load_encoder(folder / "encoder")
    vectors = np.asarray(np.load(folder / "vectors.npy", mmap_mode="r"))
    voters = load_voters(folder / VOTERS) if (folder / VOTERS).is_dir() else None
    return Understander(snapshot, lexicon, quantities, kinds, config, encoder, vectors, load_neighbours(folder), voters)
