"""Not ten plurals: near-duplicates step back behind what says something else."""

from collections.abc import Callable, Sequence

from data.text import Analyser

# Folded words to the key that near-duplicates share.
Grouping = Callable[[Sequence[str]], str]


def grouping(analyser: Analyser) -> Grouping:
    """Texts of the same stems, in any order and whatever stop words join them, are near-duplicates.

    "usb cable", "usb cables" and "cable for usb" are; "lamp table" and "table lamp" are too: where they differ in
    meaning they find the same products.
    """
    stems: dict[str, str] = {}

    def stem(word: str) -> str:
        found = stems.get(word)
        if found is None:
            found = stems[word] = "" if analyser.is_stop(word) else analyser.stem(word)
        return found

    def group_of(words: Sequence[str]) -> str:
        return " ".join(sorted(filter(None, map(stem, words)))) or " ".join(words)

    return group_of


def diversify(ids: Sequence[int], groups: Sequence[int], limit: int) -> list[int]:
    """The first `limit` of `ids` when the second and later of each group go behind all firsts.

    Order is kept otherwise; nothing is lost while there is room.
    """
    seen: set[int] = set()
    first, later = [], []
    for completion in ids:
        group = groups[completion]
        if group in seen:
            later.append(completion)
        else:
            seen.add(group)
            first.append(completion)
            if len(first) == limit:
                return first
    return (first + later)[:limit]
