"""`intentrie learn`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def learn(
    catalog: Annotated[Path, typer.Option(help="Canonical products: .jsonl, .csv or .parquet, each also .gz.")],
    shop: Annotated[str, typer.Option(help="The shop's name.")],
    releases: Annotated[Path, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder of the releases.")],
    events: Annotated[
        list[Path] | None, typer.Option(help="UBI events, files or folders, beside the shop's own log; repeatable.")
    ] = None,
    reviews: Annotated[Path | None, typer.Option(help="Canonical reviews.")] = None,
    config: Annotated[Path | None, typer.Option(help="The shop's TOML; shops/NAME.toml when there is one.")] = None,
    graph_store: Annotated[
        str | None, typer.Option(help="URL of the graph store; RELEASES/NAME/graph.sqlite when not given.")
    ] = None,
    judgments: Annotated[Path | None, typer.Option(help="Rated results for the release's gate.")] = None,
    until: Annotated[str | None, typer.Option(help="Only events before it (ISO 8601) are read.")] = None,
    forget: Annotated[
        list[str] | None, typer.Option(metavar="USER", help="Leave a person out, now and from now on; repeatable.")
    ] = None,
    held_out_days: Annotated[int, typer.Option(min=1, help="Last days of the log, on which models are tried.")] = 7,
    models: Annotated[str, typer.Option(help="Which to train, by comma; none with ''.")] = (
        "encoder,fusion,reranker,suggester"
    ),
    force: Annotated[
        bool, typer.Option("--force", help="Publish the release even if its gate finds it worse.")
    ] = False,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="What came of it as one object; - for stdout.")
    ] = None,
) -> None:
    """Mine the log, train, try each model on days it never saw, publish what is better: one night's job.

    Exit code 1 when the release's gate refused it; the old release goes on, and the report says why.
    """
    from api.build.material import parse_time
    from api.build.report import reporting
    from api.cli.report import report as print_report
    from api.cli.serve import limit_threads

    limit_threads()
    from api.learn.job import LearnRequest
    from api.learn.job import learn as run

    request = LearnRequest(
        catalog,
        shop,
        releases,
        tuple(events or ()),
        reviews=reviews,
        config=config,
        graph_store=graph_store,
        judgments=judgments,
        until_ms=None if until is None else parse_time(until),
        forget=tuple(forget or ()),
        held_out_days=held_out_days,
        models=tuple(model.strip() for model in models.split(",") if model.strip()),
        force=force,
    )
    with reporting("learn") as report:
        learned = run(request, report)
    print_report(
        {
            "outcome": learned.outcome,
            "published": learned.published,
            "release": None if learned.manifest is None else learned.manifest.id,
            "models": [
                {
                    "model": verdict.model,
                    "accepted": verdict.accepted,
                    "measure": verdict.measure,
                    "now": verdict.champion,
                    "new": verdict.challenger,
                    "reason": verdict.reason,
                }
                for verdict in learned.verdicts
            ],
            "seconds": round(sum(learned.seconds.values()), 1),
            "report": str(learned.report),
        },
        json_file,
    )
    if not learned.published:
        raise typer.Exit(1)
