"""`intentrie mine`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def mine(
    events: Annotated[list[Path], typer.Option(help="UBI events: files or folders of .jsonl, .jsonl.gz; repeatable.")],
    out: Annotated[Path, typer.Option(help="The mining folder; what is folded in already is not read again.")],
    more_events: Annotated[list[Path] | None, typer.Argument(metavar="[EVENTS]…", help="More of them.")] = None,
    catalog: Annotated[Path | None, typer.Option(help="Canonical products, for candidates about their types.")] = None,
    config: Annotated[Path | None, typer.Option(help="The shop's TOML, for reading the catalogue.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Only events before it (ISO 8601; a date is its 00:00 UTC) are in the tables.")
    ] = None,
    forget: Annotated[
        list[str] | None, typer.Option(metavar="USER", help="Leave a person out, now and from now on; repeatable.")
    ] = None,
    fewest_people: Annotated[
        int, typer.Option(min=1, help="Queries of fewer people are in no completion and no candidate.")
    ] = 5,
    locale: Annotated[str | None, typer.Option(help="Of events that name none; the shop's first.")] = None,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="What the run did as one object; - for stdout.")
    ] = None,
) -> None:
    """Mine completions, click models, prefix logs and candidates for the graph from shoppers' events.

    A second run reads only new or changed files. A run that was killed is simply started again.
    """
    import time

    from api.build.material import parse_time
    from api.build.report import reporting
    from api.cli.report import report as print_report
    from data.catalog import read_products
    from data.mining.candidate import KINDS
    from data.mining.run import MiningRequest
    from data.mining.run import mine as run
    from data.quarantine import Quarantine
    from data.shop import load_shop

    begin = time.perf_counter()
    shop = load_shop(config, config.stem if config is not None else "shop")
    products = read_products(catalog, shop, Quarantine()) if catalog is not None else []
    request = MiningRequest(
        (*events, *(more_events or ())),
        out,
        tuple(products),
        None if until is None else parse_time(until),
        tuple(forget or ()),
        fewest_people,
        locale or shop.locale,
    )
    with reporting("mine") as report:
        result = run(request, report)
    print_report(
        {
            "events": result.new_events,
            "new_files": result.new_files,
            "new_days": result.new_days,
            "days": result.days,
            "robots": result.robots,
            "rows": [{"table": name, "rows": count} for name, count in result.rows.items()],
            **{kind: sum(one.kind == kind for one in result.candidates) for kind in KINDS},
            "seconds": time.perf_counter() - begin,
        },
        json_file,
    )
