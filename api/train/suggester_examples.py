"""Examples for the suggester: the candidates of a keystroke's prefix as they would have been found that day.

**Position bias.** Where a suggestion was picked, its group counts with the inverse of the probability that the place is
looked at: what is picked from far below would have been picked more often from above (inverse propensity scoring,
Joachims, Swaminathan, Schnabel: WSDM 2017), at most `MOST_WEIGHT` times. Typed searches count once: nobody had to see
them.

**Time.** Every feature is as of the day of its keystroke.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from api.train.keystrokes import Typing
from autocomplete.candidates import window_of
from autocomplete.completer import TrieCompleter
from autocomplete.log.history import History, day_of
from autocomplete.log.prefix_log import PLACES, PrefixLog
from autocomplete.matching.match import Match, MatchKind
from autocomplete.matching.typed import parse_prefix
from autocomplete.ranking.columns import columns_as_of
from autocomplete.ranking.features import (
    FEATURES,
    LEAST_EXPECTED,
    Catalogue,
    RankColumns,
    Rows,
    add_session,
    rank_features,
)
from autocomplete.ranking.session import Session

# A group from a place that hardly anybody looks at may count as this many.
MOST_WEIGHT = 5.0
# A release answers for days after its log's last: keystrokes see their columns up to this many days old, less one. A
# model that has only seen yesterday's trusts last week's rise too long: on ten later days 1.09 times the most popular's
# MRR@10 against 1.10 (10 days) and 1.11 (5 days).
STALE_DAYS = 7
# And most sessions that come are new, or come to another worker: this share of the others is taken for new. Measured
# without sessions: 1.10 times the most popular's MRR@10 at .3, 1.11 at .5; with them .639 at both.
FORGOTTEN = 0.5

_PEOPLE, _EXPECTED, _WEIGHT = (FEATURES.index(name) for name in ("people", "expected", "weight"))
# `expected` of what no parts let expect.
_UNEXPECTED = math.log(LEAST_EXPECTED) + 1e-6


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
            rows = rank_features(columns, ids, kinds, slips, parse_prefix(each.prefix), columns.clock.at(each.at_ms))
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
        # What was typed in whole is always there.
        whole = self._completer.whole(prefix)
        first += [place for place in left if found[place].completion == whole and place not in first]
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
