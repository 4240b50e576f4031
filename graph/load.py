"""Opening the snapshot of a release."""

import json
from pathlib import Path

from data.errors import ReleaseDamaged, ReleaseTooNew
from graph.snapshot import FORMAT, Snapshot


def load_graph(folder: Path) -> Snapshot:
    """Map a snapshot folder; nothing is read yet but its header.

    Raises:
        ReleaseDamaged: A file is missing or no such file.
        ReleaseTooNew: Written by a newer program.
    """
    try:
        header = json.loads((folder / "snapshot.json").read_text())
        if header["format"] > FORMAT:
            raise ReleaseTooNew(
                f"the graph has format {header['format']}, this program reads up to {FORMAT}; update it"
            )
        return Snapshot(folder, header["revision"], header["languages"], header["longest_alias"])
    except (OSError, KeyError, ValueError, RuntimeError) as error:  # marisa raises RuntimeError for a missing file
        raise ReleaseDamaged(
            f"the graph in {folder.name} cannot be mapped: {error}; build the release again"
        ) from error
