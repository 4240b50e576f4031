"""Sixty days of a shop: everybody's visits in the order of time, a day at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from data.demo.asking import Asked, Speech
from data.demo.catalogue import DAY_MS, DAYS, Catalogue, start_of_day
from data.demo.lexicon import Lexicon
from data.demo.needs import Need, Relevance
from data.demo.search_box import SearchBox
from data.demo.sessions import Shop, Visit
from data.demo.shop_engine import ShopEngine
from data.demo.shoppers import Demand, Shopper, make_shoppers
from data.demo.strangers import BOT_DAYS, BOTS, PRIVATE_SHARE, bot_events, secret

SHOPPERS = 4_000
NEEDS = ((1, 0.55), (2, 0.3), (3, 0.15))
# Visits begin between these hours (UTC), most in the evening.
FIRST_HOUR, LAST_HOUR, BUSIEST_HOUR = 6, 23, 19


@dataclass(slots=True)
class Said:
    """What was really meant; the source of the truth files.

    Attributes:
        meant: (day, locale, query as meant, need) with how often, habitual misspellings made right.
        typed: (locale, as typed, as meant) with the people who did, where the two differ.
        synonyms: (locale, shopper's word, catalogue's word) with the people who used it.
        families: (locale, word, family) with the people who used it.
        people: (day, locale, query as meant) with the people behind it.
        secrets: Typed by mistake.
    """

    meant: Counter[tuple[int, str, str, Need]] = field(default_factory=Counter)
    typed: defaultdict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    synonyms: defaultdict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    families: defaultdict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    people: defaultdict[tuple[int, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    secrets: list[str] = field(default_factory=list)


class Simulation:
    """A shop in use.

    Args:
        lexicon: Its words.
        catalogue: Its products.
        seed: The same seed gives the same events for ever.
        days: How many, at most `DAYS`.
        shoppers: How many people.
    """

    def __init__(
        self, lexicon: Lexicon, catalogue: Catalogue, seed: int, days: int = DAYS, shoppers: int = SHOPPERS
    ) -> None:
        self.days = days
        self.said = Said()
        self._day = 1
        self._rng = Random(f"simulation {seed}")
        self.shoppers = make_shoppers(lexicon, shoppers, self._rng)
        self.demand = Demand(lexicon, catalogue, self._rng)
        self.bots = [f"b{number:03}" for number in range(max(1, BOTS * shoppers // SHOPPERS))]
        self._catalogue = catalogue
        facts = [catalogue.facts[product.product_id] for product in catalogue.products]
        self._launched = np.array([each.launch_day for each in facts])
        self._sold_out = np.array([each.sold_out_day or DAYS + 1 for each in facts])
        known = {
            locale: sorted({entry.names[locale].lower() for entry in lexicon.types.values()})
            for locale in lexicon.locales
        }
        self.shop = Shop(
            catalogue,
            Relevance(lexicon, catalogue),
            {locale: ShopEngine(catalogue.products, locale, seed) for locale in lexicon.locales},
            {locale: SearchBox(known[locale]) for locale in lexicon.locales},
            {locale: Speech(lexicon, locale, seed) for locale in lexicon.locales},
            self._launched <= 0,
            self._launched <= 0,
            self._hear,
            np.array([each.attractiveness for each in facts]),
        )
        self._plan = self._plan_visits(days / DAYS)

    def run(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Each day's number, from 1, with its UBI records in the order of time."""
        for day in range(1, self.days + 1):
            yield day, self._run_day(day)

    def _run_day(self, day: int) -> list[dict[str, Any]]:
        self._day = day
        self.shop.on_sale = self._launched <= day
        self.shop.in_stock = self._sold_out > day
        for box in self.shop.boxes.values():
            box.next_day()
        weights: dict[frozenset[str], list[float]] = {}
        records: list[dict[str, Any]] = []
        for number, shopper in self._plan.get(day, ()):
            rng = Random(f"{self._rng.random()}")
            if shopper.departments not in weights:
                weights[shopper.departments] = self.demand.weights(day, shopper.departments)
            count = rng.choices([count for count, _ in NEEDS], [share for _, share in NEEDS])[0]
            needs = [self.demand.need(shopper, weights[shopper.departments], rng) for _ in range(count)]
            hour = min(LAST_HOUR, rng.triangular(FIRST_HOUR, LAST_HOUR, BUSIEST_HOUR))
            at_ms = start_of_day(day) + int(hour * 3_600_000) + rng.randrange(60_000)
            session = f"{shopper.client_id}-{day:02}-{number}"
            records += Visit(self.shop, shopper, session, at_ms, rng).run(needs)
            if rng.random() < PRIVATE_SHARE:
                records.append(self._betrayal(shopper, session, records[-1]["timestamp"] + 2_000, rng))
        queries = [entry for box in self.shop.boxes.values() for entry in box.show("")] or ["shoes"]
        queries += sorted({asked for _, locale, asked, _ in self.said.meant})[:400]
        for bot in self.bots:
            rng = Random(f"{bot} {day} {self._rng.random()}")
            if rng.random() < sum(BOT_DAYS) / 2 / DAYS:
                records += bot_events(bot, day, queries, rng)
        end_ms = start_of_day(day) + DAY_MS
        # A late visit's last clicks are of the next day, which is another file.
        records = [record for record in records if record["timestamp"] < end_ms]
        return sorted(records, key=lambda record: record["timestamp"])

    def _plan_visits(self, share: float) -> dict[int, list[tuple[int, Shopper]]]:
        plan: dict[int, list[tuple[int, Shopper]]] = {}
        for shopper in self.shoppers:
            for number in range(max(1, round(shopper.sessions * share))):
                plan.setdefault(self._rng.randint(1, self.days), []).append((number, shopper))
        return plan

    def _hear(self, shopper: Shopper, need: Need, asked: Asked, typed: str) -> None:
        said, locale, client = self.said, shopper.locale, shopper.client_id
        said.meant[self._day, locale, asked.correct, need] += 1
        said.people[self._day, locale, asked.correct].add(client)
        if typed != asked.correct:
            said.typed[locale, typed, asked.correct].add(client)
        for word, own in asked.uses:
            said.synonyms[locale, word, own].add(client)
        if need.family is not None:
            said.families[locale, asked.correct, need.family].add(client)

    def _betrayal(self, shopper: Shopper, session: str, at_ms: int, rng: Random) -> dict[str, Any]:
        text = secret(rng)
        self.said.secrets.append(text)
        return {
            "action_name": "search",
            "timestamp": at_ms,
            "session_id": session,
            "client_id": shopper.client_id,
            "query_id": f"{session}-private",
            "user_query": text,
            "event_attributes": {"locale": shopper.locale, "query_response_hit_ids": []},
        }
