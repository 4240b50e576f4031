"""What a laboratory's catalogue is: products, and what is true of them whatever their texts say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.product import Product

# The laboratory's clock: 60 days of events, the last 10 to report on.
DAYS = 60
DAY_MS = 86_400_000
FIRST_DAY_MS = 1_756_684_800_000  # 2025-09-01 00:00 UTC, so that autumn turns into winter meanwhile


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """The truth about one product.

    Attributes:
        product_id: Its own.
        group: Its style's: what variants share.
        type: Key of its product type in the lexicon.
        accessory_of: Key of the type it is made for; none for a main product.
        brand: Key of its brand.
        colour: Key of its colour.
        material: Key of its material, or none.
        values: By attribute, the key of its value or its amount.
        features: Keys of the features it really has.
        quality: In [0, 1], what its owners think of it: good reviews, few returns.
        attractiveness: In [0, 1], how often who looks at it in a list of its kind takes it: quality, price, looks.
        opinions: By aspect, the share of its reviews that praise it, in [0, 1].
        spam: Its merchant stuffed the title with words that are not true of it.
        stuffed_with: Those words as they stand in the title, by locale; empty without spam.
        launch_day: First day (1 to 60) it is on sale; 1 also for everything older.
        is_new: Launched within the 60 days, so that it has no history before.
        sold_out_day: First day it cannot be had any more, or none.
    """

    product_id: str
    group: str
    type: str
    accessory_of: str | None
    brand: str
    colour: str
    material: str | None
    values: Mapping[str, str | float]
    features: tuple[str, ...]
    quality: float
    attractiveness: float
    opinions: Mapping[str, float]
    spam: bool
    stuffed_with: Mapping[str, str]
    launch_day: int
    is_new: bool
    sold_out_day: int | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products in the order of the file, and the truth about each by its id."""

    products: Sequence[Product]
    facts: Mapping[str, ProductFacts]


def day_of(at_ms: int) -> int:
    """The laboratory's day, from 1, of a UTC time."""
    return (at_ms - FIRST_DAY_MS) // DAY_MS + 1


def start_of_day(day: int) -> int:
    """When a day begins, UTC epoch milliseconds."""
    return FIRST_DAY_MS + (day - 1) * DAY_MS
