"""Readings of a prefix with one slip of the thumb taken back.

A reading is a string at Damerau-Levenshtein distance 1 from the typed key: one character left out, put in, changed, or
two neighbours swapped; the space between words is a character like any other ("head phones", "doorb ase"). What is
typed holds at least `MIN_LETTERS` letters and digits, and a reading keeps every typed digit: another size or model is
no slip. A reading ends as the key does (open, closed or asking for a next word); dropping the only letter of an open
last word leaves one that asks for any next word. Only readings whose every word is in the vocabulary are made: slips in
the first letters are looked up (`slip_table.py`), and from there on the walk below branches where the trie of words
does, instead of trying an alphabet.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autocomplete.matching.slips.slip_table import LONGEST, PLACES, SlipTable
from autocomplete.matching.trie import WordTrie
from autocomplete.matching.typed import Ending, Typed

# Below four letters nearly every word is one slip away from another: "hdmi" is the shortest that people mistype and
# that still means one thing. Beside other words a shorter one may be corrected too ("home eat" for "home heat"):
# without that, typo MRR@10 on real shopping queries stays at 84% of the clean one, with it 93%.
MIN_LETTERS = 4
# And from eight on a word may hold two slips, where nothing is found with one.
LETTERS_FOR_TWO = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """The typed words [first, last) read as `replacement`, which makes them `typed`."""

    first: int
    last: int
    replacement: tuple[str, ...]
    typed: Typed


def is_correctable(typed: Typed) -> bool:
    """Whether enough was typed for a slip to be told from another word."""
    return sum(map(len, typed.words)) + len(typed.partial) >= MIN_LETTERS


def typed_words(typed: Typed) -> tuple[str, ...]:
    """All words, the partial one included."""
    return (*typed.words, typed.partial) if typed.ending is Ending.OPEN else typed.words


def read_as(typed: Typed, first: int, last: int, replacement: Sequence[str]) -> Reading:
    """The reading that replaces the words [first, last)."""
    words = typed_words(typed)
    changed = (*words[:first], *replacement, *words[last:])
    if typed.ending is Ending.OPEN:
        return Reading(first, last, tuple(replacement), Typed(changed[:-1], changed[-1], Ending.OPEN))
    return Reading(first, last, tuple(replacement), Typed(changed, "", typed.ending))


def in_whole(reading: Reading) -> Reading:
    """With nothing going on behind its last word."""
    typed = reading.typed
    if typed.ending is not Ending.OPEN:
        return reading
    whole = Typed((*typed.words, typed.partial), "", Ending.CLOSED)
    return Reading(reading.first, reading.last, reading.replacement, whole)


def space_readings(typed: Typed, vocabulary: WordTrie, table: SlipTable) -> list[Reading]:
    """Readings that move, add or drop a space, or take it for a letter or a letter for it; without repetition."""
    words = typed_words(typed)
    last = len(words) - 1 if typed.ending is Ending.OPEN else len(words)

    def known(word: str, place: int) -> bool:
        """Whether it can stand for the typed word `place`, or for the end of it."""
        return vocabulary.begins(word) if place == last else vocabulary.id(word) >= 0

    unknown = [place for place, word in enumerate(words) if not known(word, place)]
    if len(unknown) > 2:
        return []  # One slip touches two words at most.
    made: dict[tuple[str, ...], Reading] = {}

    def keep(first: int, end: int, parts: tuple[str, ...]) -> None:
        if known(parts[-1], end - 1) and all(vocabulary.id(part) >= 0 for part in parts[:-1]):
            made.setdefault((*words[:first], *parts, *words[end:]), read_as(typed, first, end, parts))

    for place, word in enumerate(words):
        if not unknown or unknown == [place]:
            for split in _splits(word, vocabulary):
                keep(place, place + 1, split)
    pairs = [place for place in range(1, len(words)) if all(other in (place - 1, place) for other in unknown)]
    for place, parts in _joins(words, pairs, vocabulary, table):
        keep(place - 1, place + 1, parts)
    return list(made.values())


def _splits(word: str, vocabulary: WordTrie) -> Iterator[tuple[str, str]]:
    """A space missing, or hit as a letter, behind each word that `word` starts with."""
    words = vocabulary.words
    low = 0
    for cut in range(1, len(word)):
        head = word[:cut]
        low = bisect_left(words, head, low)
        if low == len(words) or not words[low].startswith(head):
            return
        if words[low] == head:
            yield head, word[cut:]
            if cut + 1 < len(word) and not word[cut].isdigit():
                yield head, word[cut + 1 :]


def _joins(
    words: Sequence[str], pairs: Sequence[int], vocabulary: WordTrie, table: SlipTable
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """A space too many before the words of `pairs`, in place of a letter, or one letter too early or too late."""
    gaps: list[tuple[int, str]] = []
    before: list[int] = []
    for place in pairs:
        left, right = words[place - 1], words[place]
        yield place, (left + right,)
        if len(left) > 1:
            yield place, (left[:-1], left[-1] + right)
        if len(right) > 1:
            yield place, (left + right[0], right[1:])
        if len(left) < PLACES and len(left) + len(right) < LONGEST:
            gaps.append((len(left), left + right))
            before.append(place)
            continue
        low, high = vocabulary.range(left)
        for letter, _, _ in vocabulary.branches(left, low, high):
            if not letter.isdigit():
                yield place, (left + letter + right,)
    if gaps:
        for number, filled, _ in table.fill(gaps):
            if not filled[gaps[number][0]].isdigit():
                yield before[number], (filled,)


def neighbours(vocabulary: WordTrie, table: SlipTable, word: str, partial: bool) -> tuple[str, ...]:
    """Strings one slip away from `word` that are words, or beginnings of words when it is `partial`.

    A partial word with a letter appended is left out: the words that start so start with the word itself. So is a
    string whose words all start with another one of the list.
    """
    if partial and len(word) == 1 and not word.isdigit():
        return ("",)
    words = vocabulary.words
    low, high = 0, len(words)
    found: dict[str, None] = {}

    def keep(candidate: str, low: int, high: int) -> None:
        if not partial:
            if vocabulary.id(candidate) >= 0:
                found[candidate] = None
            return
        at = bisect_left(words, candidate, low, high)
        if at < high and words[at].startswith(candidate):
            found[candidate] = None

    # Where a letter was left out (a gap in the word), or stands for another (a gap in its place).
    looked_up = PLACES if len(word) < LONGEST else 0
    gaps = [(place, word) for place in range(min(looked_up, len(word) + (not partial)))]
    gaps += [
        (place, word[:place] + word[place + 1 :])
        for place in range(min(looked_up, len(word)))
        if not word[place].isdigit()
    ]
    for number, filled, is_word in table.fill(gaps):
        place = gaps[number][0]
        # A letter may have been meant for a digit; a digit left out would be another model.
        if (partial or is_word) and (len(filled) == len(word) or not filled[place].isdigit()):
            found[filled] = None
    for place in range(len(word) + 1):
        head, rest = word[:place], word[place:]
        low, high = vocabulary.range(head, low, high)
        if low == high:
            break
        fixed = rest[:1].isdigit()
        after = rest[1:]
        if rest and not fixed:
            keep(head + after, low, high)
        if after and not (fixed and after[0].isdigit()):
            keep(head + after[0] + rest[0] + after[1:], low, high)
        if place >= looked_up and (rest or not partial):
            for letter, start, end in vocabulary.branches(head, low, high):
                if not letter.isdigit():
                    keep(head + letter + rest, start, end)
                if rest and not fixed:
                    keep(head + letter + after, start, end)
    found.pop(word, None)
    found.pop("", None)
    return tuple(_shortest(found) if partial else found)


def _shortest(prefixes: dict[str, None]) -> list[str]:
    """Without those that begin with another of them."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept
