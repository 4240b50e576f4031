"""The people: what each likes, how often each comes, and what each wants on a given day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import numpy as np

from data.demo.catalogue import DAYS, Catalogue, ProductFacts, start_of_day
from data.demo.lexicon import Lexicon
from data.demo.needs import Need

# Of the people; the first locale has most.
FIRST_LOCALE_SHARE = 0.8
# Sessions in 60 days; a few come every other day, most once or twice.
MEAN_SESSIONS, SESSION_SHAPE = 4.6, 0.7
SIGNED_IN = 0.6
# Of the needs: a family rather than a type, and how many wishes are said with it.
FAMILY = 0.1
WISHES = ((0, 0.48), (1, 0.3), (2, 0.22))
WISHED_FIELDS = {"colour": 0.3, "material": 0.15, "brand": 0.2, "feature": 0.15, "attribute": 0.2}
# How much more a liked department, brand or colour is wanted.
LIKED = 4.0
# Of the needs of one visit: one for something that goes with the thing before.
GOES_WITH = 0.35
# Types that suddenly everybody wants: how many, for how long, and how much more.
TRENDS, TREND_DAYS, TREND_FACTOR = 4, 6, 12.0
ZIPF = 0.75  # of the types among themselves, beside what the lexicon says of their popularity


@dataclass(frozen=True, slots=True)
class Shopper:
    """One person.

    Attributes:
        client_id: Of the browser.
        user_id: Empty for who never signs in.
        locale: BCP 47.
        departments: Keys of the liked ones.
        colours: Keys of the liked ones.
        brands: Keys of the liked ones.
        thrift: In [0, 1], how much a low price counts.
        sessions: How many in all days.
    """

    client_id: str
    user_id: str
    locale: str
    departments: frozenset[str]
    colours: frozenset[str]
    brands: frozenset[str]
    thrift: float
    sessions: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A type that everybody wants from one day to another, both included."""

    type: str
    first_day: int
    last_day: int


def make_shoppers(lexicon: Lexicon, count: int, rng: Random) -> list[Shopper]:
    """The people of one seed."""
    draw = np.random.default_rng(rng.randrange(2**32))
    sessions = np.maximum(1, draw.gamma(SESSION_SHAPE, MEAN_SESSIONS / SESSION_SHAPE, count).round()).astype(int)
    others = lexicon.locales[1:]
    people = []
    for number in range(count):
        foreign = others and rng.random() > FIRST_LOCALE_SHARE
        departments = frozenset(rng.sample(list(lexicon.departments), min(2, len(lexicon.departments))))
        brands = [brand.key for brand in lexicon.brands.values() if departments & set(brand.departments)]
        people.append(
            Shopper(
                client_id=f"c{number:05}",
                user_id=f"u{number:05}" if rng.random() < SIGNED_IN else "",
                locale=rng.choice(others) if foreign else lexicon.locale,
                departments=departments,
                colours=frozenset(rng.sample(list(lexicon.colours), min(2, len(lexicon.colours)))),
                brands=frozenset(rng.sample(brands, min(3, len(brands)))),
                thrift=rng.random(),
                sessions=int(sessions[number]),
            )
        )
    return people


class Demand:
    """What is wanted: popularity, seasons and trends of the types, and wishes that some product fulfils.

    Args:
        lexicon: Of the shop.
        catalogue: Only what exists is wished for.
        rng: Of the seed.
    """

    def __init__(self, lexicon: Lexicon, catalogue: Catalogue, rng: Random) -> None:
        self._lexicon = lexicon
        self._types = list(lexicon.types.values())
        ranks = list(range(1, len(self._types) + 1))
        rng.shuffle(ranks)
        self._popularity = [entry.popularity / rank**ZIPF for entry, rank in zip(self._types, ranks, strict=True)]
        self._existing: dict[str, list[ProductFacts]] = {}
        for facts in catalogue.facts.values():
            self._existing.setdefault(facts.type, []).append(facts)
        starts = [rng.randrange(5, DAYS - TREND_DAYS) for _ in range(TRENDS)]
        trending = rng.sample([entry.key for entry in self._types], min(TRENDS, len(self._types)))
        self.trends = [Trend(key, start, start + TREND_DAYS - 1) for key, start in zip(trending, starts, strict=False)]

    def weights(self, day: int, departments: frozenset[str]) -> list[float]:
        """How much each type is wanted on a day by who likes these departments."""
        month = datetime.fromtimestamp(start_of_day(day) / 1000, UTC).month - 1
        trending = {trend.type for trend in self.trends if trend.first_day <= day <= trend.last_day}
        return [
            popularity
            * self._lexicon.month_weights(entry)[month]
            * (TREND_FACTOR if entry.key in trending else 1.0)
            * (LIKED if self._lexicon.department_of(entry).key in departments else 1.0)
            for entry, popularity in zip(self._types, self._popularity, strict=True)
        ]

    def need(self, shopper: Shopper, weights: Sequence[float], rng: Random, after: Need | None = None) -> Need:
        """What a shopper wants, of types weighted by `weights`, or what goes with the need before."""
        together = self._lexicon.types[after.types[0]].compatible if after is not None and not after.family else ()
        if together and rng.random() < GOES_WITH:
            entry = self._lexicon.types[rng.choice(together)]
        else:
            entry = rng.choices(self._types, weights)[0]
        families = [
            family
            for family in self._lexicon.families.values()
            if entry.key in family.types and family.words.get(shopper.locale)
        ]
        family = rng.choice(families) if families and rng.random() < FAMILY else None
        models = self._existing.get(entry.key)
        if not models:
            return Need((entry.key,))
        model = rng.choice(models)  # wishes are those of a product that exists
        count = rng.choices([count for count, _ in WISHES], [share for _, share in WISHES])[0]
        if family is not None:
            count = min(count, 1)
        wishes = self._wishes(model, shopper, count, rng)
        return Need(family.types if family else (entry.key,), family.key if family else None, wishes)

    def _wishes(
        self, model: ProductFacts, shopper: Shopper, count: int, rng: Random
    ) -> tuple[tuple[str, str | float], ...]:
        options: Mapping[str, tuple[str, str | float] | None] = {
            "colour": ("colour", model.colour),
            "material": None if model.material is None else ("material", model.material),
            "brand": ("brand", model.brand),
            "feature": ("feature", rng.choice(model.features)) if model.features else None,
            "attribute": rng.choice(sorted(model.values.items())) if model.values else None,
        }
        liked = {
            "colour": LIKED if model.colour in shopper.colours else 1.0,
            "brand": LIKED if model.brand in shopper.brands else 1.0,
        }
        left = {name: WISHED_FIELDS[name] * liked.get(name, 1.0) for name, option in options.items() if option}
        wishes = []
        for _ in range(min(count, len(left))):
            name = rng.choices(list(left), list(left.values()))[0]
            del left[name]
            option = options[name]
            assert option is not None
            wishes.append(option)
        return tuple(sorted(wishes, key=lambda wish: wish[0]))
