"""Spelling with the shop's own words: a noisy channel that may always answer "leave it alone".

For every word that the shop does not know (or hardly knows), what may have been meant competes with what was typed:

    score(meant) = log P(meant | its neighbours) - cost of the slip     score(typed) = log P(an unknown word like this)

and the confidence is the winner's share among all of them (a softmax). Words may also be joined (`head phones`) and
split (`usbcable`). Numbers, units, model numbers and words the shop knows well are never touched.
"""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from rapidfuzz.distance import OSA

from data.text import Analyser, TokenKind
from understanding.edits import edit_cost
from understanding.lexicon import LONGEST_WORD, SHORTEST_CORRECTED, SHORTEST_TWO_EDITS, Lexicon
from understanding.understanding import Correction
from understanding.word import Word

APPLY = 0.8
"""Confidence from which a correction is applied. Random slips in single words of Icecat's titles: precision .998, .993,
.988 and recall .51, .62, .69 at .9, .8, .7; a false correction hurts more than a missed one. Of Icecat's 96 rated
queries it alters one ("head set"), of 2,120 queries of another shop 40, most of them truly misspelt."""

OFFER = 0.4
"""Confidence from which a correction is offered ("did you mean"). Of thirty of Home Depot's queries between .5 and .8
six readings were wrong: worth a line on the page, not worth searching for something else."""

KEEP = -6.5
"""Log probability that a word the shop does not know is meant all the same, before its length. With -1.3 a letter; of
the pairs (-8, -.8), (-7, -1.1), (-6.5, -1.3), (-6, -1.5) recall of random slips is .32, .51, .62, .70 at a precision of
.997, .993, .993, .991, and 28, 28, 40, 55 of the other shop's queries are altered."""

KEEP_PER_LETTER = -1.3
"""A word of ten letters that looks like a known one is that one; a word of four letters looks like many."""

SLIP = math.log(0.03)
"""Share of slips among words that the shop does know: `cable` typed for `table`."""

CONTEXT = 0.5
"""Share of the neighbours' say in a word's probability (Jelinek and Mercer)."""

SPLIT = 5.0
"""Cost of a missing space; people drop them about as often as letters."""

JOIN = 5.0
"""Cost of a space too many."""

SHORTEST_PART = 2
"""Letters of a split word's parts."""

MOST_CORRECTED = 12
"""Words looked at for slips in one query; bounds the time of a pasted paragraph in a foreign language."""


class Speller:
    """Corrects the words of a query."""

    def __init__(self, lexicon: Lexicon, apply: bool = True) -> None:
        """Take the shop's words, and whether sure corrections are applied or only offered."""
        self._lexicon = lexicon
        self._apply = apply

    def correct(
        self, text: str, words: Sequence[Word], analyser: Analyser, locale: str, leave: AbstractSet[int] = frozenset()
    ) -> tuple[tuple[Word, ...], tuple[Correction, ...]]:
        """Read the words as they were probably meant.

        Args:
            text: The query.
            words: Of it, as typed.
            analyser: Of the locale; says which known words share a stem.
            locale: Decides which language's words may be meant.
            leave: Places in `words` that say something else ("under" of a price limit) and stay as they are.

        Returns:
            The words with confident corrections applied, and every correction that is at least to be offered.
        """
        reading = _Reading(self._lexicon, text, analyser, self._lexicon.language(locale))
        read: list[Word] = []
        corrections: list[Correction] = []
        looked = 0
        at = 0
        while at < len(words):
            word = words[at]
            before = read[-1] if read else None
            after = words[at + 1] if at + 1 < len(words) and at + 1 not in leave else None
            meant: tuple[Word, ...] = (word,)
            used, correction = 1, None
            if at in leave:
                pass
            elif after is not None and (joined := reading.join(word, after)) is not None:
                meant, used, correction = joined
            elif looked < MOST_CORRECTED and reading.suspicious(word):
                looked += 1
                found = reading.mend(word, before, after)
                if found is not None:
                    meant, correction = found
            if correction is not None:
                correction = replace(correction, applied=self._apply and correction.confidence >= APPLY)
                corrections.append(correction)
            read.extend(meant if correction is not None and correction.applied else words[at : at + used])
            at += used
        return tuple(read), tuple(corrections)


class _Reading:
    """One language's view on the lexicon."""

    def __init__(self, lexicon: Lexicon, text: str, analyser: Analyser, language: int) -> None:
        self._lexicon = lexicon
        self._text = text
        self._analyser = analyser
        self._language = language

    def _id(self, word: Word | None) -> int | None:
        return None if word is None else self._lexicon.words.get(word.text)

    def _prior(self, word_id: int | None) -> float:
        return -math.inf if word_id is None else self._lexicon.prior(word_id, self._language)

    def _only_searched(self, word_id: int) -> bool:
        """A word of the log that the catalogue never writes: as likely a slip as any unknown one."""
        return self._lexicon.counts[word_id] == 0 and self._prior(word_id) > -math.inf

    def suspicious(self, word: Word) -> bool:
        """Whether a word may be a slip at all: letters only, long enough, neither it nor its stem well known."""
        if word.kind is not TokenKind.WORD or not SHORTEST_CORRECTED <= len(word.text) <= LONGEST_WORD:
            return False
        if word.in_code or not word.text.isalpha() or self._analyser.is_stop(word.text):
            return False
        return word.text in self._lexicon.words or word.stem not in self._lexicon.stems

    def mend(self, word: Word, before: Word | None, after: Word | None) -> tuple[tuple[Word, ...], Correction] | None:
        """The likeliest reading of a suspicious word, `None` when that is the word itself."""
        lexicon = self._lexicon
        typed_id = self._id(word)
        context = [i for i in (self._id(before), self._id(after)) if i is not None and lexicon.counts[i] > 0]
        slip = SLIP if typed_id is not None and not self._only_searched(typed_id) else 0.0
        keep = KEEP + KEEP_PER_LETTER * len(word.text)
        if typed_id is not None:
            keep = max(keep, self._log_probability(typed_id, context))
        scored: list[tuple[float, tuple[str, ...]]] = []
        most = 2 if len(word.text) >= SHORTEST_TWO_EDITS else 1
        for meant_id in lexicon.near(word.text):
            meant = lexicon.word(meant_id)
            if meant == word.text or OSA.distance(word.text, meant, score_cutoff=most) > most:
                continue
            likely = self._log_probability(meant_id, context)
            if likely > -math.inf and not self._same_stem(word, meant):
                scored.append((likely + slip - edit_cost(word.text, meant), (meant,)))
        if typed_id is None:
            scored.extend(self._splits(word.text))
        if not scored:
            return None
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best, meant_words = scored[0]
        total = math.exp(keep - best) + sum(math.exp(score - best) for score, _ in scored)
        confidence = 1.0 / total
        if confidence < OFFER:
            return None
        evidence = self._evidence(word, meant_words, typed_id)
        return self._replaced(word, meant_words), self._correction(word, meant_words, confidence, evidence)

    def join(self, word: Word, after: Word) -> tuple[tuple[Word, ...], int, Correction] | None:
        """Two words that the shop writes as one."""
        lexicon = self._lexicon
        if word.kind is not TokenKind.WORD or after.kind is not TokenKind.WORD or word.in_code or after.in_code:
            return None
        joined = word.text + after.text
        joined_id = lexicon.words.get(joined)
        if joined_id is None or not joined.isalpha() or self._prior(joined_id) == -math.inf:
            return None
        first, second = self._id(word), self._id(after)
        if first is not None and second is not None and lexicon.together(first, second) > 0:
            return None
        keep = self._pair(first, second, len(joined))
        confidence = 1.0 / (1.0 + math.exp(min(50.0, keep - (self._prior(joined_id) - JOIN))))
        if confidence < OFFER or lexicon.counts[joined_id] == 0:
            return None
        evidence = f"the shop writes it as one word, in {lexicon.counts[joined_id]} titles"
        one = replace(word, text=joined, stem=self._analyser.stem(joined), end=after.end, corrected=True)
        return (one,), 2, self._correction(one, (joined,), confidence, evidence)

    def _pair(self, first: int | None, second: int | None, letters: int) -> float:
        """Log probability of two words side by side that no title has side by side."""
        unknown = KEEP + KEEP_PER_LETTER * letters / 2
        return max(self._prior(first), unknown) + max(self._prior(second), unknown) + math.log(1 - CONTEXT)

    def _log_probability(self, word_id: int, context: Sequence[int]) -> float:
        prior = self._prior(word_id)
        if prior == -math.inf or not context:
            return prior
        beside = sum(self._lexicon.together(word_id, i) / int(self._lexicon.counts[i]) for i in context) / len(context)
        return math.log((1 - CONTEXT) * math.exp(prior) + CONTEXT * min(1.0, beside))

    def _splits(self, typed: str) -> list[tuple[float, tuple[str, ...]]]:
        lexicon = self._lexicon
        found: list[tuple[float, tuple[str, ...]]] = []
        for at in range(SHORTEST_PART, len(typed) - SHORTEST_PART + 1):
            first, second = lexicon.words.get(typed[:at]), lexicon.words.get(typed[at:])
            if first is None or second is None or not (beside := lexicon.together(first, second)):
                continue
            score = self._prior(first) + math.log(beside / max(1, int(lexicon.counts[first]))) - SPLIT
            if score > -math.inf:
                found.append((score, (typed[:at], typed[at:])))
        return found

    def _same_stem(self, word: Word, meant: str) -> bool:
        """A plural of the same word is found by its stem; nothing is to be corrected."""
        return self._analyser.stem(meant) == word.stem

    def _replaced(self, word: Word, meant: Sequence[str]) -> tuple[Word, ...]:
        if len(meant) == 1:
            return (replace(word, text=meant[0], stem=self._stem(meant[0]), corrected=True),)
        # Folding may change lengths ("ß"); then both halves stand for the whole span's parts as far as they go.
        middle = min(word.start + len(meant[0]), word.end)
        return (
            replace(word, text=meant[0], stem=self._stem(meant[0]), end=middle, corrected=True),
            replace(word, text=meant[1], stem=self._stem(meant[1]), start=middle, corrected=True),
        )

    def _stem(self, word: str) -> str:
        return self._analyser.stem(word)

    def _evidence(self, word: Word, meant: Sequence[str], typed_id: int | None) -> str:
        counts = [int(self._lexicon.counts[self._lexicon.words[part]]) for part in meant]
        titles = 0 if typed_id is None else int(self._lexicon.counts[typed_id])
        standing = "unknown here" if typed_id is None else f"in {titles} titles" if titles else "in no title"
        if len(meant) > 1:
            return f"{word.text!r} is {standing}; {' and '.join(map(repr, meant))} stand side by side"
        distance = OSA.distance(word.text, meant[0])
        letters = "1 letter" if distance == 1 else f"{distance} letters"
        return f"{word.text!r} is {standing}; {meant[0]!r}, {letters} away, is in {counts[0]} titles"

    def _correction(self, word: Word, meant: Sequence[str], confidence: float, evidence: str) -> Correction:
        return Correction(
            start=word.start,
            end=word.end,
            original=self._text[word.start : word.end],
            replacement=" ".join(meant),
            confidence=round(confidence, 4),
            evidence=evidence,
            applied=False,
        )
