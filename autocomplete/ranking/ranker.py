"""Learned order: LambdaMART over the features of `features.py`.

The ranker orders candidates that `completer.py` found, within a tier; it adds none and takes none away, and nothing
crosses from one tier to another.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from autocomplete.context import Context
from autocomplete.log.local_time import LocalTime
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.match import Match, Ranked
from autocomplete.matching.typed import Ending, Typed
from autocomplete.ranking.features import FEATURES, RankColumns, Rows, add_session, rank_features
from data.model_manifest import read_model_manifest
from data.trees import BoostedTrees

FORMAT = 1
MANIFEST = "suggester.json"
TREES = "trees.txt"
# No feature is called so.
BIAS = "bias"

# Prefixes of at most this many characters have the most candidates and the most typists: their rows and order are kept,
# and only a session that has something to say is scored again. About 20 kB each, 10 MB at most a locale.
SHORT = 2
MOST_SHORT = 512


class SuggestionRanker:
    """A trained model."""

    def __init__(self, trees: BoostedTrees, trained: Mapping[str, Any]) -> None:
        self._trees = trees
        self.trained = trained

    @classmethod
    def load(cls, folder: Path) -> "SuggestionRanker":
        """Open what `intentrie train suggester` wrote.

        Raises:
            ReleaseTooNew: A newer program wrote it.
            ReleaseDamaged: A file is missing or another one than was written; `ModelMismatch` when of other features.
        """
        manifest = read_model_manifest(folder / MANIFEST, "a suggestion model", "suggester", FORMAT, FEATURES)
        return cls(BoostedTrees.load(folder / TREES, manifest.sha256), manifest.trained)

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """Of rows of `FEATURES`; comparable within one answer, higher first."""
        return self._trees.scores(rows)

    def contributions(self, row: Rows) -> Mapping[str, float]:
        """What each feature of one row added to its score, those that added nothing left out, largest first.

        Behind them `BIAS`, what every row is given; together they sum to the score.
        """
        *parts, bias = self._trees.contributions(row[None, :])[0].tolist()
        order = sorted(range(len(FEATURES)), key=lambda place: (-abs(parts[place]), place))
        return {FEATURES[place]: parts[place] for place in order if parts[place]} | {BIAS: bias}


@dataclass(frozen=True, slots=True)
class Order:
    """Candidates of one tier with what the model makes of them.

    Attributes:
        found: As they came.
        rows: (candidates, FEATURES) in the same order.
        scores: (candidates,) likewise.
        places: Of the candidates, best first; of equal scores the one that came first.
    """

    found: Sequence[Match]
    rows: Rows
    scores: NDArray[np.float64]
    places: Sequence[int]

    def match(self, place: int) -> Match:
        """The candidate at a place, with its row and score."""
        home, completion, kind, slip, *_ = self.found[place]
        # A quarter of the time of `_replace`, for every place of every answer.
        return Match(home, completion, kind, slip, Ranked(float(self.scores[place]), self.rows[place]))


@dataclass(slots=True)
class _Short:
    """Candidates of a short prefix, their rows, and their order for nobody in particular once it was asked for."""

    found: Sequence[Match]
    rows: Rows
    order: Order | None = None


class Ranking:
    """A model with the columns of one locale's completions; safe to share between threads."""

    def __init__(self, ranker: SuggestionRanker, columns: RankColumns) -> None:
        self.ranker = ranker
        self.columns = columns
        self._short: OrderedDict[tuple[str, Ending | None, int, LocalTime], _Short] = OrderedDict()

    def order(
        self, found: Sequence[Match], typed: Typed | None, limit: int, context: Context, remember: bool = True
    ) -> Order:
        """Order the candidates of one tier, at least one, that were found for `limit`.

        Those of a short prefix are remembered, and given again whatever was found, unless `remember` says that they
        are not all that the release has for it.
        """
        session = context.history.at(context.now_ms)
        held = self._candidates(found, typed, limit, self.columns.clock.at(context.now_ms), remember)
        if not session:
            if held.order is None:
                held.order = self._ordered(held.found, held.rows)
            return held.order
        ids = [match.completion for match in held.found]
        # Only a locale's own completions are ordered by a model.
        index = cast(CompletionIndex, found[0].home)
        rows = add_session(held.rows, index, self.columns, ids, session, context.now_ms)
        return self._ordered(held.found, rows)

    def _candidates(
        self, found: Sequence[Match], typed: Typed | None, limit: int, when: LocalTime, remember: bool
    ) -> _Short:
        """The candidates with their rows, kept where the prefix is short."""
        name = ("", None, limit, when) if typed is None else (typed.key, typed.ending, limit, when)
        short = self._short.get(name) if remember else None
        if short is None:
            short = _Short(found, self._rows(found, typed, when))
            if remember and len(name[0]) <= SHORT:
                if len(self._short) >= MOST_SHORT:
                    self._short.popitem(last=False)
                self._short[name] = short
        return short

    def _rows(self, found: Sequence[Match], typed: Typed | None, when: LocalTime) -> Rows:
        ids, kinds, slips = zip(*((match.completion, match.kind, match.slip) for match in found), strict=True)
        return rank_features(self.columns, ids, kinds, slips, typed, when)

    def _ordered(self, found: Sequence[Match], rows: Rows) -> Order:
        scores = self.ranker.scores(rows)
        if found[0].slip is not None:
            # The model says who is looked for, the slip's chance who would have typed so.
            scores = scores + np.log([1.0 if match.slip is None else match.slip.chance for match in found])
        return Order(found, rows, scores, np.argsort(-scores, kind="stable").tolist())
