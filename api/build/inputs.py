"""Reading what a build is given: every file counted, hashed, and what was set aside kept in a report."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from data.errors import InputError
from data.manifest import InputEntry
from data.quarantine import Quarantine
from data.release.verify import hash_file
from data.storage import storage_errors

Value = TypeVar("Value")


class Inputs:
    """The files of one build.

    Args:
        reports: Folder of the quarantine files, `ROLE.jsonl` each. It is not part of the release: the report that is
            needed most is that of a build which failed because too much was set aside. Earlier builds' are removed.
    """

    def __init__(self, reports: Path) -> None:
        with storage_errors("clearing the quarantine", reports):
            for report in reports.glob("*.jsonl"):
                report.unlink(missing_ok=True)
        self._reports = reports
        self.entries: dict[str, InputEntry] = {}

    def read(
        self, role: str, path: Path, read: Callable[[Path, Quarantine], Value], count: Callable[[Value], int]
    ) -> Value:
        """Read one file with the reader of its kind and note what it gave.

        Args:
            role: What the file is to the build.
            path: Of the file.
            read: Its reader.
            count: Rows used, from what the reader gave.

        Raises:
            InputError: It is not there, or the reader refuses it.
            StorageError: It cannot be read.
        """
        if not path.is_file():
            raise InputError(f"no file at {path}; give the {role} file that is meant")
        with storage_errors(f"reading the {role}", path), Quarantine(self._reports / f"{role}.jsonl") as quarantine:
            value = read(path, quarantine)
            self.entries[role] = InputEntry(path.name, count(value), quarantine.rejected, hash_file(path))
        return value

    def note(self, role: str, path: Path) -> None:
        """Note a file that was read already and has no rows."""
        with storage_errors(f"reading the {role}", path):
            self.entries[role] = InputEntry(path.name, 0, 0, hash_file(path))


class Counted(Generic[Value]):
    """What a stream gave so far, for streams too long to hold."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = values
        self.count = 0

    def __iter__(self) -> Iterator[Value]:
        for value in self._values:
            self.count += 1
            yield value
