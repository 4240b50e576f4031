"""Files of events into one staging folder a day; DuckDB reads the JSON, nothing passes through Python."""

import gzip
import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.errors import InputError, TooManyBadRows
from data.event import LONGEST_TEXT, SEARCH, SEARCH_ACTIONS
from data.mining.warehouse import Warehouse

SUGGEST = "suggest"
PICK = "suggest_pick"
CLICK = "click"
CART = "add_to_cart"
PURCHASE = "purchase"
VIEW = "view"
# More unusable lines than this and the file is no log of events.
BAD_SHARE = 0.05
FEW_BAD_ROWS = 5  # so few never fail a file that has good rows too
# Files read at once: one thread unzips each.
FILES_AT_ONCE = 4
_FORMATS = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz", ".ndjson.gz")
_COLUMNS = """{
  action_name: 'VARCHAR', "timestamp": 'VARCHAR', query_id: 'VARCHAR', session_id: 'VARCHAR', client_id: 'VARCHAR',
  user_id: 'VARCHAR', user_query: 'VARCHAR', message: 'VARCHAR', message_type: 'VARCHAR', "index": 'JSON',
  "create": 'JSON', "update": 'JSON',
  event_attributes: 'STRUCT(session_id VARCHAR, suggest_id VARCHAR, prefix VARCHAR, locale VARCHAR, shown VARCHAR[],
    query_response_hit_ids VARCHAR[], query_attributes STRUCT(locale VARCHAR), "object" STRUCT(object_id VARCHAR),
    "position" STRUCT(ordinal DOUBLE))'
}"""


def event_files(paths: Sequence[Path]) -> list[Path]:
    """The files named and those in the folders named, each once, by name.

    Raises:
        InputError: When one is missing, or a folder holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith(_FORMATS))
            if not inside:
                raise InputError(f"{path}: no events in it; expected files named *.jsonl or *.jsonl.gz")
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise InputError(f"{path}: no such file or folder; give UBI events (.jsonl, .jsonl.gz)")
    return list(found)


def stage(warehouse: Warehouse, files: Sequence[Path], staging: Path) -> dict[Path, int]:
    """Stage files that are not staged yet, each into `staging/KEY/day=YYYY-MM-DD/*.parquet`; usable rows by file.

    Raises:
        InputError: When one cannot be read or is no log of events.
    """
    rows = {}
    for start in range(0, len(files), FILES_AT_ONCE):
        batch = files[start : start + FILES_AT_ONCE]
        missing = [path for path in batch if not (staging / _key(path)).exists()]
        if missing:
            _stage_batch(warehouse, missing, staging)
        for path in batch:
            rows[path] = int((staging / _key(path) / "rows").read_text())
    return rows


def staged_days(staging: Path, files: Sequence[Path]) -> dict[str, list[Path]]:
    """The staged parquet files of each day, days in order."""
    days: dict[str, list[Path]] = {}
    for path in files:
        for part in sorted((staging / _key(path)).glob("day=*/*.parquet")):
            days.setdefault(part.parent.name.removeprefix("day="), []).append(part)
    return dict(sorted(days.items()))


def _key(path: Path) -> str:
    stat = path.stat()
    return hashlib.sha256(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode()).hexdigest()[:16]


def _stage_batch(warehouse: Warehouse, batch: Sequence[Path], staging: Path) -> None:
    temporary = warehouse.scratch / "stage"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    by_name = {str(path.resolve()): path for path in batch}
    names = ", ".join(_quoted(name) for name in by_name)
    searches = ", ".join(map(_quoted, sorted(SEARCH_ACTIONS)))
    try:
        for path in batch:
            _refuse_unreadable(path)
        cases = " ".join(
            f"WHEN filename = {_quoted(name)} THEN {_quoted(_key(path))}" for name, path in by_name.items()
        )
        warehouse.execute(f"""
            COPY (
              WITH raw AS (
                SELECT *, event_attributes AS a FROM read_json([{names}], format = 'newline_delimited',
                  ignore_errors = true, filename = true, columns = {_COLUMNS})
                WHERE "index" IS NULL AND "create" IS NULL AND "update" IS NULL
              ), named AS (
                SELECT
                  CASE {cases} END AS source,
                  CASE WHEN action_name IN ({searches}) OR (action_name IS NULL AND user_query IS NOT NULL)
                       THEN '{SEARCH}' ELSE action_name END AS action,
                  COALESCE(epoch_ms(TRY_CAST("timestamp" AS TIMESTAMPTZ)),
                    CASE WHEN regexp_full_match("timestamp", '[0-9]{{11,14}}') THEN CAST("timestamp" AS BIGINT) END)
                    AS at_ms,
                  NULLIF(query_id, '') AS query_id,
                  COALESCE(NULLIF(session_id, ''), NULLIF(a.session_id, '')) AS session_id,
                  NULLIF(client_id, '') AS client_id, NULLIF(user_id, '') AS user_id,
                  left(COALESCE(NULLIF(user_query, ''), CASE WHEN upper(message_type) = 'QUERY' THEN message END),
                    {LONGEST_TEXT}) AS user_query,
                  COALESCE(a.locale, a.query_attributes.locale) AS locale,
                  a.suggest_id AS suggest_id, left(a.prefix, {LONGEST_TEXT}) AS prefix, a.shown AS shown,
                  a.query_response_hit_ids AS hits, a.object.object_id AS object_id,
                  CAST(a.position.ordinal AS BIGINT) AS ordinal
                FROM raw
              )
              SELECT *, COALESCE(strftime(make_timestamp(at_ms * 1000), '%Y-%m-%d'), 'none') AS day FROM (
                SELECT * REPLACE (CASE WHEN action IS NULL THEN NULL ELSE at_ms END AS at_ms) FROM named)
            ) TO {_quoted(str(temporary))} (FORMAT parquet, PARTITION_BY (source, day), OVERWRITE_OR_IGNORE)""")
    except duckdb.Error as error:
        raise InputError(f"{', '.join(map(str, batch))}: cannot be read as events ({error})") from error
    for path in batch:
        _finish(warehouse, path, temporary / f"source={_key(path)}", staging / _key(path))


def _finish(warehouse: Warehouse, path: Path, made: Path, target: Path) -> None:
    """Check one file's staging and put it in its place."""
    made.mkdir(parents=True, exist_ok=True)  # an empty file leaves nothing
    bad = _count(warehouse, made / "day=none")
    shutil.rmtree(made / "day=none", ignore_errors=True)
    good = sum(_count(warehouse, day) for day in made.glob("day=*"))
    if bad > max(FEW_BAD_ROWS, BAD_SHARE * (good + bad)) or (bad and not good):
        raise TooManyBadRows(
            f"{path}: {bad} of {good + bad} lines are no events (no JSON, no action or no time); expected UBI events, "
            "one JSON object a line"
        )
    (made / "rows").write_text(str(good))
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)


def _count(warehouse: Warehouse, folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return int(warehouse.execute(f"SELECT count(*) FROM read_parquet({_quoted(str(folder / '*.parquet'))})")[0][0])


def _refuse_unreadable(path: Path) -> None:
    """Say in words what DuckDB would say in its own."""
    try:
        with path.open("rb") as file:
            start = file.read(2)
        if path.name.endswith(".gz") and start:
            with gzip.open(path) as unzipped:
                unzipped.read(1)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({error}); expected UBI events (.jsonl, .jsonl.gz)") from error


def _quoted(text: str) -> str:
    return "'" + re.sub("'", "''", text) + "'"
