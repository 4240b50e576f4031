"""The last look at every answer: whatever it was made of, nothing that is refused leaves."""

from autocomplete.completer import Completer
from autocomplete.context import Context
from autocomplete.keeping import complete_keeping
from autocomplete.prefix import Prefix
from autocomplete.safety.check import SafetyCheck
from autocomplete.suggestion import Suggestion, SuggestionSource

# What nothing but a build makes; "generated" is also put together for a keystroke.
_BUILT = frozenset({SuggestionSource.LOG, SuggestionSource.GRAPH})


class SafeCompleter:
    """Another completer's suggestions without those that the check refuses.

    A release was checked when it was built; here stands the check of now, whose lists may be newer, and which also sees
    what no build did: compositions, trends, a shopper's own searches.

    Args:
        inner: Gives the suggestions.
        check: Of now.
        was_checked: The release was built by the same rules and lists: what only a build makes is not asked again.
    """

    def __init__(self, inner: Completer, check: SafetyCheck, was_checked: bool = False) -> None:
        self.inner = inner
        self.check = check
        self.was_checked = was_checked
        self._trusted = _BUILT if was_checked else frozenset[SuggestionSource]()

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return self.inner.uses_sessions

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        return complete_keeping(self.inner, prefix, context, lambda each: self._may_be_shown(each, prefix.locale))

    def _may_be_shown(self, suggestion: Suggestion, locale: str) -> bool:
        if suggestion.scope is not None and self.check.refusal(suggestion.scope, locale) is not None:
            return False
        return suggestion.source in self._trusted or self.check.refusal(suggestion.text, locale) is None
