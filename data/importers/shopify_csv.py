"""Shopify's product export: rows of one handle are a product, those with a price its variants, others are pictures.

References:
    Shopify Help Center, "Using CSV files to import and export products" (both the older and the 2025 headings).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.catalog import products_of_rows
from data.errors import InputError
from data.importers.outcome import Outcome
from data.product import Quantity
from data.product_row import attribute_name
from data.quarantine import Quarantine
from data.rows import Record, Row, read_rows
from data.shop import ShopConfig

# Ours -> Shopify's headings in lower case, the older one first.
_HEADINGS = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "description": ("body (html)", "description"),
    "brand": ("vendor",),
    "category": ("product category", "standard product type"),
    "type": ("type", "custom product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "price": ("variant price", "price"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "grams": ("variant grams", "weight value (grams)"),
    "barcode": ("variant barcode", "barcode"),
    "variant_image": ("variant image", "variant image url"),
    "image": ("image src", "product image url"),
}
_OPTIONS = (1, 2, 3)
_METAFIELD = re.compile(r"(.+?) \(product\.metafields\..+\)")
_NO_OPTION = ("", "title")
_SELLS_ON = ("continue", "true")


def import_shopify_csv(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine) -> Outcome:
    """Write the canonical catalogue of an export; drafts and unpublished products are left out and reported.

    Raises:
        InputError: When it is no Shopify export.
    """
    before = quarantine.rejected
    rows = [Row(line, _named(record)) for line, record in read_rows(source, quarantine)]
    if rows and "handle" not in rows[0].record:
        raise InputError(f"{source}: expected Shopify's export with a column Handle, got {', '.join(rows[0].record)}")
    variants = _variants(rows, source.name, quarantine)
    outcome = Outcome(out)
    outcome.catalog(products_of_rows(variants, source.name, config, quarantine, quarantine.rejected - before))
    return outcome


def _named(record: Mapping[str, Any]) -> Record:
    lowered = {name.strip().lower(): value for name, value in record.items()}
    found: Record = {}
    for name, headings in _HEADINGS.items():
        heading = next((heading for heading in headings if heading in lowered), None)
        if heading is not None:
            found[name] = lowered.pop(heading).strip()
    for number in _OPTIONS:
        for part in ("name", "value"):
            found[f"option{number}_{part}"] = lowered.pop(f"option{number} {part}", "").strip()
    for heading, value in lowered.items():
        metafield = _METAFIELD.fullmatch(heading)
        if metafield and value.strip():
            found[f"metafield.{attribute_name(metafield[1])}"] = value
    return found


def _variants(rows: Sequence[Row], source: str, quarantine: Quarantine) -> list[Row]:
    """One record a variant, with what its product's first row says."""
    products: dict[str, Record] = {}
    for line, record in rows:
        handle = record["handle"]
        if not handle:
            quarantine.reject(source, line, "Handle", "expected a handle, got none", record)
        elif handle not in products or (record.get("title") and not products[handle].get("title")):
            products[handle] = record
    skus = Counter(record["sku"] for _, record in rows if record.get("sku"))
    found = []
    for line, record in rows:
        handle = record["handle"]
        if not handle:
            continue
        product = products[handle]
        if not record.get("price") and not record.get("option1_value") and record is not product:
            quarantine.leave_out(source, line, "Variant Price", "a row with only another picture", record)
        elif product.get("status", "active").lower() not in ("active", ""):
            quarantine.leave_out(source, line, "Status", f"the product is {product['status']}", record)
        elif product.get("published", "").lower() == "false":
            quarantine.leave_out(source, line, "Published", "the product is not published", record)
        else:
            found.append(Row(line, _record(record, product, skus)))
    return found


def _record(variant: Record, product: Record, skus: Counter[str]) -> Record:
    handle = variant["handle"]
    options = {
        product[f"option{number}_name"]: variant[f"option{number}_value"]
        for number in _OPTIONS
        if product[f"option{number}_name"].lower() not in _NO_OPTION and variant[f"option{number}_value"]
    }
    own_id = "-".join([handle, *(attribute_name(value) for value in options.values())])
    sku = variant.get("sku", "")
    attributes: Record = {}
    for name, value in product.items():
        if name.startswith("metafield."):
            parts = [part.strip() for part in value.split(";") if part.strip()]
            attributes[name.removeprefix("metafield.")] = parts[0] if len(parts) == 1 else parts
    if product.get("type"):
        attributes["type"] = product["type"]
    if product.get("tags"):
        attributes["tags"] = [tag.strip() for tag in product["tags"].split(",") if tag.strip()]
    if variant.get("barcode"):
        attributes["barcode"] = variant["barcode"].lstrip("'")
    grams = variant.get("grams", "")
    if grams.replace(".", "", 1).isdigit() and float(grams) > 0:
        attributes["weight"] = Quantity(float(grams), "g")
    attributes |= {attribute_name(name): value for name, value in options.items()}
    return {
        "product_id": sku if skus[sku] == 1 else own_id,
        "group_id": handle,
        "title": product.get("title"),
        "description": product.get("description"),
        "brand": product.get("brand"),
        "category": product.get("category") or product.get("type"),
        "price": variant.get("price"),
        "stock": _stock(variant),
        "image": variant.get("variant_image") or product.get("image"),
        "url": f"/products/{handle}",
        "attributes": attributes,
    }


def _stock(variant: Record) -> str | None:
    """Unknown where Shopify does not track it, or sells on without."""
    tracked = bool(variant.get("tracker")) and variant.get("policy", "").lower() not in _SELLS_ON
    return variant.get("quantity") if tracked else None
