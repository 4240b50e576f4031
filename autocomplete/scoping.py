"""Scoped suggestions: "drill", and behind it "drill in Power tools" and "drill in Toys".

Who has typed a completion in whole is offered it, first or second, and within the categories where its products part:
from the root down as long as nearly all of them are in one category, the categories below are its *scopes* where they
hold enough. One product type has none; a brand, a colour or a word of several senses has.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from autocomplete.completer import Completer
from autocomplete.context import Context
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.places import cut
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion, SuggestionKind
from autocomplete.words import split_words

# A path's steps are joined by it.
SEPARATOR = " > "
# Of an answer: the rest is for what the shopper may mean besides.
MOST_SCOPES = 2
# An answer of fewer has no room for them.
_LEAST_LIMIT = 4
# A category with this share of what is beside it is where the products are; the question is where within it.
_NEARLY_ALL = 0.85
# A scope worth a line: groups of products, and their share.
_LEAST_GROUPS, _LEAST_SHARE = 3, 0.1
# Two scopes' worth: what found fewer when the release was built does not part.
_LEAST_IN_ALL = 2 * _LEAST_GROUPS
# They are no words to search for within a category.
_PLACES = (SuggestionKind.PRODUCT, SuggestionKind.CATEGORY)
# Texts whose scopes are kept: what is typed at any moment, some 2 MB.
_REMEMBERED = 4_096

# Groups of products in stock that a text finds in a locale, by the path of every category that they are in or under.
CountByCategory = Callable[[str, str], Mapping[str, int]]


class ScopedCompleter:
    """Another completer's suggestions with the scopes of what was typed; safe to share between threads.

    Args:
        inner: Gives the suggestions.
        completions: Of the release: only what is one of them has scopes.
        count: Of the release as it is now; what it says is remembered, so other stock takes another object.
    """

    def __init__(self, inner: Completer, completions: LocaleCompleter, count: CountByCategory) -> None:
        self._inner = inner
        self._completions = completions
        self._count = count
        self._known: OrderedDict[tuple[str, str], Mapping[str, int]] = OrderedDict()

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return self._inner.uses_sessions

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        found = self._inner.complete(prefix, context)
        if not found or prefix.limit < _LEAST_LIMIT:
            return found
        completer = self._completions.of(prefix.locale)
        completion = completer.whole(prefix.text)
        # Most of what is put together finds a handful of products, and to count them by category takes a millisecond.
        if completion is None or completer.completions.arrays["results"][completion] < _LEAST_IN_ALL:
            return found
        scopes = self._scopes(prefix.text, prefix.locale)
        whole = _whole(found, prefix.text) if scopes else None
        if whole is None:
            return found
        scoped = [
            replace(
                whole,
                scope=path,
                score=found[0].score,
                reasons={"match": "scoped", "results": groups} if context.explain else {},
            )
            for path, groups in scopes.items()
        ]
        first = [found[0]] if found[0] is whole else [found[0], replace(whole, score=found[0].score)]
        rest = [each for each in found[1:] if each is not whole]
        return cut([*first, *scoped, *rest], prefix)

    def _scopes(self, text: str, locale: str) -> Mapping[str, int]:
        key = (text, locale)
        scopes = self._known.get(key)
        if scopes is None:
            scopes = scopes_of(self._count(text, locale))
            if len(self._known) >= _REMEMBERED:
                self._known.popitem(last=False)
            self._known[key] = scopes
        return scopes


def scopes_of(counts: Mapping[str, int]) -> dict[str, int]:
    """The categories that a text's products part into, most groups first, ties by path; empty where they do not part.

    Args:
        counts: Groups by path, of categories and all above them.
    """
    children: dict[str, list[str]] = {}
    for path in counts:
        children.setdefault(path.rpartition(SEPARATOR)[0], []).append(path)
    level = children.get("", [])
    while level:
        total = sum(counts[path] for path in level)
        largest = max(level, key=lambda path: counts[path])
        if counts[largest] < _NEARLY_ALL * total:
            break
        level = children.get(largest, [])
    kept = [path for path in level if counts[path] >= max(_LEAST_GROUPS, _LEAST_SHARE * total)]
    kept.sort(key=lambda path: (-counts[path], path))
    return {path: counts[path] for path in kept[:MOST_SCOPES]} if len(kept) > 1 else {}


def _whole(found: Sequence[Suggestion], text: str) -> Suggestion | None:
    """The suggestion that was typed in whole; its searches are of words, not of a place."""
    typed = split_words(text)
    for each in found:
        if each.kind not in _PLACES and each.correction is None and split_words(each.text) == typed:
            return each
    return None
