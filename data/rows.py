"""Files of rows: JSONL, CSV and Parquet, each optionally .gz, as numbered records; nothing is lost between two rows."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import orjson

from data.errors import InputError
from data.quarantine import Quarantine

# A quoted cell may span lines (a description), but one that spans more was opened by accident: then its line is set
# aside and reading goes on with the next, instead of swallowing the rest of the file.
MOST_LINES_OF_A_RECORD = 2_000
_LARGEST_CELL = 16 * 1024 * 1024
_DELIMITERS = (",", "\t", ";", "|")

Record = dict[str, Any]


class Row(NamedTuple):
    """One record and the line (Parquet: the row), from 1, that it begins on."""

    line: int
    record: Record


def format_of(path: Path) -> str:
    """`jsonl`, `csv` or `parquet` by the name's ending, `.gz` aside.

    Raises:
        InputError: For any other.
    """
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    kinds = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet"}
    if suffix not in kinds:
        raise InputError(f"{path}: expected a name ending in .jsonl, .csv, .tsv or .parquet (each also .gz)")
    return kinds[suffix]


def read_rows(path: Path, quarantine: Quarantine) -> Iterator[Row]:
    """Every row that is one; a line that is none is set aside.

    Raises:
        InputError: When the file cannot be read at all.
    """
    kind = format_of(path)
    if kind == "parquet":
        yield from _parquet_rows(path)
    elif kind == "csv":
        yield from _csv_rows(path, quarantine)
    else:
        yield from _json_rows(path, quarantine)


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unzipped when its name ends in .gz.

    Raises:
        InputError: When it is missing, no gzip file or cut off, also while it is read inside the block.
    """
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            yield file  # type: ignore[misc]  # a GzipFile reads like any binary file
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError(f"{path}: expected a file that can be read: {error.strerror}") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: the gzip file is damaged or cut off ({error}); fetch it again") from error


def read_lines(path: Path, quarantine: Quarantine) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends; blank ones are left out, broken UTF-8 is replaced and reported."""
    with open_bytes(path) as file:
        for number, raw in enumerate(file, 1):
            line = _decode(raw, path, number, quarantine)
            if number == 1:
                line = line.removeprefix("\ufeff")
            if line.strip():
                yield number, line.rstrip("\r\n")


def _decode(raw: bytes, path: Path, number: int, quarantine: Quarantine) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        line = raw.decode(errors="replace")
        quarantine.mend(path.name, number, "", "broken UTF-8 was replaced", line)
        return line


def _json_rows(path: Path, quarantine: Quarantine) -> Iterator[Row]:
    for number, line in read_lines(path, quarantine):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            quarantine.reject(path.name, number, "", f"expected a JSON object on one line: {error.msg}", line)
            continue
        if isinstance(record, dict):
            yield Row(number, record)
        else:
            quarantine.reject(path.name, number, "", f"expected a JSON object, got {type(record).__name__}", line)


def _csv_rows(path: Path, quarantine: Quarantine) -> Iterator[Row]:
    # A lone carriage return would end a record for the csv module; here only a line feed does.
    lines = [(number, line.replace("\r", " ")) for number, line in read_lines(path, quarantine)]
    if not lines:
        raise InputError(f"{path}: the file is empty; expected a header line and one line a row")
    delimiter = "\t" if ".tsv" in path.name.lower() else max(_DELIMITERS, key=lines[0][1].count)
    records = _csv_records(lines, delimiter, path, quarantine)
    number, names, _ = next(records, (0, [], False))
    if number != lines[0][0]:
        raise InputError(f"{path}: the heading cannot be read: {lines[0][1][:80]!r}; close its quotes")
    header = [name.strip() for name in names]
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        twice = sorted({name for name in named if named.count(name) > 1})
        raise InputError(f"{path}: expected every column once, {', '.join(twice)} come twice; rename them")
    rest = False
    for number, cells, follows_broken in records:
        rest = (rest or follows_broken) and len(cells) != len(header)
        if rest:
            reason = f"expected {len(header)} cells, got {len(cells)}: the rest of a line that was set aside?"
            quarantine.reject(path.name, number, "", reason, delimiter.join(cells))
        elif len(cells) > len(header) and any(cells[len(header) :]):
            reason = f"expected {len(header)} cells, got {len(cells)}; is a cell with a {delimiter!r} not in quotes?"
            quarantine.reject(path.name, number, "", reason, delimiter.join(cells))
        elif any(cells):
            yield Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _csv_records(
    lines: list[tuple[int, str]], delimiter: str, path: Path, quarantine: Quarantine
) -> Iterator[tuple[int, list[str], bool]]:
    """Line, cells, and whether the line before was set aside."""
    csv.field_size_limit(_LARGEST_CELL)
    at = 0
    broken = False
    while at < len(lines):
        number, record = lines[at]
        taken = 1
        while (
            (quotes := _quotes(record, delimiter)) == "open"
            and at + taken < len(lines)
            and taken < MOST_LINES_OF_A_RECORD
        ):
            record += "\n" + lines[at + taken][1]
            taken += 1
        if quotes != "closed" and '\\"' in lines[at][1]:  # databases write \" where CSV says ""
            mended = lines[at][1].replace('\\"', '""')
            if _quotes(mended, delimiter) == "closed":
                quotes, record, taken = "closed", mended, 1
        if quotes == "closed":
            at += taken
            yield number, next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter)), broken
            broken = False
        else:
            reason = "a cell in quotes is not closed, or has a quote inside that is not doubled"
            quarantine.reject(path.name, number, "", reason, lines[at][1])
            at += 1
            broken = True


def _quotes(record: str, delimiter: str) -> Literal["closed", "open", "broken"]:
    """Whether every cell that begins with a quote ends with one; in a bare cell (15" screen) it is a character.

    `broken`: a quoted cell goes on behind its closing quote, so no later line can mend it.
    """
    at = 0
    while at < len(record):
        if record[at] == '"':
            at += 1
            while True:
                quote = record.find('"', at)
                if quote < 0:
                    return "open"
                at = quote + 2
                if record[quote + 1 : quote + 2] != '"':
                    at = quote + 1
                    break
            if at < len(record) and record[at] != delimiter and record[at:].strip(" "):
                return "broken"
        following = record.find(delimiter, at)
        if following < 0:
            return "closed"
        at = following + 1
    return "closed"


def _parquet_rows(path: Path) -> Iterator[Row]:
    import pyarrow
    import pyarrow.parquet

    try:
        with open_bytes(path) as file:
            table = pyarrow.parquet.ParquetFile(io.BytesIO(file.read()))
            line = 0
            for batch in table.iter_batches(batch_size=4096):
                for record in batch.to_pylist():
                    line += 1
                    yield Row(line, {name: _plain(value) for name, value in record.items()})
    except pyarrow.ArrowException as error:
        raise InputError(f"{path}: not a Parquet file, or a damaged one: {error}") from error


def _plain(value: Any) -> Any:
    """Parquet's map (a list of pairs) as a mapping."""
    if isinstance(value, list) and value and all(isinstance(item, tuple) and len(item) == 2 for item in value):
        return dict(value)
    return value


def write_jsonl(path: Path, records: Iterable[bytes | Mapping[str, Any]]) -> int:
    """Write one JSON object a line, zipped when the name ends in .gz; the same records give the same bytes.

    Returns:
        How many were written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("wb") as raw:
        zipped = path.name.lower().endswith(".gz")
        file: Any = gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) if zipped else raw
        for record in records:
            file.write((record if isinstance(record, bytes) else orjson.dumps(record)) + b"\n")
            count += 1
        if zipped:
            file.close()
    return count
