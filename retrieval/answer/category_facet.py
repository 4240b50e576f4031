"""The facet of categories: a tree, opened where the shopper is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.answer.result import Facet, FacetValue
from retrieval.index.field_values import CATEGORY, CATEGORY_SEPARATOR, category_key, split_key
from retrieval.index.vocabulary import Vocabulary


def category_facet(
    codes: NDArray[np.int64], counts: NDArray[np.int64], vocabulary: Vocabulary, opened: Sequence[str], most: int
) -> Facet:
    """The roots; below them the children of what is chosen, and of what is alone on its level.

    Args:
        codes: Of categories, every one with all above it.
        counts: Groups in each.
        vocabulary: What the codes mean.
        opened: Paths that are filtered by.
        most: Categories shown of one level; one that leads to a chosen one is always shown.

    Returns:
        A category before those under it, most groups first within a level; `value` is the path, `label` its last step.
    """
    counted = {
        split_key(vocabulary.key(code))[2]: (vocabulary.surface(code), count)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    }
    children: dict[str, list[str]] = {}
    for path in counted:
        children.setdefault(path.rpartition(CATEGORY_SEPARATOR)[0], []).append(path)
    chosen = [category_key(each.split(CATEGORY_SEPARATOR.strip())) for each in opened]
    values: list[FacetValue] = []
    more = 0
    # Depth first without recursion: a path may be as deep as a feed says. The root of all has no place of its own.
    waiting = [("", -1, True)]
    while waiting:
        path, depth, alone = waiting.pop()
        if path:
            surface, count = counted[path]
            values.append(FacetValue(surface, surface.rpartition(CATEGORY_SEPARATOR)[2], count, depth=depth))
        if not alone and not any(_is_within(each, path) for each in chosen):
            continue
        level = sorted(children.get(path, ()), key=lambda each: (-counted[each][1], each))
        shown = [each for i, each in enumerate(level) if i < most or any(_is_within(one, each) for one in chosen)]
        more += len(level) - len(shown)
        waiting += [(each, depth + 1, len(level) == 1) for each in reversed(shown)]
    return Facet(CATEGORY, "category", tuple(values), more)


def _is_within(path: str, above: str) -> bool:
    return path == above or path.startswith(above + CATEGORY_SEPARATOR)
