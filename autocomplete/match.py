"""A match: which completion, how it matched, and what was taken for a slip."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autocomplete.fuzzy import Reading, read_as
from autocomplete.index import CompletionIndex
from autocomplete.typed import Typed


class MatchKind(IntEnum):
    """How a completion fits what was typed; a smaller one goes first, see `completer.py`."""

    POPULAR = 0
    PREFIX = 1
    REORDERED = 2
    INFIX = 3
    WORDS = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a model made of a match: its score, and the row of `rank_features.FEATURES` that it was made from."""

    score: float
    row: NDArray[np.float32]


class Match(NamedTuple):
    """One completion of an answer.

    Attributes:
        home: Where the completion lives: the locale's completions, or its product titles.
        completion: Its id there.
        kind: How it fits `reading`, or what was typed.
        slip: What was read otherwise, `None` for a match as typed.
        ranked: By a model, `None` where the weight alone orders.
    """

    home: CompletionIndex
    completion: int
    kind: MatchKind
    slip: "Slip | None" = None
    ranked: Ranked | None = None

    @property
    def text(self) -> str:
        """As shown."""
        return self.home.text(self.completion)

    @property
    def weight(self) -> float:
        """The completion's prior."""
        return float(self.home.weights[self.completion])


@dataclass(frozen=True, slots=True)
class Slip:
    """The typed words [first, last) read as one of `replacements`: all that a word, or a spacing, may have meant.

    Which of them a completion matched is found when somebody asks: an answer's order does not depend on it.
    """

    typed: Typed
    first: int
    last: int
    replacements: tuple[tuple[str, ...], ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Of the whole prefix."""
        return tuple(read_as(self.typed, self.first, self.last, words) for words in self.replacements)
