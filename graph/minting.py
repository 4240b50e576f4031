"""New ids: counted, so that identical builds of a new shop give identical ids; never given twice."""

import itertools
from collections.abc import Callable, Iterable

from graph.concept import Concept, Scheme
from graph.statements import ConceptKey


def next_id(used: int, is_taken: Callable[[str], bool]) -> str:
    """The first free id after `used` ids; an imported graph may have used numbers ahead of the count."""
    numbers = (f"c{number:06}" for number in itertools.count(used + 1))
    return next(name for name in numbers if not is_taken(name))


class Minter:
    """Gives each key of one shop its id, over ids that are held in memory.

    Args:
        concepts: Theirs are kept.
        reserved: See `GraphState.reserved`.
    """

    def __init__(self, concepts: Iterable[Concept], reserved: Iterable[tuple[str, str, str]]) -> None:
        self._ids = {ConceptKey(Scheme(scheme), key): concept_id for scheme, key, concept_id in reserved}
        self._ids.update((ConceptKey(concept.scheme, concept.key), concept.concept_id) for concept in concepts)
        self._taken = set(self._ids.values())
        self._used = len(self._taken)

    def __call__(self, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""
        if key not in self._ids:
            concept_id = next_id(self._used, self._taken.__contains__)
            self._ids[key] = concept_id
            self._taken.add(concept_id)
            self._used = int(concept_id[1:])
        return self._ids[key]
