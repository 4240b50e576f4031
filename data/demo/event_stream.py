"""The laboratory's log as files: `events/day-01.jsonl.gz` to `day-60.jsonl.gz`, UBI records by UTC day."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from data.demo.catalogue import DAYS, Catalogue
from data.demo.lexicon import Lexicon
from data.demo.simulation import SHOPPERS, Simulation
from data.demo.truth import write_truth

# Six times faster than the default, for a quarter more bytes.
_COMPRESSION = 1


def write_events(
    folder: Path,
    lexicon: Lexicon,
    catalogue: Catalogue,
    seed: int,
    days: int = DAYS,
    shoppers: int = SHOPPERS,
) -> int:
    """Simulate a shop and write its events and the truth about them.

    Args:
        folder: Gets `events/` and `truth/`.
        lexicon: The shop's words.
        catalogue: The shop's products.
        seed: Of everything that happens.
        days: How many; the report's days are the last sixth.
        shoppers: How many people.

    Returns:
        How many events were written.
    """
    target = folder / "events"
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("day-*.jsonl.gz"):
        old.unlink()
    simulation = Simulation(lexicon, catalogue, seed, days, shoppers)
    written = 0
    for day, records in simulation.run():
        written += _write_day(target / f"day-{day:02}.jsonl.gz", records)
    write_truth(folder / "truth", lexicon, catalogue, simulation)
    return written


def _write_day(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    lines = [
        orjson.dumps({**record, "timestamp": _iso(record["timestamp"])}, option=orjson.OPT_APPEND_NEWLINE)
        for record in records
    ]
    # Without a name and a time inside, the same seed gives the same bytes.
    path.write_bytes(gzip.compress(b"".join(lines), _COMPRESSION, mtime=0))
    return len(lines)


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
