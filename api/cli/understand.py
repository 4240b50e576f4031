"""`intentrie understand TEXT`."""

import json
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def understand(
    text: Annotated[str, typer.Argument(help="A query.")],
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    locale: Annotated[str | None, typer.Option(help="BCP 47; the shop's first one when not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The wire's form.")] = False,
) -> None:
    """What one query means: corrections, mentions, constraints, intents, expansions."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from api.assembly import now_us, open_shop
    from api.http.wire import encode, understanding_json
    from data.release import only_shop
    from understanding.query import Query

    held = open_shop(releases, shop or only_shop(releases))
    started_us = now_us()
    found = held.understander.understand(Query(text, held.config.locale_of(locale)))
    took_us = now_us() - started_us
    if as_json:
        answer = {**understanding_json(found), "took_us": took_us, "release": held.release_id}
        typer.echo(json.dumps(json.loads(encode(answer)), ensure_ascii=False, indent=2))
        return
    table = Table("what", "from", "read as", "sure", "why", box=None)

    def row(what: str, origin: str, meaning: str, confidence: float, why: str) -> None:
        # As plain text: a query may hold what the console takes for markup.
        table.add_row(what, Text(origin), Text(meaning), f"{confidence:.2f}", Text(why))

    for correction in found.corrections:
        what = "correction" if correction.applied else "did you mean"
        row(what, correction.original, correction.replacement, correction.confidence, correction.evidence)
    for mention in found.mentions:
        row(mention.scheme.replace("_", " "), mention.text, mention.label, mention.confidence, "")
    for constraint in found.constraints:
        values = ", ".join(str(value) for value in constraint.values)
        how = "filters" if constraint.strict else "lifts"
        row(
            "constraint",
            constraint.text,
            f"{constraint.field} {constraint.operator} {values}",
            constraint.confidence,
            how,
        )
    for intent in (*found.intents, *found.categories):
        row(f"wants {intent.scheme.replace('_', ' ')}", "", intent.label, intent.confidence, intent.evidence)
    for expansion in found.expansions:
        origin = text[expansion.start : expansion.end]
        row("expansion", origin, expansion.text, expansion.weight, expansion.reason)
    console = Console()
    if found.text != text:
        console.print(Text(f"read as {found.text!r}"))
    console.print(table if table.row_count else Text(f"nothing in {text!r} is known to this shop"))
    console.print(f"{took_us} µs, release {held.release_id}", style="dim")
