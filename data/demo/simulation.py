"""Sixty days of a shop: everybody's visits in the order of time, a day at a time."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

from data.demo.asking import Speech
from data.demo.catalogue import DAYS, Catalogue, start_of_day
from data.demo.lexicon import Lexicon
from data.demo.needs import Need, Relevance
from data.demo.said import Said
from data.demo.search_box import SearchBox
from data.demo.sessions import Shop, Visit
from data.demo.shelf import Shelf
from data.demo.shop_engine import ShopEngine
from data.demo.shoppers import Demand, Shopper, make_shoppers
from data.demo.strangers import BOT_DAYS, BOTS, CLICKS_EVERYTHING, PRIVATE_SHARE, bot_events, secret

SHOPPERS = 4_000
NEEDS = ((1, 0.55), (2, 0.3), (3, 0.15))
# Visits begin between these hours (UTC), most in the evening; the last are over before midnight.
FIRST_HOUR, LAST_HOUR, BUSIEST_HOUR = 6, 22, 19
# Queries that bots have picked up so far.
BOT_QUERIES = 400

Record = dict[str, Any]


class Simulation:
    """A shop in use.

    Args:
        lexicon: Its words.
        catalogue: Its products.
        seed: The same seed gives the same events for ever.
        days: How many, at most `DAYS`.
        shoppers: How many people.

    Attributes:
        said: What was really meant, so far.
        shoppers: Everybody.
        demand: What is wanted.
        bots: Client ids.
    """

    def __init__(
        self, lexicon: Lexicon, catalogue: Catalogue, seed: int, days: int = DAYS, shoppers: int = SHOPPERS
    ) -> None:
        self.days = days
        self._rng = Random(f"simulation {seed}")
        self.said = Said(days)
        self.shoppers = make_shoppers(lexicon, shoppers, self._rng)
        self.demand = Demand(lexicon, catalogue, self._rng)
        known = {
            locale: sorted({entry.names[locale].lower() for entry in lexicon.types.values()})
            for locale in lexicon.locales
        }
        self.shop = Shop(
            Shelf(catalogue),
            Relevance(lexicon, catalogue),
            {locale: ShopEngine(catalogue.products, locale, seed) for locale in lexicon.locales},
            {locale: SearchBox(known[locale]) for locale in lexicon.locales},
            {locale: Speech(lexicon, locale, seed) for locale in lexicon.locales},
            self.said,
        )
        self._first_locale = lexicon.locale
        self._queries = known[lexicon.locale]
        self._plan = self._plan_visits(days / DAYS)
        self.bots, self._bot_days = self._plan_bots(max(2, BOTS * shoppers // SHOPPERS))

    def run(self) -> Iterator[tuple[int, list[Record]]]:
        """Each day's number, from 1, with its UBI records in the order of time."""
        for day in range(1, self.days + 1):
            yield day, self._run_day(day)

    def _run_day(self, day: int) -> list[Record]:
        self.said.day = day
        self.shop.shelf.open(day)
        for locale in self.shop.engines:
            self.shop.engines[locale].next_day()
            self.shop.boxes[locale].next_day()
        weights: dict[frozenset[str], list[float]] = {}
        records: list[Record] = []
        for number, shopper in self._plan.get(day, ()):
            rng = Random(self._rng.getrandbits(64))
            if shopper.departments not in weights:
                weights[shopper.departments] = self.demand.weights(day, shopper.departments)
            at_ms = start_of_day(day) + int(rng.triangular(FIRST_HOUR, LAST_HOUR, BUSIEST_HOUR) * 3_600_000)
            session = f"{shopper.client_id}-{day:02}-{number}"
            needs = self._needs(shopper, weights[shopper.departments], rng)
            records += Visit(self.shop, shopper, session, at_ms, rng).run(needs)
            if rng.random() < PRIVATE_SHARE:
                records.append(self._betrayal(shopper, session, records[-1]["timestamp"] + 2_000, rng))
        for bot, clicks in self._bot_days.get(day, ()):
            rng = Random(self._rng.getrandbits(64))
            records += bot_events(bot, clicks, day, self._asked_by_bots(), self._found_by_bots, rng)
        return sorted(records, key=lambda record: record["timestamp"])

    def _needs(self, shopper: Shopper, weights: list[float], rng: Random) -> list[Need]:
        needs: list[Need] = []
        for _ in range(rng.choices([count for count, _ in NEEDS], [share for _, share in NEEDS])[0]):
            needs.append(self.demand.need(shopper, weights, rng, needs[-1] if needs else None))
        return needs

    def _plan_visits(self, share: float) -> dict[int, list[tuple[int, Shopper]]]:
        plan: defaultdict[int, list[tuple[int, Shopper]]] = defaultdict(list)
        for shopper in self.shoppers:
            for number in range(max(1, round(shopper.sessions * share))):
                plan[self._rng.randint(1, self.days)].append((number, shopper))
        return plan

    def _plan_bots(self, count: int) -> tuple[list[str], dict[int, list[tuple[str, bool]]]]:
        bots = [f"b{number:03}" for number in range(count)]
        plan: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
        for number, bot in enumerate(bots):
            days = max(1, round(self._rng.randint(*BOT_DAYS) * self.days / DAYS))
            for day in self._rng.sample(range(1, self.days + 1), days):
                plan[day].append((bot, number % CLICKS_EVERYTHING == 0))
        return bots, plan

    def _asked_by_bots(self) -> list[str]:
        popular = [asked for asked, _ in self.said.earlier.most_common(BOT_QUERIES)]
        return [text for locale, text in popular if locale == self._first_locale] or self._queries

    def _found_by_bots(self, query: str) -> list[str]:
        shelf = self.shop.shelf
        return shelf.ids(shelf.page(self.shop.engines[self._first_locale].search(query)))

    def _betrayal(self, shopper: Shopper, session: str, at_ms: int, rng: Random) -> Record:
        text = secret(rng)
        self.said.secrets.append(text)
        who = {"session_id": session, "client_id": shopper.client_id}
        attributes: dict[str, Any] = {"locale": shopper.locale, "query_response_hit_ids": []}
        return {
            "action_name": "search",
            "timestamp": at_ms,
            **(who | {"user_id": shopper.user_id} if shopper.user_id else who),
            "query_id": f"{session}-private",
            "user_query": text,
            "event_attributes": attributes,
        }
