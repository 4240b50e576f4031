"""Matches as they are shown: highlights on the original text, corrections, reasons."""

import math
from collections.abc import Callable, Mapping, Sequence

import orjson

from autocomplete.facts import Fact
from autocomplete.matching.characters import runs_of
from autocomplete.matching.index import KINDS, SOURCES
from autocomplete.matching.match import Match, MatchKind, Slip
from autocomplete.matching.slips.readings import Reading, typed_words
from autocomplete.matching.typed import Ending, Typed, parse_prefix
from autocomplete.ranking.ranker import SuggestionRanker
from autocomplete.suggestion import Correction, Suggestion
from autocomplete.unseen.continuing import Continued
from autocomplete.words import Word, locate_words

_TIERS = len(MatchKind)

Reasons = Mapping[str, str | float]
FactOf = Callable[[Match], Fact | None]


def _unknown(_: Match) -> None:
    """Completions without a release say nothing of themselves."""


def present(
    matches: Sequence[Match],
    text: str,
    explain: bool,
    ranker: SuggestionRanker | None = None,
    fact_of: FactOf = _unknown,
) -> list[Suggestion]:
    """Suggestions for matches of the prefix `text`, in their order; `ranker` is the model that gave it."""
    typed = parse_prefix(text)
    beginning = typed.key if typed is not None and typed.ending is Ending.OPEN else None
    suggestions: list[Suggestion] = []
    ceiling = float("inf")
    for match in matches:
        # Scores fall along the answer: near-duplicates and titles that stepped back keep at most the one before.
        ceiling = min(ceiling, _score(match))
        reasons = _reasons(match, ranker, fact_of(match)) if explain else {}
        suggestions.append(_present_one(match, typed, beginning, text, ceiling, reasons))
    return suggestions


def _score(match: Match) -> float:
    """The tier's rank in the integer part; the weight, or the model's score, squeezed into [0, 1) behind the point."""
    if match.ranked is not None:
        # A model mixes the kinds of a tier: all of them stand above product titles.
        return _TIERS * (1 if match.slip else 2) + 0.5 + 0.5 * math.tanh(match.ranked.score / 4)
    tier = _TIERS - match.kind + (0 if match.slip else _TIERS)
    return tier + match.weight / (1.0 + match.weight)


def _present_one(
    match: Match, typed: Typed | None, beginning: str | None, text: str, score: float, reasons: Reasons
) -> Suggestion:
    index, completion = match.home, match.completion
    shown = match.text
    highlights: tuple[tuple[int, int], ...] = ()
    correction = None
    if beginning is not None and match.slip is None and _begins_with(shown, beginning):
        highlights = ((0, len(beginning)),)
    elif typed is not None:
        words = locate_words(shown)
        reading = None if match.slip is None else _reading_of(words, match.slip.readings)
        highlights = highlight(words, typed if reading is None else reading.typed)
        if reading is not None:
            correction = _correction(reading, words, text, shown)
    target = index.target(completion)
    concept_id, product_id = orjson.loads(target) if target else (None, None)
    return Suggestion(
        shown,
        KINDS[index.arrays["kinds"][completion]],
        SOURCES[index.arrays["sources"][completion]],
        highlights,
        score,
        concept_id=concept_id,
        product_id=product_id,
        correction=correction,
        reasons=reasons,
    )


def _begins_with(text: str, key: str) -> bool:
    """Whether `highlight` would say of an open key that these characters were typed; so it is at most keystrokes."""
    return text.isascii() and "'" not in text and text.lower().startswith(key)


def _reasons(match: Match, ranker: SuggestionRanker | None, fact: Fact | None) -> Reasons:
    arrays = match.home.arrays
    reasons: dict[str, str | float] = {
        "match": ("continued" if isinstance(match.home, Continued) else match.kind.name.lower()) + _how(match.slip),
        "popularity": round(match.weight, 4),
        "results": int(arrays["results"][match.completion]),
    }
    if match.slip is not None and match.slip.is_alias:
        slip = match.slip
        alias = " ".join(typed_words(slip.typed)[slip.first : slip.last])
        reasons["alias"] = f"{alias} = {' '.join(slip.replacements[0])}"
    elif match.slip is not None:
        reasons["slip_chance"] = round(match.slip.chance, 4)
    people = int(arrays["people"][match.completion])
    if people:
        reasons["people"] = people
    if fact is not None:
        reasons |= {name: value for name, value in _told(fact).items() if value is not None}
    if match.ranked is not None and ranker is not None:
        # What is added sums to the score, so nothing is rounded.
        reasons["model"] = match.ranked.score
        reasons |= {f"model.{name}": value for name, value in ranker.contributions(match.ranked.row).items()}
        if match.slip is not None:
            reasons["model.slip_chance"] = math.log(match.slip.chance)
    return reasons


def _told(fact: Fact) -> Mapping[str, str | float | None]:
    rates = {"click_rate": fact.click_rate, "conversion": fact.conversion}
    return {
        "locale": fact.locale,
        "last_seen": fact.last_seen,
        **{name: None if rate is None else round(rate, 4) for name, rate in rates.items()},
    }


def _how(slip: Slip | None) -> str:
    if slip is None:
        return ""
    return " by another name" if slip.is_alias else " with a slip"


def highlight(words: Sequence[Word], typed: Typed) -> tuple[tuple[int, int], ...]:
    """Half-open spans of the text whose `words` match `typed`: what the shopper has typed of it, in order.

    Words that stand next to each other in the typed order make one span.
    """
    places = align([word.text for word in words], typed)
    if places is None:
        return ()
    spans: list[tuple[int, int]] = []
    before = -2
    for place, length in sorted(places):
        start, end = words[place].start, words[place].ends[length - 1]
        # Only a word that is covered whole may be joined to the next one.
        if spans and place == before + 1 and spans[-1][1] == words[before].end:
            start = spans.pop()[0]
        spans.append((start, end))
        before = place
    return tuple(spans)


def align(words: Sequence[str], typed: Typed) -> list[tuple[int, int]] | None:
    """Which words of a completion the typed ones are: (place, number of characters typed of it); `None` for no match.

    Next to each other where that is possible, as early as possible otherwise; of characters of scripts without spaces
    as many next to each other as there are.
    """
    wanted = [word for word in typed_words(typed) if word]
    size = len(wanted)
    for start in range(len(words) - size + 1):
        if words[start : start + len(typed.words)] == list(typed.words) and (
            typed.ending is not Ending.OPEN
            or size == len(typed.words)
            or words[start + size - 1].startswith(typed.partial)
        ):
            return [(start + place, len(word)) for place, word in enumerate(wanted)]
    free = dict.fromkeys(range(len(words)))
    found: dict[int, int] = {}
    for first, last in runs_of(wanted):
        found |= _pieces(words, wanted, first, last, free)
    for at, word in enumerate(wanted):
        if at in found:
            continue
        is_partial = at == len(typed.words)
        place = next(
            (place for place in free if (words[place].startswith(word) if is_partial else words[place] == word)), None
        )
        if place is None:
            return None
        del free[place]
        found[at] = place
    return [(found[at], len(word)) for at, word in enumerate(wanted)]


def _pieces(
    words: Sequence[str], wanted: Sequence[str], first: int, last: int, free: dict[int, None]
) -> dict[int, int]:
    """Places for the characters [first, last): the longest piece next to each other first; `free` loses them.

    Single ones are left over.
    """
    longest = max(
        (
            (_common(words, wanted, at, last, place, free), -at, -place)
            for at in range(first, last - 1)
            for place in free
            if words[place] == wanted[at]
        ),
        default=(0, 0, 0),
    )
    size, at, place = longest[0], -longest[1], -longest[2]
    if size < 2:
        return {}
    found = {at + step: place + step for step in range(size)}
    for each in found.values():
        del free[each]
    for left, right in ((first, at), (at + size, last)):
        if right - left > 1:
            found |= _pieces(words, wanted, left, right, free)
    return found


def _common(
    words: Sequence[str], wanted: Sequence[str], at: int, last: int, place: int, free: Mapping[int, None]
) -> int:
    """How many of the wanted words from `at` on stand side by side, and free, from `place` on."""
    size = 0
    while at + size < last and place + size in free and words[place + size] == wanted[at + size]:
        size += 1
    return size


def _reading_of(words: Sequence[Word], readings: Sequence[Reading]) -> Reading:
    """The first reading that the completion matches; one of a slip's readings always does."""
    texts = [word.text for word in words]
    return next((reading for reading in readings if align(texts, reading.typed) is not None), readings[0])


def _correction(reading: Reading, words: Sequence[Word], text: str, shown: str) -> Correction:
    """The typed words that were read otherwise, with the completion's words for them."""
    texts = [word.text for word in words]
    places = [place for place, _ in align(texts, reading.typed) or ()]
    if reading.replacement == ("",):  # The only letter of the last word was dropped: any word may stand there.
        places.append(next((place for place in range(len(texts)) if place not in places), len(texts) - 1))
    meant = places[reading.first : reading.first + len(reading.replacement)]
    # Written as the completion writes it: "kopfhörer", "t-shirt", "0.5 l"; what folded is no spelling.
    replacement = _written(shown, words, meant)
    typed = locate_words(text)
    start, end = typed[reading.first].start, typed[reading.last - 1].end
    return Correction(start, end, text[start:end], replacement)


def _written(text: str, words: Sequence[Word], places: Sequence[int]) -> str:
    """Words of a text as they stand in it, but for capitals; nothing for none: a character that is one too many."""
    if not places:
        return ""
    if list(places) == list(range(places[0], places[-1] + 1)):
        return text[words[places[0]].start : words[places[-1]].end].lower()
    return " ".join(text[words[place].start : words[place].end] for place in places).lower()
