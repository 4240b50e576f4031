"""The Icecat sample of consumer electronics: products.jsonl(.gz), and ratings.csv as judgments."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.catalog import products_of_rows
from data.errors import InputError
from data.importers.outcome import Outcome
from data.judgment import read_judgments
from data.product import AttributeValue, Quantity
from data.quarantine import Quarantine
from data.rows import Record, Row, read_rows
from data.shop import ShopConfig

PRODUCTS_FILE = "products.jsonl.gz"
RATINGS_FILE = "ratings.csv"
# The prices are in cents and name no currency; Icecat is a European catalogue.
_CURRENCY = "EUR"

_TYPED = re.compile(r"attr_([tnb])_(.+)")
# How goods travel to the shop, and Intel's bookkeeping: no shopper asks for them, and there are many.
_LOGISTICS = re.compile(
    r".*(?:pallet|package_(?:width|height|depth|weight|length|dimensions)|master_outer|carton|harmonized|_ark_id|"
    r"last_change|launch_date|born_on|unspsc|eccn|ccats|shipping_).*"
)
# Icecat's own units of the fields in which a shopper thinks of one.
_UNITS = {
    "display_diagonal": "in",
    "weight": "g",
    "width": "mm",
    "height": "mm",
    "depth": "mm",
    "cable_length": "m",
    "hdd_capacity": "gb",
    "processor_frequency": "ghz",
    "battery_capacity": "mah",
}
_MEMORY = frozenset({"internal_memory", "maximum_internal_memory"})
_MEGABYTES_FROM = 256  # memory is given in GB or MB, without saying which; nothing here has 256 GB or under 256 MB
_LIST = re.compile(r"\s*,\s*")
_LONGEST_ITEM = 40


def import_icecat(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine) -> Outcome:
    """Write the canonical catalogue, and the judgments when the ratings lie beside it.

    Args:
        source: The folder, or its product file.
        out: Folder of what is written.
        config: Locale and currency.
        quarantine: Takes what cannot be used.

    Raises:
        InputError: When there is no product file.
    """
    path = source / PRODUCTS_FILE if source.is_dir() else source
    if not path.is_file():
        raise InputError(f"{path}: not found; give the folder with {PRODUCTS_FILE}, or the file")
    before = quarantine.rejected
    rows = [Row(line, _record(record)) for line, record in read_rows(path, quarantine)]
    outcome = Outcome(out)
    priced = config if config.currency else config.model_copy(update={"currency": _CURRENCY})
    outcome.catalog(products_of_rows(rows, path.name, priced, quarantine, quarantine.rejected - before))
    ratings = path.parent / RATINGS_FILE
    if ratings.is_file():
        outcome.judgments(read_judgments(ratings))
    return outcome


def _record(product: Mapping[str, Any]) -> Record:
    attributes: dict[str, AttributeValue] = {}
    for key, value in product.items():
        typed = _TYPED.fullmatch(key)
        if typed is None:
            continue
        name = re.sub(r"_+", "_", typed[2]).strip("_")
        if not _LOGISTICS.fullmatch(name):
            attributes[name] = _value(name, value)
    title, model = product.get("title"), product.get("name")
    if model and model != title:
        attributes["model"] = model
    if product.get("date_released"):
        attributes["release_date"] = str(product["date_released"])[:10]
    if product.get("ean"):
        attributes["ean"] = product["ean"]
    image = product.get("img_500x500")
    return {
        "product_id": product.get("id"),
        "title": title,
        "description": product.get("short_description"),
        "brand": product.get("supplier"),
        "price_minor": product.get("price"),
        "image": image,
        "attributes": attributes,
    }


def _value(name: str, value: Any) -> AttributeValue:
    if isinstance(value, str):
        parts = _LIST.split(value.replace("\\n", ", "))
        listed = len(parts) > 1 and all(0 < len(part) <= _LONGEST_ITEM for part in parts) and not _has_decimals(value)
        return tuple(dict.fromkeys(parts)) if listed else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if name in _MEMORY:
        return Quantity(value / 1024 if value >= _MEGABYTES_FROM else float(value), "gb")
    unit = _UNITS.get(name)
    return Quantity(float(value), unit) if unit else float(value)


def _has_decimals(value: str) -> bool:
    return re.search(r"[0-9],[0-9]", value) is not None
