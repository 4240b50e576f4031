"""Everything that matches with a slip taken back, two in a long word, or one in each of two words, in order."""

from collections.abc import Callable

from autocomplete.matching.characters import runs_of
from autocomplete.matching.exact import exact_matches
from autocomplete.matching.index import CompletionIndex, Neighbours
from autocomplete.matching.infix import Loose, loose_matches, meant_ranges, word_matches
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.nearly_typed import NOTHING, counted_weight, extent_of
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.slips.chances import SPACE, SlipChances
from autocomplete.matching.slips.character_slips import character_slips, has_runs
from autocomplete.matching.slips.readings import (
    LETTERS_FOR_TWO,
    MIN_LETTERS,
    Reading,
    is_correctable,
    read_as,
    space_readings,
    typed_words,
)
from autocomplete.matching.typed import Ending, Typed
from autocomplete.words import is_character

Corrected = list[tuple[int, MatchKind, Slip]]

# Of two words with a slip each, what the first may have meant: its likeliest, each with everything for the other.
_MOST_FIRSTS = 8


def corrected_matches(index: CompletionIndex, typed: Typed, limit: int, window: int, chances: SlipChances) -> Corrected:
    """The best `window` completions that start with a reading; where they are fewer than `limit`, more behind them.

    Those behind hold a reading's words ("botle": "bottle brush", then "water bottle"), again the best `window`. Both by
    weight times the chance of the slip, the best by weight alone being looked at; what starts with a reading is also
    ordered by how nearly it is typed. Word matches of a reading are all of kind WORDS: what was typed is uncertain
    enough.
    """
    search = _Search(index, typed, limit, window, chances)
    words = typed_words(typed)
    if has_runs(typed):
        search.add_characters()
        if search.starting or not is_correctable(typed) or all(map(is_character, words)):
            return search.ranked()
    if not is_correctable(typed):
        return []
    if is_composing(typed):
        return search.ranked() if search.holding else search.without_last()
    search.add_words()
    return search.ranked()


def is_composing(typed: Typed) -> bool:
    """Whether it ends in the Latin letters that an input method has not turned into a character yet ("けーぶr")."""
    last = typed.partial
    return len(last) == 1 and last.isascii() and last.isalpha() and bool(typed.words) and is_character(typed.words[-1])


class _Search:
    """Collects what the readings match; a completion belongs to the likeliest slip that finds it."""

    def __init__(self, index: CompletionIndex, typed: Typed, limit: int, window: int, chances: SlipChances) -> None:
        self.index = index
        self.typed = typed
        self.limit = limit
        self.window = window
        self.chances = chances
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

    def add_words(self) -> None:
        """Readings that change a word, two words, or the spaces between them."""
        index, typed = self.index, self.typed
        words = typed_words(typed)
        # What stands in a run of characters was compared with the run.
        inside = {place for first, last in runs_of(words) for place in range(first, last)}
        unknown = self._unknown()
        if len(unknown) <= 2:
            readings = space_readings(typed, index.vocabulary, index.slips)
            if len(words) == 1 and index.kernel is None:
                partial = typed.ending is Ending.OPEN
                readings += [read_as(typed, 0, 1, (word,)) for word in index.neighbours(words[0], partial).texts]
            elif len(unknown) < 2:
                for place in unknown or range(len(words)):
                    if place not in inside:
                        self.add_loose(place, 1)
            self.add_readings(readings)
        if self.starting or self.holding:
            return
        for place in unknown or range(len(words)):
            if len(unknown) < 2 and len(words[place]) >= LETTERS_FOR_TWO:
                self.add_loose(place, 2)
        if len(unknown) == 2 and all(len(words[place]) >= MIN_LETTERS for place in unknown):
            self.add_pair(*unknown)
        self.add_readings([])

    def _unknown(self) -> list[int]:
        """Places of the typed words that no completion has, or begins a word with: a slip is in one of them."""
        vocabulary, typed = self.index.vocabulary, self.typed
        found = [place for place, word in enumerate(typed.words) if vocabulary.id(word) < 0]
        if typed.ending is Ending.OPEN and not vocabulary.begins(typed.partial):
            found.append(len(typed.words))
        return found

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
        loose = Loose(place, found.ranges)
        starting, holding = loose_matches(self.index, pattern, loose, self.window, self.limit)
        slips: dict[int, Slip] = {}
        for held, ids in ((self.starting, starting), (self.holding, holding)):
            for completion, meant in meant_ranges(self.index, ids, pattern, loose, held is self.starting):
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
        if len(self.starting) < self.limit:
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
        weights, lengths = self.index.view.weights, self.index.lengths
        typed = extent_of(self.typed.key) if kind is MatchKind.PREFIX else NOTHING
        best = sorted(found)[: self.window]
        best.sort(key=lambda each: -counted_weight(weights[each], lengths[each], typed) * found[each].chance)
        return [(each, kind, found[each]) for each in best]


def _keep(held: dict[int, Slip], completion: int, slip: Slip) -> None:
    known = held.get(completion)
    if known is None or known.chance < slip.chance:
        held[completion] = slip
