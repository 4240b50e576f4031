"""What a build tells people: stages on stderr while it runs, the outcome when it is done."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from data.manifest import Manifest


@contextmanager
def reporting(what: str = "build") -> Iterator[Callable[[str], None]]:
    """Show the stage under way on stderr: a spinner on a terminal, one line a stage elsewhere."""
    console = Console(stderr=True)
    begin = time.perf_counter()
    with console.status(what) as status:

        def report(stage: str) -> None:
            status.update(f"{what}: {stage}")
            if not console.is_terminal:
                console.print(f"{time.perf_counter() - begin:6.1f} s  {stage}", highlight=False)

        yield report


def print_manifest(manifest: Manifest, releases: Path, as_json: bool) -> None:
    """The published release, for people or for programs."""
    if as_json:
        fields = asdict(manifest)
        fields["files"], fields["bytes"] = len(manifest.files), manifest.bytes
        sys.stdout.write(json.dumps(fields, ensure_ascii=False, indent=2) + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"published {manifest.shop} {manifest.id} in {releases}")
    size = f"{manifest.bytes / 1e6:.1f} MB"
    console.print(f"  {manifest.products} products, {manifest.quality.get('completions', 0):.0f} completions, {size}")
    for role, entry in manifest.inputs.items():
        aside = (
            f", {entry.quarantined} set aside (see {manifest.shop}/quarantine/{role}.jsonl)"
            if entry.quarantined
            else ""
        )
        console.print(f"  {role}: {entry.rows} rows of {entry.name}{aside}")
    live = ", ".join(f"{count} {what}" for what, count in manifest.overlay.items() if count)
    if live:
        console.print(f"  live changes: {live}")
    for name in ("zero_result_rate", "ndcg@10"):
        if name in manifest.quality:
            console.print(f"  {name.replace('_', ' ')}: {manifest.quality[name]:.3f}")
    for sentence in manifest.overruled:
        console.print(f"  forced although {sentence}")
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in manifest.stage_seconds.items())
    console.print(f"  seconds: {stages}")
