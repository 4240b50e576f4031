"""Which completions a product's words may be why of."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.index import CompletionIndex
from data.text import Analyser


class CompletionStems:
    """Completions of one locale by the stems of their words; stop words are no condition.

    Half a second and 100 bytes a word at a million completions; made when the first product sells out.
    """

    def __init__(self, index: CompletionIndex, analyser: Analyser) -> None:
        self._index = index
        self._words: dict[str, list[int]] = defaultdict(list)
        counted = np.zeros(len(index.vocabulary), np.bool_)
        for place, word in enumerate(index.vocabulary.words):
            if not analyser.is_stop(word):
                self._words[analyser.stem(word)].append(place)
                counted[place] = True
        lengths = np.asarray(np.diff(index.posting_offsets.astype(np.int64)), np.int64)
        # Words as often as postings hold them: once a completion.
        kept = np.repeat(counted, lengths)
        self._wanted = np.bincount(index.postings[kept], minlength=len(index))

    def within(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Ids of the completions all of whose words have their stems among the terms, ascending."""
        offsets, postings = self._index.posting_offsets, self._index.postings
        lists = [
            postings[int(offsets[word]) : int(offsets[word + 1])]
            for term in set(terms)
            for word in self._words.get(term, ())
        ]
        if not lists:
            return np.zeros(0, np.int64)
        held = np.bincount(np.concatenate(lists), minlength=len(self._index))
        return np.flatnonzero((held == self._wanted) & (self._wanted > 0))
