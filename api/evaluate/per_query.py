"""The per-query file: what `evaluate ... --per-query` writes and `evaluate compare` reads."""

import csv
from collections.abc import Mapping
from pathlib import Path

from data.errors import InputError


def write_per_query(path: Path, values: Mapping[str, Mapping[str, float]]) -> None:
    """A CSV with a line per query and a column per measure."""
    names = list(next(iter(values.values()), {}))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query", *names])
        for query, held in values.items():
            writer.writerow([query, *(f"{held[name]:.6f}" for name in names)])


def read_per_query(path: Path) -> dict[str, dict[str, float]]:
    """What `write_per_query` wrote.

    Raises:
        InputError: If the file is not one, with its line.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if not reader.fieldnames or reader.fieldnames[0] != "query":
                raise InputError(f"{path}: expected a header that starts with `query`, got {reader.fieldnames}")
            values: dict[str, dict[str, float]] = {}
            for row in reader:
                query = row.pop("query")
                try:
                    values[query] = {name: float(value) for name, value in row.items()}
                except (TypeError, ValueError) as error:
                    raise InputError(f"{path}:{reader.line_num}: expected a number per measure, got {row}") from error
            return values
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a file that --per-query wrote") from error
