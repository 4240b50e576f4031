"""One visit: needs become queries, typed key by key, searched, tried again in other words, clicked, bought."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.demo.asking import Asked, Speech
from data.demo.catalogue import Catalogue
from data.demo.clicks import PAGE, shop_around
from data.demo.needs import Need, Relevance
from data.demo.search_box import SearchBox, picks
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
PASTED = 0.12  # of the queries: not typed but chosen, pasted, dictated; no keystrokes


@dataclass(slots=True)
class Shop:
    """What all visits share.

    Attributes:
        catalogue: Products and the truth.
        relevance: Ratings by need.
        engines: By locale.
        boxes: By locale.
        speech: By locale.
        on_sale: Shape (products,), on the day.
        in_stock: Shape (products,), on the day.
        asked: Hears of every query that somebody meant, with its need; what truth is written from.
    """

    catalogue: Catalogue
    relevance: Relevance
    engines: Mapping[str, ShopEngine]
    boxes: Mapping[str, SearchBox]
    speech: Mapping[str, Speech]
    on_sale: NDArray[np.bool_]
    in_stock: NDArray[np.bool_]
    asked: Callable[[Shopper, Need, Asked, str], None]
    attractiveness: NDArray[np.float64]
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
        self._who = {"session_id": session_id, "client_id": shopper.client_id}
        if shopper.user_id:
            self._who["user_id"] = shopper.user_id

    def run(self, needs: list[Need]) -> Iterator[Record]:
        """UBI records, `timestamp` in epoch milliseconds."""
        for need in needs:
            yield from self._pursue(need)
            self._wait(*LOOK_MS)

    def _pursue(self, need: Need) -> Iterator[Record]:
        own_words = True
        for _ in range(MOST_TRIES):
            asked = self._shop.speech[self._shopper.locale].ask(need, self._rng, own_words)
            sent = yield from self._type(asked, need)
            found = yield from self._search(sent, need)
            if sent != asked.correct and sent != asked.text and not found and self._rng.random() < TRIES_AGAIN:
                # The slip is seen: the same again, spelt right.
                self._wait(3_000, 9_000)
                found = yield from self._search(asked.correct, need)
            if found:
                if self._rng.random() >= NARROWS or len(need.wishes) > 1:
                    return
                need = self._narrower(need)
            elif self._rng.random() >= TRIES_AGAIN:
                return
            elif asked.text != asked.correct and self._rng.random() < 0.7:
                self._wait(2_000, 8_000)
                yield from self._search(asked.correct, need)
                return
            own_words = False
            self._wait(3_000, 12_000)

    def _type(self, asked: Asked, need: Need) -> Generator[Record, None, str]:
        """Key by key; returns what is sent in the end."""
        rng, locale = self._rng, self._shopper.locale
        text = slip_in(asked.text, rng) if rng.random() < SLIPS else asked.text
        self._shop.asked(self._shopper, need, asked, text)
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
            place = picks(shown, asked.correct, typed, rng)
            if place is not None and typed < len(text):
                self._at_ms += rng.randint(300, 1_200)
                chosen = {"object_id": shown[place], "object_id_field": "suggestion"}
                yield self._event(
                    "suggest_pick", event_attributes={**about, "object": chosen, "position": {"ordinal": place + 1}}
                )
                return shown[place]
            if typed > 3 and typed < len(text) - 1 and rng.random() < FRAGMENTS / len(text):
                # Enter, too early; and on.
                yield from self._search(prefix, None)
                self._at_ms += rng.randint(400, 1_200)
        self._at_ms += rng.randint(200, 900)
        return text

    def _search(self, text: str, need: Need | None) -> Generator[Record, None, bool]:
        """One page; returns whether something fitting was clicked."""
        shop, shopper, locale = self._shop, self._shopper, self._shopper.locale
        rows = shop.engines[locale].search(text)
        rows = rows[shop.on_sale[rows]][:PAGE]
        products = shop.catalogue.products
        query_id = f"q{next(self._shop.numbers):08}"
        yield self._event(
            "search",
            query_id=query_id,
            user_query=text,
            event_attributes={
                "locale": locale,
                "query_response_hit_ids": [products[row].product_id for row in rows.tolist()],
            },
        )
        shop.boxes[locale].searched(text, shopper.client_id)
        if need is None or not len(rows):
            return False
        ratings = shop.relevance(need)[rows]
        facts = [shop.catalogue.facts[products[row].product_id] for row in rows.tolist()]
        taste = np.array([shopper.taste(each) for each in facts])
        appeal = (0.4 + 1.2 * shop.attractiveness[rows]) * taste
        outcome = shop_around(ratings, appeal, shop.in_stock[rows], self._draw)
        for place in outcome.clicked:
            self._wait(1_500, 15_000)
            acted = {"object": {"object_id": products[int(rows[place])].product_id, "object_id_field": "product_id"}}
            yield self._event(
                "click", query_id=query_id, event_attributes={**acted, "position": {"ordinal": place + 1}}
            )
            yield self._event("view", query_id=query_id, event_attributes=acted)
            if place in outcome.carted:
                self._wait(5_000, 60_000)
                yield self._event("add_to_cart", query_id=query_id, event_attributes=acted)
            if place in outcome.bought:
                self._wait(20_000, 120_000)
                yield self._event("purchase", query_id=query_id, event_attributes=acted)
        return bool(outcome.clicked) and int(ratings[list(outcome.clicked)].max()) >= 2

    def _narrower(self, need: Need) -> Need:
        """The same with one wish more: that of a product which fulfils it."""
        rows = np.flatnonzero(self._shop.relevance(need) == 3)
        if not len(rows):
            return need
        facts = self._shop.catalogue.facts[self._shop.catalogue.products[int(self._draw.choice(rows))].product_id]
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
