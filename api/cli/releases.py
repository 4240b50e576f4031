"""`intentrie releases list|show|verify|rollback|prune`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from data.errors import InputError, ReleaseError
from data.manifest import Manifest
from data.release import (
    ReleaseEntry,
    ShopFolder,
    current_id,
    list_releases,
    load_release_config,
    only_shop,
    open_release,
    prune,
    rollback,
    verify_release,
)
from data.release.pointer import local_root

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What was published, and what is current.")

Releases = Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder of the releases.")]
Shop = Annotated[str | None, typer.Option(help="The only one when not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value on stdout, nothing else.")]
ReleaseId = Annotated[str | None, typer.Argument(metavar="[ID]", help="The current one when not given.")]


@app.command("list")
def list_(releases: Releases, shop: Shop = None, as_json: Json = False) -> None:
    """Every release, newest first; damaged ones with what is wrong."""
    from rich.console import Console
    from rich.table import Table

    entries = list_releases(releases, shop or only_shop(releases))
    if as_json:
        _print([_entry(entry) for entry in entries])
        return
    # No columns that wrap: a release id is there to be copied.
    table = Table("", "release", "created (UTC)", "products", "MB", "find nothing", "", box=None)
    for entry in entries:
        mark = "*" if entry.current else ""
        if entry.manifest is None:
            table.add_row(mark, entry.release_id, "", "", "", "", "DAMAGED")
            continue
        manifest = entry.manifest
        created = f"{datetime.fromtimestamp(manifest.created_at / 1000, UTC):%m-%d %H:%M}"
        rate = manifest.quality.get("zero_result_rate")
        nothing = "" if rate is None else f"{rate:.1%}"
        forced = "forced" if manifest.forced else ""
        table.add_row(
            mark, manifest.id, created, str(manifest.products), f"{manifest.bytes / 1e6:.1f}", nothing, forced
        )
    console = Console()
    console.print(table if entries else "nothing was published yet")
    for entry in entries:
        if entry.fault:
            console.print(f"  {entry.fault}", soft_wrap=True)


@app.command()
def show(releases: Releases, release_id: ReleaseId = None, shop: Shop = None, as_json: Json = False) -> None:
    """The manifest of one release."""
    from rich.console import Console
    from rich.table import Table

    release = open_release(releases, shop or only_shop(releases), release_id)
    manifest = release.manifest
    if as_json:
        _print(asdict(manifest))
        return
    table = Table("", "", box=None, show_header=False)
    for name, value in asdict(manifest).items():
        if name == "files":
            value = f"{len(manifest.files)} files, {manifest.bytes / 1e6:.1f} MB"
        elif name == "inputs":
            value = "\n".join(f"{role}: {_input(manifest, role)}" for role in manifest.inputs)
        elif isinstance(value, dict):
            value = "\n".join(
                f"{key}: {part:.4g}" if isinstance(part, float) else f"{key}: {part}" for key, part in value.items()
            )
        elif isinstance(value, tuple):
            value = "\n".join(value)
        table.add_row(name, str(value))
    Console().print(table)


@app.command()
def verify(
    releases: Releases,
    release_id: ReleaseId = None,
    shop: Shop = None,
    every: Annotated[bool, typer.Option("--all", help="Every release of the shop.")] = False,
    as_json: Json = False,
) -> None:
    """Hash every file of a release; exit code 1 if anything is missing, altered or too much."""
    name = shop or only_shop(releases)
    if every:
        entries = list_releases(releases, name, full=True)
    else:
        # The current release is asked for by its pointer, so that a dangling one is found as well.
        release = release_id or current_id(releases, name)
        if release is None:
            raise ReleaseError(f"shop {name!r} has no current release; `intentrie build --shop {name}` makes one")
        folder = ShopFolder(local_root(releases), name)
        try:
            manifest, fault = verify_release(folder.release(release)), None
        except ReleaseError as error:
            manifest, fault = None, str(error)
        entries = [ReleaseEntry(release, release == current_id(releases, name), manifest, fault)]
    if as_json:
        _print([_entry(entry) for entry in entries])
    for entry in entries:
        if not as_json and entry.manifest is not None:
            typer.echo(f"{entry.release_id}: whole, {len(entry.manifest.files)} files, {entry.manifest.bytes} bytes")
    faults = [entry.fault for entry in entries if entry.fault]
    if faults:
        raise ReleaseError("\n".join(faults))


@app.command("rollback")
def rollback_(
    releases: Releases,
    shop: Shop = None,
    to: Annotated[str | None, typer.Option(metavar="ID", help="The parent of the current one when not given.")] = None,
    as_json: Json = False,
) -> None:
    """Make an older release current; live changes and curation since stay in force."""
    name = shop or only_shop(releases)
    target = rollback(releases, name, to)
    if as_json:
        _print({"shop": name, "current": target})
    else:
        typer.echo(f"{target} is current now")


@app.command("prune")
def prune_(
    releases: Releases,
    shop: Shop = None,
    keep: Annotated[int | None, typer.Option(min=1, help="How many of the newest stay; the shop's setting.")] = None,
    as_json: Json = False,
) -> None:
    """Delete old releases; the current one and its parent always stay."""
    name = shop or only_shop(releases)
    if keep is None:
        keep = load_release_config(open_release(releases, name)).releases.keep
    removed = prune(releases, name, keep)
    if as_json:
        _print({"shop": name, "removed": removed})
    else:
        typer.echo("\n".join(f"deleted {release_id}" for release_id in removed) or "nothing to delete")


@app.command()
def events(
    releases: Releases,
    out: Annotated[Path, typer.Option(help="File to write, .jsonl or .jsonl.gz.")],
    shop: Shop = None,
) -> None:
    """Write the shop's event log as canonical events, which `build --events` reads."""
    from data.event_log import EventLog

    name = shop or only_shop(releases)
    path = ShopFolder(local_root(releases), name).event_log
    if not path.exists():
        raise InputError(f"shop {name!r} has no event log at {path}; its servers write it with the first event")
    log = EventLog(path)
    try:
        typer.echo(f"{log.export(out)} events written to {out}")
    finally:
        log.close()


def _entry(entry: ReleaseEntry) -> dict[str, Any]:
    whole = entry.manifest is not None
    fields: dict[str, Any] = {
        "id": entry.release_id,
        "current": entry.current,
        "whole": whole,
        "fault": entry.fault,
    }
    if entry.manifest is not None:
        summary = asdict(entry.manifest)
        files = summary.pop("files")
        fields |= {**summary, "files": len(files), "bytes": entry.manifest.bytes}
    return fields


def _input(manifest: Manifest, role: str) -> str:
    entry = manifest.inputs[role]
    return f"{entry.name}, {entry.rows} rows, {entry.quarantined} set aside"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
