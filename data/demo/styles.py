"""Styles: one design by one brand, sold in variants; what is true of it, before any text is written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from data.demo.catalogue import DAYS
from data.demo.lexicon import Attribute, Brand, Lexicon, ProductType

STYLES = 2_250  # in all, 2 to 4 variants each: some 6,800 products
FEWEST_STYLES = 6  # of a type, so that each has something to rank
POPULARITY_SHARE = 0.7  # exponent: a shop carries more of what is wanted, less than in proportion
BRANDS_OF_CATEGORY = 5  # at most; a brand is evidence for a category and no proof
NEW_SHARE = 0.07  # launched within the laboratory's days
SOLD_OUT_SHARE = 0.05  # of products, some time within the days
# A few merchants stuff a fifth of their titles, the others hardly any.
STUFFING_MERCHANTS = 3
STUFFED_SHARE = 0.2
STUFFED_ELSEWHERE = 0.01
COLOURS_OF_STYLE = (2, 3)
SIZES_OF_STYLE = (2, 4)


@dataclass(frozen=True, slots=True)
class Style:
    """What all variants of one design share.

    Attributes:
        group: Its id.
        entry: Its type.
        brand: Its maker.
        series: Its name.
        material: Key, or none.
        values: By attribute, the key of its value or its amount; what variants differ in is not in it.
        features: Keys of what it can do.
        quality: In [0, 1].
        looks: In [0, 1], taste of the crowd, which no text tells.
        opinions: By aspect, the share of praise.
        price: Of the smallest variant, in minor units, unrounded.
        stuffed: Its merchant pads the title.
        launch_day: 1, or when it was launched within the days.
        variants: What the variants differ in: (colour, value of `entry.varies_in` if that is no colour).
    """

    group: str
    entry: ProductType
    brand: Brand
    series: str
    material: str | None
    values: Mapping[str, str | float]
    features: tuple[str, ...]
    quality: float
    looks: float
    opinions: Mapping[str, float]
    price: float
    stuffed: bool
    launch_day: int
    variants: tuple[tuple[str, str | float | None], ...]


def styles_of(lexicon: Lexicon, seed: int) -> Iterator[Style]:
    """All styles, type by type in the lexicon's order; a type's own depend on the seed and on nothing before them."""
    merchants = _stuffing_merchants(lexicon, seed)
    total = sum(entry.popularity**POPULARITY_SHARE for entry in lexicon.types.values())
    for entry in lexicon.types.values():
        rng = Random(f"styles {seed} {entry.key}")
        count = max(FEWEST_STYLES, round(STYLES * entry.popularity**POPULARITY_SHARE / total))
        for brand, series, group in _names(lexicon, entry, count, seed, rng):
            yield _style(lexicon, entry, brand, series, group, merchants, rng)


def slug(name: str) -> str:
    """`Wren & Hale` -> `wren-hale`."""
    kept = "".join(sign if sign.isalnum() else " " for sign in name.lower().replace("'", ""))
    return "-".join(kept.split())


def _names(
    lexicon: Lexicon, entry: ProductType, count: int, seed: int, rng: Random
) -> Iterator[tuple[Brand, str, str]]:
    """Brand, series and group id; a brand numbers a series of one type when the lexicon has too few."""
    brands = list(lexicon.brands_of(entry.category))
    Random(f"brands {seed} {entry.category}").shuffle(brands)
    brands = brands[:BRANDS_OF_CATEGORY]
    own = _series_of_brands(lexicon, seed)
    used = {brand.key: rng.sample(own[brand.key], len(own[brand.key])) for brand in brands}
    turns: Counter[str] = Counter()
    for brand in rng.choices(brands, [brand.popularity for brand in brands], k=count):
        turn, place = divmod(turns[brand.key], len(used[brand.key]))
        turns[brand.key] += 1
        name = f"{used[brand.key][place]} {turn + 1}" if turn else used[brand.key][place]
        shared = len(lexicon.series) < len(lexicon.brands)
        group = f"{entry.key}-{slug(brand.key)}-{slug(name)}" if shared else f"{entry.key}-{slug(name)}"
        yield brand, name, group


def _series_of_brands(lexicon: Lexicon, seed: int) -> dict[str, list[str]]:
    """Names of styles belong to one brand each, as they do in shops; with fewer names than brands they are shared."""
    names = Random(f"series {seed}").sample(lexicon.series, len(lexicon.series))
    brands = list(lexicon.brands)
    return {brand: names[place :: len(brands)] or names for place, brand in enumerate(brands)}


def _style(
    lexicon: Lexicon, entry: ProductType, brand: Brand, series: str, group: str, merchants: frozenset[str], rng: Random
) -> Style:
    quality = rng.betavariate(4.0, 2.6)
    low, high = entry.prices
    # Few dear ones among many cheap; what is good costs a little more.
    share = rng.random() ** 1.6 * 0.75 + quality * 0.25
    fixed = [lexicon.attributes[key] for key in entry.attributes if key != entry.varies_in]
    values = {attribute.key: _value(attribute, rng) for attribute in fixed}
    return Style(
        group=group,
        entry=entry,
        brand=brand,
        series=series,
        material=rng.choice(entry.materials) if entry.materials else None,
        values=values,
        features=tuple(key for key in entry.features if rng.random() < lexicon.features[key].share),
        quality=round(quality, 3),
        looks=round(rng.random(), 3),
        opinions={key: round(min(1.0, max(0.0, rng.gauss(quality, 0.25))), 3) for key in entry.aspects},
        price=(low + (high - low) * share) * brand.tier * _price_factor(lexicon, values),
        stuffed=rng.random() < (STUFFED_SHARE if brand.key in merchants else STUFFED_ELSEWHERE),
        launch_day=rng.randint(2, DAYS - 2) if rng.random() < NEW_SHARE else 1,
        variants=_variants(lexicon, entry, rng),
    )


def _variants(lexicon: Lexicon, entry: ProductType, rng: Random) -> tuple[tuple[str, str | float | None], ...]:
    colours = list(lexicon.colours.values())
    count = rng.randint(*COLOURS_OF_STYLE)
    chosen: list[str] = []
    while len(chosen) < min(count, len(colours)):
        colour = rng.choices(colours, [colour.weight for colour in colours])[0].key
        if colour not in chosen:
            chosen.append(colour)
    if entry.varies_in == "colour":
        return tuple((colour, None) for colour in chosen)
    scale = _scale(lexicon.attributes[entry.varies_in])
    places = sorted(rng.sample(range(len(scale)), min(rng.randint(*SIZES_OF_STYLE), len(scale))))
    # Every third style of sizes comes in a second colour, too.
    second = chosen[1:2] if len(places) == 2 and rng.random() < 1 / 3 else []
    return tuple((colour, scale[place]) for colour in [chosen[0], *second] for place in places)


def _scale(attribute: Attribute) -> list[str | float]:
    return [value.key for value in attribute.values] or list(attribute.amounts)


def _value(attribute: Attribute, rng: Random) -> str | float:
    if attribute.amounts:
        return rng.choice(attribute.amounts)
    return rng.choices(attribute.values, [value.weight for value in attribute.values])[0].key


def _price_factor(lexicon: Lexicon, values: Mapping[str, str | float]) -> float:
    factor = 1.0
    for key, value in values.items():
        factor *= price_factor(lexicon.attributes[key], value)
    return factor


def price_factor(attribute: Attribute, value: str | float) -> float:
    """What a value of an attribute does to the price: `price_step` for each place up its scale, the middle being 1."""
    scale = _scale(attribute)
    return float((1 + attribute.price_step) ** (scale.index(value) - (len(scale) - 1) / 2))


def _stuffing_merchants(lexicon: Lexicon, seed: int) -> frozenset[str]:
    # The dearest brands have a name to lose.
    brands = sorted(lexicon.brands.values(), key=lambda brand: (brand.tier, brand.key))
    cheap = [brand.key for brand in brands[: max(STUFFING_MERCHANTS, len(brands) // 2)]]
    return frozenset(Random(f"stuffing {seed}").sample(cheap, min(STUFFING_MERCHANTS, len(cheap))))
