"""LambdaMART for suggestions, trained on what people typed and what they searched for in the end.

**Examples.** One group is one keystroke whose search is known: the engine's candidates for its prefix, label 1 for the
completion that was searched for. They are the logged keystrokes, and the *synthetic* ones: every prefix of every logged
search that was not logged itself, because nothing was suggested yet, or because somebody picked early. Without those a
model never sees a completion that no list has shown, and learns from the hard ones among prefixes only.

**Time.** The last tenth of the days stops the training; the first days have no history to learn from and only give it.
"""

import hashlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.assembly import load_shop_release
from api.train.keystrokes import Sessions, sample, typings_of
from api.train.suggester_examples import Groups, examples, joined
from autocomplete.load import COLUMNS
from autocomplete.log.local_time import LocalClock
from autocomplete.log.mined import MinedLog
from autocomplete.ranking.columns import load_catalogue, load_parts
from autocomplete.ranking.features import FEATURES
from autocomplete.ranking.ranker import FORMAT, MANIFEST, TREES
from data.errors import InputError, ReleaseDamaged
from data.release import only_shop, open_release
from data.storage import storage_errors

# Groups that are learned from, of all locales; 23,000 take half a minute on the laboratory.
MOST_GROUPS = 40_000
# Shares of the days, from the end, that stop the training.
HELD_OUT = 10
MOST_ROUNDS = 400
PATIENCE = 30

PARAMETERS = {
    "objective": "lambdarank",
    "metric": "ndcg",
    "eval_at": [10],
    "lambdarank_truncation_level": 10,
    "learning_rate": 0.05,
    # A table of some dozen thousand groups: larger trees learn its prefixes by heart (31 leaves at .08: a tenth of the
    # gain over weight lost on later days).
    "num_leaves": 15,
    "min_data_in_leaf": 150,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
    # More people who wanted it after this prefix never count against a completion, more who skipped it never for it.
    "monotone_constraints": [{"wanted": 1, "skip_rate": -1}.get(name, 0) for name in FEATURES],
}


def train_suggester(
    releases: str, mined: Path, out: Path, shop: str | None = None, until_ms: int | None = None, seed: int = 0
) -> dict[str, Any]:
    """Train on a shop's log against its current release, and write the model into `out`.

    Args:
        releases: Folder or URL; the release gives completions, candidates and the categories of products.
        mined: Folder that `intentrie mine` wrote.
        out: Made if it is not there; gets `suggester.json` and `trees.txt`.
        shop: The only one when not given.
        until_ms: What was logged from then on is not read.
        seed: Draws the keystrokes that are learned from, where there are more than enough.

    Returns:
        What went in, what came out, and MRR@10 on the held-out days beside the weight's.

    Raises:
        InputError: There is too little to learn from, or a file cannot be read.
        ReleaseError: The release cannot be used.
    """
    release = open_release(releases, shop or only_shop(releases))
    held = load_shop_release(release)
    completer = held.completions
    clock = LocalClock(held.config.time_zone)
    logs = {
        locale: MinedLog(mined, each.completions, locale, until_ms, clock)
        for locale, each in completer.by_locale.items()
    }
    typed = {locale: typings_of(log, completer.by_locale[locale]) for locale, log in logs.items()}
    total = sum(map(len, typed.values()))
    parts = []
    for number, (locale, log) in enumerate(logs.items()):
        folder = release.path / "autocomplete" / locale / COLUMNS
        if not folder.exists():
            raise ReleaseDamaged(f"{folder}: expected the completions' priors and categories; build the release again")
        # Each locale's share is that of its keystrokes.
        typings = sample(typed[locale], MOST_GROUPS * len(typed[locale]) // max(1, total), seed)
        sessions = Sessions(log.searches(), held)
        parts.append(
            examples(
                completer.by_locale[locale],
                load_catalogue(folder),
                log.history(load_parts(folder)),
                log.prefix_log(),
                typings,
                sessions.before,
                held.config.suggest.limit,
                number,
                random.Random(seed),
                held.config.suggest.minimum_people,
            )
        )
    groups = joined(parts)
    text, result = fit(groups, seed)
    write_model(out, text, result | {"release": release.manifest.id})
    return result | {"release": release.manifest.id}


def fit(groups: Groups, seed: int) -> tuple[str, dict[str, Any]]:
    """The model's text, and how it did on the last tenth of the days.

    Raises:
        InputError: There are no examples before, or on, those days.
    """
    import lightgbm

    days = np.unique(groups.days)
    cut = days[-max(1, len(days) // HELD_OUT)] if len(days) else 0
    late = groups.days >= cut
    if late.all():
        raise InputError(
            f"expected keystrokes or searches of completions on several days after the first, got {len(days)} days "
            f"with {len(groups.sizes)} of them; log more before training a suggester"
        )
    of_row = np.repeat(late, groups.sizes)
    early_set = lightgbm.Dataset(
        groups.rows[~of_row],
        groups.labels[~of_row],
        group=groups.sizes[~late],
        weight=np.repeat(groups.weights, groups.sizes)[~of_row],
        feature_name=list(FEATURES),
    )
    late_set = lightgbm.Dataset(
        groups.rows[of_row],
        groups.labels[of_row],
        group=groups.sizes[late],
        weight=np.repeat(groups.weights, groups.sizes)[of_row],
        reference=early_set,
    )
    booster = lightgbm.train(
        {**PARAMETERS, "seed": seed},
        early_set,
        MOST_ROUNDS,
        valid_sets=[late_set],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    rounds = int(booster.best_iteration)
    rows, labels, sizes = groups.rows[of_row], groups.labels[of_row], groups.sizes[late]
    scores = np.asarray(booster.predict(rows, num_iteration=rounds, num_threads=1), np.float64)
    model = reciprocal_ranks(scores, labels, sizes)
    weight = reciprocal_ranks(rows[:, FEATURES.index("weight")], labels, sizes)
    gains = booster.feature_importance("gain", rounds)
    order = np.argsort(-gains, kind="stable")
    result = {
        "groups": int((~late).sum()),
        "held_out_groups": int(late.sum()),
        "held_out_from": str(np.datetime64(int(cut), "D")),
        "rounds": rounds,
        "mrr@10": round(float(model.mean()), 4),
        "by_weight_mrr@10": round(float(weight.mean()), 4),
        "gain_shares": {FEATURES[each]: round(float(gains[each] / gains.sum()), 4) for each in order[:12].tolist()},
    }
    return booster.model_to_string(num_iteration=rounds), result


def reciprocal_ranks(
    scores: NDArray[np.floating[Any]], labels: NDArray[np.int8], sizes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Of what was wanted in each group, its rows sorted by score (ties as they came); 0 from the eleventh on."""
    found = np.zeros(len(sizes))
    start = 0
    for place, size in enumerate(sizes.tolist()):
        order = np.argsort(-scores[start : start + size], kind="stable")
        rank = 1 + int(np.flatnonzero(labels[start : start + size][order])[0])
        found[place] = 1 / rank if rank <= 10 else 0.0
        start += size
    return found


def write_model(out: Path, text: str, trained: dict[str, Any]) -> None:
    """What `SuggestionRanker.load` reads."""
    raw = text.encode()
    manifest = {
        "kind": "lambdamart",
        "format": FORMAT,
        "features": FEATURES,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "trained": trained,
    }
    with storage_errors("writing the suggestion model", out):
        out.mkdir(parents=True, exist_ok=True)
        (out / TREES).write_bytes(raw)
        (out / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
