"""What shoppers of the demo shop have searched for: a query log in miniature, drawn from the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from data.demo.small_words import BRANDS, CATEGORIES, COLOURS, LOCALES, MATERIALS, TYPES, ProductType

MOST_SEARCHED = 4000  # times the first query was sent
ZIPF = 0.9  # typical of shop logs: the n-th query is sent about n**-0.9 times as often as the first
PEOPLE_SHARE = 0.7  # a person searches the same thing about 1.4 times


@dataclass(frozen=True, slots=True)
class DemoQuery:
    """A query, how often it was sent and by how many distinct people."""

    query: str
    locale: str
    count: int
    people: int


def demo_queries(seed: int = 7) -> list[DemoQuery]:
    """Queries by falling count: types alone first, then with colours, materials and brands before them."""
    rng = Random(f"queries {seed}")
    types = list(TYPES)
    rng.shuffle(types)
    texts: dict[tuple[str, str], None] = {}
    for i, locale in enumerate(LOCALES):
        for entry in types:
            texts[entry.names[i].lower(), locale] = None
    combined = [pair for entry in types for pair in combinations(entry, rng)]
    rng.shuffle(combined)
    texts.update(dict.fromkeys(combined))
    return [
        DemoQuery(text, locale, count, max(1, int(count * PEOPLE_SHARE)))
        for rank, (text, locale) in enumerate(texts, start=1)
        for count in [int(MOST_SEARCHED / rank**ZIPF)]
    ]


def combinations(entry: ProductType, rng: Random) -> Iterator[tuple[str, str]]:
    """Colour + type, material + type and brand + type, as each language puts them."""
    colour = rng.choice(list(COLOURS))
    material = rng.choice(entry.materials) if entry.materials else None
    brand = rng.choice(BRANDS[CATEGORIES[entry.category][0]])
    for i, locale in enumerate(LOCALES):
        name = entry.names[i].lower()
        joined = "{} {}" if locale != "ja" else "{}{}"
        yield joined.format(COLOURS[colour][0][i], name).lower(), locale
        if material is not None and locale != "de":  # German would inflect or compound it
            yield joined.format(MATERIALS[material][i], name).lower(), locale
        yield f"{brand} {name}".lower(), locale
