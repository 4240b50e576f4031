"""A shopper's own recent searches, before what everybody searches for.

They are a session's: what this worker saw under its name in the last half hour, and what the page says with the
keystroke. A session's name is made up by the page and known to nobody else; a user's id is no secret, so nothing is
ever shown for one.
"""

from collections.abc import Iterable, Sequence

from api.assembly import ShopRelease
from autocomplete.matching.typed import parse_prefix
from autocomplete.places import cut
from autocomplete.prefix import Prefix
from autocomplete.presentation import highlight
from autocomplete.ranking.session import SessionMemory
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource
from autocomplete.words import locate_words, split_words

# Of an answer, at most: the rest is for what the shopper has not found yet.
MOST_RECENT = 3


def recent_searches(
    memory: SessionMemory, shop: str, session: str | None, queries: Sequence[str], now_ms: int
) -> tuple[str, ...]:
    """What a session searched for, newest first, distinct by words; `queries` are the page's own, oldest first."""
    held = memory.of(shop, session, now_ms).queries
    if not queries and not held:
        return ()
    found: dict[tuple[str, ...], str] = {}
    for text in (*reversed(queries), *reversed(held)):
        found.setdefault(tuple(split_words(text)), text)
    found.pop((), None)
    return tuple(found.values())


def recent_suggestions(release: ShopRelease, prefix: Prefix, searches: Iterable[str]) -> list[Suggestion]:
    """Recent searches that start as the prefix does, and still find something, newest first; what is typed is left out.

    With an empty prefix all start so.
    """
    typed = parse_prefix(prefix.text)
    if typed is None and prefix.text.strip():
        return []
    key = "" if typed is None else typed.key
    found: list[Suggestion] = []
    for text in searches:
        words = " ".join(split_words(text))
        if not words.startswith(key) or words == key.strip() or not release.engine.count(text, prefix.locale):
            continue
        # Somebody else may look at the same screen.
        if not release.may_suggest(text, prefix.locale):
            continue
        spans = () if typed is None else highlight(locate_words(text), typed)
        found.append(
            Suggestion(text, SuggestionKind.QUERY, SuggestionSource.RECENT, spans, 0.0, reasons={"match": "recent"})
        )
        if len(found) == min(MOST_RECENT, prefix.limit):
            break
    return found


def with_recent(recent: Sequence[Suggestion], others: Sequence[Suggestion], prefix: Prefix) -> list[Suggestion]:
    """Recent searches first, scored above the rest; the same words come once."""
    taken = {tuple(split_words(each.text)) for each in recent}
    rest = [each for each in others if each.product_id or tuple(split_words(each.text)) not in taken]
    best = max((each.score for each in others), default=0.0)
    first = [
        Suggestion(each.text, each.kind, each.source, each.highlights, best + len(recent) - place, reasons=each.reasons)
        for place, each in enumerate(recent)
    ]
    return cut([*first, *rest], prefix)
