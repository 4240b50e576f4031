"""Carrying shops from one store to another."""

from dataclasses import dataclass

from data.errors import GraphError, InputError
from graph.store import GraphState, GraphStore


@dataclass(frozen=True, slots=True)
class Moved:
    """A shop that was carried, and how much it was."""

    shop: str
    revision: int
    concepts: int
    labels: int
    relations: int


def move(source: GraphStore, target: GraphStore, shops: list[str], replace: bool) -> list[Moved]:
    """Carry shops as they are: ids, layers, evidence, tombstones, reserved ids and revision. The source keeps them.

    Each shop is one transaction of the target, and is read back and compared before the next one.

    Args:
        source: Read only.
        target: Written.
        shops: Of the source.
        replace: Overwrite what the target has of these shops.

    Raises:
        InputError: The source does not have a shop, or the target has one; nothing was written.
        IntegrityViolation: The source's graph breaks a rule; this shop was not written.
        GraphError: The target holds something else than was written into it.
    """
    for shop in shops:
        if not source.revision(shop):
            raise InputError(
                f"the source has no graph of the shop {shop!r}; it has: {', '.join(source.shops()) or '-'}"
            )
        held = target.revision(shop)
        if held and not replace:
            raise InputError(
                f"the target has a graph of {shop} at revision {held} already; export it first, then give --replace"
            )
    return [_moved(source.read(shop), target, shop) for shop in shops]


def _moved(state: GraphState, target: GraphStore, shop: str) -> Moved:
    target.restore(shop, state)
    if target.read(shop) != state:
        raise GraphError(
            f"the graph of {shop} is not the same after the move: was it written meanwhile? Compare with `graph diff`"
        )
    return Moved(shop, state.revision, len(state.concepts), len(state.labels), len(state.relations))
