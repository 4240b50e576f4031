"""A record from outside as a `Product`: one treatment for files, feeds and the live API.

Id, title and money are strict: a row whose id, title, price or currency cannot be used is refused. Anything else that
is wrong is dropped or cut, the product kept, and the change reported.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from data.cleaning import clean_text, cut_text
from data.currency import MINOR_DIGITS, is_currency, parse_money, to_minor
from data.errors import BadRow
from data.product import AttributeValue, Product, ProductText, Quantity
from data.shop import CatalogConfig

Report = Callable[[str, str], None]  # field, what was mended

LONGEST_ID = 200
LONGEST_TITLE = 500  # the longest of 19,406 Icecat titles has 255 characters
LONGEST_NAME = 100  # of an attribute
LONGEST_VALUE = 1_000
LARGEST_NUMBER = 2**53  # beyond it neither JSON nor a float is exact
# A price without any currency must not make a hand-written file fail; the reader reports it.
FALLBACK_CURRENCY = "USD"

# Other names that feeds give to what is meant here, best first; a field map wins over them.
ALIASES: dict[str, tuple[str, ...]] = {
    "product_id": ("product_id", "id", "sku", "item_id", "uid"),
    "group_id": ("group_id", "item_group_id", "parent_id"),
    "title": ("title", "name", "product_name", "product_title"),
    "description": ("description", "short_description", "body"),
    "texts": ("texts",),
    "brand": ("brand", "manufacturer", "vendor"),
    "category": ("category", "categories", "category_path", "product_category"),
    "price_minor": ("price_minor",),
    "price": ("price",),
    "currency": ("currency", "price_currency"),
    "stock": ("stock", "quantity", "in_stock", "availability"),
    "image": ("image", "image_url", "image_link"),
    "url": ("url", "link", "product_url"),
    "updated_at": ("updated_at", "last_modified"),
    "version": ("version",),
    "attributes": ("attributes",),
}
_IN_STOCK = frozenset(
    {"in stock", "instock", "available", "true", "yes", "y", "preorder", "backorder", "limited availability"}
)
_OUT_OF_STOCK = frozenset({"out of stock", "outofstock", "sold out", "false", "no", "n", "unavailable", "discontinued"})
_LOCALISED = re.compile(r"(title|description)(?:[_:.]|\[)([a-z]{2}(?:[-_][A-Za-z]{2,4})?)\]?")
# Names that filters and sorts already give to a product's own fields.
_RESERVED = frozenset({"title", "description", "price", "price_minor", "currency", "stock", "category", "product_id"})
_SAFE_LINK = re.compile(
    r"(?:https?://|//|/|\./|data:image/(?:png|jpeg|gif|webp|svg\+xml|avif)[;,])[^\x00-\x1f<>\"]*", re.IGNORECASE
)


class ProductReader:
    """Makes products of one shop's records.

    Args:
        config: The catalogue's field map and limits.
        locale: Of texts that name none.
        currency: Of prices that name none; `None` falls back to `FALLBACK_CURRENCY`, reported once.
    """

    def __init__(self, config: CatalogConfig, locale: str, currency: str | None) -> None:
        self._config = config
        self._locale = locale
        self._currency = currency
        self._ignored = frozenset(config.ignore)
        self._mapped = {column: field for field, column in config.fields.items()}

    def read(self, record: Mapping[str, Any], report: Report) -> Product:
        """The product that a record describes.

        Raises:
            BadRow: When it has no usable id, title or price.
        """
        fields, others = self._sort_out(record)
        product_id = _identifier(fields.get("product_id"), "product_id")
        attributes, brand = self._attributes(fields, others, report)
        price_minor, currency = self._price(fields, report)
        return Product(
            product_id=product_id,
            group_id=_identifier(fields["group_id"], "group_id") if _said(fields.get("group_id")) else product_id,
            texts=self._texts(fields, report),
            brand=brand,
            category=_category(fields.get("category"), report),
            attributes=attributes,
            price_minor=price_minor,
            currency=currency,
            stock=_stock(fields.get("stock"), report),
            image=_link(fields.get("image"), "image", report),
            url=_link(fields.get("url"), "url", report),
            updated_at=_time(fields.get("updated_at"), report),
            version=_version(fields.get("version"), report),
        )

    def _sort_out(self, record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The canonical fields, and what is left to be attributes."""
        fields: dict[str, Any] = {}
        left = {name: value for name, value in record.items() if name not in self._ignored}
        for name in record:
            if name in self._mapped and name in left:
                fields[self._mapped[name]] = left.pop(name)
        by_lower = {name.strip().lower().replace(" ", "_"): name for name in left}
        for field, aliases in ALIASES.items():
            for alias in aliases:
                if alias not in by_lower or by_lower[alias] not in left:
                    continue
                if field not in fields:
                    fields[field] = left.pop(by_lower[alias])
                elif alias == field:  # the field map takes another column for it
                    del left[by_lower[alias]]
        for lower, name in by_lower.items():
            localised = _LOCALISED.fullmatch(lower)
            if localised and name in left:
                fields[f"{localised[1]}.{_locale(localised[2])}"] = left.pop(name)
        for field, value in self._config.defaults.items():
            if not _said(fields.get(field)):
                fields[field] = value
        return fields, left

    def _texts(self, fields: Mapping[str, Any], report: Report) -> dict[str, ProductText]:
        titles: dict[str, Any] = {}
        descriptions: dict[str, Any] = {}
        texts = fields.get("texts") or {}
        if not isinstance(texts, Mapping):
            raise BadRow("texts", f'expected {{"en": {{"title": "...", "description": "..."}}}}, got {_short(texts)}')
        for locale, text in texts.items():
            said = text if isinstance(text, Mapping) else {"title": text}
            titles[_locale(locale)], descriptions[_locale(locale)] = said.get("title"), said.get("description")
        for field, found in (("title", titles), ("description", descriptions)):
            plain = fields.get(field)
            if isinstance(plain, Mapping):
                found.update({_locale(locale): text for locale, text in plain.items()})
            elif _said(plain):
                found.setdefault(self._locale, plain)
            prefix = f"{field}."
            found.update({name.removeprefix(prefix): text for name, text in fields.items() if name.startswith(prefix)})
        result = {}
        for locale, raw in titles.items():
            title = self._text(raw, f"title.{locale}", LONGEST_TITLE, report)
            if title:
                longest = self._config.longest_description
                description = self._text(descriptions.get(locale), f"description.{locale}", longest, report)
                result[locale] = ProductText(title, description)
        if not result:
            raise BadRow("title", "expected a title, got none")
        return result

    def _text(self, raw: Any, field: str, longest: int, report: Report) -> str:
        if not _said(raw):
            return ""
        if not isinstance(raw, str | int | float) or isinstance(raw, bool):
            raise BadRow(field, f"expected a text, got {_short(raw)}")
        text = clean_text(str(raw))
        if len(text) > longest:
            report(field, f"cut from {len(text)} to {longest} characters")
            text = cut_text(text, longest)
        return text

    def _price(self, fields: Mapping[str, Any], report: Report) -> tuple[int | None, str | None]:
        minor, main = fields.get("price_minor"), fields.get("price")
        said: str | None = str(fields["currency"]).strip().upper() if _said(fields.get("currency")) else None
        if said is not None and not is_currency(said):
            raise BadRow("currency", f"expected an ISO 4217 code such as EUR, got {_short(fields['currency'])}")
        if not _said(minor) and not _said(main):
            return None, None
        field = "price_minor" if _said(minor) else "price"
        raw = minor if _said(minor) else main
        try:
            if isinstance(raw, str):
                amount, stated = parse_money(clean_text(raw))
                if stated and said and stated != said:
                    raise BadRow(field, f"{_short(raw)} contradicts the currency {said}")
                said = said or stated
            elif isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
                raise BadRow(field, f"expected a number, got {_short(raw)}")
            else:
                amount = Decimal(str(raw))
        except (ValueError, InvalidOperation) as error:
            raise BadRow(field, str(error)) from error
        currency = said or self._currency or FALLBACK_CURRENCY
        if said is None and self._currency is None:
            report("currency", f"prices that say no currency are read as {currency}; set `currency` in the shop's file")
        if not amount.is_finite() or amount < 0:
            raise BadRow(field, f"expected a price of at least 0, got {_short(raw)}")
        if field == "price_minor" and amount != int(amount):
            raise BadRow(field, f"expected a whole number of minor units, got {_short(raw)}")
        scale = Decimal(10) ** MINOR_DIGITS[currency] if field == "price_minor" else Decimal(1)
        if amount / scale > Decimal(str(self._config.highest_price)):
            raise BadRow(field, f"expected at most {self._config.highest_price:,.0f} {currency}, got {_short(raw)}")
        return (int(amount) if field == "price_minor" else to_minor(amount, currency)), currency

    def _attributes(
        self, fields: Mapping[str, Any], others: Mapping[str, Any], report: Report
    ) -> tuple[dict[str, AttributeValue], str]:
        brand = cut_text(clean_text(str(fields["brand"])), LONGEST_VALUE) if _said(fields.get("brand")) else ""
        given = fields.get("attributes") or {}
        if not isinstance(given, Mapping):
            report("attributes", f"expected an object, got {_short(given)}; left out")
            given = {}
        found: dict[str, AttributeValue] = {}
        dotted = "attributes."
        mapped = {name.removeprefix(dotted): value for name, value in fields.items() if name.startswith(dotted)}
        named = {attribute_name(str(name)): value for name, value in others.items()}
        for raw_name, raw in {**named, **mapped, **given}.items():
            name = clean_text(str(raw_name))[:LONGEST_NAME]
            value = _attribute(raw, f"attributes.{name}", report)
            if value is None or not name:
                continue
            if name == "brand":
                brand = brand or (value if isinstance(value, str) else "")
            elif name in _RESERVED:
                report(f"attributes.{name}", "is the name of a product's own field; left out, rename it in the feed")
            else:
                found[name] = value
        return found, brand


def attribute_name(column: str) -> str:
    """A column's heading as a field name: `Screen Size (in)` -> `screen_size_in`; without a leading `attributes.`."""
    name = clean_text(column).removeprefix("attributes.").lower()
    return re.sub(r"[^\w.:]+", "_", name).strip("_")


def _said(value: Any) -> bool:
    return value is not None and value != "" and not (isinstance(value, str) and not value.strip())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _locale(name: Any) -> str:
    return str(name).strip().replace("_", "-")


def _identifier(value: Any, field: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or not _said(value):
        raise BadRow(field, f"expected an id, got {_short(value)}" if _said(value) else "expected an id, got none")
    text = str(value).strip()
    if len(text) > LONGEST_ID or not text.isprintable():
        raise BadRow(field, f"expected at most {LONGEST_ID} printable characters, got {_short(text)}")
    return text


def _category(value: Any, report: Report) -> tuple[str, ...]:
    if not _said(value):
        return ()
    if isinstance(value, str):
        value = re.split(r"\s*>\s*", clean_text(value.replace("&gt;", ">")))
    if not isinstance(value, list | tuple) or not all(isinstance(step, str) for step in value):
        report("category", f"expected 'A > B' or a list of texts, got {_short(value)}; left out")
        return ()
    return tuple(cleaned for step in value if (cleaned := cut_text(clean_text(step), LONGEST_VALUE)))


def _stock(value: Any, report: Report) -> int | None:
    if not _said(value):
        return None
    if isinstance(value, bool):
        return None if value else 0
    if isinstance(value, str):
        text = value.strip().lower().replace("_", " ").rpartition("/")[2]  # schema.org names are URLs
        if text in _IN_STOCK or text in _OUT_OF_STOCK:
            return None if text in _IN_STOCK else 0
        try:
            value = float(text)
        except ValueError:
            report("stock", f"expected a number, 'in stock' or 'out of stock', got {_short(value)}; taken as unknown")
            return None
    if not isinstance(value, int | float | Decimal) or not math.isfinite(value) or value >= LARGEST_NUMBER:
        report("stock", f"expected a number, got {_short(value)}; taken as unknown")
        return None
    return max(0, int(value))


def _link(value: Any, field: str, report: Report) -> str | None:
    if not _said(value):
        return None
    text = str(value).strip()
    if isinstance(value, str) and _SAFE_LINK.fullmatch(text):
        return text if text[:5].lower() == "data:" else text.replace(" ", "%20")
    # Anything else could run as a script in a shopper's browser.
    report(field, f"expected an http(s) URL, a path from / or an image as data URL, got {_short(value)}; left out")
    return None


def _time(value: Any, report: Report) -> int | None:
    if not _said(value):
        return None
    try:
        milliseconds = parse_time_ms(value)
    except ValueError as error:
        report("updated_at", f"{error}; taken as unknown")
        return None
    return milliseconds


def parse_time_ms(value: Any) -> int:
    """UTC epoch milliseconds of an ISO 8601 text (without zone: UTC), a date, or milliseconds.

    Raises:
        ValueError: For anything else.
    """
    if isinstance(value, str) and re.fullmatch(r"\d{11,14}", value.strip()):
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e14:
        return int(value)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"expected ISO 8601 or epoch milliseconds, got {_short(value)}") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return max(0, round(moment.timestamp() * 1000))
    raise ValueError(f"expected ISO 8601 or epoch milliseconds, got {_short(value)}")


def _version(value: Any, report: Report) -> int:
    if not _said(value):
        return 0
    try:
        number = int(value)
    except (ValueError, TypeError, OverflowError):
        number = -1
    if number < 0 or number >= 2**53:
        report("version", f"expected a whole number from 0, got {_short(value)}; taken as 0")
        return 0
    return number


def _attribute(value: Any, field: str, report: Report) -> AttributeValue | None:
    """A typed value; `None` for one that says nothing or cannot be used (which is reported)."""
    if isinstance(value, str):
        text = clean_text(value)
        if len(text) > LONGEST_VALUE:
            report(field, f"cut from {len(text)} to {LONGEST_VALUE} characters")
        return cut_text(text, LONGEST_VALUE) or None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Quantity):
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        if math.isfinite(number) and abs(number) < LARGEST_NUMBER:
            return number
    elif isinstance(value, date):
        return value.isoformat()
    elif isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value):
        items = (clean_text(str(item)) for item in value)
        return tuple(dict.fromkeys(cut_text(item, LONGEST_VALUE) for item in items if item)) or None
    elif isinstance(value, Mapping) and set(value) == {"amount", "unit"}:
        amount = value["amount"]
        if isinstance(amount, int | float) and not isinstance(amount, bool) and math.isfinite(amount):
            return Quantity(float(amount), clean_text(str(value["unit"])))
    report(field, f"expected a text, number, true or false, list of texts or quantity, got {_short(value)}; left out")
    return None
