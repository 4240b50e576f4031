"""`intentrie bench suggest|search|socket|build`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Latency, throughput, memory.")

Json = Annotated[str | None, typer.Option("--json", metavar="FILE", help="One JSON object; - for stdout.")]
Releases = Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")]
ShopName = Annotated[str | None, typer.Option(help="The only one when not given.")]
Url = Annotated[str | None, typer.Option(help="Of a running server; one is started and stopped when not given.")]
Key = Annotated[str | None, typer.Option(help="The shop's public key, where it has one.")]
Seed = Annotated[int, typer.Option(help="Of arrivals and choices.")]


@app.command()
def suggest(
    corpus: Annotated[Path | None, typer.Option(help="TSV text, weight: completions, in place of a release.")] = None,
    prefixes: Annotated[Path | None, typer.Option(help="JSONL prefix, target, weight, case?, locale?.")] = None,
    titles: Annotated[
        Path | None, typer.Option(help="Product titles, one a line: text that goes on with prefixes of no completion.")
    ] = None,
    releases: Annotated[str | None, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL.")] = None,
    shop: ShopName = None,
    locale: Annotated[str, typer.Option(help="Of a corpus and of prefixes that name none.")] = "en",
    seed: Seed = 0,
    json_file: Json = None,
) -> None:
    """Prefixes in process, one core: latency and quality by case."""
    from api.cli.serve import limit_threads

    limit_threads()
    from api.bench.suggest import bench_suggest
    from api.cli.report import report

    result = bench_suggest(
        corpus=corpus, prefixes=prefixes, titles=titles, releases=releases, shop=shop, locale=locale, seed=seed
    )
    report(result, json_file)


@app.command()
def search(
    releases: Releases,
    shop: ShopName = None,
    queries: Annotated[
        Path | None,
        typer.Option(help="CSV with a column `query`, or one a line; the shop's own labels when not given."),
    ] = None,
    rate: Annotated[float, typer.Option(min=0.1, help="Arrivals a second, Poisson.")] = 50.0,
    seconds: Annotated[float, typer.Option(min=1)] = 30.0,
    url: Url = None,
    key: Key = None,
    seed: Seed = 0,
    json_file: Json = None,
) -> None:
    """Searches, in process and over HTTP (open loop)."""
    from api.cli.serve import limit_threads

    limit_threads()
    from api.bench.search import bench_search, read_queries
    from api.bench.socket import shop_phrases
    from api.cli.report import report
    from data.release import only_shop

    name = shop or only_shop(releases)
    texts = read_queries(queries) if queries is not None else shop_phrases(releases, name, seed)
    report(bench_search(releases, name, texts, rate, seconds, url, key, seed), json_file)


@app.command()
def socket(
    releases: Releases,
    shop: ShopName = None,
    rate: Annotated[float, typer.Option(min=1, help="Keystrokes a second over all sockets, Poisson.")] = 1_000.0,
    sockets: Annotated[int, typer.Option(min=1, help="Open at the same time.")] = 200,
    seconds: Annotated[float, typer.Option(min=1)] = 20.0,
    idle: Annotated[int | None, typer.Option(min=1, help="So many sockets that nobody types on: memory alone.")] = None,
    url: Url = None,
    key: Key = None,
    seed: Seed = 0,
    json_file: Json = None,
) -> None:
    """Keystrokes over many sockets (open loop), and the server's memory."""
    from api.cli.serve import limit_threads

    limit_threads()
    from api.bench.idle import bench_idle
    from api.bench.socket import bench_socket
    from api.cli.report import report
    from data.release import only_shop

    if idle is not None:
        if url is not None:
            raise typer.BadParameter("--idle looks at the memory of a server that it starts; leave --url out")
        report(bench_idle(releases, shop or only_shop(releases), idle, seconds, key), json_file)
        return
    report(bench_socket(releases, shop or only_shop(releases), rate, sockets, seconds, url, key, seed), json_file)


@app.command()
def build(
    catalog: Annotated[Path, typer.Option(help="Canonical products.")],
    shop: Annotated[str, typer.Option(help="Its name.")] = "bench",
    events: Annotated[Path | None, typer.Option(help="As for `build`.")] = None,
    queries: Annotated[Path | None, typer.Option(help="As for `build`.")] = None,
    config: Annotated[Path | None, typer.Option(help="As for `build`.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Builds, one after the other into the same folder.")] = 1,
    json_file: Json = None,
) -> None:
    """A build into an empty folder: seconds by stage, memory, size."""
    from api.bench.build import bench_build
    from api.cli.report import report

    report(bench_build(catalog, shop, events, queries, config, rounds), json_file)
