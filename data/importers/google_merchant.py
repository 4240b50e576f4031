"""A Google Merchant Center feed: RSS 2.0 or Atom with the `g:` namespace, or tab-separated text.

References:
    Google Merchant Center product data specification, https://support.google.com/merchants/answer/7052112
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from data.catalog import products_of_rows
from data.column_types import measure_or_text
from data.errors import InputError
from data.importers.outcome import Outcome
from data.product_row import attribute_name, parse_time_ms
from data.quarantine import Quarantine
from data.rows import Record, Row, open_bytes, read_rows
from data.shop import ShopConfig

_CANONICAL = {
    "id": "product_id",
    "item_group_id": "group_id",
    "title": "title",
    "description": "description",
    "link": "url",
    "image_link": "image",
    "brand": "brand",
    "availability": "stock",
    "quantity": "stock",
    "updated": "updated_at",
}
# For advertising, taxes and logistics; what a shop paid must not reach a shopper.
_LEFT_OUT = re.compile(
    r"(?:shipping|tax|ads_|custom_label|excluded_|included_|loyalty|installment|subscription|promotion|cost_of_goods|"
    r"additional_image|mobile_link|identifier_exists|is_bundle|adult$|sale_price|price$|google_product_category|"
    r"product_type|product_detail|product_highlight|availability_date|expiration_date|pause|canonical_link|"
    r"lifestyle_image|virtual_model|auto_pricing|maximum_retail|min_handling|max_handling|transit_time|external_seller|"
    r"certification|structured_|pickup|checkout_link|disclosure|author|published$|rights|category$|summary|content$)"
)
_ALTERNATIVES = frozenset({"color", "material"})  # "Red/Green" are several values, by Google's rule
_SPACED = re.compile(r"\s+")


def import_google_merchant(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine, now_ms: int) -> Outcome:
    """Write the canonical catalogue of a feed.

    Args:
        source: `.xml` (also `.gz`) or a tab-separated file.
        out: Folder of what is written.
        config: Field map, locale and currency.
        quarantine: Takes what cannot be used.
        now_ms: Whether a dated sale price holds is decided for this moment.

    Raises:
        InputError: When the source is neither, or its XML is broken or declares entities.
    """
    before = quarantine.rejected
    if ".xml" in source.name.lower() or ".rss" in source.name.lower() or ".atom" in source.name.lower():
        rows = _xml_rows(source)
    else:
        rows = [Row(line, _named(record)) for line, record in read_rows(source, quarantine)]
    unreadable = quarantine.rejected - before
    if not rows and not unreadable:
        raise InputError(f"{source}: no products; expected <item> or <entry> elements, or a table with a heading")
    records = [Row(line, canonical_record(record, now_ms)) for line, record in rows]
    outcome = Outcome(out)
    outcome.catalog(products_of_rows(records, source.name, config, quarantine, unreadable))
    return outcome


def canonical_record(item: Mapping[str, Any], now_ms: int) -> Record:
    """Google's names and habits as the catalogue's."""
    record: Record = {_CANONICAL[name]: value for name, value in item.items() if name in _CANONICAL and value}
    record["price"] = _price(item, now_ms)
    category = item.get("product_type") or item.get("google_product_category") or ""
    if not str(category).strip().isdigit():  # Google's category may be a number
        record["category"] = category
    details = item.get("product_detail") or {}
    for name, value in {**item, **(details if isinstance(details, Mapping) else {})}.items():
        if name in _CANONICAL or _LEFT_OUT.match(name) or not value:
            continue
        if name in _ALTERNATIVES and "/" in value:
            record[name] = [part.strip() for part in value.split("/") if part.strip()]
        else:
            record[name] = measure_or_text(value)
    return record


def _price(item: Mapping[str, Any], now_ms: int) -> Any:
    """The sale price while it holds."""
    sale = item.get("sale_price")
    if not sale:
        return item.get("price")
    start, _, end = str(item.get("sale_price_effective_date") or "").partition("/")
    try:
        holds = not start or parse_time_ms(start) <= now_ms < parse_time_ms(end)
    except ValueError:
        holds = False
    return sale if holds else item.get("price")


def _named(record: Mapping[str, Any]) -> Record:
    """A heading's words as attribute names: `item group id` -> `item_group_id`, `g:id` -> `id`."""
    return {_SPACED.sub("_", name.strip().lower()).removeprefix("g:"): value for name, value in record.items()}


class _Items:
    """Collects the items of a feed from expat's events, without building a tree.

    Entities are refused: a feed needs none, and they are how a small file becomes a huge one or reads another file.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity
        self._path: list[str] = []  # below the item
        self._item: Record | None = None
        self._line = 0
        self._text: list[str] = []
        self._detail: dict[str, str] = {}

    def _entity(self, name: str, *_: Any) -> None:
        raise InputError(f"line {self.parser.CurrentLineNumber}: the XML declares the entity {name!r}; feeds have none")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2].lower()
        if self._item is None:
            if name in ("item", "entry"):
                self._item, self._line = {}, self.parser.CurrentLineNumber
            return
        self._path.append(name)
        self._text = []
        if name == "link" and "href" in attributes and attributes.get("rel", "alternate") == "alternate":
            self._item.setdefault("link", attributes["href"])

    def _characters(self, text: str) -> None:
        if self._path:
            self._text.append(text)

    def _end(self, _: str) -> None:
        if self._item is None:
            return
        if not self._path:
            self.rows.append(Row(self._line, self._item))
            self._item = None
            return
        name = self._path.pop()
        text = "".join(self._text).strip()
        self._text = []
        if self._path == ["product_detail"]:
            self._detail[name] = text
        elif name == "product_detail":
            detail, self._detail = self._detail, {}
            if detail.get("attribute_name"):
                details = self._item.setdefault("product_detail", {})
                details[attribute_name(detail["attribute_name"])] = detail.get("attribute_value", "")
        elif not self._path and text:
            self._item.setdefault(name, text)  # of repeated elements the first


def _xml_rows(source: Path) -> list[Row]:
    items = _Items()
    try:
        with open_bytes(source) as file:
            _feed(items, file)
    except expat.ExpatError as error:
        raise InputError(f"{source}: not well-formed XML: {error}") from error
    except InputError as error:
        raise InputError(f"{source}: {error}") from error
    return items.rows


def _feed(items: _Items, file: BinaryIO) -> None:
    while chunk := file.read(1 << 16):
        items.parser.Parse(chunk)
    items.parser.Parse(b"", True)
