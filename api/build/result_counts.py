"""How many groups a completion finds: by its words, or by what is meant where no product has them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from autocomplete.completion import Results
from autocomplete.found import MOST_ROWS
from retrieval.answer.request import SearchRequest
from retrieval.engine import SearchEngine
from understanding.pipeline import Understander
from understanding.query import Query


class ResultCounter:
    """Counts for one release that is being built."""

    def __init__(self, engine: SearchEngine, understander: Understander) -> None:
        self._engine = engine
        self._understander = understander

    def count(self, text: str, locale: str) -> Results:
        """Of the groups that a search finds, 0 when it finds nothing.

        Words are counted without understanding them, a hundred times faster than a search; only what no product says
        ("couch", where all are called sofas) is searched. A word that had to be read as another one finds nothing: a
        slip is corrected when it is searched, and never suggested.
        """
        groups, in_stock, rows = self._engine.count_with_stock(text, locale)
        if groups:
            # A search is content with most of its words where few products say them all; who sells those out, does.
            said = np.concatenate(self._engine.saying(text, locale))
            return Results(groups, in_stock, _kept(said if len(said) else rows))
        understanding = self._understander.understand(Query(text, locale))
        if understanding.corrections or not understanding.mentions:
            return Results(0, 0)
        asked = SearchRequest(query=text, size=0, locale=locale, facets=())
        total = self._engine.search(asked, understanding).total
        stocked = self._engine.search(replace(asked, filters={"in_stock": {"in": [True]}}), understanding).total
        return Results(total, stocked, _kept(np.concatenate(self._engine.saying(text, locale))))


def _kept(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """One more than a release keeps, which says that there are more."""
    return rows[: MOST_ROWS + 1].copy()
