"""A shop's completers, one a locale."""

from collections.abc import Mapping

from autocomplete.completer import TrieCompleter
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion
from data.product import locale_chain


class LocaleCompleter:
    """A shop's completers by locale; a locale it does not have falls back along its chain."""

    def __init__(self, by_locale: Mapping[str, TrieCompleter], locales: tuple[str, ...]) -> None:
        self.by_locale = by_locale
        self.locales = locales

    @property
    def uses_sessions(self) -> bool:
        """See `Completer`."""
        return any(each.uses_sessions for each in self.by_locale.values())

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        """See `Completer`."""
        return self.of(prefix.locale).complete(prefix, context)

    def warm(self, limit: int, now_ms: int) -> None:
        """See `TrieCompleter.warm`; of every locale."""
        for completer in self.by_locale.values():
            completer.warm(limit, now_ms)

    def of(self, locale: str) -> TrieCompleter:
        """The completer of a BCP 47 locale, of its language, or of the shop's first locale that there is."""
        known = self.by_locale.get(locale)
        return self.by_locale[self.name_of(locale)] if known is None else known

    def name_of(self, locale: str) -> str:
        """The locale of `of`."""
        if locale in self.by_locale:
            return locale
        # A locale comes from outside: cut before it is taken apart.
        return next(name for name in locale_chain(locale[:64], self.locales) if name in self.by_locale)
