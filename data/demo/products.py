"""The laboratory's catalogue: every style's variants as products, with the truth about each."""

from collections.abc import Iterator
from math import exp
from random import Random

from data.demo.catalogue import DAY_MS, DAYS, FIRST_DAY_MS, Catalogue, ProductFacts, start_of_day
from data.demo.lexicon import Lexicon
from data.demo.pictures import draw
from data.demo.styles import SOLD_OUT_SHARE, Style, price_factor, styles_of
from data.demo.wording import Wording, stuffed_words, word, write
from data.product import AttributeValue, Product, Quantity

FIELD_MISSING = 0.12  # an attribute that the texts may tell and no field does
YEN_STEP, CENT_STEP = 10, 100  # prices end in 0 yen or in 90 cents
MOST_STOCK = 80
OLDEST_DAYS = 365
# What takes a shopper: a good product more than a cheap one, and looks that no text tells.
QUALITY_WEIGHT, PRICE_WEIGHT, LOOKS_WEIGHT = 2.6, 1.0, 1.4
STUFFED_PENALTY = 0.25  # off the quality: who stuffs titles sells worse things


def make_catalogue(lexicon: Lexicon, seed: int) -> Catalogue:
    """The catalogue of one seed; the same lexicon and seed give the same products for ever."""
    products: list[Product] = []
    facts: dict[str, ProductFacts] = {}
    for style in styles_of(lexicon, seed):
        rng = Random(f"products {seed} {style.group}")
        for product, truth in _variants(lexicon, style, word(lexicon, style, rng), rng):
            products.append(product)
            facts[product.product_id] = truth
    return Catalogue(products, facts)


def _variants(lexicon: Lexicon, style: Style, wording: Wording, rng: Random) -> Iterator[tuple[Product, ProductFacts]]:
    entry = style.entry
    missing = frozenset(key for key in ("colour", "material", *entry.attributes) if rng.random() < FIELD_MISSING)
    launched = FIRST_DAY_MS - rng.randrange(1, OLDEST_DAYS) * DAY_MS
    if style.launch_day > 1:
        launched = start_of_day(style.launch_day)
    for number, (colour, value) in enumerate(style.variants, start=1):
        values = dict(style.values)
        if value is not None:
            values[entry.varies_in] = value
        price = style.price * (price_factor(lexicon.attributes[entry.varies_in], value) if value is not None else 1.0)
        sold_out_day = rng.randint(style.launch_day + 1, DAYS) if rng.random() < SOLD_OUT_SHARE else None
        truth = _facts(lexicon, style, wording, f"{style.group}-{number}", colour, values, price, sold_out_day)
        yield (
            Product(
                product_id=truth.product_id,
                group_id=style.group,
                texts={locale: write(lexicon, style, wording, colour, values, locale) for locale in lexicon.locales},
                brand=style.brand.key,
                category=lexicon.category_path(entry.category, lexicon.locale),
                attributes=_attributes(lexicon, truth, missing),
                price_minor=_round_price(price, entry.yen),
                currency="JPY" if entry.yen else "EUR",
                stock=0 if sold_out_day is not None else rng.randint(1, MOST_STOCK),
                image=draw(entry.shape, lexicon.colours[colour].paint, entry.category),
                url=f"/products/{truth.product_id}",
                updated_at=launched,
                version=1,
            ),
            truth,
        )


def _facts(
    lexicon: Lexicon,
    style: Style,
    wording: Wording,
    product_id: str,
    colour: str,
    values: dict[str, str | float],
    price: float,
    sold_out_day: int | None,
) -> ProductFacts:
    low, high = style.entry.prices
    quality = max(0.0, style.quality - STUFFED_PENALTY * style.stuffed)
    cheapness = min(1.0, max(0.0, (high - price) / (high - low))) if high > low else 0.5
    drawn = QUALITY_WEIGHT * (quality - 0.6) + PRICE_WEIGHT * (cheapness - 0.5) + LOOKS_WEIGHT * (style.looks - 0.5)
    return ProductFacts(
        product_id=product_id,
        group=style.group,
        type=style.entry.key,
        accessory_of=style.entry.accessory_of,
        brand=style.brand.key,
        colour=colour,
        material=style.material,
        values=values,
        features=style.features,
        quality=round(quality, 3),
        attractiveness=round(1 / (1 + exp(-1.5 * drawn)), 3),
        opinions=style.opinions,
        spam=style.stuffed,
        stuffed_with={locale: stuffed_words(lexicon, wording, locale) for locale in lexicon.locales if style.stuffed},
        launch_day=style.launch_day,
        is_new=style.launch_day > 1,
        sold_out_day=sold_out_day,
    )


def _attributes(lexicon: Lexicon, truth: ProductFacts, missing: frozenset[str]) -> dict[str, AttributeValue]:
    """Typed attributes by field, less those the merchant forgot."""
    found: dict[str, AttributeValue] = {"colour": lexicon.colours[truth.colour].names[lexicon.locale]}
    if truth.material is not None:
        found["material"] = lexicon.materials[truth.material].names[lexicon.locale]
    for key, value in truth.values.items():
        attribute = lexicon.attributes[key]
        if isinstance(value, str):
            named = next(each for each in attribute.values if each.key == value)
            found[key] = named.names[lexicon.locale]
        else:
            found[key] = Quantity(value, attribute.unit) if attribute.unit is not None else value
    for key in truth.features:
        if lexicon.features[key].is_field:
            found[key.replace("-", "_")] = True
    return {key: value for key, value in found.items() if key not in missing}


def _round_price(price: float, yen: bool) -> int:
    if yen:
        return max(YEN_STEP, int(price) // YEN_STEP * YEN_STEP)
    return max(CENT_STEP, int(price) // CENT_STEP * CENT_STEP) - CENT_STEP // 10
