"""What a prefix finds, tier by tier, before anything is ordered anew; the tiers are those of `completer.py`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.exact import exact_matches
from autocomplete.matching.index import TOP, CompletionIndex
from autocomplete.matching.match import Match, MatchKind, Slip
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import whole_match
from autocomplete.matching.slips.chances import SlipChances
from autocomplete.matching.slips.correcting import corrected_matches
from autocomplete.matching.slips.readings import typed_words
from autocomplete.matching.typed import Ending, Typed
from autocomplete.words import is_character

# Of completions that hold a word: enough for an answer, unless nearly all of them go on.
MOST_HOLDING = 128
_DEEPER = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Completions of one tier in the order of kind and weight, with how each matches.

    Attributes:
        kinds: By completion.
        slips: By completion, `None` where all match as typed.
        whole: The one that was typed in whole.
    """

    kinds: Mapping[int, MatchKind]
    slips: Mapping[int, Slip] | None = None
    whole: int | None = None

    def keeping_whole(self, ids: list[int], limit: int) -> list[int]:
        """The ids of an answer, the last place taken by what was typed in whole where it would not be among them."""
        if self.whole is None or limit < 2 or len(ids) < limit or self.whole in ids:
            return ids
        return [*ids[:-1], self.whole]

    def matches(self, index: CompletionIndex, ids: Iterable[int]) -> list[Match]:
        """Those of the completions, in the given order."""
        kinds, slips = self.kinds, self.slips
        if slips is None:
            return [Match(index, each, kinds[each]) for each in ids]
        return [Match(index, each, kinds[each], slips[each]) for each in ids]

    def in_order(self, index: CompletionIndex, limit: int) -> list[Match]:
        """The first `limit`, near-duplicates stepping back, with what was typed in whole."""
        return self.matches(index, self.keeping_whole(index.diverse(list(self.kinds), limit), limit))


def window_of(limit: int) -> int:
    """How many matches of a kind are looked at before near-duplicates step back."""
    return max(TOP, 2 * limit)


def popular(index: CompletionIndex, limit: int) -> Found:
    """The best by weight, where nothing was typed."""
    return Found(dict.fromkeys(range(min(window_of(limit), len(index))), MatchKind.POPULAR))


def as_typed(index: CompletionIndex, typed: Typed, limit: int, by_weight: bool = False) -> Found:
    """What matches as it stands, see `exact_matches`."""
    pattern = compile_pattern(typed, index.vocabulary)
    if pattern is None:
        return Found({})
    kinds = exact_matches(index, pattern, limit, window_of(limit), by_weight)
    whole = None if typed.ending is Ending.NEXT else whole_match(index, typed_words(typed))
    if whole is not None:
        kinds.setdefault(whole, MatchKind.PREFIX)
    return Found(kinds, whole=whole)


def as_typed_without(
    index: CompletionIndex, typed: Typed | None, limit: int, left_out: NDArray[np.bool_], by_weight: bool = False
) -> Found:
    """What matches as it stands, or the best by weight, as if the index did not hold some completions.

    However many those are: 20,000 cost 14 to 54 ms, so they are looked past only where the usual way finds too few.
    """
    if typed is None:
        return Found(dict.fromkeys(np.flatnonzero(~left_out)[: window_of(limit)].tolist(), MatchKind.POPULAR))
    asked = limit
    while True:
        found = as_typed(index, typed, asked, by_weight)
        kinds = {each: kind for each, kind in found.kinds.items() if not left_out[each]}
        if len(kinds) >= window_of(limit) or len(found.kinds) < asked:
            return Found(kinds, whole=found.whole if found.whole in kinds else None)
        asked *= _DEEPER


def with_slip(index: CompletionIndex, typed: Typed, limit: int, chances: SlipChances) -> Found:
    """What matches with a slip taken back, see `corrected_matches`."""
    found = corrected_matches(index, typed, limit, window_of(limit), chances)
    return Found({each: kind for each, kind, _ in found}, {each: slip for each, _, slip in found})


def ending_in(index: CompletionIndex, typed: Typed, limit: int) -> list[int]:
    """Ids of the best completions that end in the one word that was typed: kinds of it ("sleeping bag" for "bag").

    Of the best `MOST_HOLDING` that hold it; none where more was typed, or less than a word.
    """
    word = index.vocabulary.id(typed.partial)
    if typed.words or typed.ending is not Ending.OPEN or word < 0 or is_character(typed.partial):
        return []
    offsets = index.view.posting_offsets
    holding = index.view.postings[offsets[word] : min(offsets[word + 1], offsets[word] + MOST_HOLDING)]
    return [each for each in holding if (words := index.words_of(each))[-1] == word != words[0]][:limit]
