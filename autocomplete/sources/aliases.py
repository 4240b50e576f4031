"""Other names: what the graph knows under another word than the one that completions use ("couch" for "sofa").

An alias is an alternative or hidden label of a concept (a catalogue's synonyms, a curator's, those mined from the log)
beside the preferred one of the same language. Typed words that are an alias, or begin one, are read as what it stands
for, as a slip is read as what was meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import marisa_trie

from autocomplete.completion import Completion
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.infix import word_matches
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.slips.readings import MIN_LETTERS, Reading, read_as, typed_words
from autocomplete.matching.typed import Ending, Typed
from autocomplete.sources.labels import KIND_OF
from autocomplete.words import split_words
from data.product import locale_chain
from graph.label import LabelKind
from graph.snapshot import Snapshot, SnapshotLabel

Words = tuple[str, ...]
# Concept's words by the words of another name for them, best first.
AliasWords = Mapping[Words, Sequence[Words]]

# What one alias may stand for, and words in it: longer labels are sentences.
MOST_MEANINGS = 3
MOST_WORDS = 4
# Typed words that are looked at, and readings of one prefix: bounded, whatever is typed.
MOST_TYPED = 8
MOST_READINGS = 16


def alias_words(snapshot: Snapshot, locale: str, completions: Sequence[Completion]) -> dict[Words, list[Words]]:
    """The other names of concepts in a locale's language, by what completions call them.

    Args:
        snapshot: Gives the labels; concepts with most products come first.
        locale: Whose labels, with those of no language.
        completions: Of the locale; what none of them is called by is no help.
    """
    called = {tuple(split_words(each.text)) for each in completions}
    chain = [*locale_chain(locale), "und"]
    found: dict[Words, list[Words]] = {}
    preferred: set[Words] = set()
    for concept in sorted(ordinal for scheme in KIND_OF for ordinal in snapshot.by_scheme(scheme).tolist()):
        labels = [each for each in snapshot.labels(concept) if each.language in chain]
        names = [words for each in labels if each.kind is LabelKind.PREFERRED and (words := _words(each)) in called]
        if not snapshot.product_count(concept) or not names:
            continue
        preferred.update(names)
        name = names[0]
        for other in (words for each in labels if each.kind is not LabelKind.PREFERRED if (words := _words(each))):
            meanings = found.setdefault(other, [])
            # Words that the name begins with, or holds, find it as they stand.
            if len(other) <= MOST_WORDS and not set(other) <= set(name) and len(meanings) < MOST_MEANINGS:
                meanings.append(name)
    return {alias: names for alias, names in found.items() if names and alias not in preferred}


def _words(label: SnapshotLabel) -> Words:
    return tuple(split_words(label.text))


class Aliases:
    """A mapped trie from the words of an alias, joined by spaces, to those of what it stands for."""

    def __init__(self, trie: marisa_trie.BytesTrie) -> None:
        self._trie = trie

    @classmethod
    def build(cls, aliases: AliasWords) -> "Aliases":
        """Take what `alias_words` gives; of several meanings the first is the best."""
        return cls(
            marisa_trie.BytesTrie(
                (" ".join(alias), bytes([rank]) + " ".join(name).encode())
                for alias, names in aliases.items()
                for rank, name in enumerate(names)
            )
        )

    @classmethod
    def load(cls, path: Path) -> "Aliases":
        """Map what `save` wrote."""
        trie = marisa_trie.BytesTrie()
        trie.mmap(str(path))
        return cls(trie)

    def save(self, path: Path) -> None:
        """Write the trie."""
        self._trie.save(str(path))

    def readings(self, typed: Typed) -> list[Reading]:
        """A prefix with an alias taken for what it stands for; the longest aliases first, at most `MOST_READINGS`.

        The last word may be the beginning of an alias's, when it has `MIN_LETTERS` letters with the words before it.
        """
        words = typed_words(typed)[:MOST_TYPED]
        is_open = typed.ending is Ending.OPEN and len(words) == len(typed_words(typed))
        found: dict[Typed, Reading] = {}
        for length in range(min(MOST_WORDS, len(words)), 0, -1):
            for first in range(len(words) - length + 1):
                last = first + length
                for name in self._meanings(" ".join(words[first:last]), is_open and last == len(words)):
                    reading = read_as(typed, first, last, name)
                    found.setdefault(reading.typed, reading)
        return list(islice(found.values(), MOST_READINGS))

    def _meanings(self, alias: str, is_begun: bool) -> Iterator[Words]:
        """What an alias stands for, or all those that begin so."""
        held = self._trie.get(alias)
        if held is None and is_begun and len(alias) >= MIN_LETTERS:
            held = [value for _, value in islice(self._trie.iteritems(alias), MOST_READINGS)]
        for value in sorted(held or ()):
            yield tuple(value[1:].decode().split(" "))


def alias_matches(
    index: CompletionIndex, aliases: Aliases, typed: Typed, window: int
) -> list[tuple[int, MatchKind, Slip]]:
    """The best `window` completions that start with a reading, behind them as many that hold its words; both by id."""
    starting: dict[int, Slip] = {}
    holding: dict[int, Slip] = {}
    for reading in aliases.readings(typed):
        pattern = compile_pattern(reading.typed, index.vocabulary)
        if pattern is None:
            continue
        slip = Slip(typed, reading.first, reading.last, (reading.replacement,), is_alias=True)
        for completion in prefix_matches(index, pattern, window):
            starting.setdefault(completion, slip)
        for completion in word_matches(index, pattern, window):
            holding.setdefault(completion, slip)
    behind = sorted(holding.keys() - starting.keys())
    return [(each, MatchKind.PREFIX, starting[each]) for each in sorted(starting)[:window]] + [
        (each, MatchKind.WORDS, holding[each]) for each in behind[:window]
    ]
