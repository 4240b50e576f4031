"""Completions that nothing in stock is found for, kept up to date as stock and products change.

A product that sells out, comes back, goes or comes names the completions it may be why of: those whose words it holds.
Only these are counted again, against what is live now, some at a time.
"""

import time
from collections.abc import Callable, Iterable

from autocomplete.completer import LocaleCompleter
from autocomplete.live.affected import CompletionStems
from data.product import Product
from data.text import analyser_for
from retrieval.engine import SearchEngine

# More products than this changed at once: a feed. The others wait for their turn.
_PRODUCTS_AT_ONCE = 20
# Some 5 ms.
_COUNTED_AT_ONCE = 32


class SoldOut:
    """Follows the stock of one release; for one thread.

    Attributes:
        texts: By locale, what is suggested no longer.
        products: Ids of products that are sold out or deleted.
    """

    def __init__(self, completions: LocaleCompleter, engine: SearchEngine) -> None:
        self._completions = completions
        self._engine = engine
        self._stems: dict[str, CompletionStems] = {}
        self._products_waiting: dict[str, None] = {}
        self._completions_waiting: dict[tuple[str, int], None] = {}
        self._position = -1
        self.texts: dict[str, frozenset[str]] = {locale: frozenset() for locale in completions.by_locale}
        self.products: frozenset[str] = frozenset()

    def follow(self, budget_s: float, clock: Callable[[], float] = time.perf_counter) -> bool:
        """Look at what changed, for about so long; gives whether other things are suggested now than before."""
        until = clock() + budget_s
        before = (self.products, self.texts)
        position = self._engine.position
        if position != self._position:
            now = self._engine.unavailable()
            self._products_waiting |= dict.fromkeys(sorted(now ^ self.products))
            self.products, self._position = now, position
            self._leave_out_of_unseen()
        while clock() < until and not self.is_idle:
            self._step()
        return before != (self.products, self.texts)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked at."""
        return not (self._products_waiting or self._completions_waiting)

    def _step(self) -> None:
        if self._completions_waiting:
            completions = list(self._completions_waiting)[:_COUNTED_AT_ONCE]
            for key in completions:
                del self._completions_waiting[key]
            self._count(completions)
            return
        waiting = list(self._products_waiting)[:_PRODUCTS_AT_ONCE]
        for product_id in waiting:
            del self._products_waiting[product_id]
            product = self._engine.known(product_id)
            if product is not None:
                self._completions_waiting |= dict.fromkeys(self._named_by(product))

    def _leave_out_of_unseen(self) -> None:
        """What is put together for a keystroke is put together of what is left."""
        row_of = self._engine.sources.table.row
        rows = [row for product_id in self.products if (row := row_of(product_id)) is not None]
        for completer in self._completions.by_locale.values():
            if completer.continuing is not None:
                completer.continuing.leave_out(rows)

    def _named_by(self, product: Product) -> Iterable[tuple[str, int]]:
        for locale, completer in self._completions.by_locale.items():
            stems = self._stems.get(locale)
            if stems is None:
                stems = self._stems[locale] = CompletionStems(completer.completions, analyser_for(locale))
            for completion in stems.within(self._engine.terms(product, locale)).tolist():
                yield locale, completion

    def _count(self, waiting: Iterable[tuple[str, int]]) -> None:
        gone: dict[str, set[str]] = {}
        for locale, completion in waiting:
            text = self._completions.by_locale[locale].completions.text(completion)
            held = gone.setdefault(locale, set(self.texts[locale]))
            # What no product ever held is found by what is meant, which stock of these products says nothing of.
            if self._engine.count_in_stock(text, locale) or not self._engine.released_any(text, locale):
                held.discard(text)
            else:
                held.add(text)
        for locale, held in gone.items():
            if held != self.texts[locale]:
                self.texts = {**self.texts, locale: frozenset(held)}
