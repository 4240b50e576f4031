"""How `evaluate` and `bench` say what they measured: a table for people, one JSON object for programs."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from data.errors import StorageError


def report(result: Mapping[str, Any], json_file: str | None) -> None:
    """Print a result; with `json_file` write it there as one object (`-`: to stdout, and then nothing else on it).

    Raises:
        StorageError: If the file cannot be written.
    """
    if json_file == "-":
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        return
    for name, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            typer.echo(f"{name}:")
            for row in value:
                typer.echo("  " + "  ".join(f"{key} {_plain(held)}" for key, held in row.items()))
        elif not name.endswith("_interval"):
            interval = result.get(f"{name}_interval")
            typer.echo(f"{name:16} {_plain(value)}" + (f"  [{interval[0]:.4f}, {interval[1]:.4f}]" if interval else ""))
    if json_file is not None:
        try:
            Path(json_file).write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{json_file}: cannot be written ({error.strerror}); name another file") from error


def _plain(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
