"""Another completer's suggestions without some of them, made up for from further down."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from autocomplete.completer import Completer
from autocomplete.context import Context
from autocomplete.places import cut
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion
from autocomplete.words import split_words

# What was left out is made up for from further down, so far and no further by asking for more: 10 µs a suggestion.
MOST_ASKED = 100


def complete_keeping(
    inner: Completer,
    prefix: Prefix,
    context: Context,
    keep: Callable[[Suggestion], bool],
    deeper: Callable[[], Iterable[Suggestion]] = tuple,
) -> list[Suggestion]:
    """At most `prefix.limit` of the inner suggestions that are kept, in their order.

    Args:
        inner: Asked for more where some are left out, up to `MOST_ASKED`.
        prefix: What was typed.
        context: Around it.
        keep: Whether a suggestion is kept.
        deeper: Gives more where those were too few, behind them; asked last, by whoever can look past what is left out.
    """
    asked = prefix.limit
    while True:
        found = inner.complete(replace(prefix, limit=asked) if asked != prefix.limit else prefix, context)
        kept = [each for each in found if keep(each)]
        if len(kept) == len(found) or len(kept) >= prefix.limit or len(found) < asked:
            return _with_whole(cut(kept, prefix), kept, prefix)
        if asked >= MOST_ASKED:
            known = {(each.text, each.product_id) for each in kept}
            more = (each for each in deeper() if (each.text, each.product_id) not in known and keep(each))
            longer = [*kept, *islice(more, prefix.limit)]
            return _with_whole(cut(longer, prefix), longer, prefix)
        asked = min(4 * asked, MOST_ASKED)


def _with_whole(answer: list[Suggestion], longer: Sequence[Suggestion], prefix: Prefix) -> list[Suggestion]:
    """What was typed in whole keeps the last place of two or more, as it does in an answer that nothing is left out of.

    A longer answer has it at its own end.
    """
    words = split_words(prefix.text)
    if not words or len(answer) < 2 or any(split_words(each.text) == words for each in answer):
        return answer
    whole = next((each for each in longer if each.correction is None and split_words(each.text) == words), None)
    return answer if whole is None else [*answer[:-1], whole]
