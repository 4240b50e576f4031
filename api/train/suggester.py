"""LambdaMART for suggestions, trained on what people typed and what they searched for in the end.

**Examples.** One group is one keystroke whose search is known: the engine's candidates for its prefix, label 1 for the
completion that was searched for. They are the logged keystrokes, and the *synthetic* ones: every prefix of every logged
search that was not logged itself, because nothing was suggested yet, or because somebody picked early. Without those a
model never sees a completion that no list has shown, and learns from the hard ones among prefixes only.

**Position bias.** Where a suggestion was picked, its group counts with the inverse of the probability that the place is
looked at: what is picked from far below would have been picked more often from above (inverse propensity scoring,
Joachims, Swaminathan, Schnabel: WSDM 2017), at most `MOST_WEIGHT` times. Typed searches count once: nobody had to see
them.

**Time.** Every feature is as of the day of its keystroke. The last tenth of the days stops the training; the first days
have no history to learn from and only give it.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.assembly import ShopRelease, load_shop_release
from autocomplete.completer import TrieCompleter, window_of
from autocomplete.load import COLUMNS
from autocomplete.log.history import History, day_of, month_of
from autocomplete.log.mined import MinedLog, Search
from autocomplete.log.prefix_log import PLACES, PrefixLog
from autocomplete.matching.match import Match, MatchKind
from autocomplete.matching.typed import parse_prefix
from autocomplete.ranking.columns import columns_as_of, load_catalogue, load_parts
from autocomplete.ranking.features import (
    FEATURES,
    LEAST_EXPECTED,
    Catalogue,
    RankColumns,
    Rows,
    add_session,
    rank_features,
)
from autocomplete.ranking.ranker import FORMAT, MANIFEST, TREES
from autocomplete.ranking.session import NOBODY, Session
from data.errors import InputError, ReleaseDamaged
from data.release import only_shop, open_release
from data.storage import storage_errors

# Groups that are learned from, of all locales; 23,000 take half a minute on the laboratory.
MOST_GROUPS = 40_000
# A group from a place that hardly anybody looks at may count as this many.
MOST_WEIGHT = 5.0
# Days at the beginning that give history and no examples; at most a fifth of the log.
WARM_UP_DAYS = 7
# Shares of the days, from the end, that stop the training.
HELD_OUT = 10
# A release answers for days after its log's last: keystrokes see their columns up to this many days old, less one. A
# model that has only seen yesterday's trusts last week's rise too long: on ten later days 1.09 times the most popular's
# MRR@10 against 1.10 (10 days) and 1.11 (5 days).
STALE_DAYS = 7
# And most sessions that come are new, or come to another worker: this share of the others is taken for new. Measured
# without sessions: 1.10 times the most popular's MRR@10 at .3, 1.11 at .5; with them .639 at both.
FORGOTTEN = 0.5
MOST_ROUNDS = 400
PATIENCE = 30

_PEOPLE, _EXPECTED, _WEIGHT = (FEATURES.index(name) for name in ("people", "expected", "weight"))
# `expected` of what no parts let expect.
_UNEXPECTED = math.log(LEAST_EXPECTED) + 1e-6

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


@dataclass(frozen=True, slots=True)
class Typing:
    """One keystroke whose search is known.

    Attributes:
        prefix: As typed.
        wanted: Id of the completion that was searched for.
        place: Of the list, from 0, where it was picked; -1 when it was typed on.
    """

    at_ms: int
    session: str
    prefix: str
    wanted: int
    place: int = -1


@dataclass(frozen=True, slots=True)
class Groups:
    """Examples, group after group in time.

    Attributes:
        rows: (rows, FEATURES).
        labels: (rows,) 1 for what was wanted.
        sizes: (groups,) rows of each.
        weights: (groups,) how often each counts.
        days: (groups,) of each keystroke.
    """

    rows: Rows
    labels: NDArray[np.int8]
    sizes: NDArray[np.int64]
    weights: NDArray[np.float64]
    days: NDArray[np.int64]


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
    logs = {locale: MinedLog(mined, each.completions, locale, until_ms) for locale, each in completer.by_locale.items()}
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


def typings_of(log: MinedLog, completer: TrieCompleter) -> list[Typing]:
    """The logged keystrokes, and the synthetic ones of the logged searches."""
    found, logged = [], set[tuple[str, int, str]]()
    for each in log.keystrokes():
        wanted = log.id(each.wanted)
        if wanted >= 0:
            found.append(Typing(each.at_ms, each.session, each.prefix, wanted, each.picked))
            logged.add((each.session, wanted, _key(each.prefix)))
    for search in log.searches():
        wanted = log.id(search.query)
        if wanted < 0:
            continue
        text = completer.completions.text(wanted)
        for size in range(len(text)):
            if (search.session, wanted, _key(text[:size])) not in logged:
                found.append(Typing(search.at_ms, search.session, text[:size], wanted))
    return found


def _key(prefix: str) -> str:
    typed = parse_prefix(prefix)
    return "" if typed is None else typed.key


def sample(typings: Sequence[Typing], most: int, seed: int) -> list[Typing]:
    """At most so many after the warm-up, drawn evenly, in time."""
    if not typings:
        return []
    days = sorted({day_of(each.at_ms) for each in typings})
    first = days[min(WARM_UP_DAYS, len(days) // 5)]
    late = sorted(
        (each for each in typings if day_of(each.at_ms) >= first),
        key=lambda each: (each.at_ms, each.session, each.prefix, each.wanted),
    )
    # Half again as many, because of some the candidates will not hold what was wanted.
    drawn = random.Random(seed).sample(range(len(late)), min(len(late), most * 3 // 2))
    return [late[place] for place in sorted(drawn)]


class Sessions:
    """What sessions had done by any moment."""

    def __init__(self, searches: Iterable[Search], release: ShopRelease) -> None:
        self._by_name: dict[str, list[Search]] = {}
        self._release = release
        for search in searches:
            if search.session:
                self._by_name.setdefault(search.session, []).append(search)

    def before(self, name: str, at_ms: int) -> Session:
        """Its searches before then, with the categories of what they led to."""
        session = NOBODY
        for search in self._by_name.get(name, ()):
            if search.at_ms >= at_ms:
                break
            session = session.at(search.at_ms).searched(search.query, search.at_ms)
            for product_id in search.clicked:
                product = self._release.engine.product(product_id)
                if product is not None:
                    session = session.looked_at(" > ".join(product.category), search.at_ms)
        return session.at(at_ms)


def examples(
    completer: TrieCompleter,
    catalogue: Catalogue,
    history: History,
    prefixes: PrefixLog,
    typings: Iterable[Typing],
    session_before: Callable[[str, int], Session],
    limit: int,
    locale: int,
    chance: random.Random | None = None,
    minimum_people: int = 1,
) -> Groups:
    """Feature rows of every keystroke whose candidates hold what was wanted, as of its day.

    With a `chance`, as of one of the `STALE_DAYS` days before, and for some as if their session had done nothing.
    """
    alive = Alive(completer, catalogue, minimum_people)
    aged = [(day_of(each.at_ms) - (chance.randrange(STALE_DAYS) if chance else 0), each) for each in typings]
    aged.sort(key=lambda pair: pair[0])
    index = completer.completions
    blocks, labels, sizes, weights, days = [], [], [], [], []
    for as_of, held in groupby(aged, key=lambda pair: pair[0]):
        columns = columns_as_of(index, catalogue, history, prefixes, as_of, locale)
        seen = prefixes.examination(as_of)
        for _, each in held:
            day = day_of(each.at_ms)
            found = alive.candidates(each.prefix, limit, columns)
            ids = [match.completion for match in found]
            if len(ids) < 2 or each.wanted not in ids:
                continue
            kinds, slips = [match.kind for match in found], [match.slip for match in found]
            rows = rank_features(columns, ids, kinds, slips, parse_prefix(each.prefix), month_of(day))
            session = session_before(each.session, each.at_ms)
            if session and not (chance and chance.random() < FORGOTTEN):
                rows = add_session(rows, index, columns, ids, session, each.at_ms)
            blocks.append(rows)
            labels.append(np.asarray(ids) == each.wanted)
            sizes.append(len(ids))
            weights.append(1.0 if each.place < 0 else min(MOST_WEIGHT, 1.0 / seen[min(each.place, PLACES - 1)]))
            days.append(day)
    return Groups(
        np.concatenate([np.zeros((0, len(FEATURES)), np.float32), *blocks]),
        np.concatenate([np.zeros(0, np.bool_), *labels]).astype(np.int8),
        np.array(sizes, np.int64),
        np.array(weights),
        np.array(days, np.int64),
    )


# What is looked for where prefix matches are too few, as `exact_matches` does.
_BEHIND = ({MatchKind.REORDERED}, {MatchKind.INFIX, MatchKind.WORDS})


class Alive:
    """What a release of an earlier day would have found.

    The release that is trained against knows the whole log: it holds what was rare that day, and puts what became
    popular first. A model that saw its candidates would learn that what was wanted is there.
    """

    def __init__(self, completer: TrieCompleter, catalogue: Catalogue, minimum_people: int) -> None:
        self._completer = completer
        self._priors = catalogue.priors
        self._minimum_people = minimum_people

    def candidates(self, prefix: str, limit: int, columns: RankColumns) -> list[Match]:
        """As many as are found for `limit`, by what the columns say of their weight that day."""
        window = window_of(limit)
        found = self._completer.candidates(prefix, window)
        ids = np.array([match.completion for match in found], np.int64)
        standing = columns.standing[ids]
        known = (
            (standing[:, _PEOPLE] >= np.log1p(self._minimum_people) - 1e-6)
            | (self._priors[ids] > 0)
            | (standing[:, _EXPECTED] > _UNEXPECTED)
        )
        left = [place for place in np.argsort(-standing[:, _WEIGHT], kind="stable").tolist() if known[place]]
        first = [place for place in left if found[place].kind <= MatchKind.PREFIX][:window]
        for kinds in _BEHIND:
            if len(first) < limit:
                more = [place for place in left if found[place].kind in kinds][:window]
                first += sorted(more, key=lambda place: found[place].kind)
        return [found[place] for place in first]


def joined(parts: Sequence[Groups]) -> Groups:
    """The locales' examples one after the other."""
    return Groups(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.days for part in parts]),
    )


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
