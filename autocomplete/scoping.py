"""Scoped suggestions: "drill", and behind it "drill in Power tools" and "drill in Toys".

Who has typed the first suggestion in whole is offered it within the categories where its products part: from the root
down as long as nearly all of them are in one category, the categories below are its *scopes* where they hold enough.
One product type has none; a brand, a colour or a word of several senses has.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace

from autocomplete.completer import Completer
from autocomplete.context import Context
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
# Texts whose scopes are kept: what is typed at any moment, some 2 MB.
_REMEMBERED = 4_096

# Groups of products in stock that a text finds in a locale, by the path of every category that they are in or under.
CountByCategory = Callable[[str, str], Mapping[str, int]]


class ScopedCompleter:
    """Another completer's suggestions with the scopes of what was typed; safe to share between threads.

    Args:
        inner: Gives the suggestions.
        count: Of the release as it is now; what it says is remembered, so other stock takes another object.
    """

    def __init__(self, inner: Completer, count: CountByCategory) -> None:
        self._inner = inner
        self._count = count
        self._known: OrderedDict[tuple[str, str], Mapping[str, int]] = OrderedDict()

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return self._inner.uses_sessions

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        found = self._inner.complete(prefix, context)
        if not found or prefix.limit < _LEAST_LIMIT or not _is_typed(found[0], prefix.text):
            return found
        first = found[0]
        scopes = self._scopes(first.text, prefix.locale)
        scoped = [
            replace(first, scope=path, reasons={"match": "scoped", "results": groups} if context.explain else {})
            for path, groups in scopes.items()
        ]
        return [first, *scoped, *found[1:]][: prefix.limit]

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


def _is_typed(suggestion: Suggestion, text: str) -> bool:
    """Whether somebody typed all of a suggestion that a search of words follows from."""
    if suggestion.kind in (SuggestionKind.PRODUCT, SuggestionKind.CATEGORY) or suggestion.correction is not None:
        return False
    typed = split_words(text)
    return bool(typed) and split_words(suggestion.text) == typed
