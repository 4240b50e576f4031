"""`intentrie search TEXT`."""

import json
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="The query; empty to browse.")],
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    filters: Annotated[str, typer.Option(help='JSON, such as {"brand": {"in": ["Acme"]}}.')] = "{}",
    facet: Annotated[list[str] | None, typer.Option(help="Field to count; the shop's own when not given.")] = None,
    sort: Annotated[str | None, typer.Option(help="relevance, price_asc, price_desc, newest or oldest.")] = None,
    size: Annotated[int | None, typer.Option(min=0, max=200, help="The shop's own when not given.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Of the page before.")] = None,
    locale: Annotated[str | None, typer.Option(help="BCP 47; the shop's first one when not given.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Give score parts and the plan.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The wire's form.")] = False,
) -> None:
    """One page of results with its facets."""
    from api.assembly import now_ms, now_us, open_shop
    from api.http.wire import encode, understanding_json
    from data.errors import InvalidFilter
    from data.release import only_shop
    from retrieval.answer.request import SearchRequest
    from understanding.query import Query

    try:
        wanted: Any = json.loads(filters)
    except json.JSONDecodeError as error:
        raise InvalidFilter(f"--filters: expected a JSON object, got {filters!r}: {error}") from error
    if not isinstance(wanted, dict):
        raise InvalidFilter(
            f'--filters: expected a JSON object such as {{"brand": {{"in": ["Acme"]}}}}, got {filters!r}'
        )
    held = open_shop(releases, shop or only_shop(releases))
    started_us = now_us()
    understanding = held.understander.understand(Query(text, held.config.locale_of(locale)))
    request = SearchRequest(
        query=text,
        filters=wanted,
        facets=tuple(facet) if facet else None,
        sort=sort,
        size=held.config.search.page_size if size is None else size,
        cursor=cursor,
        locale=held.config.locale_of(locale),
        explain=explain,
        now_ms=now_ms(),
    )
    result = held.engine.search(request, understanding)
    took_us = now_us() - started_us
    if not as_json:
        _show(text, result, understanding, took_us, held.release_id)
        return
    understood = understanding_json(understanding)
    answer = {
        "results": result.hits,
        "total": result.total,
        "facets": result.facets,
        "understanding": understood,
        "corrections": understood["corrections"],
        "cursor": result.cursor,
        "took_ms": took_us / 1000,
        "release": held.release_id,
        "degraded": result.degraded,
        **({"explain": {"timings_us": result.timings, "retrieval": result.explain}} if explain else {}),
    }
    typer.echo(json.dumps(json.loads(encode(answer)), ensure_ascii=False, indent=2))


def _show(text: str, result: Any, understanding: Any, took_us: int, release: str) -> None:
    """For people: what was read from the query, the page, the facets, and how long it took."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from data.currency import MINOR_DIGITS

    console = Console()
    if understanding.text != text:
        console.print(f"showing results for {understanding.text!r}")
    for constraint in understanding.constraints:
        if constraint.strict:
            values = ", ".join(map(str, constraint.values))
            console.print(f"{constraint.text!r} read as {constraint.field} {constraint.operator} {values}", style="dim")
    table = Table("", "product", "id", "price", "stock", "score", box=None, header_style="dim")
    explained = any(hit.reasons for hit in result.hits)
    if explained:
        table.add_column("reasons")
    for number, hit in enumerate(result.hits, 1):
        title = Text(hit.title, overflow="ellipsis", no_wrap=True)
        for start, end in hit.highlights:
            title.stylize("bold", start, end)
        price = ""
        if hit.price_minor is not None:
            digits = MINOR_DIGITS.get(hit.currency, 2)
            price = f"{hit.price_minor / 10**digits:,.{digits}f} {hit.currency}"
        reasons = ", ".join(f"{name} {value:.3f}" for name, value in hit.reasons.items())
        row = [str(number), title, hit.product_id, price, "" if hit.in_stock else "sold out", f"{hit.score:.3f}"]
        table.add_row(*row, *([reasons] if explained else []))
    console.print(table if result.hits else f"nothing found for {text!r}")
    for facet in result.facets:
        values = "  ".join(f"{value.label} ({value.count})" for value in facet.values)
        console.print(Text.assemble((f"{facet.field}: ", "bold"), values, f"  +{facet.more}" if facet.more else ""))
    skipped = f", without {', '.join(result.degraded)}" if result.degraded else ""
    console.print(f"{result.total:,} products in {took_us / 1000:.1f} ms{skipped}, release {release}", style="dim")
