"""Whoever types a completion to its last letter must be offered it: the round trip of all that a release holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from api.assembly import ShopRelease
from autocomplete.completer import FEW
from autocomplete.context import Context
from autocomplete.matching.index import CompletionIndex
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion
from autocomplete.words import split_words

# Why a completion that was typed whole may be missing, in the order in which it is asked.
REFUSED = "refused"  # by the lists of now
TWIN = "twin"  # another one of the same words is offered: a query, or a product of the same title
NEAR_DUPLICATE = "near_duplicate"  # `diversity.py`
FILLED_UP = "filled_up"  # a product's title, where enough completions match
REASONS = (REFUSED, TWIN, NEAR_DUPLICATE, FILLED_UP)


@dataclass(slots=True)
class Findable:
    """What typing everything whole found.

    Attributes:
        typed: Completions and titles.
        hidden: By reason, how many are missing as they may be.
        lost: Texts that are missing for none of the reasons.
    """

    typed: int = 0
    hidden: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    lost: list[str] = field(default_factory=list)


def type_everything(release: ShopRelease, locale: str, limit: int, into: Findable) -> None:
    """Type every completion and title of a locale of the shop, as it is shown, and look for it among the best."""
    held = release.completions.of(locale)
    for index in (held.completions, held.titles):
        groups = {index.text(each): int(number) for each, number in enumerate(index.arrays["groups"])}
        for completion in range(len(index)):
            text = index.text(completion)
            into.typed += 1
            found = release.completer.complete(Prefix(text, limit, locale), Context())
            if any(each.text == text and each.product_id == _product_of(index, completion) for each in found):
                continue
            if release.safety.refusal(text, locale) is not None:
                into.hidden[REFUSED] += 1
            elif _has_twin(found, text):
                into.hidden[TWIN] += 1
            elif groups[text] and any(groups.get(each.text) == groups[text] for each in found):
                into.hidden[NEAR_DUPLICATE] += 1
            elif index is held.titles and sum(_is_completion(each) for each in found) >= FEW:
                into.hidden[FILLED_UP] += 1
            else:
                into.lost.append(text)


def _has_twin(found: Sequence[Suggestion], text: str) -> bool:
    words = split_words(text)
    return any(split_words(each.text) == words for each in found)


def _is_completion(each: Suggestion) -> bool:
    """Whether it is something that matches as typed, no title and no correction."""
    return each.product_id is None and each.correction is None


def _product_of(index: CompletionIndex, completion: int) -> str | None:
    target = index.target(completion)
    product: str | None = orjson.loads(target)[1] if target else None
    return product
