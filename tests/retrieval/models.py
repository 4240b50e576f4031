"""Small rerankers for tests: trees grown on random rows, so that they order by anything at all."""

import tempfile
from pathlib import Path

import numpy as np

from api.evaluate.pair_features import join_examples
from api.train.reranker import grow, write_model
from retrieval.ranking.features import FEATURES


def random_model(seed: int = 0, mixture: float = 1.0) -> Path:
    """The folder of a model that was trained on nothing sensible."""
    chance = np.random.default_rng(seed)
    rows = chance.random((400, len(FEATURES))).astype(np.float32)
    rows[:, FEATURES.index("clicks_7")] = np.nan
    ratings = np.rint(2 * rows[:, FEATURES.index("title_asked")] + rows[:, FEATURES.index("price")])
    examples = join_examples(
        [str(n) for n in range(40)], np.split(rows, 40), np.split(ratings, 40), [np.zeros(10)] * 40
    )
    folder = Path(tempfile.mkdtemp()) / "reranker"
    write_model(folder, grow(examples, 20, seed).model_to_string(), mixture, mixture, {})
    return folder
