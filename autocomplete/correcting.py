"""Everything that matches with one slip taken back, in order."""

from autocomplete.fuzzy import Reading, is_correctable, read_as, space_readings, typed_words
from autocomplete.index import CompletionIndex
from autocomplete.infix import Loose, loose_matches, word_matches
from autocomplete.match import MatchKind, Slip
from autocomplete.pattern import compile_pattern
from autocomplete.prefix_match import prefix_matches
from autocomplete.typed import Ending, Typed

Corrected = list[tuple[int, MatchKind, Slip]]


def corrected_matches(index: CompletionIndex, typed: Typed, window: int) -> Corrected:
    """The best `window` completions that start with a reading; where there are none, those that hold one's words.

    Both by id. Word matches of a reading are all of kind WORDS: what was typed is uncertain enough.
    """
    if not is_correctable(typed):
        return []
    search = _Search(index, typed, window)
    words = typed_words(typed)
    readings = space_readings(typed, index.vocabulary, index.slips)
    if len(words) == 1:
        partial = typed.ending is Ending.OPEN
        readings += [read_as(typed, 0, 1, (word,)) for word in index.neighbours(words[0], partial)]
    else:
        for place in range(len(words)):
            search.add_loose(place)
    search.add_readings(readings)
    return search.ranked()


class _Search:
    """Collects what the readings match; a completion belongs to the first slip that finds it."""

    def __init__(self, index: CompletionIndex, typed: Typed, window: int) -> None:
        self.index = index
        self.typed = typed
        self.window = window
        self.starting: dict[int, Slip] = {}
        self.holding: dict[int, Slip] = {}

    def add_loose(self, place: int) -> None:
        """All readings that change one of several typed words, in one scan of what the others leave."""
        typed, vocabulary = self.typed, self.index.vocabulary
        partial = typed.ending is Ending.OPEN and place == len(typed.words)
        if partial:
            others = Typed(typed.words, "", Ending.CLOSED)
        else:
            others = Typed((*typed.words[:place], *typed.words[place + 1 :]), typed.partial, typed.ending)
        pattern = compile_pattern(others, vocabulary)
        if pattern is None:
            return
        found = self.index.neighbours(typed_words(typed)[place], partial)
        if not found:
            return
        if partial:
            ranges = tuple(map(vocabulary.range, found))
        else:
            ranges = tuple((word, word + 1) for word in map(vocabulary.id, found))
        starting, holding = loose_matches(self.index, pattern, Loose(place, ranges), self.window)
        slip = Slip(typed, place, place + 1, tuple((word,) for word in found))
        for completion in starting:
            self.starting.setdefault(completion, slip)
        for completion in holding:
            self.holding.setdefault(completion, slip)

    def add_readings(self, readings: list[Reading]) -> None:
        """Readings one by one: those of a single word, and those that move spaces; then word matches are settled."""
        compiled = [
            (Slip(self.typed, reading.first, reading.last, (reading.replacement,)), pattern)
            for reading in readings
            if (pattern := compile_pattern(reading.typed, self.index.vocabulary)) is not None
        ]
        for slip, pattern in compiled:
            for completion in prefix_matches(self.index, pattern, self.window):
                self.starting.setdefault(completion, slip)
        if not self.starting:
            for slip, pattern in compiled:
                for completion in word_matches(self.index, pattern, self.window):
                    self.holding.setdefault(completion, slip)
        else:
            self.holding.clear()

    def ranked(self) -> Corrected:
        """What was collected, prefix matches first."""
        starting = sorted(self.starting)
        holding = sorted(self.holding.keys() - self.starting.keys())
        return [(each, MatchKind.PREFIX, self.starting[each]) for each in starting[: self.window]] + [
            (each, MatchKind.WORDS, self.holding[each]) for each in holding[: self.window]
        ]
