"""Not ten plurals, nor ten headlamps: what says something else comes forward."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from types import MappingProxyType

from autocomplete.words import is_character
from data.text import Analyser

# Folded words to the key that near-duplicates share.
Grouping = Callable[[Sequence[str]], str]
Words = tuple[str, ...]


def grouping(analyser: Analyser, names: Mapping[Words, Words] = MappingProxyType({})) -> Grouping:
    """Texts of the same stems, in any order and whatever stop words join them, are near-duplicates.

    "usb cable", "usb cables" and "cable for usb" are; "lamp table" and "table lamp" are too: where they differ in
    meaning they find the same products. So are "grey couch" and "grey sofa" where one is another name for the other,
    and "lamp shade" and "lampshade" where `names` has both (`compounds`).

    Args:
        analyser: Of the locale.
        names: What a thing is mostly called, by its other names; folded words.
    """
    longest = max(map(len, names), default=0)

    def plainly(words: Sequence[str]) -> Iterator[str]:
        start = 0
        while start < len(words):
            ends = range(min(len(words), start + longest), start, -1)
            end = next((each for each in ends if tuple(words[start:each]) in names), start + 1)
            yield from names.get(tuple(words[start:end]), (words[start],))
            start = end

    stems: dict[str, str] = {}

    def stem(word: str) -> str:
        found = stems.get(word)
        if found is None:
            found = stems[word] = "" if analyser.is_stop(word) else analyser.stem(word)
        return found

    def group_of(words: Sequence[str]) -> str:
        read = plainly(words) if longest else words
        return " ".join(sorted(filter(None, map(stem, in_runs(read))))) or " ".join(words)

    return group_of


def in_runs(words: Iterable[str]) -> Iterator[str]:
    """Words, with characters of scripts without spaces that stand side by side as one: their order is their meaning."""
    for is_run, group in groupby(words, is_character):
        if is_run:
            yield "".join(group)
        else:
            yield from group


def compounds(
    texts: Iterable[Sequence[str]], names: Mapping[Words, Words] = MappingProxyType({})
) -> dict[Words, Words]:
    """Of neighbouring words that also stand together as one word, that word, or what it is mostly called by `names`.

    Which may be the two words again: then they stay as they are, and the one word is read as them.
    """
    held = [tuple(words) for words in texts]
    known = {word for words in held for word in words}
    joined = {pair: "".join(pair) for words in held for pair in pairwise(words)}
    return {pair: names.get((one,), (one,)) for pair, one in joined.items() if one in known}


def most_of_category(limit: int) -> int:
    """Completions of one category that may stand in an answer before those of others.

    With three of eight, "hea" gives headlamps, heaters and headphones; MRR@10 of the demo shop's shoppers falls by
    .3%, with two by .7%.
    """
    return max(3, 3 * limit // 8)


def diversify(
    ids: Sequence[int], groups: Sequence[int], categories: Sequence[int], limit: int, of_category: int
) -> list[int]:
    """The first `limit` of `ids` when what says too much of the same goes behind.

    The second and later of each group go behind everything else; what is one too many of its category goes before them,
    behind all others. Order is kept otherwise; nothing is lost while there is room.

    Args:
        ids: Best first.
        groups: By id; near-duplicates share one, 0 has none.
        categories: By id, 0 for none.
        limit: Of the answer.
        of_category: As many of one category may stand before what is of others.
    """
    seen: set[int] = set()
    held: Counter[int] = Counter()
    first: list[int] = []
    crowded: list[int] = []
    later: list[int] = []
    for completion in ids:
        if len(first) == limit:
            break
        group, category = groups[completion], categories[completion]
        if group in seen:
            later.append(completion)
            continue
        if group:
            seen.add(group)
        if category and held[category] >= of_category:
            crowded.append(completion)
            continue
        held[category] += 1
        first.append(completion)
    return (first + crowded + later)[:limit]
