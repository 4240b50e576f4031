"""Other names: what the graph knows under another word than the one that completions use ("couch" for "sofa").

An alias is an alternative or hidden label of a concept (a catalogue's synonyms, a curator's, those mined from the log)
beside the preferred one of the same language. Typed words that are an alias, or begin one, are read as what it stands
for, as a slip is read as what was meant. So is another form of a word that completions use ("laptops" for "laptop"),
once it was typed in whole, be it one that no completion has ("persons" for "people").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType

import marisa_trie

from autocomplete.completion import Completion
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.infix import word_matches
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.measures import measure_readings, says
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.slips.readings import MIN_LETTERS, Reading, in_whole, read_as, typed_words
from autocomplete.matching.trie import WordTrie
from autocomplete.matching.typed import Ending, Typed
from autocomplete.sources.labels import KIND_OF
from autocomplete.words import split_words
from data.product import locale_chain
from data.text import Analyser, analyser_for
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
# A shorter word has no ending: "as" is no plural.
_LEAST_OF_A_FORM = 3
# Ranks from here on are of other forms, which stand behind all names.
_FORMS = 128
# Before a stem: the words that have it.
_STEM = "\x01"


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


def other_forms(texts: Iterable[Sequence[str]], analyser: Analyser) -> dict[Words, list[Words]]:
    """Each word of the texts that has others of the same stem there, with those, of the likeliest texts first.

    Behind `_STEM` the stems that are no words themselves, with the words that have them, for forms that no text has.
    """
    by_stem: dict[str, dict[str, None]] = {}
    found: dict[Words, list[Words]] = {}
    for word in dict.fromkeys(chain.from_iterable(texts)):
        if len(word) >= _LEAST_OF_A_FORM and word.isalpha() and not analyser.is_stop(word):
            by_stem.setdefault(analyser.stem(word), {})[word] = None
    for stem, forms in by_stem.items():
        if stem not in forms:
            found[(_STEM + stem,)] = [*islice(((word,) for word in forms), MOST_MEANINGS)]
        for word in forms if len(forms) > 1 else ():
            others: list[Words] = [(other,) for other in forms if other != word]
            found[(word,)] = others[:MOST_MEANINGS]
    return found


def _words(label: SnapshotLabel) -> Words:
    return tuple(split_words(label.text))


class Aliases:
    """A mapped trie from the words of an alias, joined by spaces, to those of what it stands for."""

    def __init__(self, trie: marisa_trie.BytesTrie, locale: str) -> None:
        self._trie = trie
        self._stem = analyser_for(locale).stem

    @classmethod
    def build(cls, aliases: AliasWords, forms: AliasWords = MappingProxyType({}), locale: str = "und") -> "Aliases":
        """Take what `alias_words` and `other_forms` give; of several meanings the first is the best."""
        return cls(
            marisa_trie.BytesTrie(
                (" ".join(alias), bytes([rank]) + " ".join(name).encode())
                for held, first in ((aliases, 0), (forms, _FORMS))
                for alias, names in held.items()
                for rank, name in enumerate(names, first)
            ),
            locale,
        )

    @classmethod
    def load(cls, path: Path, locale: str) -> "Aliases":
        """Map what `save` wrote for a locale."""
        trie = marisa_trie.BytesTrie()
        trie.mmap(str(path))
        return cls(trie, locale)

    def save(self, path: Path) -> None:
        """Write the trie."""
        self._trie.save(str(path))

    def readings(self, typed: Typed, vocabulary: WordTrie) -> list[Reading]:
        """A prefix with an alias taken for what it stands for; the longest aliases first, at most `MOST_READINGS`.

        The last word may be the beginning of an alias's, when it has `MIN_LETTERS` letters with the words before it.
        What is no word of the vocabulary, nor begins one, may be another form of one.
        """
        words = typed_words(typed)[:MOST_TYPED]
        is_open = typed.ending is Ending.OPEN and len(words) == len(typed_words(typed))
        found: dict[Typed, Reading] = {}
        for length in range(min(MOST_WORDS, len(words)), 0, -1):
            for first in range(len(words) - length + 1):
                last = first + length
                is_last = is_open and last == len(words)
                meanings = self._meanings(" ".join(words[first:last]), is_last)
                if length == 1:
                    meanings = chain(meanings, self._forms_of(words[first], is_last, vocabulary))
                for name, is_form in meanings:
                    reading = read_as(typed, first, last, name)
                    if is_form and is_last:
                        # Who typed "tables" in whole begins no "tablet".
                        reading = in_whole(reading)
                    found.setdefault(reading.typed, reading)
        return list(islice(found.values(), MOST_READINGS))

    def _meanings(self, alias: str, is_begun: bool) -> Iterator[tuple[Words, bool]]:
        """What an alias stands for, or all those that begin so; then other forms of a word, and whether it is one."""
        held = self._trie.get(alias) or []
        if is_begun and len(alias) >= MIN_LETTERS and all(value[0] >= _FORMS for value in held):
            begun = (value for _, value in self._trie.iteritems(alias) if value[0] < _FORMS)
            held = [*islice(begun, MOST_READINGS), *held]
        for value in sorted(held):
            yield tuple(value[1:].decode().split(" ")), value[0] >= _FORMS

    def _forms_of(self, word: str, is_begun: bool, vocabulary: WordTrie) -> Iterator[tuple[Words, bool]]:
        """Words of the same stem as one that is not known."""
        known = vocabulary.begins(word) if is_begun else vocabulary.id(word) >= 0
        if known or len(word) < _LEAST_OF_A_FORM or not word.isalpha():
            return
        stem = self._stem(word)
        if vocabulary.id(stem) >= 0:
            yield (stem,), True
        for value in sorted(self._trie.get(_STEM + stem) or []):
            yield (value[1:].decode(),), True


def _words_of(index: CompletionIndex, completion: int) -> list[str]:
    return [index.vocabulary.words[word] for word in index.words_of(completion)]


def alias_matches(
    index: CompletionIndex, aliases: Aliases, typed: Typed, window: int
) -> list[tuple[int, MatchKind, Slip]]:
    """The best `window` completions that start with a reading, behind them as many that hold its words; both by id."""
    starting: dict[int, Slip] = {}
    holding: dict[int, Slip] = {}
    named = [(reading, False) for reading in aliases.readings(typed, index.vocabulary)]
    for reading, is_measure in (*named, *((reading, True) for reading in measure_readings(typed))):
        pattern = compile_pattern(reading.typed, index.vocabulary)
        if pattern is None:
            continue
        slip = Slip(typed, reading.first, reading.last, (reading.replacement,), is_alias=True)
        for held, found in ((starting, prefix_matches), (holding, word_matches)):
            for completion in found(index, pattern, window):
                if not is_measure or says(reading.replacement, _words_of(index, completion)):
                    held.setdefault(completion, slip)
    behind = sorted(holding.keys() - starting.keys())
    return [(each, MatchKind.PREFIX, starting[each]) for each in sorted(starting)[:window]] + [
        (each, MatchKind.WORDS, holding[each]) for each in behind[:window]
    ]
