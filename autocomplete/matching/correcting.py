"""Everything that matches with a slip taken back, or two in a long word, in order."""

from autocomplete.matching.character_slips import character_slips, has_runs
from autocomplete.matching.characters import runs_of
from autocomplete.matching.exact import exact_matches
from autocomplete.matching.fuzzy import LETTERS_FOR_TWO, Reading, is_correctable, read_as, space_readings, typed_words
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.infix import Loose, loose_matches, word_matches
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.typed import Ending, Typed
from autocomplete.words import is_character

Corrected = list[tuple[int, MatchKind, Slip]]


def corrected_matches(index: CompletionIndex, typed: Typed, window: int) -> Corrected:
    """The best `window` completions that start with a reading; where there are none, those that hold one's words.

    Both by id. Word matches of a reading are all of kind WORDS: what was typed is uncertain enough.
    """
    search = _Search(index, typed, window)
    words = typed_words(typed)
    if has_runs(typed):
        search.add_characters()
        if search.starting or not is_correctable(typed) or all(map(is_character, words)):
            return search.ranked()
    if not is_correctable(typed):
        return []
    if is_composing(typed):
        return search.ranked() if search.holding else search.without_last()
    inside = {place for first, last in runs_of(words) for place in range(first, last)}
    readings = space_readings(typed, index.vocabulary, index.slips)
    if len(words) == 1 and index.kernel is None:
        partial = typed.ending is Ending.OPEN
        readings += [read_as(typed, 0, 1, (word,)) for word in index.neighbours(words[0], partial).texts]
    else:
        for place in range(len(words)):
            if place not in inside:
                search.add_loose(place, 1)
    search.add_readings(readings)
    if not search.starting and not search.holding:
        for place, word in enumerate(words):
            if len(word) >= LETTERS_FOR_TWO:
                search.add_loose(place, 2)
        search.add_readings([])
    return search.ranked()


def is_composing(typed: Typed) -> bool:
    """Whether it ends in the Latin letters that an input method has not turned into a character yet ("けーぶr")."""
    last = typed.partial
    return len(last) == 1 and last.isascii() and last.isalpha() and bool(typed.words) and is_character(typed.words[-1])


class _Search:
    """Collects what the readings match; a completion belongs to the first slip that finds it."""

    def __init__(self, index: CompletionIndex, typed: Typed, window: int) -> None:
        self.index = index
        self.typed = typed
        self.window = window
        self.starting: dict[int, Slip] = {}
        self.holding: dict[int, Slip] = {}

    def add_characters(self) -> None:
        """All readings that change one run of characters of scripts without spaces."""
        for starting, holding in character_slips(self.index, self.typed, self.window):
            self.starting = starting | self.starting
            self.holding = holding | self.holding

    def without_last(self) -> Corrected:
        """What matches without the unfinished last word."""
        words = self.typed.words
        reading = read_as(self.typed, len(words) - 1, len(words) + 1, words[-1:])
        pattern = compile_pattern(reading.typed, self.index.vocabulary)
        if pattern is None:
            return []
        slip = Slip(self.typed, reading.first, reading.last, (reading.replacement,))
        kinds = exact_matches(self.index, pattern, 1, self.window)
        return [(each, kind if kind is MatchKind.PREFIX else MatchKind.WORDS, slip) for each, kind in kinds.items()]

    def add_loose(self, place: int, edits: int) -> None:
        """All readings that change one typed word, in one scan of what the others leave."""
        typed, vocabulary = self.typed, self.index.vocabulary
        partial = typed.ending is Ending.OPEN and place == len(typed.words)
        if partial:
            others = Typed(typed.words, "", Ending.CLOSED)
        else:
            others = Typed((*typed.words[:place], *typed.words[place + 1 :]), typed.partial, typed.ending)
        pattern = compile_pattern(others, vocabulary)
        if pattern is None:
            return
        found = self.index.neighbours(typed_words(typed)[place], partial, edits)
        if not found.texts:
            return
        starting, holding = loose_matches(self.index, pattern, Loose(place, found.ranges), self.window)
        slip = Slip(typed, place, place + 1, tuple((word,) for word in found.texts))
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
