"""Walking BROADER: cycles and closures, with networkx, which only builds and writes import."""

from collections.abc import Mapping, Sequence

import networkx


def find_cycle(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """One circle as the nodes on it, the first repeated at the end; empty when there is none."""
    graph = networkx.DiGraph(edges)
    try:
        circle = networkx.find_cycle(graph)
    except networkx.NetworkXNoCycle:
        return []
    return [*(start for start, _ in circle), circle[0][0]]


def closure(edges: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """All that can be reached from each node, without the node itself; the edges must have no circle."""
    graph = networkx.DiGraph(edges)
    reached: dict[str, frozenset[str]] = {}
    for node in reversed(list(networkx.topological_sort(graph))):
        above = set(graph.successors(node))
        for step in list(above):
            above |= reached[step]
        reached[node] = frozenset(above)
    return reached


def bottom_up(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """Every node before the nodes it points to; the edges must have no circle. Ties by name."""
    return list(networkx.lexicographical_topological_sort(networkx.DiGraph(edges)))
