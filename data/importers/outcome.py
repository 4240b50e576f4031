"""What an import wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from data.catalog import write_products
from data.event import Event, write_events
from data.judgment import Judgment, write_judgments
from data.product import Product
from data.storage import storage_errors

CATALOG_FILE = "catalog.jsonl.gz"
EVENTS_FILE = "events.jsonl.gz"
JUDGMENTS_FILE = "judgments.csv"
QUARANTINE_FILE = "quarantine.jsonl"


@dataclass(slots=True)
class Outcome:
    """The files of one import, with how many rows each has."""

    folder: Path
    written: dict[Path, int] = field(default_factory=dict)

    def catalog(self, products: Iterable[Product]) -> None:
        """Write `catalog.jsonl.gz`."""
        path = self.folder / CATALOG_FILE
        with storage_errors("writing the catalogue", path):
            self.written[path] = write_products(path, products)

    def events(self, events: Iterable[Event]) -> None:
        """Write `events.jsonl.gz`."""
        path = self.folder / EVENTS_FILE
        with storage_errors("writing the events", path):
            self.written[path] = write_events(path, events)

    def judgments(self, judgments: Iterable[Judgment]) -> None:
        """Write `judgments.csv`."""
        path = self.folder / JUDGMENTS_FILE
        with storage_errors("writing the judgments", path):
            self.written[path] = write_judgments(path, judgments)
