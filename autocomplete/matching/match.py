"""A match: which completion, how it matched, and what was taken for a slip."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.slips.readings import Reading, read_as
from autocomplete.matching.typed import Typed


class Home(Protocol):
    """What a match is looked up in; a `CompletionIndex`, or something shorter-lived."""

    arrays: Mapping[str, NDArray[Any]]

    def text(self, completion: int, /) -> str:
        """The completion's text as shown."""
        ...

    def weight(self, completion: int, /) -> float:
        """The completion's prior."""
        ...

    def target(self, completion: int, /) -> bytes:
        """JSON list of concept id and product id; empty for neither."""
        ...


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
        home: Where the completion lives: the locale's completions, its product titles, or what was put together for
            this prefix alone.
        completion: Its id there.
        kind: How it fits `reading`, or what was typed.
        slip: What was read otherwise, `None` for a match as typed.
        ranked: By a model, `None` where the weight alone orders.
    """

    home: Home
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
        return self.home.weight(self.completion)


@dataclass(frozen=True, slots=True)
class Slip:
    """The typed words [first, last) read as one of `replacements`: what a word, or a spacing, may have meant.

    Or what it stands for, where it `is_alias`: another name, and no mistake. `chance` is how likely one types so who
    means that, see `slips/chances.py`.
    """

    typed: Typed
    first: int
    last: int
    replacements: tuple[tuple[str, ...], ...]
    is_alias: bool = False
    chance: float = 1.0

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Of the whole prefix."""
        return tuple(read_as(self.typed, self.first, self.last, words) for words in self.replacements)
