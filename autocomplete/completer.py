"""The engine: prefix in, suggestions out. What matches, and in which order, is defined here and nowhere else.

**Words.** Texts are compared as folded words (`words.py`). A prefix is its complete words and a partial last one; it is
OPEN ("usb c"), asks for the NEXT word ("usb ") or is CLOSED by a separator that is no blank ("usb-"; `typed.py`). Its
*key* is its words joined by spaces, with a space behind when it is NEXT.

**Match kinds.** A completion matches
- PREFIX: its words, joined by spaces, start with the key (CLOSED: its first words are the typed ones);
- REORDERED: it holds the typed words, each at a place of its own, the partial one as the beginning of a word, and no
  word besides; INFIX: it holds them next to each other in the typed order from some word on, among others; WORDS: it
  holds them in any order, among others. NEXT asks for one word more than was typed in each of them;
- with a slip: it matches a *reading*, a string one slip away from the key (`slips/readings.py`), in one of these ways;
  inside a reading there are only PREFIX and WORDS. Where one slip explains nothing, a reading has two, in one word of
  at least `LETTERS_FOR_TWO` or in two words of at least `MIN_LETTERS` that nothing starts with.

**Scripts without spaces.** Each character is a word, and two or more typed side by side are a *run*: a completion holds
it in one piece, wherever that begins, or in a few (`characters.py`), never its letters here and there. Of each kind the
fewest pieces go first. A run with a slip (`slips/character_slips.py`) stands in one piece, and its WORDS matches stand
behind the PREFIX ones, because the head of such labels is at their end ("不锈钢保温杯"). A Latin letter behind a
character may be what an input method has not turned into one yet: where nothing matches, it is left away.

**Order.** By tier, then by kind, then by weight; equal weights: shorter text, then text. PREFIX matches of a long
prefix go by how nearly they are typed, too (`nearly_typed.py`); what was typed in whole has the last place of two or
more where it would have none.
1. *As typed*: the best `window` PREFIX matches; where they are fewer than `limit`, the best `window` REORDERED ones
   behind; where both are fewer still, the best `window` others.
   *By another name* (`aliases.py`), where tier 1 leaves room: what matches with an alias in the prefix read
   as what it stands for, another form of a word ("laptops" for "laptop"), or a measure written otherwise
   (`measures.py`), PREFIX before WORDS.
2. *With a slip*, only where nothing matches as typed: the best `window` PREFIX matches; where they are fewer than
   `limit`, WORDS matches behind ("botle": "bottle brush", then "water bottle"); either by weight times the chance of
   the slip (`slips/chances.py`), a PREFIX match's weight counting as it does where a long prefix has no slip, save that
   no places are kept.
3. *Product titles* as typed, where tiers 1 and 2 give fewer than `FEW`; with a slip where nothing else was found, and
   then only a slip in a stretch of at least `MIN_LETTERS`: among titles, "4k" is one letter from everything.

**Exact first** (the rule that an exact match is never pushed below a fuzzy one of comparable prior): tier 1 leaves no
room for tier 2. Nor do product titles as typed, unless the best correction finds at least `COMPARABLE` times as many
products as there are such titles: "cannon" stands in one title, "canon" is a brand. A title that was typed in whole is
first all the same: what somebody has spelt out to its end must not be lost.

**Never seen.** Where no completion matches as typed and corrections and titles are fewer than `FEW`, the prefix is gone
on with by the words that follow such words elsewhere (`continuing.py`), as far as products have them, behind the rest:
a correction is something that people really look for. Where nothing is found at all, and a word is unknown, so are
the likeliest readings of it (`mending.py`).

**Diversity.** Of near-duplicates (`diversity.py`) the first stays where it is, the others go behind everything else; so
does, before them, what is one too many of a category, unless the session says what is looked for.

**With a model** (`ranker.py`) the completions of tier 1, those by another name and those of tier 2 are ordered by it
instead of by kind and weight; what is found, the tiers, product titles and diversity stay as they are. But where one
whole word was typed, the last quarter of a full answer is for the best by weight, also of what ends in it: "sleeping
bag" for "bag".

**With groups** a quarter of the answer is kept for categories and a quarter for products that match as typed, see
`places.py`.

**Empty prefix**: the best completions by weight. A prefix without letters and digits, or longer than any completion,
matches nothing.

`window` is `TOP` or twice the limit. Everything is bounded by the number of typed words and `MAX_SCANNED`.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autocomplete.candidates import Found, as_typed, as_typed_without, ending_in, popular, window_of, with_slip
from autocomplete.context import Context
from autocomplete.facts import Fact, Facts
from autocomplete.found import FoundProducts
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.match import Match, MatchKind, Slip
from autocomplete.matching.prefix_match import whole_match
from autocomplete.matching.slips.chances import ANYBODY, SlipChances
from autocomplete.matching.slips.readings import MIN_LETTERS, typed_words
from autocomplete.matching.typed import Ending, Typed, parse_prefix
from autocomplete.places import with_places
from autocomplete.prefix import Prefix
from autocomplete.presentation import present
from autocomplete.ranking.ranker import Ranking
from autocomplete.sources.aliases import Aliases, alias_matches
from autocomplete.suggestion import Suggestion
from autocomplete.unseen.continuing import Continuing
from autocomplete.unseen.mending import go_on_mended
from autocomplete.words import is_character

# Product titles fill up an answer of fewer suggestions than this: half of what a search box shows.
FEW = 4
# Every typing begins with one of few prefixes: answers to those of at most so many characters are kept, some 2 kB
# each, and given in 1 µs instead of 12.
SHORT = 3
MOST_SHORT = 4096
# Prefixes that are answered before anybody types them, those of the likeliest completions.
_WARMED = 128
_LOOKED_AT = 2_000
# How many times more products a correction must find than there are product titles with the word as typed.
COMPARABLE = 10

_NOBODY = Context()


class Completer(Protocol):
    """What answers a keystroke."""

    @property
    def uses_sessions(self) -> bool:
        """Whether an answer depends on `context.history`, so that it must not be given to another session."""
        ...

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """The best suggestions for a prefix, best first; the same for the same arguments."""
        ...


class TrieCompleter:
    """One locale's completions, with its product titles behind them."""

    def __init__(
        self,
        completions: CompletionIndex,
        titles: CompletionIndex,
        ranking: Ranking | None = None,
        continuing: Continuing | None = None,
        aliases: Aliases | None = None,
        chances: SlipChances = ANYBODY,
        facts: Facts | None = None,
        title_facts: Facts | None = None,
        found: FoundProducts | None = None,
    ) -> None:
        self.completions = completions
        self.titles = titles
        self.ranking = ranking
        self.continuing = continuing
        self.aliases = aliases
        self.chances = chances
        self.found = found
        self._facts = ((completions, facts), (titles, title_facts))
        self._short: dict[tuple[str, int], tuple[Match, ...]] = {}

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return self.ranking is not None

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        matches = self.match(prefix.text, prefix.limit, context)
        if prefix.groups:
            matches = with_places(matches, prefix, self.completions, self.titles, self.ranking is not None)
        return self._present(matches, prefix.text, context)

    def _present(self, matches: Sequence[Match], text: str, context: Context) -> list[Suggestion]:
        ranker = self.ranking.ranker if self.ranking else None
        return present(matches, text, context.explain, ranker, self._fact_of)

    def _fact_of(self, match: Match) -> Fact | None:
        """What is known of a match that only an explanation needs."""
        known = next((facts for home, facts in self._facts if home is match.home), None)
        return None if known is None else known[match.completion]

    def complete_without(self, prefix: Prefix, context: Context, left_out: NDArray[np.bool_]) -> list[Suggestion]:
        """The best that match as typed, as if the release had none of the completions that a mask says."""
        text, limit = prefix.text, prefix.limit
        typed = parse_prefix(text)
        if typed is None and text.strip():
            return []
        found = as_typed_without(self.completions, typed, limit, left_out, by_weight=self.ranking is not None)
        return self._present(self._ordered(found, typed, limit, context, remember=False), text, context)

    def match(self, text: str, limit: int, context: Context = _NOBODY) -> list[Match]:
        """The best `limit` completions, best first; what `complete` shows."""
        short = self._short.get((text, limit))
        if short is not None:
            return list(short)
        typed = parse_prefix(text)
        if typed is None:
            if text and not text.isspace():
                return []
            return self._ordered(popular(self.completions, limit), None, limit, context)
        found = self._found(typed, limit, context)
        continuing = self.continuing
        if continuing is None or len(found) >= min(FEW, limit) or self._holds_as_typed(found):
            if len(text) <= SHORT and self.ranking is None:
                self._remember(text, limit, found)
            return found
        if any(map(is_character, typed_words(typed))):
            # What follows a character is the rest of a word: with that, nothing can be put together.
            return found
        if not continuing.unknown(typed):
            return continuing.fill(found, typed, text, limit)
        # A correction that was found is what was meant by an unknown word.
        indexes = (self.completions, self.titles)
        return found or go_on_mended(indexes, continuing, typed, text, limit, self.chances)

    def _remember(self, text: str, limit: int, found: Sequence[Match]) -> None:
        """Keep the answer to a short prefix; a model's depends on more than the prefix, see `Ranking`."""
        if len(self._short) >= MOST_SHORT:
            self._short.clear()
        self._short[text, limit] = tuple(found)

    def warm(self, limit: int, now_ms: int) -> None:
        """Answer what typing begins with, so that no shopper waits for it: with a model 80 ms, without a few."""
        context = Context(now_ms)
        texts = (self.completions.text(each) for each in range(min(len(self.completions), _LOOKED_AT)))
        beginnings = dict.fromkeys(text[:size].lower() for text in texts for size in (0, 1, 2))
        for beginning in islice(beginnings, _WARMED):
            self.match(beginning, limit, context)

    def whole(self, text: str) -> int | None:
        """Id of the completion that a prefix is all of; `None` for one that asks for a next word."""
        typed = parse_prefix(text)
        if typed is None or typed.ending is Ending.NEXT:
            return None
        return whole_match(self.completions, typed_words(typed))

    def forget(self) -> None:
        """Let go of what earlier keystrokes left in memory; only the next answers take longer."""
        self._short.clear()
        self.completions.neighbours.cache_clear()
        self.titles.neighbours.cache_clear()

    def _holds_as_typed(self, found: list[Match]) -> bool:
        """Whether any of them is a completion, no title, that matches without a correction."""
        return any(match.slip is None and match.home is self.completions for match in found)

    def _found(self, typed: Typed, limit: int, context: Context) -> list[Match]:
        """What the release has for a prefix."""
        exact = as_typed(self.completions, typed, limit, by_weight=self.ranking is not None)
        found = self._ordered(exact, typed, limit, context)
        if self.ranking is not None and len(found) == limit:
            return self._with_kinds_of_it(found, exact, typed, limit)
        if self.aliases is not None and len(found) < limit:
            found += self._by_another_name(self.aliases, found, typed, limit, context)
        if not found:
            corrected = self._ordered(with_slip(self.completions, typed, limit, self.chances), typed, limit, context)
            return self._with_titles(corrected, typed, limit)
        if len(found) < FEW and len(self.titles):
            found = _with_more(found, as_typed(self.titles, typed, limit).in_order(self.titles, limit))
        return found[:limit]

    def _with_kinds_of_it(self, found: list[Match], exact: Found, typed: Typed, limit: int) -> list[Match]:
        """A full answer to a whole word: the last quarter is for the best of what is left, and of what ends in it."""
        index, before = self.completions, limit - limit // 4
        matches = {match.completion: match for match in found}
        for each in ending_in(index, typed, window_of(limit)):
            matches.setdefault(each, Match(index, each, MatchKind.INFIX))
        ids = list(matches)
        first, rest = ids[:before], sorted(ids[before:])  # by weight
        distinct = index.diverse(first + rest, limit, limit)
        chosen = list(dict.fromkeys(first + distinct))[:limit]
        return [matches[each] for each in exact.keeping_whole(chosen, limit)]

    def _by_another_name(
        self, aliases: Aliases, besides: list[Match], typed: Typed, limit: int, context: Context
    ) -> list[Match]:
        """What an alias in the prefix stands for, but for what matches as typed."""
        index, shown = self.completions, {match.completion for match in besides}
        held = [each for each in alias_matches(index, aliases, typed, window_of(limit)) if each[0] not in shown]
        found = Found({each: kind for each, kind, _ in held}, {each: slip for each, _, slip in held})
        return self._ordered(found, typed, limit - len(besides), context, remember=False)

    def candidates(self, text: str, limit: int) -> list[Match]:
        """What `match` orders before near-duplicates step back, product titles left out."""
        typed = parse_prefix(text)
        if typed is None:
            found = popular(self.completions, limit) if not text or text.isspace() else Found({})
        else:
            found = as_typed(self.completions, typed, limit, by_weight=True)
            if not found.kinds:
                found = with_slip(self.completions, typed, limit, self.chances)
        return found.matches(self.completions, found.kinds)

    def _ordered(
        self, found: Found, typed: Typed | None, limit: int, context: Context, remember: bool = True
    ) -> list[Match]:
        """The best of one tier, by the model where there is one."""
        index = self.completions
        if self.ranking is None or not found.kinds:
            return found.in_order(index, limit)
        matches = found.matches(index, found.kinds)
        order = self.ranking.order(matches, typed, limit, context, remember)
        places = {order.found[place].completion: place for place in order.places}
        # Who showed what they are after is not offered something else for variety.
        most = limit if context.history.at(context.now_ms) else None
        ids = found.keeping_whole(index.diverse(list(places), limit, most), limit)
        return [order.match(places[each]) for each in ids]

    def _with_titles(self, corrected: list[Match], typed: Typed, limit: int) -> list[Match]:
        """Where no completion matches as typed: titles as typed before or behind corrections, by the stated rule."""
        if not len(self.titles):
            return corrected
        exact = as_typed(self.titles, typed, limit)
        titles = exact.in_order(self.titles, limit)
        if not titles and not corrected:
            found = with_slip(self.titles, typed, limit, self.chances)
            slips = {each: slip for each, slip in (found.slips or {}).items() if _is_long(slip)}
            return Found({each: found.kinds[each] for each in slips}, slips).in_order(self.titles, limit)
        if not titles:
            return corrected
        if corrected and results_of(corrected[0]) >= COMPARABLE * len(titles):
            first = [title for title in titles if title.completion == exact.whole]
            both = _with_more(first, corrected)
            return (_with_more(both, titles) if len(both) < FEW else both)[:limit]
        return titles


def results_of(match: Match) -> int:
    """How many products the completion's search finds."""
    return int(match.home.arrays["results"][match.completion])


def _with_more(found: list[Match], titles: list[Match]) -> list[Match]:
    """With titles behind, but for those that read like what is there already."""
    shown = {match.text.casefold() for match in found}
    return found + [title for title in titles if title.text.casefold() not in shown]


def _is_long(slip: Slip) -> bool:
    return sum(map(len, typed_words(slip.typed)[slip.first : slip.last])) >= MIN_LETTERS
