"""A laboratory small enough for tests: every ninth product, twelve days, fifteen hundred people."""

from dataclasses import dataclass
from pathlib import Path

from data.demo.catalogue import Catalogue
from data.demo.event_stream import write_events
from data.demo.lexicon import Lexicon, load_lexicon
from data.demo.products import make_catalogue
from data.event import Event, read_events
from data.quarantine import Quarantine

SEED, DAYS, SHOPPERS = 11, 12, 1_500
NINTH = 9


@dataclass(frozen=True, slots=True)
class SmallLaboratory:
    """Its parts and its folder."""

    folder: Path
    lexicon: Lexicon
    catalogue: Catalogue
    written: int

    @property
    def files(self) -> list[Path]:
        """Of the events, by day."""
        return sorted((self.folder / "events").iterdir())

    def events(self) -> list[Event]:
        """All of them, in the order of the files."""
        return [event for path in self.files for event in read_day(path)]


def read_day(path: Path) -> list[Event]:
    """A file's events; none may be refused."""
    return list(read_events(path, Quarantine(None), share=0.0))


def make_small(folder: Path, seed: int = SEED, days: int = DAYS, shoppers: int = SHOPPERS) -> SmallLaboratory:
    """Write one."""
    lexicon = load_lexicon()
    whole = make_catalogue(lexicon, seed)
    products = whole.products[::NINTH]
    catalogue = Catalogue(products, {product.product_id: whole.facts[product.product_id] for product in products})
    written = write_events(folder, lexicon, catalogue, seed, days, shoppers)
    return SmallLaboratory(folder, lexicon, catalogue, written)
