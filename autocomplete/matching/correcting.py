"""Everything that matches with a slip taken back, two in a long word, or one in each of two words, in order."""

from collections.abc import Callable

from autocomplete.matching.fuzzy import (
    LETTERS_FOR_TWO,
    MIN_LETTERS,
    Reading,
    is_correctable,
    read_as,
    space_readings,
    typed_words,
)
from autocomplete.matching.index import CompletionIndex, Neighbours
from autocomplete.matching.infix import Loose, loose_matches, meant_ranges, word_matches
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.slip_chances import SPACE, SlipChances
from autocomplete.matching.typed import Ending, Typed

Corrected = list[tuple[int, MatchKind, Slip]]

# Of two words with a slip each, what the first may have meant: its likeliest, each with everything for the other.
_MOST_FIRSTS = 8


def corrected_matches(index: CompletionIndex, typed: Typed, window: int, chances: SlipChances) -> Corrected:
    """The best `window` completions that start with a reading; where there are none, those that hold one's words.

    Both by weight times the chance of the slip, the best by weight alone being looked at. Word matches of a reading are
    all of kind WORDS: what was typed is uncertain enough.
    """
    if not is_correctable(typed):
        return []
    search = _Search(index, typed, window, chances)
    words = typed_words(typed)
    unknown = _unknown(index, typed)
    if len(unknown) <= 2:
        readings = space_readings(typed, index.vocabulary, index.slips)
        if len(words) == 1 and index.kernel is None:
            partial = typed.ending is Ending.OPEN
            readings += [read_as(typed, 0, 1, (word,)) for word in index.neighbours(words[0], partial).texts]
        elif len(unknown) < 2:
            for place in unknown or range(len(words)):
                search.add_loose(place, 1)
        search.add_readings(readings)
    if not search.found:
        for place in unknown if len(unknown) == 1 else () if unknown else range(len(words)):
            if len(words[place]) >= LETTERS_FOR_TWO:
                search.add_loose(place, 2)
        if len(unknown) == 2 and all(len(words[place]) >= MIN_LETTERS for place in unknown):
            search.add_pair(*unknown)
        search.add_readings([])
    return search.ranked()


def _unknown(index: CompletionIndex, typed: Typed) -> list[int]:
    """Places of the typed words that no completion has, or begins a word with: a slip is in one of them."""
    vocabulary = index.vocabulary
    found = [place for place, word in enumerate(typed.words) if vocabulary.id(word) < 0]
    if typed.ending is Ending.OPEN:
        low, high = vocabulary.range(typed.partial)
        if low == high:
            found.append(len(typed.words))
    return found


class _Search:
    """Collects what the readings match; a completion belongs to the likeliest slip that finds it."""

    def __init__(self, index: CompletionIndex, typed: Typed, window: int, chances: SlipChances) -> None:
        self.index = index
        self.typed = typed
        self.window = window
        self.chances = chances
        self.starting: dict[int, Slip] = {}
        self.holding: dict[int, Slip] = {}

    @property
    def found(self) -> bool:
        """Whether anything matches."""
        return bool(self.starting or self.holding)

    def add_loose(self, place: int, edits: int) -> None:
        """All readings that change one typed word."""
        word = typed_words(self.typed)[place]

        def slip_of(meant: str) -> Slip:
            return Slip(self.typed, place, place + 1, ((meant,),), chance=self.chances.of(word, meant))

        self._scan(self.typed, place, self._neighbours(place, edits), slip_of)

    def add_pair(self, first: int, second: int) -> None:
        """Readings that change two typed words by one slip each."""
        words, chance_of = typed_words(self.typed), self.chances.of
        meant_first = self._neighbours(first, 1).texts
        likeliest = sorted(meant_first, key=lambda meant: (-chance_of(words[first], meant), meant))[:_MOST_FIRSTS]
        for one in likeliest:

            def slip_of(other: str, one: str = one) -> Slip:
                meant = (one, *words[first + 1 : second], other)
                chance = chance_of(words[first], one) * chance_of(words[second], other)
                return Slip(self.typed, first, second + 1, (meant,), chance=chance)

            read = read_as(self.typed, first, first + 1, (one,)).typed
            self._scan(read, second, self._neighbours(second, 1), slip_of)

    def _neighbours(self, place: int, edits: int) -> Neighbours:
        """What the typed word at a place may have meant."""
        partial = self.typed.ending is Ending.OPEN and place == len(self.typed.words)
        return self.index.neighbours(typed_words(self.typed)[place], partial, edits)

    def _scan(self, typed: Typed, place: int, found: Neighbours, slip_of: Callable[[str], Slip]) -> None:
        """Everything that one word may have meant, in one scan of what the others leave."""
        if typed.ending is Ending.OPEN and place == len(typed.words):
            others = Typed(typed.words, "", Ending.CLOSED)
        else:
            others = Typed((*typed.words[:place], *typed.words[place + 1 :]), typed.partial, typed.ending)
        pattern = compile_pattern(others, self.index.vocabulary)
        if pattern is None or not found.texts:
            return
        starting, holding = loose_matches(self.index, pattern, Loose(place, found.ranges), self.window)
        slips: dict[int, Slip] = {}
        for held, ids, at in ((self.starting, starting, place), (self.holding, holding, None)):
            for completion, meant in zip(ids, meant_ranges(self.index, ids, found.ranges, at), strict=True):
                slip = slips.get(meant)
                if slip is None:
                    slip = slips[meant] = slip_of(found.texts[meant])
                _keep(held, completion, slip)

    def add_readings(self, readings: list[Reading]) -> None:
        """Readings one by one: those of a single word, and those that move spaces; then word matches are settled."""
        compiled = [
            (Slip(self.typed, each.first, each.last, (each.replacement,), chance=self._chance(each)), pattern)
            for each in readings
            if (pattern := compile_pattern(each.typed, self.index.vocabulary)) is not None
        ]
        for slip, pattern in compiled:
            for completion in prefix_matches(self.index, pattern, self.window):
                _keep(self.starting, completion, slip)
        if not self.starting:
            for slip, pattern in compiled:
                for completion in word_matches(self.index, pattern, self.window):
                    _keep(self.holding, completion, slip)
        else:
            self.holding.clear()

    def _chance(self, reading: Reading) -> float:
        if reading.last - reading.first == len(reading.replacement) == 1:
            return self.chances.of(typed_words(self.typed)[reading.first], reading.replacement[0])
        return SPACE

    def ranked(self) -> Corrected:
        """What was collected, prefix matches first."""
        return self._likeliest(self.starting, MatchKind.PREFIX) + self._likeliest(
            {each: slip for each, slip in self.holding.items() if each not in self.starting}, MatchKind.WORDS
        )

    def _likeliest(self, found: dict[int, Slip], kind: MatchKind) -> Corrected:
        weights = self.index.view.weights
        best = sorted(found)[: self.window]
        best.sort(key=lambda each: -weights[each] * found[each].chance)
        return [(each, kind, found[each]) for each in best]


def _keep(held: dict[int, Slip], completion: int, slip: Slip) -> None:
    known = held.get(completion)
    if known is None or known.chance < slip.chance:
        held[completion] = slip
