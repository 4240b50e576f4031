"""Completions that nothing in stock is found for, kept up to date as stock and products change.

A product that sells out, comes back, goes, comes or is called otherwise names the completions it may be why of: those
whose words it holds, or held. Only these are counted again, against what is live now, some at a time: of a product that
sells, those that are gone; of one that does not, those that are there.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import islice

from api.live.product_changes import ProductChange, ProductChanges
from autocomplete.live.affected import CompletionStems
from autocomplete.locale_completer import LocaleCompleter
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
        products: Ids of products that no suggestion may lead to: sold out, deleted, or called otherwise than it says.
    """

    def __init__(self, completions: LocaleCompleter, engine: SearchEngine) -> None:
        self._completions = completions
        self._engine = engine
        self._stems: dict[str, CompletionStems] = {}
        self._changes = ProductChanges(engine)
        self._waiting: set[tuple[str, int]] = set()
        self._queue: list[tuple[str, int]] = []
        self._is_sorted = True
        self._gone: dict[str, set[int]] = {locale: set() for locale in completions.by_locale}
        self.products: Set[str] = frozenset()
        # Locales in which completions went or came since `texts` was last put together.
        self._turned: set[str] = set()
        self.texts: dict[str, frozenset[str]] = {locale: frozenset() for locale in completions.by_locale}

    def follow(self, budget_s: float, clock: Callable[[], float] = time.perf_counter) -> bool:
        """Look at what changed, for about so long; gives whether other things are suggested now than before."""
        until = clock() + budget_s
        before = (self.products, self.texts)
        if self._changes.notice():
            self.products = self._changes.unavailable | self._changes.renamed
        if self.products != before[0]:
            self._leave_out_of_unseen()
        while clock() < until and not self.is_idle:
            self._step()
        self._say_what_is_gone()
        return before != (self.products, self.texts)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked at."""
        return not (self._changes.waiting or self._waiting)

    def _step(self) -> None:
        # All products first: what many of them name is counted once.
        changes = self._changes.waiting
        for product_id in list(islice(changes, _PRODUCTS_AT_ONCE)):
            self._waiting.update(self._named_by(product_id, changes.pop(product_id)))
            self._is_sorted = False
        if changes:
            return
        if not self._is_sorted:
            # The likeliest are seen most, and come first; the last of a list is taken off for nothing.
            self._queue = sorted(self._waiting, key=lambda key: -key[1])
            self._is_sorted = True
        completions = [self._queue.pop() for _ in range(min(_COUNTED_AT_ONCE, len(self._queue)))]
        self._waiting.difference_update(completions)
        self._count(completions)

    def _leave_out_of_unseen(self) -> None:
        """What is put together for a keystroke is put together of what is left."""
        row_of = self._engine.sources.table.row
        rows = [row for product_id in self.products if (row := row_of(product_id)) is not None]
        for completer in self._completions.by_locale.values():
            if completer.continuing is not None:
                completer.continuing.leave_out(rows)

    def _named_by(self, product_id: str, change: ProductChange) -> Iterator[tuple[str, int]]:
        """Completions that may be found by something, or by nothing, since the product changed."""
        now = self._engine.known(product_id)
        sells = now is not None and product_id not in self._changes.unavailable
        for locale, completer in self._completions.by_locale.items():
            stems = self._stems.get(locale)
            if stems is None:
                stems = self._stems[locale] = CompletionStems(completer.completions, analyser_for(locale))
            held = [frozenset(self._engine.terms(each, locale)) for each in change.former]
            terms = frozenset() if now is None else frozenset(self._engine.terms(now, locale))
            gone = self._gone[locale]
            if sells and (change.stock or any(each != terms for each in held)):
                # What sells can only bring back.
                yield from ((locale, each) for each in stems.within(terms).tolist() if each in gone)
            elif change.stock and not sells:
                held.append(terms)
            for former in held:
                if former != terms or not sells:
                    yield from ((locale, each) for each in stems.within(former).tolist() if each not in gone)

    def _count(self, waiting: Iterable[tuple[str, int]]) -> None:
        for locale, completion in waiting:
            text = self._completions.by_locale[locale].completions.text(completion)
            gone = self._gone[locale]
            # What no product ever held is found by what is meant, which stock of these products says nothing of.
            is_gone = not self._engine.count_in_stock(text, locale) and self._engine.released_any(text, locale)
            if is_gone != (completion in gone):
                gone ^= {completion}
                self._turned.add(locale)

    def _say_what_is_gone(self) -> None:
        """Once for all that was counted: thousands may be gone, and thousands more go in the same breath."""
        for locale in self._turned:
            text_of = self._completions.by_locale[locale].completions.text
            self.texts = {**self.texts, locale: frozenset(map(text_of, self._gone[locale]))}
        self._turned.clear()
