"""`intentrie build`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def build(
    catalog: Annotated[Path, typer.Option(help="Canonical products: .jsonl, .csv or .parquet, each also .gz.")],
    shop: Annotated[str, typer.Option(help="The shop's name.")],
    releases: Annotated[Path, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder of the releases.")],
    events: Annotated[Path | None, typer.Option(help="UBI events, beside those in the shop's own log.")] = None,
    reviews: Annotated[Path | None, typer.Option(help="Canonical reviews.")] = None,
    queries: Annotated[Path | None, typer.Option(help="Logged queries with counts.")] = None,
    config: Annotated[Path | None, typer.Option(help="The shop's TOML; shops/NAME.toml when there is one.")] = None,
    graph_store: Annotated[
        str | None, typer.Option(help="URL of the graph store; RELEASES/NAME/graph.sqlite when not given.")
    ] = None,
    judgments: Annotated[
        Path | None, typer.Option(help="Rated results (CSV query,docid,rating or TREC qrels) for the gate.")
    ] = None,
    catalog_time: Annotated[
        str | None,
        typer.Option(
            help="When the catalogue was exported (ISO 8601), for rows that do not say: older live changes give way. "
            "Without it they hold."
        ),
    ] = None,
    mined: Annotated[
        Path | None,
        typer.Option(help="Folder of `intentrie mine`: query log, words and counters, instead of --events."),
    ] = None,
    models: Annotated[
        Path | None,
        typer.Option(help="Folder with any of encoder/, fusion.json, reranker/, suggester/ from `intentrie train`."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish even if the gate finds it worse.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The manifest without its files on stdout.")] = False,
) -> None:
    """Build a release of a shop from canonical files and make it current.

    Nothing is published when an input cannot be used, when the release is worse than its parent by more than the shop's
    [gates] allow, or when anything fails on the way: the old release goes on.
    """
    from api.build.material import BuildRequest, parse_time
    from api.build.pipeline import run_build
    from api.build.report import print_manifest, reporting

    at_ms = parse_time(catalog_time) if catalog_time is not None else None
    request = BuildRequest(
        catalog,
        shop,
        releases,
        events=events,
        reviews=reviews,
        queries=queries,
        config=config,
        graph_store=graph_store,
        judgments=judgments,
        catalog_at_ms=at_ms,
        force=force,
        mined=mined,
        models=models,
    )
    with reporting() as report:
        manifest = run_build(request, report)
    print_manifest(manifest, releases, as_json)
