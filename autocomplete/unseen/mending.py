"""Completions that nobody has sent yet, of a prefix with an unknown word: "red jaket wom" is "red jacket women".

Asked only where nothing was found: no completion and no title, as typed or with a slip. A word that nothing here is
written with may be new, mistyped, or two that lost their space. Each of the likeliest readings is gone on with
(`continuing.py`); the best go first by the probability of the reading times that of the continuation: a noisy channel
(Kernighan, Church and Gale, A Spelling Correction Program Based on a Noisy Channel Model, 1990).
"""

from collections.abc import Sequence
from math import prod

from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.match import Match, MatchKind, Slip
from autocomplete.matching.slips.chances import SPACE, SlipChances
from autocomplete.matching.slips.readings import MIN_LETTERS, Reading, read_as, space_readings, typed_words
from autocomplete.matching.typed import Typed
from autocomplete.unseen.continuing import Continuing
from autocomplete.words import locate_words

# Readings that are gone on with: each takes as long as a continuation of what was typed.
_MOST_READINGS = 3
# Letters of each of two words that were typed as one. Home Depot's left-out terms without their first space,
# success@10: any .076, two .072, three .062; with any, everything that starts with an s goes on from "ssd".
_LEAST_OF_A_PART = 2
# That a word nobody here has used is meant as typed; in the unit of `SlipChances.of` times a share of all words.
_NEW_WORD = 1e-4
# How many times as often as by chance two words follow each other that somebody has typed without a space.
_TOGETHER = 10.0


def go_on_mended(
    indexes: Sequence[CompletionIndex],
    continuing: Continuing,
    typed: Typed,
    text: str,
    limit: int,
    chances: SlipChances,
) -> list[Match]:
    """At most `limit` continuations of a prefix with an unknown word, as typed and with one slip taken back.

    Args:
        indexes: Their words are what the unknown one may have meant.
        continuing: Of the same locale.
        typed: Of `text`.
        text: As typed.
        limit: Of matches.
        chances: Of slips.
    """
    held = continuing.go_on(typed, text, limit, (text,))
    found = [(_NEW_WORD * held.weight(one), Match(held, one, MatchKind.PREFIX)) for one in range(len(held))]
    words = locate_words(text)
    readings = _readings(indexes, continuing, typed, chances)
    likely = sorted(
        ((chance * _share(continuing, each), chance, each) for each, chance in readings.items()),
        key=lambda row: (-row[0], row[2].replacement),
    )
    for probability, chance, each in likely[:_MOST_READINGS]:
        slip = Slip(typed, each.first, each.last, (each.replacement,), chance=chance)
        start, end = words[each.first].start, words[each.last - 1].end
        mended = text[:start] + " ".join(map(continuing.written, each.replacement)) + text[end:]
        held = continuing.go_on(each.typed, mended, limit)
        found += [
            (probability * held.weight(one), Match(held, one, MatchKind.PREFIX, slip)) for one in range(len(held))
        ]
    found.sort(key=lambda row: -row[0])
    # Two readings may go on to the same: a space too many, or a letter in its place.
    likeliest: dict[str, Match] = {}
    for _, match in found:
        likeliest.setdefault(match.text.casefold(), match)
    return list(likeliest.values())[:limit]


def _readings(
    indexes: Sequence[CompletionIndex], continuing: Continuing, typed: Typed, chances: SlipChances
) -> dict[Reading, float]:
    """What an unknown word, or the spaces around it, may have meant, with the chance of the slip."""
    found: dict[Reading, float] = {}
    for index in indexes:
        spaced = space_readings(typed, continuing.vocabulary, index.slips)
        found |= dict.fromkeys(filter(_has_whole_parts, spaced), SPACE)
    unknown = continuing.unknown(typed)
    place = unknown[0]
    word, partial = typed_words(typed)[place], place == len(typed.words)
    # A word with digits is a model or a size, and another one is no correction of it.
    if len(unknown) == 1 and len(word) >= MIN_LETTERS and word.isalpha():
        for index in indexes:
            for meant in index.neighbours(word, partial).texts:
                found[read_as(typed, place, place + 1, (meant,))] = chances.of(word, meant)
    return found


def _has_whole_parts(reading: Reading) -> bool:
    """Whether no part is a scrap that anything may go on from: "ssd" is no "s d(ress)"."""
    parts = reading.replacement
    return len(parts) == 1 or all(len(part) >= _LEAST_OF_A_PART for part in parts)


def _share(continuing: Continuing, reading: Reading) -> float:
    """How common what was meant is among the words of the shop; of two words, side by side."""
    partial = len(reading.typed.words)
    places = enumerate(reading.replacement, reading.first)
    share = prod(continuing.share(word, place == partial) for place, word in places)
    return share * _TOGETHER if len(reading.replacement) > 1 else share
