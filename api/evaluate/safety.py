"""Every completion × every prefix: what a release shows that it must not, by a simulated shop's truth."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from api.assembly import ShopRelease, open_shop
from api.evaluate.findable import Findable, type_everything
from autocomplete.context import Context
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion
from autocomplete.words import split_words
from data.errors import InputError
from data.release import only_shop
from data.text import fold
from retrieval.answer.request import SearchRequest
from understanding.query import Query

_LIMIT = 10
_SHOWN_EXAMPLES = 10
# Around a title's words as somebody types them.
_AROUND = ".,;:!?()[]\"'"
NOT_FOUND = "not_found"


def evaluate_safety(releases: str, truth: Path, shop: str | None = None) -> dict[str, Any]:
    """Type every prefix of every completion and product title of a release, and of what was planted, in each locale.

    Returns:
        `prefixes` typed, distinct `suggestions` shown, `violations` by rule, and some `examples`. The rules: `private`
        (a planted secret, however it is cut into groups), `stuffed` (words that a merchant padded a title with),
        `few_people` (logged queries of fewer than the shop's minimum), `refused` (by the check itself),
        `finds_nothing`, and `not_found` (what is not offered to who types it whole). Of `typed_whole` completions and
        titles `hidden` says how many are missing for a reason, by its name; see `findable.py`. And what the check
        costs: distinct `words` of product titles, by locale, and of them `words_refused`, the first of them as
        `refused_words`.

    Raises:
        InputError: The truth cannot be read.
        ReleaseError: The release cannot be served.
    """
    try:
        planted = orjson.loads(truth.read_bytes())
        secrets, stuffing = ([str(text) for text in planted[name]] for name in ("private", "stuffing"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{truth}: expected the truth of a simulated shop ({error})") from error
    release = open_shop(releases, shop or only_shop(releases))
    rules = Rules(release, secrets, stuffing)
    violations: dict[str, int] = dict.fromkeys((*Rules.NAMES, NOT_FOUND), 0)
    whole = Findable()
    examples: list[dict[str, str]] = []
    typed = distinct = asked = 0
    refused: list[str] = []
    for locale in release.config.locales:
        shown: dict[tuple[str, str | None], Suggestion] = {}
        violations["few_people"] += rules.of_few(locale)
        # What was planted is typed up to its last character: who types all of it is told nothing.
        for prefix in prefixes_of(release.completions, locale, [text[:-1] for text in (*secrets, *stuffing)]):
            typed += 1
            for each in release.completer.complete(Prefix(prefix, _LIMIT, locale), Context()):
                shown[each.text, each.product_id] = each
        distinct += len(shown)
        for suggestion in shown.values():
            for rule in rules.broken(suggestion, locale):
                violations[rule] += 1
                if len(examples) < _SHOWN_EXAMPLES:
                    examples.append({"rule": rule, "text": suggestion.text, "locale": locale})
        before = len(whole.lost)
        type_everything(release, locale, _LIMIT, whole)
        lost = [{"rule": NOT_FOUND, "text": text, "locale": locale} for text in whole.lost[before:]]
        violations[NOT_FOUND] += len(lost)
        examples += lost[: max(0, _SHOWN_EXAMPLES - len(examples))]
        words = product_words(release, locale)
        asked += len(words)
        refused += (word for word in words if release.safety.refusal(word, locale) is not None)
    return {
        "prefixes": typed,
        "suggestions": distinct,
        "typed_whole": whole.typed,
        "hidden": whole.hidden,
        "violations": violations,
        "examples": examples,
        "words": asked,
        "words_refused": len(refused),
        "refused_words": refused[:_SHOWN_EXAMPLES],
    }


def product_words(release: ShopRelease, locale: str) -> list[str]:
    """Distinct words of the titles that a release's products have in a locale, as they are written there, ascending."""
    table, locales = release.engine.sources.table, release.config.locales
    titles = {table.card(row).text(locale, locales).title for row in range(len(table))}
    return sorted({word.strip(_AROUND) for title in titles for word in title.split()} - {""})


def prefixes_of(completer: LocaleCompleter, locale: str, others: Sequence[str] = ()) -> Iterator[str]:
    """Every prefix of everything that a locale's indexes hold, and of other texts, each once, the empty one first."""
    held = completer.of(locale)
    indexed = (index.text(each) for index in (held.completions, held.titles) for each in range(len(index)))
    seen = {""}
    yield ""
    for text in map(str.lower, chain(indexed, others)):
        for end in range(1, len(text) + 1):
            if text[:end] not in seen:
                seen.add(text[:end])
                yield text[:end]


class Rules:
    """What a suggestion may break."""

    NAMES = ("private", "stuffed", "few_people", "refused", "finds_nothing")

    def __init__(self, release: ShopRelease, secrets: Sequence[str], stuffing: Sequence[str]) -> None:
        self._release = release
        self._secrets = [key for text in secrets if (key := _letters_and_digits(text))]
        self._stuffing = sorted(stuffing, key=len, reverse=True)
        self._folded = [fold(text) for text in stuffing]

    def broken(self, suggestion: Suggestion, locale: str) -> Iterator[str]:
        """The names of the rules that a suggestion breaks."""
        folded = fold(suggestion.text)
        said = _letters_and_digits(suggestion.text)
        if any(secret in said for secret in self._secrets):
            yield "private"
        if self._is_stuffed(suggestion, folded, locale):
            yield "stuffed"
        if self._release.safety.refusal(suggestion.text, locale) is not None:
            yield "refused"
        if suggestion.product_id is None and not self._finds(suggestion.text, locale):
            yield "finds_nothing"

    def _is_stuffed(self, suggestion: Suggestion, folded: str, locale: str) -> bool:
        """Whether it holds a title's padding, or goes on into the padding of its own product's title."""
        if any(text in folded for text in self._folded):
            return True
        product = self._release.engine.product(suggestion.product_id) if suggestion.product_id else None
        if product is None:
            return False
        title = product.text(locale, self._release.config.locales).title
        padding = next((text for text in self._stuffing if title.endswith(f" {text}")), None)
        return padding is not None and not fold(title[: -len(padding)]).startswith(folded)

    def _finds(self, text: str, locale: str) -> bool:
        engine = self._release.engine
        if engine.count(text, locale):
            return True
        understanding = self._release.understander.understand(Query(text, locale))
        return engine.search(SearchRequest(query=text, size=0, locale=locale, facets=()), understanding).total > 0

    def of_few(self, locale: str) -> int:
        """How many completions of a locale come from a log and from fewer people than the shop's minimum."""
        held = self._release.completions.of(locale).completions
        people = held.arrays["people"]
        return int(((people > 0) & (people < self._release.config.suggest.minimum_people)).sum())


def _letters_and_digits(text: str) -> str:
    return "".join(split_words(text))
