"""`intentrie curate`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.curation import CurationStore, Entry

app = typer.Typer(
    help="Ban, pin and add suggestions at once, on every server and for whatever release.", no_args_is_help=True
)
Releases = Annotated[Path, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder of the releases.")]
Shop = Annotated[str | None, typer.Option(help="The only one when not given.")]
Locale = Annotated[str, typer.Option(help="BCP 47; und for every locale.")]
Text = Annotated[str, typer.Argument(help="As it is suggested; case and accents are all one.")]
From = Annotated[str, typer.Option("--prefix", help="From here on; empty for the empty box.")]


@app.command()
def ban(
    text: Text,
    releases: Releases,
    shop: Shop = None,
    locale: Locale = "und",
    within: Annotated[bool, typer.Option("--within", help="Ban longer texts that hold these words too.")] = False,
) -> None:
    """Suggest a text no longer."""
    from data.curation import Ban

    _put(releases, shop, Ban(text, locale, within), f"banned: {text}")


@app.command()
def unban(text: Text, releases: Releases, shop: Shop = None, locale: Locale = "und") -> None:
    """Lift a ban."""
    from data.curation import Ban

    _drop(releases, shop, Ban(text, locale))


@app.command()
def pin(
    text: Text,
    releases: Releases,
    prefix: From = "",
    shop: Shop = None,
    locale: Locale = "und",
    place: Annotated[int, typer.Option(help="Among pins of the prefix, from 1.")] = 1,
    until: Annotated[
        datetime | None, typer.Option(help="UTC; it holds no longer from then on. For ever when not given.")
    ] = None,
) -> None:
    """Let a text stand first from a prefix on, as long as what is typed begins it."""
    from data.curation import Pin

    until_ms = None if until is None else int(until.replace(tzinfo=UTC).timestamp() * 1000)
    _put(releases, shop, Pin(prefix, text, locale, place, until_ms), f"pinned: {text}")


@app.command()
def unpin(text: Text, releases: Releases, prefix: From = "", shop: Shop = None, locale: Locale = "und") -> None:
    """Take a pin out."""
    from data.curation import Pin

    _drop(releases, shop, Pin(prefix, text, locale))


@app.command()
def add(text: Text, releases: Releases, shop: Shop = None, locale: Locale = "und") -> None:
    """Suggest a new text, as long as products in stock are found for it."""
    from data.curation import Label

    _put(releases, shop, Label(text, locale), f"suggested from now on: {text}")


@app.command()
def remove(text: Text, releases: Releases, shop: Shop = None, locale: Locale = "und") -> None:
    """Take back a text that was added."""
    from data.curation import Label

    _drop(releases, shop, Label(text, locale))


@app.command(name="list")
def list_all(
    releases: Releases,
    shop: Shop = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what holds."""
    import orjson

    held = _store(releases, shop).read()
    if as_json:
        typer.echo(orjson.dumps(held).decode())
        return
    for ban in held.bans:
        typer.echo(f"ban    {ban.locale:8} {ban.text}{' (and longer texts)' if ban.within else ''}")
    for pin in held.pins:
        end = (
            "" if pin.until_ms is None else f", until {datetime.fromtimestamp(pin.until_ms / 1000, UTC):%Y-%m-%d %H:%M}"
        )
        typer.echo(f"pin    {pin.locale:8} {pin.text} (place {pin.place} from {pin.prefix!r} on{end})")
    for label in held.labels:
        typer.echo(f"added  {label.locale:8} {label.text}")


def _store(releases: Path, shop: str | None) -> "CurationStore":
    from data.curation import CurationStore, read_curation
    from data.release import only_shop, open_release

    release = open_release(str(releases), shop or only_shop(str(releases)))
    carried = release.folder.carried_curation(release.manifest.id)
    return CurationStore(release.folder.curation, read_curation(carried))


def _put(releases: Path, shop: str | None, entry: "Entry", said: str) -> None:
    from data.curation import Ban, check_locale
    from data.release import load_release_config, only_shop, open_release

    name = shop or only_shop(str(releases))
    check_locale(entry, load_release_config(open_release(str(releases), name)).locales)
    store = _store(releases, name)
    store.put(entry, int(datetime.now(UTC).timestamp() * 1000))
    held = store.find(entry)
    # A ban that holds is not made narrower by another.
    kept = isinstance(entry, Ban) and isinstance(held, Ban) and held.within and not entry.within
    typer.echo(
        f"{said} (and longer texts with these words, as before; `unban` it first to keep those)" if kept else said
    )


def _drop(releases: Path, shop: str | None, entry: "Entry") -> None:
    _, dropped = _store(releases, shop).drop(entry)
    typer.echo(f"dropped: {entry.text}" if dropped else f"there was none: {entry.text}")
