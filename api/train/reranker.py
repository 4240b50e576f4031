"""LambdaMART for products: candidates with ratings in, trees and their share in the final score out.

A fifth of the queries says how many trees and which share; then the trees are grown again on all. One query's nDCG
jumps by a tenth when two titles swap, so that the best single round is luck: the figures are smoothed first.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.assembly import load_shop_release
from api.evaluate.pair_features import Examples, pair_examples
from api.evaluate.pairs import Pair, qrels_of
from api.evaluate.rerank import fuse, score_vectors, score_words
from api.train.shop_examples import ShopExamples, join
from data.errors import InputError
from data.judgment import read_judgments
from data.release import only_shop, open_release
from data.shop import SearchConfig
from data.storage import storage_errors
from retrieval.ranking.features import FEATURES, MONOTONE
from retrieval.ranking.reranker import FORMAT, MANIFEST, TREES, mix, squash

HELD_OUT = 5
FEWEST_QUERIES = 20
MOST_ROUNDS = 500
# Rounds between two looks at the held-out queries, and looks that are averaged.
STEP = 20
SMOOTHED = 5
MIXTURES = (0.2, 0.4, 0.6, 0.8, 1.0)
DEPTH = 10

# Judged pairs are near misses of one query; a search's candidates are everything, and its fusion knows graph and texts
# that a pair does not show. Trained on Home Depot, Icecat's 80 queries: share .1 nDCG@10 +.002, judged only +.004; .3
# -.009 and +.005; 1 -.083 and -.002.
PAIRS_IN_SEARCH = 0.1
_DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))

PARAMETERS = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": DEPTH,
    "learning_rate": 0.03,
    "num_leaves": 15,
    # Home Depot, 5 folds, 300 rounds: 15 leaves .9001, 31 .8994.
    "min_data_in_leaf": 200,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
    "monotone_constraints": list(MONOTONE),
}
# A leaf of a small training set holds at most this share of its rows.
_LARGEST_LEAF = 0.01
# LightGBM wants whole labels, and a list of what each is worth: tenths of a rating up to 4.
_STEPS = 10
_BEST_RATING = 4


def train_on_pairs(pairs: list[Pair], out: Path, locale: str = "en", seed: int = 0) -> dict[str, Any]:
    """A reranker from judged titles, written to `out`: it knows titles, and neither a shop nor its words.

    Raises:
        InputError: There are too few judged queries.
    """
    qrels = qrels_of(pairs)
    titles = list(dict.fromkeys(pair.title for pair in pairs))
    vectors = score_vectors(qrels, titles, locale)
    fused = fuse(score_words(qrels, titles, locale), vectors, SearchConfig())
    examples = pair_examples(qrels, titles, locale, vectors, fused)
    return train_on_examples(examples, out, seed, {"source": "pairs"}, PAIRS_IN_SEARCH)


def train_reranker(
    releases: str,
    mined: Path | None,
    out: Path,
    shop: str | None = None,
    until_ms: int | None = None,
    judgments: Path | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """A reranker for a shop, written to `out`: from its log, or from judgments.

    Args:
        releases: Folder or URL; the current release gives the candidates.
        mined: Folder of `intentrie mine`; with judgments it only gives the counters.
        out: Made if it is not there.
        shop: The only one when not given.
        until_ms: Nothing that was logged from the day of this moment on is read.
        judgments: Rated results, in place of what the log shows.
        seed: Draws the queries that are held out.

    Raises:
        InputError: There is too little to learn from, or a file cannot be read.
        ReleaseError: The release cannot be used.
    """
    if mined is None and judgments is None:
        raise InputError("expected a folder of `intentrie mine` (--mined) or a file of --judgments, got neither")
    release = open_release(releases, shop or only_shop(releases))
    shop_examples = ShopExamples(load_shop_release(release))
    if judgments is not None:
        popularity = None if mined is None else shop_examples.popularity(mined, until_ms)
        examples = shop_examples.examples(shop_examples.judged(read_judgments(judgments)), popularity)
    elif mined is not None:
        examples = join([shop_examples.examples(*window) for window in shop_examples.logged(mined, until_ms)])
    source = "log" if judgments is None else "judgments"
    return train_on_examples(examples, out, seed, {"source": source, "release": release.manifest.id})


def train_on_examples(
    examples: Examples, out: Path, seed: int, about: dict[str, Any], most_in_search: float = 1.0
) -> dict[str, Any]:
    """Choose the number of trees and the mixture, grow the trees on all queries, write the model.

    Args:
        examples: Of at least `FEWEST_QUERIES` queries.
        out: See `write_model`.
        seed: Draws the queries that are held out.
        about: Stands in the model.
        most_in_search: Share of the trees that a search's score may have at most.

    Returns:
        `about`, how many queries and rows, rounds, mixture, and nDCG@10 on the held-out fifth: of the fusion, of the
        trees, and of both.

    Raises:
        InputError: There are too few queries.
    """
    count = len(examples.sizes)
    if count < FEWEST_QUERIES:
        raise InputError(f"expected at least {FEWEST_QUERIES} queries with ratings to learn from, got {count}")
    late = np.random.default_rng(seed).permutation(count) % HELD_OUT == 0
    kept = examples.of(late)
    trial = grow(examples.of(~late), MOST_ROUNDS, seed)
    looks = range(STEP, MOST_ROUNDS + 1, STEP)
    seen = [np.asarray(trial.predict(kept.rows, num_iteration=rounds, raw_score=True)) for rounds in looks]
    # A mixture is judged at every look: the trees' scores spread as they grow.
    figures = np.array([[ndcg(kept, mix(kept.fused, squash(raw), share)) for share in MIXTURES] for raw in seen])
    smooth = np.stack(
        [figures[max(0, at - SMOOTHED // 2) : at + SMOOTHED // 2 + 1].mean(axis=0) for at in range(len(seen))]
    )
    at, chosen = np.unravel_index(int(smooth.argmax()), smooth.shape)
    rounds, mixture = looks[int(at)], MIXTURES[int(chosen)]
    booster = grow(examples, rounds, seed)
    gains = booster.feature_importance("gain")
    order = np.argsort(-gains, kind="stable").tolist()
    result = {
        **about,
        "queries": count,
        "rows": len(examples.rows),
        "held_out_queries": int(late.sum()),
        "rounds": rounds,
        "mixture": mixture,
        "fused_ndcg@10": round(ndcg(kept, kept.fused), 4),
        "trees_ndcg@10": round(float(figures[at, -1]), 4),
        "ndcg@10": round(float(figures[at, chosen]), 4),
        "gain_shares": {FEATURES[each]: round(float(gains[each] / gains.sum()), 4) for each in order if gains[each]},
    }
    write_model(out, booster.model_to_string(), mixture, min(mixture, most_in_search), result)
    return result


def grow(examples: Examples, rounds: int, seed: int) -> Any:
    """Trees for some examples, a LightGBM booster."""
    import lightgbm

    leaf = min(PARAMETERS["min_data_in_leaf"], max(5, int(len(examples.rows) * _LARGEST_LEAF)))  # type: ignore[call-overload]
    dataset = lightgbm.Dataset(
        examples.rows, labels_of(examples.ratings), group=examples.sizes, feature_name=list(FEATURES)
    )
    parameters = {**PARAMETERS, "min_data_in_leaf": leaf, "seed": seed, "label_gain": label_gains()}
    return lightgbm.train(parameters, dataset, rounds)


def labels_of(ratings: NDArray[np.float64]) -> NDArray[np.int32]:
    """Ratings as LightGBM's whole labels."""
    labels: NDArray[np.int32] = np.rint(_STEPS * np.clip(ratings, 0, _BEST_RATING)).astype(np.int32)
    return labels


def label_gains() -> list[float]:
    """The gain of each label: 2^rating - 1."""
    return [2 ** (step / _STEPS) - 1 for step in range(_BEST_RATING * _STEPS + 1)]


def ndcg(examples: Examples, scores: NDArray[np.floating[Any]]) -> float:
    """Mean nDCG@10 over the queries."""
    values = [ndcg_of(examples.ratings[begin:end], scores[begin:end]) for begin, end in examples.spans]
    return float(np.mean(values)) if values else 0.0


def ndcg_of(ratings: NDArray[np.float64], scores: NDArray[np.floating[Any]]) -> float:
    """Of one query's candidates; ties as they came, 0 where no rating is above 0."""
    gains = 2**ratings - 1
    ideal = np.sort(gains)[::-1][:DEPTH]
    best = float(ideal @ _DISCOUNTS[: len(ideal)])
    if best <= 0:
        return 0.0
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return float(gains[order] @ _DISCOUNTS[: len(order)]) / best


def write_model(out: Path, text: str, mixture: float, in_search: float, trained: dict[str, Any]) -> None:
    """What `Reranker.load` reads."""
    raw = text.encode()
    manifest = {
        "kind": "lambdamart",
        "format": FORMAT,
        "features": FEATURES,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "mixture": mixture,
        "in_search": in_search,
        "trained": trained,
    }
    with storage_errors("writing the reranker", out):
        out.mkdir(parents=True, exist_ok=True)
        (out / TREES).write_bytes(raw)
        (out / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
