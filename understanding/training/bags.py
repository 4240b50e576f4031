"""Texts as bags of tokens, cut once and drawn from at every step of a training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from understanding.training.tokenizer import UNKNOWN

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """Tokens of several texts, one after the other.

    Attributes:
        tokens: Of all texts, shape (total,), int64.
        offsets: Where each text begins, and the end of the last one, shape (texts + 1,).
    """

    tokens: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def take(self, rows: NDArray[np.int64]) -> "Bags":
        """The bags of some texts, in their order."""
        return self._parts(self.offsets[rows], self.offsets[rows + 1])

    def spans(
        self, rows: NDArray[np.int64], cut: NDArray[np.bool_], longest: int, generator: np.random.Generator
    ) -> "Bags":
        """The same, where `cut` says so each shortened to a run of 1 to `longest` of its tokens."""
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        sizes = ends - starts
        kept = 1 + (generator.random(len(rows)) * np.minimum(sizes, longest)).astype(np.int64)
        kept = np.where(cut, np.minimum(kept, sizes), sizes)
        starts = starts + (generator.random(len(rows)) * (sizes - kept + 1)).astype(np.int64)
        return self._parts(starts, starts + kept)

    def incidence(self, vocabulary: int) -> "csr_matrix":
        """Shape (texts, vocabulary), ones where a text has a token."""
        from scipy.sparse import csr_matrix

        texts = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        held = csr_matrix((np.ones(len(texts), np.float32), (texts, self.tokens)), shape=(len(self), vocabulary))
        held.data[:] = 1  # what stands twice was added up
        return held

    def _parts(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> "Bags":
        sizes = ends - starts
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes)
        return Bags(self.tokens[places], offsets)


def cut_bags(tokenizer: Any, texts: Sequence[str]) -> Bags:
    """Cut texts into tokens; unknown ones are left out."""
    unknown = tokenizer.token_to_id(UNKNOWN)
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    ids = [[token for token in encoding.ids if token != unknown] for encoding in encodings]
    sizes = np.array([len(each) for each in ids], np.int64)
    tokens = np.fromiter((token for each in ids for token in each), np.int64, int(sizes.sum()))
    return Bags(tokens, np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))))
