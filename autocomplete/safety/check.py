"""Whether a text may be suggested to anybody, and if not, why."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.disguise import readings
from autocomplete.safety.stuffing import is_stuffed
from data.privacy import is_private
from data.product import locale_chain

# Of what is refused without a list, here and in `data.privacy`: raised when more is, so that a release that was built
# by fewer rules is asked text by text.
RULES = 2
# Texts whose verdict is remembered: what is shown at any moment, some 2 MB.
REMEMBERED = 8_192


class Refusal(StrEnum):
    """Why a text is not suggested."""

    BLOCKED = "blocked"
    PRIVATE = "private"
    STUFFED = "stuffed"


class SafetyCheck:
    """The rules of one shop; safe to call from any thread.

    Args:
        locales: The shop's; a shopper of another one is shown the first's texts, and its list is asked.
        lists: Of what is blocked; a text that one of them holds is refused.
    """

    def __init__(self, locales: Sequence[str], lists: Sequence[BlockList] = ()) -> None:
        self._locales = tuple(locales)
        # What is asked about a text of each locale: the lists with which of their locales.
        self._asked = {
            locale: [(each, chain) for each in lists if len(each) and (chain := each.locales_of(locale))]
            for locale in self._locales
        }
        self._known = lru_cache(maxsize=REMEMBERED)(self._judge)

    def refusal(self, text: str, locale: str) -> Refusal | None:
        """Why the text is not shown to shoppers of a locale, whatever it came from; `None` where it may be."""
        return self._known(text, locale if locale in self._locales else self._shown_in(locale))

    def _shown_in(self, locale: str) -> str:
        """The locale of the shop that a shopper of any locale is shown; it comes from outside and is cut."""
        return next(name for name in locale_chain(locale[:64], self._locales) if name in self._locales)

    def _judge(self, text: str, locale: str) -> Refusal | None:
        ways = readings(text, locale)
        words = next(ways)
        asked = self._asked[locale]
        if asked and _is_blocked(words, ways, asked):
            return Refusal.BLOCKED
        if is_private(text):
            return Refusal.PRIVATE
        return Refusal.STUFFED if is_stuffed(text, words) else None


def _is_blocked(
    plain: Sequence[str], ways: Iterator[Sequence[str]], asked: Sequence[tuple[BlockList, Sequence[str]]]
) -> bool:
    """Whether a list holds the words, or what else they may be read as."""
    if any(held.holds(plain, chain) for held, chain in asked):
        return True
    for words in ways:
        first, last = _new_words(words, plain)
        if any(held.holds(words, chain, first, last) for held, chain in asked):
            return True
    return False


def _new_words(words: Sequence[str], plain: Sequence[str]) -> tuple[int, int]:
    """Where a reading differs from the words as they stand: from a first word up to before a last one."""
    if len(words) == 1:
        return 0, 1
    first = 0
    for word, other in zip(words, plain, strict=False):
        if word != other:
            break
        first += 1
    last = len(words)
    for word, other in zip(reversed(words[first:]), reversed(plain[first:]), strict=False):
        if word != other:
            break
        last -= 1
    return first, last
