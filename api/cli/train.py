"""`intentrie train suggester|…`: one command a piece, each writes one folder that a build takes with `--models`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What the shop's log teaches, as models.")

Json = Annotated[str | None, typer.Option("--json", metavar="FILE", help="One JSON object; - for stdout.")]
Until = Annotated[str | None, typer.Option(help="Only what was logged before it (ISO 8601) is read.")]


@app.callback()
def train() -> None:
    """What the shop's log teaches, as models."""


@app.command()
def suggester(
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    mined: Annotated[Path, typer.Option(help="Folder of `intentrie mine`.")],
    out: Annotated[Path, typer.Option(help="Folder for the model: suggester.json, trees.txt.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    until: Until = None,
    seed: Annotated[int, typer.Option(help="Draws the keystrokes that are learned from.")] = 0,
    json_file: Json = None,
) -> None:
    """The order of suggestions: LambdaMART over popularity, prefixes, seasons and sessions."""
    from api.build.material import parse_time
    from api.cli.report import report
    from api.train.suggester import train_suggester

    until_ms = None if until is None else parse_time(until)
    report(train_suggester(releases, mined, out, shop, until_ms, seed), json_file)


@app.command()
def reranker(
    out: Annotated[Path, typer.Option(help="Folder for the model: reranker.json, trees.txt.")],
    pairs: Annotated[Path | None, typer.Option(help="CSV query,title,relevance (.gz too), in place of a shop.")] = None,
    locale: Annotated[str, typer.Option(help="Of the pairs.")] = "en",
    seed: Annotated[int, typer.Option(help="Draws the queries that are held out.")] = 0,
    json_file: Json = None,
) -> None:
    """The order of products: LambdaMART over words, sources, graph and log."""
    from api.cli.report import report
    from api.evaluate.pairs import read_pairs
    from api.train.reranker import train_on_pairs
    from data.errors import InputError

    if pairs is None:
        raise InputError("expected --pairs")
    report(train_on_pairs(read_pairs(pairs), out, locale, seed), json_file)
