"""LightGBM's trees as the arrays that `trees.c` reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A leaf is a bit of 32.
MOST_LEAVES = 32
# Of a node's `decision_type`: it asks for a category; and what it takes for missing, 0 for nothing.
_CATEGORICAL = 1
_MISSING = 0b1100
_MISSING_IS_ZERO = 0b0100

NODE = np.dtype([("threshold", np.float32), ("feature", np.int32), ("kept", np.uint32)])


@dataclass(frozen=True, slots=True)
class TreeArrays:
    """Trees one behind the other.

    Attributes:
        nodes: (nodes,) each with its float32 threshold, its feature and the leaves that are not on its left.
        values: (leaves,) of each tree from left to right.
        trees: (trees, 2) how many nodes and leaves each has.
    """

    nodes: NDArray[Any]
    values: NDArray[np.float64]
    trees: NDArray[np.int32]


def read_trees(text: str) -> TreeArrays | None:
    """The trees of a model that `lightgbm.Booster.save_model` wrote; `None` for ones that ask more than `x <= t`.

    Rows are float32, so thresholds are rounded down to float32: the same rows are on the left of both.
    """
    head, *bodies = text.partition("\nend of trees")[0].split("\nTree=")
    if "average_output" in head.splitlines():
        return None
    nodes: list[tuple[float, int, int]] = []
    values: list[float] = []
    sizes: list[tuple[int, int]] = []
    for body in bodies:
        fields = dict(line.split("=", 1) for line in body.splitlines() if "=" in line)
        leaves = int(fields["num_leaves"])
        if leaves > MOST_LEAVES or int(fields.get("num_cat", 0)) or int(fields.get("is_linear", 0)):
            return None
        kinds = _numbers(fields, "decision_type", int)
        if any(kind & _CATEGORICAL or kind & _MISSING == _MISSING_IS_ZERO for kind in kinds):
            return None
        order = list(_left_to_right(fields, leaves))
        nodes += _nodes(fields, order)
        values += [_numbers(fields, "leaf_value", float)[leaf] for leaf in order]
        sizes.append((leaves - 1, leaves))
    return TreeArrays(np.array(nodes, NODE), np.array(values), np.array(sizes, np.int32).reshape(-1, 2))


def _numbers(fields: Mapping[str, str], name: str, kind: type[Any]) -> list[Any]:
    return [kind(each) for each in fields.get(name, "").split()]


def _left_to_right(fields: Mapping[str, str], leaves: int) -> Iterator[int]:
    """The leaves' numbers; a child below 0 is the leaf ~child."""
    left, right = (_numbers(fields, name, int) for name in ("left_child", "right_child"))
    ahead = [0 if leaves > 1 else ~0]
    while ahead:
        child = ahead.pop()
        if child < 0:
            yield ~child
        else:
            ahead += [right[child], left[child]]


def _nodes(fields: Mapping[str, str], order: Sequence[int]) -> list[tuple[float, int, int]]:
    left, right = (_numbers(fields, name, int) for name in ("left_child", "right_child"))
    places = {leaf: place for place, leaf in enumerate(order)}

    def under(child: int) -> int:
        return 1 << places[~child] if child < 0 else under(left[child]) | under(right[child])

    thresholds = [_rounded_down(each) for each in _numbers(fields, "threshold", float)]
    kept = [~under(child) & 0xFFFFFFFF for child in left]
    return list(zip(thresholds, _numbers(fields, "split_feature", int), kept, strict=True))


def _rounded_down(threshold: float) -> float:
    """The largest float32 that is not above it."""
    with np.errstate(over="ignore"):
        rounded = np.float32(threshold)
    return float(np.nextafter(rounded, np.float32(-np.inf)) if float(rounded) > threshold else rounded)
