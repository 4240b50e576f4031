"""The laboratory as the files that any shop brings: catalogue, reviews, events, a configuration; and the truth."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data.catalog import write_products
from data.demo.event_stream import write_events
from data.demo.lexicon import Lexicon, load_lexicon
from data.demo.products import make_catalogue
from data.demo.reviews import make_reviews
from data.demo.simulation import SHOPPERS
from data.review import write_reviews
from data.storage import storage_errors

# What the columns of the facets are, before the lexicon's own.
_FACETS = ("category", "brand", "price", "colour", "material", "size", "gender", "waterproof")
_CONFIG = """\
# Written by `intentrie demo`; every knob it does not name has its default.
title = {title}
locales = {locales}
currency = "EUR"
time_zone = "Europe/Berlin"
facets = {facets}

# With it the storefront logs what visitors do, so that trends show and a night's learning has something to learn from.
# Whoever tries the API by hand needs none.
[access]
public_key = "pk-demo-shop"
open_reading = true
"""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the files are; `truth` is for tests and `evaluate` alone."""

    catalog: Path
    reviews: Path
    events: Path
    truth: Path
    config: Path


def write_demo(
    folder: Path,
    seed: int,
    lexicon_file: Path | None = None,
    shoppers: int = SHOPPERS,
    report: Callable[[str], None] = lambda _: None,
) -> DemoFiles:
    """Write the files of a seed's shop into a folder, which is made if missing.

    Args:
        folder: Gets catalog.jsonl.gz, reviews.jsonl.gz, events/, truth/ and demo.toml.
        seed: Another seed is another shop of the same words.
        lexicon_file: Another one is another shop altogether; the built-in one when none.
        shoppers: How many people the log has; fewer are made sooner.
        report: Hears what is being made.

    Raises:
        ConfigError: The lexicon cannot be used.
        StorageError: The files cannot be written.
    """
    lexicon = load_lexicon(lexicon_file)
    files = DemoFiles(
        folder / "catalog.jsonl.gz",
        folder / "reviews.jsonl.gz",
        folder / "events",
        folder / "truth",
        folder / "demo.toml",
    )
    report("catalogue")
    catalogue = make_catalogue(lexicon, seed)
    with storage_errors("writing the demo shop", folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_products(files.catalog, catalogue.products)
        report("reviews")
        write_reviews(files.reviews, make_reviews(lexicon, catalogue, seed))
        report("60 days of shoppers")
        write_events(folder, lexicon, catalogue, seed, shoppers=shoppers)
        files.config.write_text(config_of(lexicon), encoding="utf-8")
    return files


def config_of(lexicon: Lexicon) -> str:
    """The shop's TOML."""
    fields = {"category", "brand", "price", "colour", *lexicon.attributes}
    fields |= {"material"} if lexicon.materials else set()
    fields |= {key.replace("-", "_") for key, feature in lexicon.features.items() if feature.is_field}
    return _CONFIG.format(
        title=json.dumps(lexicon.name, ensure_ascii=False),
        locales=json.dumps(lexicon.locales),
        facets=json.dumps([name for name in _FACETS if name in fields]),
    )
