"""A small made-up shop: kettles, lamps and bicycle parts of invented brands, in English, German, Spanish and French."""

from itertools import product as every

from data.product import Product, ProductText, Quantity

LOCALES = ("en", "de", "es", "fr")
BRANDS = ("Brightwater", "Ostrava Works", "Nimbus", "Kestrel")
COLOURS = {
    "black": ("schwarz", "negro", "noir"),
    "white": ("weiß", "blanco", "blanc"),
    "red": ("rot", "rojo", "rouge"),
    "green": ("grün", "verde", "vert"),
}
# type: (de, es, fr), category, attribute with its amounts and unit, material or flag
TYPES = {
    "kettle": (("Wasserkocher", "hervidor", "bouilloire"), ("Kitchen", "Kettles"), "volume", (0.8, 1.0, 1.7), "l"),
    "toaster": (("Toaster", "tostadora", "grille-pain"), ("Kitchen", "Toasters"), "power", (800.0, 900.0, 1200.0), "w"),
    "desk lamp": (("Schreibtischlampe", "lámpara", "lampe"), ("Lighting", "Lamps"), "height", (30.0, 45.0, 60.0), "cm"),
    "bicycle bell": (
        ("Fahrradklingel", "timbre", "sonnette"),
        ("Bicycles", "Bells"),
        "width",
        (22.0, 25.0, 31.0),
        "mm",
    ),
    "headphones": (
        ("Kopfhörer", "auriculares", "casque"),
        ("Audio", "Headphones"),
        "battery_life",
        (8.0, 20.0, 30.0),
        "h",
    ),
}
MATERIALS = ("steel", "leather", "bamboo")


def make_products() -> list[Product]:
    """240 products: every type in every colour of every brand, three sizes."""
    made = []
    for name, (others, category, field, amounts, unit) in TYPES.items():
        for (i, brand), (colour, colours), (k, amount) in every(enumerate(BRANDS), COLOURS.items(), enumerate(amounts)):
            titles = [
                f"{brand} {word} {tint} {amount:g} {unit}"
                for word, tint in zip((name, *others), (colour, *colours), strict=True)
            ]
            number = len(made)
            attributes = {
                "colour": colour,
                "material": MATERIALS[(i + k) % 3],
                field: Quantity(amount, unit),
                "weight": float(100 * (k + 1)),
            }
            if name == "headphones":
                attributes["wireless"] = k > 0
            made.append(
                Product(
                    product_id=f"p{number:03}",
                    group_id=f"g{number // 3:03}",
                    texts={
                        locale: ProductText(title, f"{title}. {brand} makes it to last.")
                        for locale, title in zip(LOCALES, titles, strict=True)
                    },
                    brand=brand,
                    category=category,
                    attributes=attributes,
                    price_minor=1000 + 500 * (number % 20),
                    currency="EUR",
                )
            )
    return made
