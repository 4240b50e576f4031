"""A release's suggestions with what is live over them.

**Left out**: what a curator banned, completions that nothing in stock is found for, products that have sold out or have
another title now.

**Put in**, the same words once: pins of the prefix first, in their order; then the best of the release; then at most
`MOST_OWN` trends and as many new texts; then the rest of the release's; where there is room, more of the new ones. With
nothing typed, trends stand before the release's best, and new texts behind it. Only what matches as typed is put in.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from autocomplete.context import Context
from autocomplete.keeping import complete_keeping
from autocomplete.live.left_out import left_out
from autocomplete.live.live_state import LiveLocale
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.matching.typed import Typed, parse_prefix
from autocomplete.places import cut
from autocomplete.prefix import Prefix
from autocomplete.presentation import highlight
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource
from autocomplete.words import locate_words, split_words

# Of trends, and of new texts: the rest of an answer is for what people are known to look for.
MOST_OWN = 2


@dataclass(frozen=True, slots=True)
class LiveState:
    """What is live over one release.

    Attributes:
        locales: By the shop's locales.
        gone_products: Ids of products that are sold out, deleted or called otherwise.
    """

    locales: Mapping[str, LiveLocale] = field(default_factory=dict)
    gone_products: Set[str] = frozenset()


class LiveCompleter:
    """A release's completer under one state of what is live; another state is another object.

    Args:
        inner: Of the release.
        state: Of now.
    """

    def __init__(self, inner: LocaleCompleter, state: LiveState) -> None:
        self._inner = inner
        self._state = state
        # Which completions are left out, by the completer: made when a prefix comes up short.
        self._masks: dict[int, NDArray[np.bool_]] = {}
        # A shopper's locale leads to one of the shop's, by the same way as in the release.
        self._live = {id(inner.of(locale)): live for locale, live in state.locales.items()}

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return self._inner.uses_sessions

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        live = self._live.get(id(self._inner.of(prefix.locale)))
        gone = self._state.gone_products
        if live is None:
            return self._inner.complete(prefix, context)

        def may_be_shown(each: Suggestion) -> bool:
            if each.product_id is not None and each.product_id in gone:
                return False
            return each.text not in live.gone and not live.is_banned(each.text)

        if gone or live.leaves_out:
            found = complete_keeping(
                self._inner, prefix, context, may_be_shown, lambda: self._past(live, prefix, context)
            )
        else:
            found = self._inner.complete(prefix, context)
        return _put_in(found, live, prefix, context)

    def _past(self, live: LiveLocale, prefix: Prefix, context: Context) -> list[Suggestion]:
        """What the release has behind all that is left out, where that is more than an answer is asked for."""
        completer = self._inner.of(prefix.locale)
        mask = self._masks.get(id(completer))
        if mask is None:
            mask = self._masks[id(completer)] = left_out(completer.completions, live)
        return completer.complete_without(prefix, context, mask)

    def is_banned(self, text: str, locale: str) -> bool:
        """Whether a curator banned a text for shoppers of a locale, wherever it comes from."""
        live = self._live.get(id(self._inner.of(locale)))
        return live is not None and live.is_banned(text)


def _put_in(found: list[Suggestion], live: LiveLocale, prefix: Prefix, context: Context) -> list[Suggestion]:
    if not live.pins and live.own is None:
        return found
    typed = parse_prefix(prefix.text)
    if typed is None and prefix.text.strip():
        return found
    pins = _pins(live, typed)
    own = [] if live.own is None else _own(live.own.complete(prefix, context), live)
    trends = [each for each in own if each.source is SuggestionSource.TRENDING]
    labels = [each for each in own if each.source is SuggestionSource.CURATED]
    # With nothing typed nobody asks for a new text, and many are after what trends.
    best = 0 if typed is None else 1
    first_labels = 0 if typed is None else MOST_OWN
    trending = {_meant(each) for each in trends[:MOST_OWN]}
    # What the release has first stays first, and is said to be a trend.
    ahead = [
        replace(each, source=SuggestionSource.TRENDING) if _meant(each) in trending else each for each in found[:best]
    ]
    most = MOST_OWN
    ordered = [
        *pins,
        *ahead,
        *trends[:most],
        *labels[:first_labels],
        *found[best:],
        *trends[most:],
        *labels[first_labels:],
    ]
    once: dict[tuple[str | None, ...], Suggestion] = {}
    for each in ordered:
        once.setdefault(_meant(each), each)
    return falling(cut(list(once.values()), prefix))


def falling(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """The same with scores that fall, or stay, along the answer: those put in are raised to the best behind them."""
    found: list[Suggestion] = []
    floor = 0.0
    for each in reversed(suggestions):
        floor = max(floor, each.score)
        found.append(each if each.score == floor else replace(each, score=floor))
    return found[::-1]


def _own(found: Sequence[Suggestion], live: LiveLocale) -> list[Suggestion]:
    """Those that match as typed and are not banned."""
    return [each for each in found if each.correction is None and not live.is_banned(each.text)]


def _pins(live: LiveLocale, typed: Typed | None) -> list[Suggestion]:
    """Pins of the prefix, and of its beginnings as long as it begins their text."""
    key = "" if typed is None else typed.key
    exact = len(key.rstrip())
    found: list[Suggestion] = []
    for size in range(exact, -1, -1):
        for pin in live.pins.get(key[:size], ()):
            begins = " ".join(split_words(pin.text)).startswith(key)
            if (size == exact or begins) and not live.is_banned(pin.text):
                spans = () if typed is None or not begins else highlight(locate_words(pin.text), typed)
                reasons = {"match": "pinned", "pinned_for": pin.prefix}
                found.append(
                    Suggestion(pin.text, SuggestionKind.QUERY, SuggestionSource.CURATED, spans, 0.0, reasons=reasons)
                )
    return found


def _meant(each: Suggestion) -> tuple[str | None, ...]:
    return (each.product_id, *split_words(each.text))
