"""Places that an answer keeps for categories and for products, where a page shows them under headings of their own.

Only where it is asked for (`Prefix.groups`) and something was typed. To the answer without are added, behind it, the
best categories of the window that matches as typed (by kind of match and weight, as the window is), and the best
product titles as typed, up to a quarter of the limit each. Of this list stay

- the first quarter of categories and the first quarter of products, as far as there are any,
- what was typed in whole,
- and the best of the rest, until the answer is full;

all in their order. So nobody loses a place to a kind that does not match, and an answer that has enough of both stays
as it is. What is put in later (pins, trends, recent searches, scopes) takes places of the rest: everybody who cuts an
answer does it with `cut`.
"""

from collections.abc import Container, Iterable, Sequence

from autocomplete.candidates import as_typed
from autocomplete.matching.index import KINDS, CompletionIndex
from autocomplete.matching.match import Home, Match
from autocomplete.matching.typed import parse_prefix
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion, SuggestionKind

# Two of eight: enough to see that there are some, and half of the answer stays for what people search for.
_SHARE = 4
_KEPT = (SuggestionKind.CATEGORY, SuggestionKind.PRODUCT)


def places_of_a_kind(limit: int) -> int:
    """How many places of an answer are kept for each kind; none of fewer than four."""
    return limit // _SHARE


def kept_places(kinds: Sequence[SuggestionKind], limit: int, spared: Iterable[int] = ()) -> list[int]:
    """Which of the candidates of these kinds, best first, make an answer of `limit`; `spared` are not lost."""
    if len(kinds) <= limit:
        return list(range(len(kinds)))
    kept = set(spared)
    for kind in _KEPT:
        kept.update([place for place, each in enumerate(kinds) if each is kind][: places_of_a_kind(limit)])
    for place in range(len(kinds)):
        if len(kept) >= limit:
            break
        kept.add(place)
    return sorted(kept)


def cut(suggestions: Sequence[Suggestion], prefix: Prefix) -> list[Suggestion]:
    """The answer of a longer list, best first: its beginning, or with groups what `kept_places` says."""
    if not prefix.groups or not prefix.text.strip():
        return list(suggestions[: prefix.limit])
    return [suggestions[place] for place in kept_places([each.kind for each in suggestions], prefix.limit)]


def with_places(
    found: Sequence[Match], prefix: Prefix, completions: CompletionIndex, titles: CompletionIndex, by_weight: bool
) -> list[Match]:
    """The answer `found` of a prefix with its places kept; `by_weight` as for `as_typed`."""
    typed = parse_prefix(prefix.text)
    most = places_of_a_kind(prefix.limit)
    if typed is None or not most:
        return list(found)
    window = as_typed(completions, typed, prefix.limit, by_weight)
    shown = {match.completion for match in found if match.home is completions}
    categories = [each for each in window.kinds if each not in shown and _kind(completions, each) is _KEPT[0]]
    candidates = [*found, *window.matches(completions, completions.diverse(categories, most, most))]
    products = as_typed(titles, typed, prefix.limit).in_order(titles, prefix.limit) if len(titles) else []
    candidates += _unlike({match.text.casefold() for match in found}, products)[:most]
    whole = [
        place for place, match in enumerate(found) if match.home is completions and match.completion == window.whole
    ]
    kinds = [_kind(match.home, match.completion) for match in candidates]
    return [candidates[place] for place in kept_places(kinds, prefix.limit, whole)]


def _kind(home: Home, completion: int) -> SuggestionKind:
    kind: SuggestionKind = KINDS[home.arrays["kinds"][completion]]
    return kind


def _unlike(shown: Container[str], titles: Iterable[Match]) -> list[Match]:
    """Titles that do not read like what is there already."""
    return [title for title in titles if title.text.casefold() not in shown]
