"""The demo catalogue: some 500 products, two variants a style, drawn from a seed."""

from collections.abc import Iterator
from random import Random

from data.demo.pictures import draw
from data.demo.small_words import (
    BRANDS,
    CATEGORIES,
    COLOURS,
    FEATURES,
    LOCALES,
    MATERIALS,
    STYLES,
    TYPES,
    ProductType,
    Words,
)
from data.product import AttributeValue, Product, ProductText, Quantity

STYLES_PER_TYPE = 6  # 42 types x 6 styles x 2 variants = 504 products
SOLD_OUT_SHARE = 0.04
YEN_PER_CENT = 1.6  # only so that yen prices look like yen prices; nothing converts currencies
FIRST_DAY_MS = 1_735_689_600_000  # 2025-01-01; products are up to a year old on 2026-01-01
DAY_MS = 86_400_000


def demo_products(seed: int = 7) -> list[Product]:
    """The catalogue of one seed; the same seed gives the same products for ever."""
    rng = Random(seed)
    return [product for entry in TYPES for product in styles_of(entry, rng)]


def styles_of(entry: ProductType, rng: Random) -> Iterator[Product]:
    """All variants of a type's styles."""
    department = CATEGORIES[entry.category][0]
    for number, style in enumerate(rng.sample(STYLES, STYLES_PER_TYPE)):
        yield from variants(entry, rng.choice(BRANDS[department]), style, number, rng)


def variants(entry: ProductType, brand: str, style: str, number: int, rng: Random) -> Iterator[Product]:
    """Two variants of one style: of two sizes where the type has sizes (every other style), else of two colours."""
    group = f"{slug(entry.names[0])}-{slug(style)}"
    material = rng.choice(entry.materials) if entry.materials else None
    base_price = rng.randint(*entry.prices) // 100 * 100 + 90
    updated_at = FIRST_DAY_MS + rng.randrange(365) * DAY_MS
    colours = rng.sample(list(COLOURS), 2)
    sizes = sorted(rng.sample(range(len(entry.size.values)), 2)) if entry.size else [0, 0]
    differ_in_size = entry.size is not None and number % 2 == 0
    for turn in range(2):
        colour = colours[0 if differ_in_size else turn]
        size = entry.size.values[sizes[turn if differ_in_size else 0]] if entry.size else None
        price = base_price + (500 * turn if differ_in_size else 0)
        yield Product(
            product_id=f"{group}-{turn + 1}",
            group_id=group,
            texts={locale: text(entry, brand, style, colour, size, material, i) for i, locale in enumerate(LOCALES)},
            brand=brand,
            category=CATEGORIES[entry.category],
            attributes=attributes(entry, colour, size, material),
            price_minor=int(price * YEN_PER_CENT) // 10 * 10 if entry.yen else price,
            currency="JPY" if entry.yen else "EUR",
            stock=0 if rng.random() < SOLD_OUT_SHARE else rng.randint(1, 80),
            image=draw(entry.shape, COLOURS[colour][1]),
            url=f"/products/{group}-{turn + 1}",
            updated_at=updated_at,
            version=1,
        )


def text(
    entry: ProductType, brand: str, style: str, colour: str, size: float | str | None, material: str | None, i: int
) -> ProductText:
    """Title and description in the i-th locale."""
    parts = [COLOURS[colour][0][i]]
    if entry.size is not None and size is not None:
        parts.append(entry.size.says[i].format(f"{size:g}" if isinstance(size, float) else size))
    name = entry.names[i]
    title = (
        f"{brand} {style} {name} {' '.join(parts)}"
        if LOCALES[i] == "ja"
        else f"{brand} {style} {name}, {', '.join(parts)}"
    )
    sentences = [FEATURES[feature][i] for feature in entry.features]
    if material is not None:
        made_of: Words = ("Made of {}.", "Aus {}.", "素材は{}。")
        sentences.insert(0, made_of[i].format(MATERIALS[material][i]))
    return ProductText(title, ("" if LOCALES[i] == "ja" else " ").join(sentences))


def attributes(
    entry: ProductType, colour: str, size: float | str | None, material: str | None
) -> dict[str, AttributeValue]:
    """Typed attributes by field."""
    found: dict[str, AttributeValue] = {"colour": colour}
    if material is not None:
        found["material"] = material
    if entry.size is not None and size is not None:
        unit = entry.size.unit
        found[entry.size.field] = Quantity(float(size), unit) if unit is not None else size
    if "waterproof" in entry.features:
        found["waterproof"] = True
    return found


def slug(name: str) -> str:
    """`chef's knife` -> `chefs-knife`."""
    return name.lower().replace("'", "").replace(" & ", "-").replace(" ", "-")
