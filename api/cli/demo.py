"""`intentrie demo`: the demo shop, made, built and served."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.serve import limit_threads

app = typer.Typer(add_completion=False)

_SHOP = "demo"
# What is trained within the three minutes that a newcomer waits.
MODELS = ("suggester",)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Of the storefront on 127.0.0.1.")] = 8000,
    folder: Annotated[Path, typer.Option(help="Where the demo's catalogue and releases go.")] = Path("var/demo"),
    seed: Annotated[int, typer.Option(help="Another seed is another shop of the same words.")] = 7,
    lexicon: Annotated[
        Path | None, typer.Option(help="Another shop's words (docs/laboratory.md); the built-in ones when not given.")
    ] = None,
    shoppers: Annotated[
        int, typer.Option(min=1, help="People in the simulated log of 60 days; fewer are simulated sooner.")
    ] = 4000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Stop after the build when off.")] = True,
) -> None:
    """Make the demo shop, let it learn from its first 50 days, build its release, serve it, say where to click.

    The last ten days are left out of everything that is learned: `truth/` has what to measure on them.
    """
    limit_threads()
    from api.build.report import reporting
    from api.learn.job import LearnRequest, learn
    from data.demo.catalogue import DAYS, start_of_day
    from data.demo.files import write_demo
    from data.demo.said import report_from

    releases = folder / "releases"
    with reporting("demo") as report:
        files = write_demo(folder, seed, lexicon, shoppers, report)
        request = LearnRequest(
            files.catalog,
            _SHOP,
            releases,
            (files.events,),
            reviews=files.reviews,
            config=files.config,
            until_ms=start_of_day(report_from(DAYS)),
            models=MODELS,
            force=True,
        )
        learned = learn(request, report)
    for verdict in learned.verdicts:
        print(f"{verdict.model}: {verdict.reason}")
    print(f"What the shop learned: {learned.report}")
    if not serve:
        return
    from api.http.server import run_server
    from api.settings import load_settings

    print(
        f"\nThe demo shop is open:  http://127.0.0.1:{port}/shops/{_SHOP}\n"
        f"Its API:                http://127.0.0.1:{port}/docs\n"
        'Try "hea", "hedphones", "mustard jaket under 130", "jacket without nylon". Stop it with Ctrl-C.\n',
        flush=True,
    )
    run_server(load_settings(releases=str(releases), port=port))
