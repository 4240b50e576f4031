"""Another completer's suggestions without some of them, made up for from further down."""

from collections.abc import Callable
from dataclasses import replace

from autocomplete.completer import Completer
from autocomplete.context import Context
from autocomplete.places import cut
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion

# What was left out is made up for from further down, so far and no further: a prefix whose hundred best are all left
# out is one that nobody needs completed.
MOST_ASKED = 100


def complete_keeping(
    inner: Completer, prefix: Prefix, context: Context, keep: Callable[[Suggestion], bool]
) -> list[Suggestion]:
    """At most `prefix.limit` of the inner suggestions that are kept, in their order."""
    asked = prefix.limit
    while True:
        found = inner.complete(replace(prefix, limit=asked) if asked != prefix.limit else prefix, context)
        kept = [each for each in found if keep(each)]
        if len(kept) == len(found) or len(kept) >= prefix.limit or len(found) < asked or asked >= MOST_ASKED:
            return cut(kept, prefix)
        asked = min(4 * asked, MOST_ASKED)
