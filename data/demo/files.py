"""The demo shop as the files that any shop brings: a catalogue, a query log, a configuration."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from data.catalog import write_products
from data.demo.products import demo_products
from data.demo.queries import DemoQuery, demo_queries
from data.storage import storage_errors


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the files are."""

    catalog: Path
    queries: Path
    config: Path


def write_demo(folder: Path, seed: int, config: str) -> DemoFiles:
    """Write the files of a seed's shop into a folder, which is made if missing.

    Raises:
        StorageError: They cannot be written.
    """
    files = DemoFiles(folder / "catalog.jsonl.gz", folder / "queries.csv", folder / "demo.toml")
    with storage_errors("writing the demo shop", folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_products(files.catalog, demo_products(seed))
        files.config.write_text(config, encoding="utf-8")
        with files.queries.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [field.name for field in fields(DemoQuery)])
            writer.writeheader()
            writer.writerows(asdict(query) for query in demo_queries(seed))
    return files
