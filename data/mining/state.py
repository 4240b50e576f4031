"""What a mining folder holds and how far it has come."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import orjson

from data.errors import InputError
from data.storage import storage_errors, write_durably

# Changes whenever the day tables come out differently; a folder of another version is refused, not mixed.
FORMAT_VERSION = 1
STATE = "state.json"
DAYS = "days"
DAY_MS = 86_400_000

COMPLETIONS = "completions.parquet"
EXAMINATION = "examination.parquet"
ATTRACTIVENESS = "attractiveness.parquet"
PRODUCTS = "products.parquet"
PREFIXES = "prefixes.parquet"
PREFIX_LOG = "prefix_log.parquet"
SEARCHES = "searches.parquet"
CLUSTERS = "clusters.parquet"
CANDIDATES = "candidates.jsonl"
ATTRIBUTES = "attributes.jsonl"
CO_BOUGHT = "co_bought.parquet"
CO_VIEWED = "co_viewed.parquet"
ZERO_RESULTS = "reports/zero_results.parquet"
LOW_CLICKS = "reports/low_clicks.parquet"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of events as it was when it was folded in."""

    bytes: int
    modified_ns: int
    rows: int


@dataclass(frozen=True, slots=True)
class State:
    """How far a folder has come; written last, so that what it says is there is there.

    Attributes:
        sources: Files folded in, by path.
        days: Folded in, ISO dates in order.
        forgotten: Hashes of the users, clients and sessions that must never come back.
        until_ms: What the tables stand at: only events before it, `None` for all.
        version: Of the format.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    until_ms: int | None = None
    version: int = FORMAT_VERSION

    def is_new(self, path: Path) -> bool:
        """Whether a file was not folded in, or has changed since."""
        known = self.sources.get(str(path.resolve()))
        stat = path.stat()
        return known is None or (known.bytes, known.modified_ns) != (stat.st_size, stat.st_mtime_ns)

    def with_source(self, path: Path, rows: int) -> "State":
        """The state once a file is folded in."""
        stat = path.stat()
        return replace(
            self, sources={**self.sources, str(path.resolve()): Source(stat.st_size, stat.st_mtime_ns, rows)}
        )


def read_state(folder: Path) -> State:
    """The state of a folder; an empty one for a new folder.

    Raises:
        InputError: When it was written by another format.
    """
    path = folder / STATE
    if not path.exists():
        return State()
    try:
        record = orjson.loads(path.read_bytes())
        version = record["version"]
        if version != FORMAT_VERSION:
            raise InputError(f"{path}: format {version}, this program has {FORMAT_VERSION}; mine into a new folder")
        sources = {name: Source(**source) for name, source in record["sources"].items()}
        return State(sources, tuple(record["days"]), tuple(record["forgotten"]), record["until_ms"], version)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: expected what `intentrie mine` writes ({error}); mine into a new folder") from error


def write_state(folder: Path, state: State) -> None:
    """Replace the state in one step."""
    with storage_errors("writing the state of mining", folder / STATE):
        write_durably(folder / STATE, orjson.dumps(asdict(state), option=orjson.OPT_INDENT_2))


def pseudonym(identity: str) -> str:
    """What stands for a person's id in every table: nobody reads it back by looking, whoever has the id can."""
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def pseudonyms(identities: Iterable[str]) -> frozenset[str]:
    """Of several ids."""
    return frozenset(map(pseudonym, identities))
