"""One visit: needs become queries, typed key by key, searched, tried again in other words, clicked, bought."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from data.demo.asking import Asked, Speech
from data.demo.clicks import CART, PURCHASE, shop_around
from data.demo.needs import Need, Relevance
from data.demo.said import Said
from data.demo.search_box import SearchBox, picks
from data.demo.shelf import Shelf
from data.demo.shop_engine import ShopEngine
from data.demo.shoppers import Shopper
from data.demo.typing_errors import slip_in

Record = dict[str, Any]

KEY_MS, KEY_SPREAD = 190, 0.5
LOOK_MS = (4_000, 30_000)
# Of the typed queries: one with a slip of a finger, one that is sent half-typed and then completed.
SLIPS = 0.08
FRAGMENTS = 0.02
# Who found nothing tries again in other words; who found something now and then narrows it down.
TRIES_AGAIN, NARROWS = 0.65, 0.12
MOST_TRIES = 3
# Of the queries sent in a visit, so many are told with its next keystrokes.
REMEMBERED = 5
PASTED = 0.25  # of the queries: not typed but chosen from the past, pasted, dictated; no keystrokes
# Who is done with a need looks at other products of it, outside any search; so many.
STROLLS, STROLL = 0.3, (1, 3)


@dataclass(slots=True)
class Shop:
    """What all visits share.

    Attributes:
        shelf: The products, as of the day.
        relevance: Ratings by need.
        engines: By locale.
        boxes: By locale.
        speech: By locale.
        said: Hears of everything that is meant.
        numbers: For ids.
    """

    shelf: Shelf
    relevance: Relevance
    engines: Mapping[str, ShopEngine]
    boxes: Mapping[str, SearchBox]
    speech: Mapping[str, Speech]
    said: Said
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))


class Visit:
    """One session of one shopper; `run` gives its events in order.

    Args:
        shop: What all share.
        shopper: Who.
        session_id: Of the visit.
        at_ms: When it begins.
        rng: Of the visit.
    """

    def __init__(self, shop: Shop, shopper: Shopper, session_id: str, at_ms: int, rng: Random) -> None:
        self._shop = shop
        self._shopper = shopper
        self._at_ms = at_ms
        self._rng = rng
        self._draw = np.random.default_rng(rng.randrange(2**32))
        self._sent: tuple[str, ...] = ()
        self._who = {"session_id": session_id, "client_id": shopper.client_id}
        if shopper.user_id:
            self._who["user_id"] = shopper.user_id

    def run(self, needs: list[Need]) -> Iterator[Record]:
        """UBI records, `timestamp` in epoch milliseconds."""
        for need in needs:
            yield from self._pursue(need)
            if self._rng.random() < STROLLS:
                yield from self._stroll(need)
            self._wait(*LOOK_MS)

    def _pursue(self, need: Need) -> Iterator[Record]:
        said, own_words = self._shop.said, True
        for _ in range(MOST_TRIES):
            asked = self._shop.speech[self._shopper.locale].ask(need, self._rng, own_words)
            said.hear_words(self._shopper, need, asked)
            sent = yield from self._type(asked)
            found = yield from self._search(sent, asked.correct, need)
            if sent != asked.correct and not found and self._rng.random() < TRIES_AGAIN:
                # The slip is seen: the same again, spelt right.
                self._wait(3_000, 9_000)
                found = yield from self._search(asked.correct, asked.correct, need)
            if found:
                if self._rng.random() >= NARROWS or len(need.wishes) > 1:
                    return
                need = self._narrower(need)
            elif self._rng.random() >= TRIES_AGAIN:
                return
            elif need.family is not None:
                key = self._rng.choice(need.types)
                said.hear_narrowing(self._shopper, asked.thing, key)
                need = Need((key,), None, need.wishes)
            own_words = False
            self._wait(3_000, 12_000)

    def _type(self, asked: Asked) -> Generator[Record, None, str]:
        """Key by key; returns what is sent in the end."""
        rng, locale, wanted = self._rng, self._shopper.locale, asked.correct
        text = slip_in(asked.text, rng) if rng.random() < SLIPS else asked.text
        if rng.random() < PASTED:
            return text
        box = self._shop.boxes[locale]
        for typed in range(1, len(text) + 1):
            prefix = text[:typed]
            self._at_ms += int(KEY_MS * rng.lognormvariate(0, KEY_SPREAD))
            suggest_id = f"s{next(self._shop.numbers):08}"
            shown = box.show(prefix)
            about = {"suggest_id": suggest_id, "prefix": prefix, "locale": locale}
            yield self._event("suggest", event_attributes={**about, "shown": shown})
            place = picks(shown, wanted, typed, rng)
            if place is not None and typed < len(text):
                self._at_ms += rng.randint(300, 1_200)
                chosen = {"object_id": shown[place], "object_id_field": "suggestion"}
                yield self._event(
                    "suggest_pick", event_attributes={**about, "object": chosen, "position": {"ordinal": place + 1}}
                )
                self._shop.said.hear_keys(self._shopper, prefix, wanted, self._sent)
                return shown[place]
            if typed > 3 and typed < len(text) - 1 and rng.random() < FRAGMENTS / len(text):
                # Enter, too early; and on.
                yield from self._search(prefix, prefix, None)
                self._at_ms += rng.randint(400, 1_200)
        self._at_ms += rng.randint(200, 900)
        self._shop.said.hear_keys(self._shopper, text, wanted, self._sent)
        return text

    def _search(self, text: str, correct: str, need: Need | None) -> Generator[Record, None, bool]:
        """One page; returns whether something fitting was clicked."""
        shop, shopper, shelf = self._shop, self._shopper, self._shop.shelf
        rows = shelf.page(shop.engines[shopper.locale].search(text))
        query_id = f"q{next(shop.numbers):08}"
        attributes = {"locale": shopper.locale, "query_response_hit_ids": shelf.ids(rows)}
        yield self._event("search", query_id=query_id, user_query=text, event_attributes=attributes)
        shop.boxes[shopper.locale].searched(text, shopper.client_id)
        self._sent = (*self._sent, text)[-REMEMBERED:]
        shop.said.hear_search(shopper, text, correct, need)
        if need is None or not len(rows):
            return False
        ratings = shop.relevance(need, rows)
        outcome = shop_around(ratings, shelf.appeal(rows, shopper), shelf.in_stock[rows], self._draw)
        for place in outcome.clicked:
            self._wait(1_500, 15_000)
            acted = shelf.acted_on(int(rows[place]))
            yield self._event(
                "click", query_id=query_id, event_attributes={**acted, "position": {"ordinal": place + 1}}
            )
            if place in outcome.carted:
                self._wait(5_000, 60_000)
                yield self._event("add_to_cart", query_id=query_id, event_attributes=acted)
            if place in outcome.bought:
                self._wait(20_000, 120_000)
                yield self._event("purchase", query_id=query_id, event_attributes=acted)
        return bool(outcome.clicked) and int(ratings[list(outcome.clicked)].max()) >= 2

    def _stroll(self, need: Need) -> Iterator[Record]:
        """Products that a page recommends, not a search: of the kind that is wanted, what attracts."""
        shop, shelf = self._shop, self._shop.shelf
        ratings = shop.relevance(need)
        rows = np.flatnonzero((ratings >= 2) & shelf.on_sale)
        if not len(rows):
            return
        appeal = shelf.appeal(rows, self._shopper) ** 2
        count = min(self._rng.randint(*STROLL), len(rows))
        for row in self._draw.choice(rows, count, replace=False, p=appeal / appeal.sum()).tolist():
            self._wait(*LOOK_MS)
            acted = shelf.acted_on(row)
            yield self._event("view", event_attributes=acted)
            if shelf.in_stock[row] and self._rng.random() < CART[ratings[row]] / 2:
                self._wait(5_000, 60_000)
                yield self._event("add_to_cart", event_attributes=acted)
                if self._rng.random() < PURCHASE:
                    self._wait(20_000, 120_000)
                    yield self._event("purchase", event_attributes=acted)

    def _narrower(self, need: Need) -> Need:
        """The same with one wish more: that of a product which fulfils it."""
        rows = np.flatnonzero(self._shop.relevance(need) == 3)
        if not len(rows):
            return need
        facts = self._shop.shelf.facts[int(self._draw.choice(rows))]
        said = {name for name, _ in need.wishes}
        options = [("colour", facts.colour), ("brand", facts.brand), ("material", facts.material)]
        free = [(name, value) for name, value in options if value is not None and name not in said]
        if not free:
            return need
        return Need(need.types, need.family, tuple(sorted([*need.wishes, self._rng.choice(free)])))

    def _event(self, action: str, **more: Any) -> Record:
        self._at_ms += 1
        return {"action_name": action, "timestamp": self._at_ms, **self._who, **more}

    def _wait(self, least_ms: int, most_ms: int) -> None:
        self._at_ms += self._rng.randint(least_ms, most_ms)
