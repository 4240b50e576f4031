"""What mining left, as a build takes it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError
from data.mining.state import COMPLETIONS
from data.query_log import LoggedQuery


def read_mined_queries(mined: Path) -> list[LoggedQuery]:
    """The completions of `intentrie mine` as logged queries, most frequent first, ties by text and locale.

    Robots, private data, fragments and queries of too few people are out already; see `docs/mining.md`.

    Raises:
        InputError: The folder holds none, or another table.
    """
    path = mined / COMPLETIONS
    columns = ["query", "locale", "count", "people", "clicks", "purchases", "first_seen_ms", "last_seen_ms", "daily"]
    try:
        rows = pq.read_table(path, columns=columns).to_pylist()
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise InputError(f"{path}: expected what `intentrie mine --out {mined}` writes ({error})") from error
    # A log without a single purchase is one that is not told of purchases.
    told = {name: any(row[name] for row in rows) for name in ("clicks", "purchases")}
    queries = [
        LoggedQuery(
            row["query"],
            row["locale"],
            row["count"],
            row["people"],
            row["first_seen_ms"],
            row["last_seen_ms"],
            tuple((day["day"], day["count"]) for day in row["daily"] or ()),
            **{name: row[name] for name in told if told[name]},
        )
        for row in rows
    ]
    return sorted(queries, key=lambda query: (-query.count, query.text, query.locale))
