"""Everything a build is made of: the files it was given, the live changes, the logs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, takewhile
from pathlib import Path

from api.build.inputs import Counted, Inputs
from api.build.mined import read_mined_queries
from autocomplete.safety.entries import read_blocked
from data.catalog import main_currency, read_products
from data.errors import InputError
from data.event import read_events
from data.event_log import EventLog
from data.judgment import Judgment, read_judgments
from data.live_fold import Fold, fold_live
from data.mining.assignment import filled, read_assignments
from data.mining.candidate import Candidate, read_candidates
from data.mining.state import ATTRIBUTES, CANDIDATES
from data.overlay_log import LiveProduct, OverlayLog
from data.product import Product
from data.quarantine import Quarantine
from data.query_log import LoggedQuery, QueryTally, tally_events, tally_list
from data.release import ShopFolder, check_shop_name
from data.review import read_reviews
from data.shop import ShopConfig, load_shop

# Where a shop's configuration is looked for when none is named.
SHOPS = Path("shops")


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build, from what.

    Attributes:
        catalog: Canonical products; the only file that is needed.
        events: UBI events, added to those in the shop's own event log.
        reviews: Canonical reviews.
        queries: Logged queries with counts, for shops whose log is not one of events.
        config: The shop's TOML; `shops/NAME.toml` when there is one, else the defaults.
        graph_store: URL of the store that keeps the graph between builds; the shop's own SQLite file by default.
        judgments: Rated results; their nDCG@10 is recorded and gated.
        catalog_at_ms: The time of catalogue rows without `updated_at`, see `fold_live`.
        force: Publish even if the gate finds it worse.
        mined: What `intentrie mine` wrote: its completions take the place of the raw events as the query log, its
            candidates become the mined layer of the graph, what titles say fills empty fields, its counters are what
            models read.
        models: Folder with any of `encoder/`, `fusion.json`, `reranker/`, `suggester/`, from `intentrie train`.
    """

    catalog: Path
    shop: str
    releases: Path
    events: Path | None = None
    reviews: Path | None = None
    queries: Path | None = None
    config: Path | None = None
    graph_store: str | None = None
    judgments: Path | None = None
    catalog_at_ms: int | None = None
    force: bool = False
    mined: Path | None = None
    models: Path | None = None

    def model(self, name: str) -> Path | None:
        """A model's folder or file, where there is one."""
        path = self.models / name if self.models is not None else None
        return path if path is not None and path.exists() else None


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that was read, before anything is built."""

    config: ShopConfig
    fold: Fold
    overlay_position: int
    queries: Sequence[LoggedQuery]
    events_position: int
    judgments: Sequence[Judgment]
    candidates: Sequence[Candidate] = ()
    blocked: Mapping[str, Sequence[str]] = field(default_factory=dict)


def find_config(request: BuildRequest) -> tuple[ShopConfig, Path | None]:
    """The file that is named, or the shop's own in `shops/`, or the defaults; and which file it was.

    Raises:
        ConfigError: It is wrong; says the line.
    """
    own = SHOPS / f"{check_shop_name(request.shop)}.toml"
    path = request.config or (own if own.is_file() else None)
    return load_shop(path, request.shop), path


def read_material(request: BuildRequest, folder: ShopFolder, inputs: Inputs) -> Material:
    """Read everything before anything is built: a bad file costs seconds, not the whole build.

    Raises:
        InputError, TooManyBadRows, ConfigError: A file cannot be used.
    """
    config, config_path = find_config(request)
    if config_path is not None:
        inputs.note("config", config_path)
    blocked = read_blocked(config, config_path)
    rows = inputs.read(
        "catalog", request.catalog, lambda path, quarantine: read_products(path, config, quarantine), len
    )
    config = config.model_copy(update={"currency": main_currency(rows, config)})
    live, overlay_position = _live_products(folder)
    fold = fold_live(rows, live, request.catalog_at_ms, config.currency)
    if not fold.products:
        raise InputError(f"{request.catalog}: no product is left for the release; every row was set aside or deleted")
    candidates: Sequence[Candidate] = ()
    if request.mined is not None:
        queries, events_position = read_mined_queries(request.mined), 0
        candidates = inputs.read("candidates", request.mined / CANDIDATES, lambda path, _: read_candidates(path), len)
        fold = replace(fold, products=_with_said(fold.products, request.mined / ATTRIBUTES, config, inputs))
    else:
        queries, events_position = _read_queries(request, folder, config, inputs)
    if request.reviews is not None:
        share = config.catalog.quarantine_share
        inputs.read(
            "reviews", request.reviews, lambda path, aside: read_reviews(path, aside, config.locale, share), len
        )
    judgments: Sequence[Judgment] = ()
    if request.judgments is not None:
        judgments = inputs.read("judgments", request.judgments, lambda path, _: read_judgments(path), len)
    return Material(config, fold, overlay_position, queries, events_position, judgments, candidates, blocked)


def _with_said(products: list[Product], path: Path, config: ShopConfig, inputs: Inputs) -> list[Product]:
    """Products with what their titles say in empty fields; as they are where the mining folder says nothing of it."""
    if not path.exists() or "*" in config.catalog.not_from_titles:
        return products
    said = inputs.read("attributes", path, lambda file, _: read_assignments(file), len)
    return filled(products, [one for one in said if one.attribute not in config.catalog.not_from_titles])


def _read_queries(
    request: BuildRequest, folder: ShopFolder, config: ShopConfig, inputs: Inputs
) -> tuple[list[LoggedQuery], int]:
    """What was searched, from the files and the shop's own event log together; and that log's position.

    A file of events may be an older export of the very log: events that share a `query_id` are one search.
    """
    tally = QueryTally(config)
    share = config.catalog.quarantine_share
    log = EventLog(folder.event_log) if folder.event_log.exists() else None
    try:
        # Events go on coming in; those after this position are the next build's.
        position = log.position if log is not None else 0
        logged = takewhile(lambda one: one.position <= position, log.read_all() if log is not None else ())
        own = (one.event for one in logged)

        def read(path: Path, quarantine: Quarantine) -> int:
            given = Counted(read_events(path, quarantine, share))
            tally_events(chain(given, own), tally)
            return given.count

        if request.events is not None:
            inputs.read("events", request.events, read, int)
        else:
            tally_events(own, tally)
    finally:
        if log is not None:
            log.close()
    if request.queries is not None:
        inputs.read("queries", request.queries, lambda path, aside: tally_list(path, config, aside, tally), int)
    return tally.queries(), position


def _live_products(folder: ShopFolder) -> tuple[list[LiveProduct], int]:
    if not folder.overlay_log.exists():
        return [], 0
    log = OverlayLog(folder.overlay_log)
    try:
        return log.live_products()
    finally:
        log.close()


def parse_time(text: str) -> int:
    """An ISO 8601 time as UTC epoch milliseconds; one without a zone is UTC.

    Raises:
        InputError: It is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"expected an ISO 8601 time such as 2026-11-23T04:00:00Z, got {text!r}") from error
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
