"""A made-up camping shop for tests of whole builds."""

from pathlib import Path

from data.catalog import write_products
from data.product import Product, ProductText

BRANDS = ("Alpenrose", "Fjellby", "Kestrel", "Monte Verde")
COLOURS = ("red", "green", "blue", "grey")
TYPES = (
    ("tent", "Shelter", "A roomy dome with a porch, quickly pitched."),
    ("sleeping bag", "Sleep", "Warm down to minus five degrees."),
    ("camping stove", "Kitchen", "Boils a litre in four minutes."),
    ("head torch", "Light", "Three brightness levels and a red light."),
)


def camping_products(count: int = 64) -> list[Product]:
    """Every type in every brand and colour, without times or versions."""
    products = []
    for number in range(count):
        kind, category, description = TYPES[number % 4]
        brand, colour = BRANDS[number // 4 % 4], COLOURS[number // 16 % 4]
        products.append(
            Product(
                f"p{number:03}",
                f"g{number % 32:02}",
                {"en": ProductText(f"{brand} {colour} {kind} {100 + number}", description)},
                brand=brand,
                category=("Camping", category),
                attributes={"colour": colour, "weight": float(number)},
                price_minor=1000 + 100 * number,
                currency="EUR",
                stock=number % 5,
            )
        )
    return products


def write_catalogue(path: Path, products: list[Product]) -> Path:
    write_products(path, products)
    return path


QUERIES = "query,count,people\ntent,90,60\nsleeping bag,50,40\nhead torch,30,20\nred tent,20,12\nsecret diary,9,1\n"
