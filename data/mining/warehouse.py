"""DuckDB as the miners use it: little memory, two threads, spilling to disk, and tables replaced in one step."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from data.storage import storage_errors, sync_file, sync_folder

# The whole process stays under 2 GB: DuckDB's share, beside Python's tables of queries and the libraries themselves.
MEMORY = "1GB"
THREADS = 2


class Warehouse:
    """One connection and a folder for what does not fit in memory.

    Args:
        scratch: Folder of temporary files; made, and removed at the end.
        memory: DuckDB's limit.
        threads: At most.
    """

    def __init__(self, scratch: Path, memory: str = MEMORY, threads: int = THREADS) -> None:
        self.scratch = scratch
        shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
        scratch.mkdir(parents=True)
        self.backend = ibis.duckdb.connect(
            threads=threads, memory_limit=memory, temp_directory=str(scratch / "spill"), preserve_insertion_order=False
        )
        self.backend.raw_sql("SET TimeZone = 'UTC'")
        self._compiled: dict[str, str] = {}
        self._tables: dict[str, Table] = {}

    def close(self) -> None:
        """Let go of the connection and the temporary files."""
        self.backend.disconnect()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def read(self, paths: Path | list[Path]) -> Table:
        """A table of one or several parquet files of the same columns."""
        found = [paths] if isinstance(paths, Path) else paths
        return self.backend.read_parquet([str(path) for path in found])

    def view(self, name: str, paths: Path | list[Path]) -> Table:
        """`read` under a name that can be pointed at other files; see `write_again`."""
        found = [paths] if isinstance(paths, Path) else paths
        names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in found)
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{names}])")
        return self._named(name)

    def hold(self, name: str, rows: pa.Table) -> Table:
        """Rows of Python under a name that can be given other rows; see `write_again`."""
        self.backend.con.register(name, rows)
        return self._named(name)

    def _named(self, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = self.backend.table(name)
        return self._tables[name]

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement of DuckDB's own, for what Ibis has no words for."""
        return list(self.backend.raw_sql(sql).fetchall())

    def write(self, table: Table, path: Path) -> None:
        """Replace a parquet file by a table's rows; a reader, or a kill, meets the old file or the new.

        Raises:
            StorageError: When the disk does not take it.
        """
        self._replace(path, lambda temporary: self.backend.to_parquet(table, str(temporary), compression="zstd"))

    def write_again(self, statement: str, build: Callable[[], Table], path: Path) -> None:
        """As `write`, for what is written once a day: Ibis takes longer to put it into SQL than DuckDB to run it.

        Args:
            statement: A name for what `build` says; it is put into SQL the first time.
            build: The rows, of tables from `view` and `hold` alone.
            path: To replace.
        """
        if statement not in self._compiled:
            self._compiled[statement] = self.backend.compile(build())
        sql = self._compiled[statement]
        self._replace(
            path,
            lambda temporary: self.backend.raw_sql(f"COPY ({sql}) TO '{temporary}' (FORMAT parquet, COMPRESSION zstd)"),
        )

    def _replace(self, path: Path, write: Callable[[Path], object]) -> None:
        with storage_errors("writing a mined table", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # On the same disk, and gone with the folder when the process is killed.
            temporary = self.scratch / f"{path.stem}-{secrets.token_hex(4)}.new"
            try:
                write(temporary)
                sync_file(temporary)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            sync_folder(path.parent)

    def keep(self, table: Table, name: str) -> Table:
        """The table computed once and kept in the scratch folder, for what is read several times."""
        path = self.scratch / f"{name}.parquet"
        self.write(table, path)
        return self.read(path)


@contextmanager
def open_warehouse(scratch: Path, memory: str = MEMORY, threads: int = THREADS) -> Iterator[Warehouse]:
    """A warehouse that is closed at the end."""
    warehouse = Warehouse(scratch, memory, threads)
    try:
        yield warehouse
    finally:
        warehouse.close()
