"""`intentrie suggest TEXT`."""

import json
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def suggest(
    text: Annotated[str, typer.Argument(help="What was typed so far; may be empty.")],
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=50, help="The shop's own when not given.")] = None,
    locale: Annotated[str | None, typer.Option(help="BCP 47; the shop's first one when not given.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="Keep places for categories and products.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Give reasons.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The wire's form.")] = False,
) -> None:
    """The suggestions for one prefix."""
    from rich.console import Console
    from rich.table import Table

    from api.assembly import now_ms, now_us
    from api.http.wire import encode, suggestion_json
    from api.live.opened import open_live_shop
    from api.pictures import with_pictures
    from autocomplete.context import Context
    from autocomplete.prefix import Prefix
    from data.release import only_shop

    held = open_live_shop(releases, shop or only_shop(releases))
    prefix = Prefix(text, limit or held.config.suggest.limit, held.config.locale_of(locale), groups)
    started_us = now_us()
    suggestions = held.completer.complete(prefix, Context(now_ms(), explain=explain))
    took_us = now_us() - started_us
    wire = [suggestion_json(suggestion, explain) for suggestion in with_pictures(suggestions, held.engine)]
    if as_json:
        answer = {"suggestions": wire, "took_us": took_us, "release": held.release_id}
        typer.echo(json.dumps(json.loads(encode(answer)), ensure_ascii=False, indent=2))
        return
    table = Table("suggestion", "kind", "source", "score", *(["reasons"] if explain else []), box=None)
    for suggestion in suggestions:
        scope = f"  in {suggestion.scope}" if suggestion.scope else ""
        # A row on a screen; `--json` has every digit.
        told = (
            (name, f"{value:.4g}" if isinstance(value, float) else value) for name, value in suggestion.reasons.items()
        )
        reasons = ", ".join(f"{name} {value}" for name, value in told)
        if suggestion.correction is not None:
            reasons = f"{suggestion.correction.original!r} read as {suggestion.correction.replacement!r}, {reasons}"
        row = [f"{suggestion.text}{scope}", suggestion.kind, suggestion.source, f"{suggestion.score:.3g}"]
        table.add_row(*row, *([reasons] if explain else []))
    console = Console()
    console.print(table if suggestions else f"nothing begins like {text!r}")
    console.print(f"{took_us} µs, release {held.release_id}", style="dim")
