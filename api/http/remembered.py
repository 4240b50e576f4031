"""Answers to the prefixes that many shoppers type, remembered while their release is served.

A shop's keystrokes repeat: everybody who types "headphones" sends "h", "he", "hea". The answer to somebody whose
session has done nothing yet depends on the release, the prefix and the time of day alone, so it is remembered as the
bytes that go on the wire; a remembered one costs 10 µs instead of 300. An answer that a session's history has a part in
is worked out each time, and never remembered: it belongs to nobody else.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import orjson

from api.assembly import ShopRelease
from api.http.recent import recent_suggestions, with_recent
from api.http.wire import encode, suggestion_json
from api.pictures import with_pictures
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion

# About 1.5 kB an answer: 6 MB a worker and shop at most.
MOST_ANSWERS = 4_096
# Longer prefixes and longer lists are rare, and would fill the memory with what nobody asks for again.
LONGEST_PREFIX = 24
LONGEST_LIST = 10
# A learned order knows seasons and times of day, which begin on a quarter of an hour in every time zone.
_QUARTER_MS = 900_000
_Key = tuple[Prefix, int]


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    """The suggestions of one prefix: their texts, each once whatever its scopes, and all of them as JSON."""

    texts: tuple[str, ...]
    json: orjson.Fragment


class RememberedAnswers:
    """The answers given most recently, by release; for one thread."""

    def __init__(self) -> None:
        self._by_release: WeakKeyDictionary[ShopRelease, OrderedDict[_Key, SuggestAnswer]] = WeakKeyDictionary()

    def suggest(
        self, release: ShopRelease, prefix: Prefix, context: Context, searches: Sequence[str] = ()
    ) -> SuggestAnswer:
        """The release's answer, remembered or worked out; explanations, and what a session has a part in, are not.

        `searches` are the session's own, newest first.
        """
        recent = recent_suggestions(release, prefix, searches) if searches else []
        if recent:
            return answer(release, prefix, context, recent)
        if context.explain or context.history or len(prefix.text) > LONGEST_PREFIX or prefix.limit > LONGEST_LIST:
            return answer(release, prefix, context)
        answers = self._by_release.get(release)
        if answers is None:
            answers = self._by_release[release] = OrderedDict()
        key = (prefix, context.now_ms // _QUARTER_MS)
        known = answers.get(key)
        if known is not None:
            answers.move_to_end(key)
            return known
        if len(answers) >= MOST_ANSWERS:
            answers.popitem(last=False)
        known = answers[key] = answer(release, prefix, context)
        return known


def answer(release: ShopRelease, prefix: Prefix, context: Context, recent: Sequence[Suggestion] = ()) -> SuggestAnswer:
    """Work the answer out, with recent searches before it."""
    suggestions = release.completer.complete(prefix, context)
    if recent:
        suggestions = with_recent(recent, suggestions, prefix)
    pictured = with_pictures(suggestions, release.engine)
    wire = encode([suggestion_json(suggestion, context.explain) for suggestion in pictured])
    texts = dict.fromkeys(suggestion.text for suggestion in suggestions)
    return SuggestAnswer(tuple(texts), orjson.Fragment(wire))
