"""Where learning keeps what it needs between nights: `RELEASES/SHOP/learned/`.

events/     the shop's own event log as files, one a day
mined/      what `mine` keeps by day, and its tables over everything
before/     its tables over the days before the held-out ones: what models are trained on
models/     the models that passed the gate
trial/      models and a release on trial; made anew every night
report.html
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from data.event import encode_event
from data.event_log import EventLog
from data.mining.state import DAYS, STATE
from data.storage import storage_errors, write_durably

MODELS = ("encoder", "fusion", "reranker", "suggester")
_FILES = {"fusion": "fusion.json"}
_EXPORTED = "exported.json"


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folder of one shop; see the module."""

    folder: Path

    @property
    def events(self) -> Path:
        """Own event log, exported."""
        return self.folder / "events"

    @property
    def mined(self) -> Path:
        """Mining folder."""
        return self.folder / "mined"

    @property
    def everything(self) -> Path:
        """Tables of all days."""
        return self.folder / "everything"

    @property
    def models(self) -> Path:
        """Accepted models."""
        return self.folder / "models"

    @property
    def trial(self) -> Path:
        """Scratch of one night."""
        return self.folder / "trial"

    @property
    def challengers(self) -> Path:
        """Models on trial."""
        return self.trial / "models"

    @property
    def report(self) -> Path:
        """The page of the last night."""
        return self.folder / "report.html"

    def clear_trial(self) -> None:
        """Forget the last night's trial."""
        shutil.rmtree(self.trial, ignore_errors=True)
        self.challengers.mkdir(parents=True)

    def keep_tables(self) -> None:
        """Copy the mined tables, not the days, to `everything`."""
        with storage_errors("keeping the mined tables", self.everything):
            shutil.rmtree(self.everything, ignore_errors=True)
            shutil.copytree(self.mined, self.everything, ignore=shutil.ignore_patterns(DAYS, ".*", STATE))

    def accept(self, model: str) -> None:
        """Make a challenger the model that builds take."""
        name = _FILES.get(model, model)
        source, target = self.challengers / name, self.models / name
        with storage_errors("keeping an accepted model", target):
            self.models.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)

    def has(self, model: str) -> bool:
        """Whether there is an accepted model of a kind."""
        return (self.models / _FILES.get(model, model)).exists()

    def challenger(self, model: str) -> Path:
        """Where a model on trial is written: a folder, or a file's folder."""
        return self.challengers if model in _FILES else self.challengers / model


def export_events(log_path: Path, folder: Path) -> int:
    """Write the events of a shop's own log that were not exported yet, each into its UTC day's file.

    The marker is written last and says how long each file is; what a killed run wrote beyond it is cut off by the next.

    Returns:
        How many were written.

    Raises:
        StorageError: The folder cannot be written.
    """
    if not log_path.exists():
        return 0
    marker = folder / _EXPORTED
    with storage_errors("exporting the event log", folder):
        folder.mkdir(parents=True, exist_ok=True)
        done = orjson.loads(marker.read_bytes()) if marker.exists() else {}
        forgotten = len(forgotten_people(log_path))
        if done.get("forgotten", 0) != forgotten:
            # Somebody's events are gone from the log, and have to go from what was exported of it.
            done = {}
            marker.unlink(missing_ok=True)
            for file_of_day in folder.glob("*.jsonl"):
                file_of_day.unlink()
        sizes: dict[str, int] = done.get("bytes", {})
        lines, position = _new_lines(log_path, done.get("position", 0))
        for day, encoded in lines.items():
            with (folder / f"{day}.jsonl").open("ab") as file:
                file.truncate(sizes.get(day, 0))
                file.writelines(encoded)
                sizes[day] = file.tell()
        write_durably(marker, orjson.dumps({"position": position, "bytes": sizes, "forgotten": forgotten}))
    return sum(map(len, lines.values()))


def _new_lines(log_path: Path, after: int) -> tuple[dict[str, list[bytes]], int]:
    lines: dict[str, list[bytes]] = {}
    position = after
    log = EventLog(log_path)
    try:
        for logged in log.read_all(after):
            day = datetime.fromtimestamp(logged.event.at_ms / 1000, UTC).date().isoformat()
            lines.setdefault(day, []).append(encode_event(logged.event) + b"\n")
            position = logged.position
    finally:
        log.close()
    return lines, position


def forgotten_people(log_path: Path) -> tuple[str, ...]:
    """Pseudonyms of those whose events were deleted from a shop's own log."""
    if not log_path.exists():
        return ()
    log = EventLog(log_path)
    try:
        return tuple(name for _, name in log.forgotten())
    finally:
        log.close()
