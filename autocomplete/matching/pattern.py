"""A prefix in word ids: what the engine looks for."""

from typing import NamedTuple

from autocomplete.matching.trie import WordTrie
from autocomplete.matching.typed import Ending, Typed


class Pattern(NamedTuple):
    """Complete words by id, and the half-open range of ids [low, high) that the partial word may still become.

    `key` is the typed string it stands for; the range is (0, 0) unless `ending` is OPEN.
    """

    words: tuple[int, ...]
    low: int
    high: int
    ending: Ending
    key: str


def compile_pattern(typed: Typed, vocabulary: WordTrie) -> Pattern | None:
    """Look the words up; `None` when a word is in no completion."""
    words = []
    for word in typed.words:
        found = vocabulary.id(word)
        if found < 0:
            return None
        words.append(found)
    low = high = 0
    if typed.ending is Ending.OPEN:
        low, high = vocabulary.range(typed.partial)
        if low == high:
            return None
    return Pattern(tuple(words), low, high, typed.ending, typed.key)
