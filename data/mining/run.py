"""The mining run: fold new files in by day, then make every table from the days.

    files -> staging -> days/DAY/{searches,actions,keystrokes,picks,identities}     `fold_day`, only what is new
          -> days/DAY/{behaviour,shown,prefix_log,prefix_counts}                    `derive_day`, only what changed
          -> the tables and candidates, state last                                  `outputs.write_outputs`

Every file is replaced in one step and every step can be done again: a run that is killed anywhere and started again
gives the rows of a run that was not.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
from ibis.expr.types import Table

from data.errors import InputError
from data.mining.attributes import Attributes, attributes_from_titles
from data.mining.candidate import Candidate
from data.mining.clicks import shown_counts
from data.mining.completions import FEWEST_PEOPLE
from data.mining.day import DAY_TABLES, Normaliser, fold_day, forget
from data.mining.ingest import event_files, stage, staged_days
from data.mining.outputs import write_outputs
from data.mining.prefixes import prefix_counts, prefix_log
from data.mining.robots import behaviour
from data.mining.state import DAY_MS, DAYS, FORMAT_VERSION, read_state, write_state
from data.mining.warehouse import Warehouse, open_warehouse
from data.product import Product
from data.product_row import parse_time_ms

SCRATCH = ".scratch"
STAGING = ".staging"


@dataclass(frozen=True, slots=True)
class MiningRequest:
    """What to mine.

    Attributes:
        events: Files and folders of UBI events.
        out: The mining folder; made when it is not there.
        products: The catalogue, for candidates that speak of titles and product types; may be empty.
        until_ms: Only events before it count in the tables; `None` for all.
        forget: Ids of users, clients or sessions to leave out from now on.
        fewest_people: A query of fewer is in no completion and no candidate.
        locale: Of events that name none.
        forgotten: Pseudonyms of people to leave out from now on, where ids are not known any more.
        titles: What titles of the same products say, where another run has found it; no event changes it.
    """

    events: tuple[Path, ...]
    out: Path
    products: tuple[Product, ...] = ()
    until_ms: int | None = None
    forget: tuple[str, ...] = ()
    fewest_people: int = FEWEST_PEOPLE
    locale: str = "en"
    forgotten: tuple[str, ...] = ()
    titles: Attributes | None = None


@dataclass(frozen=True, slots=True)
class MiningResult:
    """What a run did.

    Attributes:
        new_files: Folded in by this run.
        new_events: Their usable rows.
        new_days: Days whose tables changed.
        days: All that the tables cover.
        robots: Persons left out as programs.
        rows: Of each output, by name.
        candidates: In the order of the file.
        titles: What the products' titles say.
    """

    new_files: int
    new_events: int
    new_days: int
    days: int
    robots: int
    rows: dict[str, int]
    candidates: tuple[Candidate, ...]
    titles: Attributes


def mine(request: MiningRequest, report: Callable[[str], None] = lambda _stage: None) -> MiningResult:
    """Fold new events in and write every output anew.

    Args:
        request: What to mine.
        report: Told the name of each stage as it begins.

    Raises:
        InputError: When there are no events, or a file is no log of events.
        StorageError: When the disk does not take a table; the old ones are still whole.
    """
    out = request.out
    out.mkdir(parents=True, exist_ok=True)
    for left in out.glob(".*-????????"):  # by a run that was killed while it wrote a small file
        left.unlink(missing_ok=True)
    state = read_state(out)
    files = event_files(request.events)
    new = [path for path in files if state.is_new(path)]
    with open_warehouse(out / SCRATCH) as warehouse:
        report(f"reading {len(new)} of {len(files)} files")
        rows = stage(warehouse, new, out / STAGING)
        by_day = staged_days(out / STAGING, new)
        normaliser = Normaliser(request.locale)
        for day, parts in by_day.items():
            report(f"day {day}")
            fold_day(warehouse, parts, out, day, normaliser)
        for path in new:
            state = state.with_source(path, rows[path])
        days = sorted(path.name for path in (out / DAYS).glob("*-*-*")) if (out / DAYS).exists() else []
        if not days:
            raise InputError(f"{', '.join(map(str, request.events))}: no events in it; expected UBI events, one a line")
        report("leaving out who asked for it")
        forgotten = forget(warehouse, out, days, request.forget, {*state.forgotten, *request.forgotten})
        until = request.until_ms
        used = [day for day in days if until is None or _start_ms(day) < until]
        if not used:
            raise InputError(f"--until: no events before it; the log begins on {days[0]}")
        report("robots")
        robots = find_robots(warehouse, out, used, until)
        for day in used:
            derive_day(warehouse, out, day, robots, until)
        report("titles")
        titles = request.titles or attributes_from_titles(request.products)
        made = write_outputs(
            warehouse, out, used, robots, request.products, titles, until, request.fewest_people, report
        )
        # Last, so that what it says is folded in is: a run killed before this reads the files again.
        write_state(out, replace(state, days=tuple(days), forgotten=tuple(sorted(forgotten)), until_ms=until))
    shutil.rmtree(out / STAGING, ignore_errors=True)
    return MiningResult(
        len(new), sum(rows.values()), len(by_day), len(used), len(robots), dict(made.rows), made.candidates, titles
    )


def find_robots(warehouse: Warehouse, out: Path, days: Sequence[str], until_ms: int | None) -> frozenset[str]:
    """Hashes of the persons who behaved like a program on any day; what they did on other days is out too."""
    for day in days:
        folder = out / DAYS / day
        key = _key(folder, ("searches", "actions"), until_ms, day, "behaviour")
        if _is_made(folder / "behaviour", key):
            continue
        read = _views(warehouse, folder, ("searches", "actions"), until_ms)
        warehouse.write_again("behaviour", partial(_behaviour, read), folder / "behaviour.parquet")
        (folder / "behaviour.key").write_text(key)
    table = warehouse.read([out / DAYS / day / "behaviour.parquet" for day in days])
    return frozenset(table.filter(table.robot).person_hash.to_pyarrow().to_pylist())


def derive_day(warehouse: Warehouse, out: Path, day: str, robots: frozenset[str], until_ms: int | None) -> None:
    """Write what is counted by day, unless it was counted from the same rows without the same persons."""
    folder = out / DAYS / day
    warehouse.view("behaviour", folder / "behaviour.parquet")
    people = warehouse.execute("SELECT DISTINCT person_hash FROM behaviour")
    present = sorted(robots & {person for (person,) in people})
    key = _key(folder, DAY_TABLES, until_ms, day, ",".join(present))
    if _is_made(folder / "derived", key):
        return
    left_out = warehouse.hold("left_out", pa.table({"person_hash": pa.array(present, pa.string())}))
    read = {
        name: table.anti_join(left_out, "person_hash")
        for name, table in _views(warehouse, folder, DAY_TABLES, until_ms).items()
    }
    warehouse.write_again("shown", lambda: shown_counts(read["searches"]), folder / "shown.parquet")
    warehouse.write_again(
        "prefix_log",
        lambda: prefix_log(read["keystrokes"], read["picks"], read["searches"]).order_by(["at_ms", "suggest_id"]),
        folder / "prefix_log.parquet",
    )
    log = warehouse.view("log", folder / "prefix_log.parquet")
    warehouse.write_again("prefix_counts", lambda: prefix_counts(log), folder / "prefix_counts.parquet")
    (folder / "derived.key").write_text(key)


def _behaviour(read: dict[str, Table]) -> Table:
    return behaviour(read["searches"], read["actions"]).order_by("person_hash")


def _views(warehouse: Warehouse, folder: Path, names: Sequence[str], until_ms: int | None) -> dict[str, Table]:
    """A day's tables, of what happened before a time."""
    views = {name: warehouse.view(name, folder / f"{name}.parquet") for name in names}
    return views if until_ms is None else {name: view.filter(view.at_ms < until_ms) for name, view in views.items()}


def _start_ms(day: str) -> int:
    return parse_time_ms(day)


def _key(folder: Path, names: Sequence[str], until_ms: int | None, day: str, more: str) -> str:
    """Of everything that a day's counts depend on."""
    cut = until_ms if until_ms is not None and until_ms < _start_ms(day) + DAY_MS else None
    stats = [(folder / f"{name}.parquet").stat() for name in names]
    parts = [str(FORMAT_VERSION), str(cut), more, *(f"{stat.st_size}:{stat.st_mtime_ns}" for stat in stats)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _is_made(made: Path, key: str) -> bool:
    marker = made.with_suffix(".key")
    return marker.exists() and marker.read_text() == key
