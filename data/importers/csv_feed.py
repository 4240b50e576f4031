"""A table with a heading (CSV, TSV, Parquet, JSONL) and a field map that says which column is what."""

from pathlib import Path

from data.catalog import read_products
from data.importers.outcome import Outcome
from data.quarantine import Quarantine
from data.shop import ShopConfig


def import_csv(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine) -> Outcome:
    """Read as `build --catalog` reads it, write the canonical catalogue."""
    outcome = Outcome(out)
    outcome.catalog(read_products(source, config, quarantine))
    return outcome
