"""A shopper's review of a product."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.cleaning import clean_text, cut_text
from data.errors import BadRow
from data.product_row import parse_time_ms
from data.quarantine import Quarantine
from data.rows import read_rows, write_jsonl

LONGEST_REVIEW = 20_000


@dataclass(frozen=True, slots=True)
class Review:
    """One review; `rating` is 1 to 5 or `None`, `created_at` UTC epoch milliseconds."""

    review_id: str
    product_id: str
    text: str
    locale: str
    rating: float | None = None
    created_at: int | None = None


def read_reviews(path: Path, quarantine: Quarantine, locale: str = "en", share: float = 0.05) -> list[Review]:
    """Read reviews (JSONL, CSV or Parquet with the record's names), in file order, each id once: the last of its rows.

    Args:
        path: Of the file.
        quarantine: Takes rows without id, product or text, and those that a later one of the same id replaces.
        locale: Of reviews that say none.
        share: Largest share of rows set aside.

    Raises:
        InputError: When the file cannot be read.
        TooManyBadRows: When more were set aside.
    """
    before = quarantine.rejected
    kept: dict[str, tuple[int, Mapping[str, Any], Review]] = {}
    good = 0
    for line, record in read_rows(path, quarantine):
        try:
            review = _review(record, locale)
        except BadRow as error:
            quarantine.reject(path.name, line, error.field, error.reason, record)
            continue
        good += 1
        if review.review_id in kept:
            older, row, _ = kept[review.review_id]
            quarantine.duplicate(path.name, older, "review_id", f"{review.review_id!r} again; line {line} is kept", row)
        kept[review.review_id] = (line, record, review)
    quarantine.check(str(path), good + quarantine.rejected - before, share, before)
    return [review for _, _, review in kept.values()]


def write_reviews(path: Path, reviews: Iterable[Review]) -> int:
    """Write reviews one a line, zipped when the name ends in .gz; how many there were."""
    return write_jsonl(path, map(asdict, reviews))


def _review(record: Mapping[str, Any], locale: str) -> Review:
    texts = {}
    for name in ("review_id", "product_id", "text"):
        value = record.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise BadRow(name, f"expected a text, got {value!r}"[:100])
        texts[name] = clean_text(str(value))
    try:
        rating = None if record.get("rating") in (None, "") else float(record["rating"])
    except (TypeError, ValueError):
        raise BadRow("rating", f"expected a number from 1 to 5, got {record['rating']!r}"[:100]) from None
    if rating is not None and not 1 <= rating <= 5:
        raise BadRow("rating", f"expected a number from 1 to 5, got {rating}")
    try:
        created_at = None if record.get("created_at") in (None, "") else parse_time_ms(record["created_at"])
    except ValueError as error:
        raise BadRow("created_at", str(error)) from error
    said = str(record.get("locale") or locale)
    return Review(
        texts["review_id"], texts["product_id"], cut_text(texts["text"], LONGEST_REVIEW), said, rating, created_at
    )
