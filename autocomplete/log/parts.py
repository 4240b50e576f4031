"""What queries are made of: a head, the kind of thing, and modifiers around it ("grey | down jacket | size l").

Learned from the log, so that it is said as people say it, in any language: a head is what the graph calls a kind of
thing, in all its names; a modifier is what was said right before or right behind one, by enough different people or
in the catalogue's own words. Nothing else that only a few ever said becomes a part, whatever query it stood in.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from autocomplete.words import locate_words, split_words

Words = tuple[str, ...]

# More on one side are not told apart ("grey | recycled nylon | warm").
MOST_ON_A_SIDE = 2
# A longer side is a sentence, no modifier.
LONGEST_MODIFIER = 4
LONGEST_UNSPACED = 12
# Between a head and what is said of it, and no part of either.
_SEPARATORS = " -–—,;:/|+&"


@dataclass(frozen=True, slots=True)
class SaidQuery:
    """One search: `day` since 1970 in UTC, `person` an opaque name of who searched."""

    text: str
    day: int
    person: str


@dataclass(frozen=True, slots=True)
class Modifier:
    """What people say before, or behind, a head; `text` as most of them write it."""

    words: Words
    behind: bool
    text: str


class Parts:
    """The heads and modifiers of one locale, numbered as they are given.

    Args:
        heads: Folded words.
        modifiers: Likewise.
        fitting: By modifier, the numbers of the heads that have products with it, ascending, at least one.
    """

    def __init__(self, heads: Sequence[Words], modifiers: Sequence[Modifier], fitting: Sequence[Sequence[int]]) -> None:
        self.heads = tuple(heads)
        self.modifiers = tuple(modifiers)
        self.fitting = tuple(map(tuple, fitting))
        self._heads = {words: number for number, words in enumerate(self.heads)}
        self._sides: tuple[dict[Words, int], dict[Words, int]] = ({}, {})
        for number, modifier in enumerate(self.modifiers):
            self._sides[modifier.behind][modifier.words] = number
        self._longest = max(map(len, self.heads), default=0)

    def split(self, words: Sequence[str]) -> tuple[int, tuple[int, ...]] | None:
        """The numbers of the head and of its modifiers in the order of the words; `None` where a word is no part's."""
        found = find_head(words, self._heads, self._longest)
        if found is None:
            return None
        start, end = found
        before, behind = self._cut(tuple(words[:start]), False), self._cut(tuple(words[end:]), True)
        if before is None or behind is None:
            return None
        return self._heads[tuple(words[start:end])], (*before, *behind)

    def head_of(self, words: Sequence[str]) -> int | None:
        """The number of the head that the words hold, whatever else they say."""
        found = find_head(words, self._heads, self._longest)
        return None if found is None else self._heads[tuple(words[found[0] : found[1]])]

    def _cut(self, side: Words, behind: bool) -> tuple[int, ...] | None:
        known = self._sides[behind]
        if not side:
            return ()
        if side in known:
            return (known[side],)
        cuts = ((known.get(side[:at]), known.get(side[at:])) for at in range(1, len(side)))
        return next(((one, other) for one, other in cuts if one is not None and other is not None), None)


def find_head(words: Sequence[str], heads: Mapping[Words, int] | Set[Words], longest: int) -> tuple[int, int] | None:
    """Where the longest head stands, of equally long ones the last: "coffee table lamp" is a lamp."""
    for size in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if tuple(words[start : start + size]) in heads:
                return start, start + size
    return None


def learn_modifiers(
    queries: Iterable[SaidQuery], heads: Set[Words], least_people: int, is_name: Callable[[Words], bool]
) -> list[Modifier]:
    """What at least so many different people said around any head, most people first; of a name, one is enough."""
    longest = max(map(len, heads), default=0)
    people: defaultdict[tuple[Words, bool], set[str]] = defaultdict(set)
    texts: defaultdict[tuple[Words, bool], Counter[str]] = defaultdict(Counter)
    for query in queries:
        located = locate_words(query.text)
        words = [word.text for word in located]
        found = find_head(words, heads, longest)
        if found is None:
            continue
        start, end = found
        sides = (
            (tuple(words[:start]), False, query.text[: located[start].start]),
            (tuple(words[end:]), True, query.text[located[end - 1].end :]),
        )
        for side, behind, text in sides:
            if side and _is_short(side) and not _is_inside(text, behind):
                people[side, behind].add(query.person)
                texts[side, behind][" ".join(text.split()).strip(_SEPARATORS)] += 1
    common = [key for key, held in people.items() if len(held) >= least_people or is_name(key[0])]
    common.sort(key=lambda key: (-len(people[key]), key))
    return [Modifier(*key, max(sorted(texts[key]), key=texts[key].__getitem__)) for key in _whole(common)]


def head_texts(queries: Iterable[SaidQuery], heads: Set[Words]) -> dict[Words, str]:
    """How most people write each head that was searched for by itself."""
    texts: defaultdict[Words, Counter[str]] = defaultdict(Counter)
    for query in queries:
        words = tuple(split_words(query.text))
        if words in heads:
            texts[words][query.text.strip()] += 1
    return {words: max(sorted(held), key=held.__getitem__) for words, held in texts.items()}


def _is_inside(text: str, behind: bool) -> bool:
    """Whether the head is a piece of a hyphenated word: there is no "charging" in "smartphone fast-charging"."""
    return text[:1] == "-" if behind else text[-1:] == "-"


def _is_short(side: Words) -> bool:
    unspaced = all(len(word) == 1 for word in side)
    return len(side) <= (LONGEST_UNSPACED if unspaced else LONGEST_MODIFIER)


def _whole(keys: Sequence[tuple[Words, bool]]) -> list[tuple[Words, bool]]:
    """Without those that are two others in a row: "black leather" says "black" and "leather"."""
    known = set(keys)
    return [
        (side, behind)
        for side, behind in keys
        if not any((side[:at], behind) in known and (side[at:], behind) in known for at in range(1, len(side)))
    ]
