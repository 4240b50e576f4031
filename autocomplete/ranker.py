"""Learned order: LambdaMART over the features of `rank_features.py`.

The ranker orders candidates that `completer.py` found, within a tier; it adds none and takes none away, and nothing
crosses from one tier to another.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from autocomplete.context import Context
from autocomplete.history import day_of, month_of
from autocomplete.match import Match, Ranked
from autocomplete.rank_features import FEATURES, RankColumns, Rows, add_session, rank_features
from autocomplete.typed import Ending, Typed
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.trees import BoostedTrees

FORMAT = 1
MANIFEST = "suggester.json"
TREES = "trees.txt"

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
            ReleaseDamaged: A file is missing or another one than was written, or the features are others.
        """
        path = folder / MANIFEST
        try:
            manifest = orjson.loads(path.read_bytes())
            found, features, sha256 = int(manifest["format"]), tuple(manifest["features"]), str(manifest["sha256"])
            trained = dict(manifest.get("trained", {}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseDamaged(
                f"{path}: expected the description of a suggestion model, got {error!r}; train the suggester again"
            ) from error
        if found > FORMAT:
            raise ReleaseTooNew(f"{path}: expected a model of format {FORMAT} or older, got {found}; update intentrie")
        if features != FEATURES:
            other = sorted(set(features) ^ set(FEATURES)) or "another order"
            raise ReleaseDamaged(
                f"{path}: expected a model of this program's {len(FEATURES)} features, got one of {len(features)} "
                f"({other}); train the suggester again"
            )
        return cls(BoostedTrees.load(folder / TREES, sha256), trained)

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """Of rows of `FEATURES`; comparable within one answer, higher first."""
        return self._trees.scores(rows)

    def contributions(self, row: Rows) -> Mapping[str, float]:
        """What each feature of one row added to its score, those that added nothing left out, largest first."""
        parts = self._trees.contributions(row[None, :])[0, :-1]
        order = sorted(range(len(FEATURES)), key=lambda place: (-abs(parts[place]), place))
        return {FEATURES[place]: float(parts[place]) for place in order if parts[place]}


@dataclass(frozen=True, slots=True)
class _Short:
    """Candidates of a short prefix in the order of nobody in particular, and their rows in the order they came."""

    found: Sequence[Match]
    rows: Rows
    ordered: Sequence[Match]


class Ranking:
    """A model with the columns of one locale's completions; safe to share between threads."""

    def __init__(self, ranker: SuggestionRanker, columns: RankColumns) -> None:
        self.ranker = ranker
        self.columns = columns
        self._short: OrderedDict[tuple[str, Ending | None, int, int], _Short] = OrderedDict()

    def order(self, found: Sequence[Match], typed: Typed | None, limit: int, context: Context) -> Sequence[Match]:
        """Candidates of one tier, found for `limit`, best first; of equal scores the one that came first."""
        if len(found) < 2:
            return found
        index = found[0].home
        session = context.history.at(context.now_ms)
        month = month_of(day_of(context.now_ms))
        key = "" if typed is None else typed.key
        short = None
        name = (key, None if typed is None else typed.ending, limit, month)
        if len(key) <= SHORT:
            short = self._short.get(name)
        if short is None:
            rows = self._rows(found, typed, month)
            ordered = self._sorted(found, rows)
            if len(key) <= SHORT:
                if len(self._short) >= MOST_SHORT:
                    self._short.popitem(last=False)
                self._short[name] = _Short(found, rows, ordered)
        else:
            found, rows, ordered = short.found, short.rows, short.ordered
        if not session:
            return ordered
        ids = [match.completion for match in found]
        return self._sorted(found, add_session(rows, index, self.columns.catalogue, ids, session, context.now_ms))

    def _rows(self, found: Sequence[Match], typed: Typed | None, month: int) -> Rows:
        ids, kinds, slips = zip(*((match.completion, match.kind, match.slip) for match in found), strict=True)
        return rank_features(self.columns, ids, kinds, slips, typed, month)

    def _sorted(self, found: Sequence[Match], rows: Rows) -> Sequence[Match]:
        scores = self.ranker.scores(rows)
        return [
            found[place]._replace(ranked=Ranked(float(scores[place]), rows[place]))
            for place in np.argsort(-scores, kind="stable").tolist()
        ]
