"""Completions that nothing in stock is found for, kept up to date as stock and products change.

A release says which products each of its completions finds (`autocomplete/found.py`), so whatever sells out or comes
back is one look at all of them. Live products of other words are looked at some at a time: each names the completions
whose words it says, or is called by. A completion that finds more products than the release keeps of it, and none of
those kept in stock, is asked for.
"""

import time
from collections.abc import Callable, Set
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from api.live.product_changes import ProductChanges
from autocomplete.completer import TrieCompleter
from autocomplete.live.affected import CompletionStems
from autocomplete.locale_completer import LocaleCompleter
from data.text import analyser_for
from retrieval.engine import SearchEngine
from retrieval.index.live_document import LiveDocument

# Some 5 ms each.
_PRODUCTS_AT_ONCE = 10
_ASKED_AT_ONCE = 10


class SoldOut:
    """Follows the stock of one release; for one thread.

    Attributes:
        texts: By locale, what is suggested no longer.
        products: Ids of products that no suggestion may lead to: sold out, deleted, or called otherwise than it says.
    """

    def __init__(self, completions: LocaleCompleter, engine: SearchEngine) -> None:
        self._completions = completions
        self._engine = engine
        self._changes = ProductChanges(engine)
        self._stems: dict[str, CompletionStems] = {}
        # Live products by whose words completions stay, and how many of them each completion has.
        self._held: dict[str, LiveDocument] = {}
        self._named = {locale: np.zeros(len(each.completions), np.int32) for locale, each in self._locales()}
        # What the engine is to be asked for, and what it said since products changed last.
        self._unsure: list[tuple[str, int]] = []
        self._asked: dict[tuple[str, int], bool] = {}
        self._is_settled = False
        self._gone = {locale: np.zeros(len(each.completions), np.bool_) for locale, each in self._locales()}
        self.products: Set[str] = frozenset()
        self.texts: dict[str, frozenset[str]] = {locale: frozenset() for locale, _ in self._locales()}

    def follow(self, budget_s: float, clock: Callable[[], float] = time.perf_counter) -> bool:
        """Look at what changed, for about so long; gives whether other things are suggested now than before."""
        until = clock() + budget_s
        before = (self.products, self.texts)
        if self._changes.notice():
            self.products = self._changes.unavailable | self._changes.renamed
            self._asked.clear()
            self._is_settled = False
        if self.products != before[0]:
            self._leave_out_of_unseen()
        while clock() < until and self._changes.waiting:
            self._look_at_products()
        if not self._is_settled:
            self._settle()
        while clock() < until and self._unsure:
            self._ask()
            if not self._unsure:
                self._settle()
        return before != (self.products, self.texts)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked at."""
        return not (self._changes.waiting or self._unsure)

    def _locales(self) -> list[tuple[str, TrieCompleter]]:
        return list(self._completions.by_locale.items())

    def _leave_out_of_unseen(self) -> None:
        """What is put together for a keystroke is put together of what is left."""
        row_of = self._engine.sources.table.row
        rows = [row for product_id in self.products if (row := row_of(product_id)) is not None]
        for _, completer in self._locales():
            if completer.continuing is not None:
                completer.continuing.leave_out(rows)

    def _look_at_products(self) -> None:
        """Count some live products for the completions that they name, and no longer for those that they named."""
        waiting = self._changes.waiting
        for product_id in list(islice(waiting, _PRODUCTS_AT_ONCE)):
            document = waiting.pop(product_id)
            former = self._held.pop(product_id, None)
            if former is not None:
                self._name(former, -1)
            if document is not None:
                self._name(document, 1)
                self._held[product_id] = document
        self._is_settled = False

    def _name(self, document: LiveDocument, count: int) -> None:
        for locale, completer in self._locales():
            stems = self._stems.get(locale)
            if stems is None:
                stems = self._stems[locale] = CompletionStems(completer.completions, analyser_for(locale))
            self._named[locale][stems.within(self._engine.said_of(document, locale))] += count

    def _settle(self) -> None:
        """Say what is gone, by all that is known now."""
        in_stock = self._changes.in_stock()
        self._unsure = []
        for locale, completer in self._locales():
            if completer.found is None:
                continue
            gone = completer.found.sold_out(in_stock) & (self._named[locale] == 0)
            for completion in np.flatnonzero(gone & completer.found.more).tolist():
                said = self._asked.get((locale, completion))
                if said is None:
                    self._unsure.append((locale, completion))
                # Until it is known, it stays as it was.
                gone[completion] = self._gone[locale][completion] if said is None else said
            self._say(locale, gone)
        self._is_settled = True

    def _say(self, locale: str, gone: NDArray[np.bool_]) -> None:
        if np.array_equal(gone, self._gone[locale]):
            return
        self._gone[locale] = gone
        text_of = self._completions.by_locale[locale].completions.text
        self.texts = {**self.texts, locale: frozenset(map(text_of, np.flatnonzero(gone).tolist()))}

    def _ask(self) -> None:
        for locale, completion in self._unsure[-_ASKED_AT_ONCE:]:
            text = self._completions.by_locale[locale].completions.text(completion)
            in_stock, _ = self._engine.saying(text, locale)
            self._asked[locale, completion] = not len(in_stock)
        del self._unsure[-_ASKED_AT_ONCE:]
