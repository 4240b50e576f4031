"""`intentrie import csv|google-merchant|shopify-csv|icecat|homedepot|ubi SRC --out DIR`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from data.importers.outcome import QUARANTINE_FILE, Outcome
from data.quarantine import Quarantine
from data.shop import ShopConfig, load_shop

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Turn a feed into canonical files.")

Source = Annotated[Path, typer.Argument(metavar="SRC", help="The feed.")]
Out = Annotated[
    Path, typer.Option(help="Folder for catalog.jsonl.gz, events.jsonl.gz, judgments.csv, quarantine.jsonl.")
]
Map = Annotated[
    Path | None, typer.Option("--map", help="The shop's TOML file: [catalog.fields], ignore, defaults, currency.")
]

_SHOWN_REASONS = 5


@app.command("csv")
def csv_(source: Source, out: Out, map_: Map = None) -> None:
    """A table with a heading: CSV, TSV, Parquet or JSONL, each also .gz."""
    from data.importers.csv_feed import import_csv

    _run(source, out, map_, lambda config, quarantine: import_csv(source, out, config, quarantine))


@app.command("google-merchant")
def google_merchant(source: Source, out: Out, map_: Map = None) -> None:
    """A Google Merchant Center feed: XML (RSS, Atom) or tab-separated."""
    from data.importers.google_merchant import import_google_merchant

    at_ms = time.time_ns() // 1_000_000
    _run(source, out, map_, lambda config, quarantine: import_google_merchant(source, out, config, quarantine, at_ms))


@app.command("shopify-csv")
def shopify_csv(source: Source, out: Out, map_: Map = None) -> None:
    """Shopify's product export."""
    from data.importers.shopify_csv import import_shopify_csv

    _run(source, out, map_, lambda config, quarantine: import_shopify_csv(source, out, config, quarantine))


@app.command()
def icecat(source: Source, out: Out, map_: Map = None) -> None:
    """The Icecat electronics sample: its folder, or products.jsonl.gz."""
    from data.importers.icecat import import_icecat

    _run(source, out, map_, lambda config, quarantine: import_icecat(source, out, config, quarantine))


@app.command()
def homedepot(source: Source, out: Out, map_: Map = None) -> None:
    """The Home Depot relevance pairs: their folder, or train.csv.gz."""
    from data.importers.homedepot import import_homedepot

    _run(source, out, map_, lambda config, quarantine: import_homedepot(source, out, config, quarantine))


@app.command()
def ubi(source: Source, out: Out, map_: Map = None) -> None:
    """User Behavior Insights queries and events: NDJSON or OpenSearch bulk lines."""
    from data.importers.ubi import import_ubi

    _run(source, out, map_, lambda config, quarantine: import_ubi(source, out, config, quarantine))


def _run(source: Path, out: Path, map_file: Path | None, importer: Callable[[ShopConfig, Quarantine], Outcome]) -> None:
    config = load_shop(map_file)
    with Quarantine(out / QUARANTINE_FILE) as quarantine:
        outcome = importer(config, quarantine)
    for path, rows in outcome.written.items():
        typer.echo(f"{rows:>9,}  {path}")
    typer.echo(f"{source}: {quarantine.summary()}")
    for reason, count in quarantine.reasons.most_common(_SHOWN_REASONS):
        typer.echo(f"{count:>9,}  {reason}")
