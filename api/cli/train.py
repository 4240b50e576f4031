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
    releases: Annotated[str | None, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL.")] = None,
    mined: Annotated[Path | None, typer.Option(help="Folder of `intentrie mine`.")] = None,
    judgments: Annotated[Path | None, typer.Option(help="CSV query,docid,rating, in place of the log.")] = None,
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    until: Until = None,
    locale: Annotated[str, typer.Option(help="Of the pairs.")] = "en",
    seed: Annotated[int, typer.Option(help="Draws the queries that are held out.")] = 0,
    json_file: Json = None,
) -> None:
    """The order of products: LambdaMART over words, sources, graph and log."""
    from api.build.material import parse_time
    from api.cli.report import report
    from api.evaluate.pairs import read_pairs
    from api.train.reranker import train_on_pairs, train_reranker
    from data.errors import InputError

    if pairs is not None:
        result = train_on_pairs(read_pairs(pairs), out, locale, seed)
    elif releases is None:
        raise InputError("expected --pairs, or --releases with --mined or --judgments, got neither")
    else:
        until_ms = None if until is None else parse_time(until)
        result = train_reranker(releases, mined, out, shop, until_ms, judgments, seed)
    report(result, json_file)


@app.command()
def fusion(
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    out: Annotated[Path, typer.Option(help="Folder for fusion.json.")],
    mined: Annotated[Path | None, typer.Option(help="Folder of `intentrie mine`.")] = None,
    judgments: Annotated[Path | None, typer.Option(help="CSV query,docid,rating, in place of the log.")] = None,
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    until: Until = None,
    json_file: Json = None,
) -> None:
    """Weights of words, concepts and vectors, by the nDCG of the shop's own queries."""
    from api.build.material import parse_time
    from api.cli.report import report
    from api.train.fusion import train_fusion

    until_ms = None if until is None else parse_time(until)
    report(train_fusion(releases, mined, out, shop, until_ms, judgments), json_file)


@app.command()
def encoder(
    catalog: Annotated[Path, typer.Option(help="Canonical products: .jsonl, .csv or .parquet, each also .gz.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    config: Annotated[Path | None, typer.Option(help="The shop's TOML, for its locales.")] = None,
    mined: Annotated[Path | None, typer.Option(help="Folder of `intentrie mine`, for its queries.")] = None,
    teacher: Annotated[
        str | None, typer.Option(help="A sentence-transformers model to learn from: a folder, an id, or `packaged`.")
    ] = None,
    export: Annotated[
        bool, typer.Option("--export", help="Export the teacher itself to ONNX, in 8-bit whole numbers.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the training.")] = 0,
    json_file: Json = None,
) -> None:
    """What turns texts into vectors: a table of the shop's own words, or any model of sentence-transformers."""
    from api.cli.report import report
    from api.train.encoder import train_encoder

    report(train_encoder(catalog, out, config, mined, teacher, export, seed), json_file)
