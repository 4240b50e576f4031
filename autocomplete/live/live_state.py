"""What is live over a release's completions, by locale: made when something changes, read with every keystroke."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.facts import Facts
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import Grouping, grouping
from autocomplete.suggestion import SuggestionSource
from autocomplete.words import split_words
from data.curation import Ban, Curation, Pin, of_locale
from data.product import locale_chain
from data.text import analyser_for

Words = tuple[str, ...]
# Gives how many groups of products in stock a text finds, in a locale.
CountInStock = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class Trend:
    """A text that many people search for just now.

    Attributes:
        text: As it is mostly typed.
        locale: BCP 47, of those people.
        people: How many, within the window.
        strength: Standard deviations above what is usual.
    """

    text: str
    locale: str
    people: int
    strength: float


@dataclass(frozen=True, slots=True)
class LiveLocale:
    """What is live for shoppers of one locale.

    Attributes:
        banned: Texts, by their words.
        banned_within: Runs of words that no text may hold, by their first.
        pins: By folded prefix, in their order.
        own: Completes the new texts and the trends; `None` without any.
        gone: Texts of completions that nothing in stock is found for.
        completions: What `own` was made of.
    """

    banned: Set[Words] = frozenset()
    banned_within: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    pins: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    own: TrieCompleter | None = None
    gone: Set[str] = frozenset()
    completions: tuple[Completion, ...] = ()

    def is_banned(self, text: str) -> bool:
        """Whether a curator said that the text is not suggested."""
        if not self.banned and not self.banned_within:
            return False
        words = tuple(split_words(text))
        return words in self.banned or any(
            words[start : start + len(run)] == run
            for start, word in enumerate(words)
            for run in self.banned_within.get(word, ())
        )

    @property
    def leaves_out(self) -> bool:
        """Whether anything of the release is not suggested."""
        return bool(self.banned or self.banned_within or self.gone)


def make_live_locale(
    locale: str,
    curation: Curation,
    trends: Sequence[Trend],
    gone: Set[str],
    count_in_stock: CountInStock,
    before: LiveLocale | None = None,
) -> LiveLocale:
    """Put together what holds in a locale; new texts, pins and trends that find nothing in stock are left out.

    Costs a count for each of them, and an index of their texts (15 µs each), which is taken from `before` where it is
    the same.
    """
    chain = tuple(locale_chain(locale))
    bans = of_locale(curation.bans, chain)
    found = {
        text: count
        for text in own_texts(locale, curation, trends)
        if (count := count_in_stock(text, locale)) and split_words(text)
    }
    pins: dict[str, list[Pin]] = {}
    for pin in sorted(of_locale(curation.pins, chain), key=lambda pin: (pin.place, pin.text)):
        key = " ".join(split_words(pin.prefix))
        # One of before such prefixes were refused: nobody asked for the empty box.
        if pin.text in found and (key or not pin.prefix):
            pins.setdefault(key, []).append(pin)
    completions: dict[Words, Completion] = {}
    for label in of_locale(curation.labels, chain):
        if label.text in found:
            completions[tuple(split_words(label.text))] = Completion(
                label.text,
                1.0,
                source=SuggestionSource.CURATED,
                locale=label.locale,
                result_count=found[label.text],
                concept_id=label.concept_id,
            )
    for trend in trends:
        if trend.locale in chain and trend.text in found:
            words = tuple(split_words(trend.text))
            # As a curator spelt it, who said it on purpose.
            spelt = completions[words].text if words in completions else trend.text
            completions[words] = Completion(
                spelt,
                2.0 + trend.strength,
                source=SuggestionSource.TRENDING,
                locale=trend.locale,
                people=trend.people,
                result_count=found[trend.text],
            )
    within: dict[str, list[Words]] = {}
    for ban in bans:
        if ban.within and (words := _words(ban)):
            within.setdefault(words[0], []).append(words)
    own = tuple(completions.values())
    known = before.own if before is not None and before.completions == own else None
    return LiveLocale(
        frozenset(_words(ban) for ban in bans if not ban.within),
        {first: tuple(runs) for first, runs in within.items()},
        {prefix: tuple(held) for prefix, held in pins.items()},
        known or (_completer(own, grouping(analyser_for(locale))) if own else None),
        gone,
        own,
    )


def own_texts(locale: str, curation: Curation, trends: Sequence[Trend]) -> dict[str, None]:
    """Every text that curators and trends would put in, in a locale, once."""
    chain = tuple(locale_chain(locale))
    texts = [pin.text for pin in of_locale(curation.pins, chain)]
    texts += [label.text for label in of_locale(curation.labels, chain)]
    texts += [trend.text for trend in trends if trend.locale in chain]
    return dict.fromkeys(texts)


def _words(ban: Ban) -> Words:
    return tuple(split_words(ban.text))


def _completer(completions: Sequence[Completion], group_of: Grouping) -> TrieCompleter:
    index = build_index(completions, group_of)
    return TrieCompleter(index, build_index([], group_of), facts=Facts.of(index, completions))
