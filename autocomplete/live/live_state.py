"""What is live over a release's completions, by locale: made when something changes, read with every keystroke."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
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
        banned_within: Runs of words that no text may hold.
        pins: By folded prefix, in their order.
        own: Completes the new texts and the trends; `None` without any.
        gone: Texts of completions that nothing in stock is found for.
    """

    banned: Set[Words] = frozenset()
    banned_within: tuple[Words, ...] = ()
    pins: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    own: TrieCompleter | None = None
    gone: Set[str] = frozenset()

    def is_banned(self, text: str) -> bool:
        """Whether a curator said that the text is not suggested."""
        if not self.banned and not self.banned_within:
            return False
        words = tuple(split_words(text))
        return words in self.banned or any(_holds(words, run) for run in self.banned_within)


def _holds(words: Words, run: Words) -> bool:
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


def make_live_locale(
    locale: str,
    curation: Curation,
    trends: Sequence[Trend],
    gone: Set[str],
    count_in_stock: CountInStock,
) -> LiveLocale:
    """Put together what holds in a locale; new texts, pins and trends that find nothing in stock are left out.

    Costs a count for each of them, and an index of some dozens of texts: milliseconds.
    """
    chain = tuple(locale_chain(locale))
    bans = of_locale(curation.bans, chain)
    found = {
        text: count
        for text in _texts(curation, trends, chain)
        if (count := count_in_stock(text, locale)) and split_words(text)
    }
    pins: dict[str, list[Pin]] = {}
    for pin in sorted(of_locale(curation.pins, chain), key=lambda pin: (pin.place, pin.text)):
        if pin.text in found:
            pins.setdefault(" ".join(split_words(pin.prefix)), []).append(pin)
    completions: dict[Words, Completion] = {}
    for label in of_locale(curation.labels, chain):
        if label.text in found:
            completions[tuple(split_words(label.text))] = Completion(
                label.text,
                1.0,
                source=SuggestionSource.CURATED,
                result_count=found[label.text],
                concept_id=label.concept_id,
            )
    for trend in trends:
        if trend.locale in chain and trend.text in found:
            completions[tuple(split_words(trend.text))] = Completion(
                trend.text,
                2.0 + trend.strength,
                source=SuggestionSource.TRENDING,
                people=trend.people,
                result_count=found[trend.text],
            )
    return LiveLocale(
        frozenset(_words(ban) for ban in bans if not ban.within),
        tuple(_words(ban) for ban in bans if ban.within and _words(ban)),
        {prefix: tuple(held) for prefix, held in pins.items()},
        _completer(list(completions.values()), grouping(analyser_for(locale))) if completions else None,
        gone,
    )


def _texts(curation: Curation, trends: Sequence[Trend], chain: Sequence[str]) -> dict[str, None]:
    """Every text that would be shown in a locale, once."""
    texts = [pin.text for pin in of_locale(curation.pins, chain)]
    texts += [label.text for label in of_locale(curation.labels, chain)]
    texts += [trend.text for trend in trends if trend.locale in chain]
    return dict.fromkeys(texts)


def _words(ban: Ban) -> Words:
    return tuple(split_words(ban.text))


def _completer(completions: list[Completion], group_of: Grouping) -> TrieCompleter:
    return TrieCompleter(build_index(completions, group_of), build_index([], group_of))
