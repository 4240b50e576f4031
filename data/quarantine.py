"""The quarantine: rows that could not be used, and what had to be mended in rows that could."""

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self, get_args

import orjson

from data.errors import TooManyBadRows
from data.storage import storage_errors

Action = Literal["set aside", "duplicate", "left out", "mended"]

# So few never fail a file that has good rows too: one slip in a hand-written list of ten is no wrong file.
FEW_BAD_ROWS = 5
# Of the row in the quarantine file: enough to find it again, not a second copy of the feed.
ROW_START = 500


class Quarantine:
    """Where readers report: a JSONL file of `{"file", "line", "field", "reason", "action", "row"}`, made when needed.

    `set aside`: the row cannot be used. `duplicate`: another row of the same id was kept instead. `left out`: the row
    is fine but no product for sale (a draft). `mended`: it is used, one of its fields was cut, cleaned or dropped.

    Args:
        path: Of the file, replaced if it exists; `None` only counts.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.counts: Counter[Action] = Counter()
        self.reasons: Counter[str] = Counter()
        self._file: BinaryIO | None = None
        if path is not None:
            with storage_errors("clearing the quarantine file", path):
                path.unlink(missing_ok=True)

    @property
    def rejected(self) -> int:
        """Rows left out as unusable; duplicates are not among them."""
        return self.counts["set aside"]

    def reject(self, source: str, line: int, field: str, reason: str, row: Any = "") -> None:
        """Report a row that is left out."""
        self._write("set aside", source, line, field, reason, row)

    def duplicate(self, source: str, line: int, field: str, reason: str, row: Any = "") -> None:
        """Report a row that another one of the same id replaces."""
        self._write("duplicate", source, line, field, reason, row)

    def leave_out(self, source: str, line: int, field: str, reason: str, row: Any = "") -> None:
        """Report a row that is fine but not for sale."""
        self._write("left out", source, line, field, reason, row)

    def mend(self, source: str, line: int, field: str, reason: str, row: Any = "") -> None:
        """Report a row that is used after a field was mended."""
        self._write("mended", source, line, field, reason, row)

    def check(self, source: str, rows: int, share: float, before: int = 0) -> None:
        """Refuse a file too much of which was set aside, or all of it.

        Args:
            source: The file, for the message.
            rows: How many the file has.
            share: Largest share that may be set aside, in [0, 1].
            before: `rejected` as it stood before this file.

        Raises:
            TooManyBadRows: Naming the most frequent reasons and the quarantine file.
        """
        bad = self.rejected - before
        if rows and (bad == rows or bad > max(share * rows, FEW_BAD_ROWS)):
            reasons = "; ".join(f"{reason} ({count}x)" for reason, count in self.reasons.most_common(3))
            where = f"; the rows are in {self.path}" if self.path is not None else ""
            raise TooManyBadRows(
                f"{source}: {bad} of {rows} rows cannot be used, at most {share:.0%} may be: {reasons}{where}. "
                "Mend the feed or its field map, or raise catalog.quarantine_share"
            )

    def summary(self) -> str:
        """One line for people."""
        parts = [f"{self.counts[action]} {action}" for action in get_args(Action)]
        where = f" (see {self.path})" if self.path is not None and self.counts.total() else ""
        return ", ".join(parts) + where

    def close(self) -> None:
        """Write out what is pending."""
        if self._file is not None:
            with storage_errors("writing the quarantine file", self.path or Path()):
                self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, action: Action, source: str, line: int, field: str, reason: str, row: Any) -> None:
        self.counts[action] += 1
        if action == "set aside":
            self.reasons[f"{field}: {reason}"] += 1
        if self.path is None:
            return
        start = row if isinstance(row, str) else orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        entry = {
            "file": source,
            "line": line,
            "field": field,
            "reason": reason,
            "action": action,
            "row": start[:ROW_START].encode("utf-8", "replace").decode(),
        }
        with storage_errors("writing the quarantine file", self.path):
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("wb")
            self._file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
