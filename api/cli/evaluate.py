"""`intentrie evaluate search|rerank|suggest|spelling|compare`."""

from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Quality on judged data.")

Json = Annotated[str | None, typer.Option("--json", metavar="FILE", help="One JSON object; - for stdout.")]
PerQuery = Annotated[Path | None, typer.Option(help="CSV of every query's measures, for `evaluate compare`.")]
Locale = Annotated[str | None, typer.Option(help="BCP 47; the shop's first when not given.")]


@app.command()
def search(
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    judgments: Annotated[Path, typer.Option(help="CSV query,docid,rating or TREC qrels.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    without: Annotated[
        str, typer.Option(help="Stages to switch off, by comma: spelling,expansion,concept,dense,reranker.")
    ] = "",
    locale: Locale = None,
    per_query: PerQuery = None,
    json_file: Json = None,
) -> None:
    """NDCG, recall and MRR of a release on judged queries."""
    from api.assembly import open_shop
    from api.cli.report import report
    from api.evaluate import search as evaluation
    from api.evaluate.measures import summarise
    from api.evaluate.per_query import write_per_query
    from data.judgment import read_judgments
    from data.release import only_shop

    stages = [stage.strip() for stage in without.split(",") if stage.strip()]
    held = open_shop(releases, shop or only_shop(releases), lambda config: evaluation.without(config, stages))
    values = evaluation.evaluate_search(held, read_judgments(judgments), locale)
    if per_query is not None:
        write_per_query(per_query, values)
    report({**summarise(values), "release": held.release_id, "without": stages}, json_file)


@app.command()
def rerank(
    pairs: Annotated[Path, typer.Option(help="CSV query,title,relevance (.gz too).")],
    locale: Annotated[str, typer.Option(help="Of queries and titles.")] = "en",
    model: Annotated[Path | None, typer.Option(help="Folder of `intentrie train reranker`.")] = None,
    per_query: PerQuery = None,
    json_file: Json = None,
) -> None:
    """NDCG of each query's own judged titles, in process, beside the fusion, BM25 alone and a random order."""
    from api.cli.report import report
    from api.evaluate.measures import summarise
    from api.evaluate.pairs import read_pairs
    from api.evaluate.per_query import write_per_query
    from api.evaluate.rerank import evaluate_rerank

    found = evaluate_rerank(read_pairs(pairs), locale, model)
    shown = found.fused if found.reranked is None else found.reranked
    if per_query is not None:
        write_per_query(per_query, shown)
    beside = {
        f"{name}_ndcg@10": fmean(held["ndcg@10"] for held in values.values())
        for name, values in (("fused", found.fused), ("bm25", found.bm25), ("random", found.random))
    }
    report({**summarise(shown), **beside}, json_file)


@app.command()
def suggest(
    corpus: Annotated[Path | None, typer.Option(help="TSV text, weight: completions, in place of a release.")] = None,
    prefixes: Annotated[Path | None, typer.Option(help="JSONL prefix, target, weight, case?, locale?.")] = None,
    titles: Annotated[
        Path | None, typer.Option(help="Product titles, one a line: text that goes on with prefixes of no completion.")
    ] = None,
    releases: Annotated[str | None, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL.")] = None,
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    locale: Annotated[str, typer.Option(help="Of a corpus and of prefixes that name none.")] = "en",
    seed: Annotated[int, typer.Option(help="Of prefixes, where no file of them is given.")] = 0,
    model: Annotated[
        Path | None, typer.Option(help="Folder of `intentrie train suggester`; takes the place of the release's.")
    ] = None,
    mined: Annotated[
        Path | None, typer.Option(help="Folder of `intentrie mine` for --model; the release's own when not given.")
    ] = None,
    per_query: PerQuery = None,
    json_file: Json = None,
) -> None:
    """MRR and success of completions by case, beside exact prefixes by weight, and beside the most popular."""
    from api.cli.report import report
    from api.evaluate.per_query import write_per_query
    from api.evaluate.suggest import evaluate_suggest

    result, values = evaluate_suggest(
        corpus=corpus,
        prefixes=prefixes,
        titles=titles,
        releases=releases,
        shop=shop,
        locale=locale,
        seed=seed,
        model=model,
        mined=mined,
    )
    if per_query is not None:
        write_per_query(per_query, values)
    report(result, json_file)


@app.command()
def spelling(
    pairs: Annotated[Path, typer.Option(help="CSV query,correct (.gz too); equal for a well-spelt query.")],
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    locale: Locale = None,
    json_file: Json = None,
) -> None:
    """How often queries come out as they were meant, and how often a good one is spoilt."""
    from api.assembly import open_shop
    from api.cli.report import report
    from api.evaluate.spelling import evaluate_spelling, read_spellings
    from data.release import only_shop

    held = open_shop(releases, shop or only_shop(releases))
    spoken = locale or held.locale
    found = evaluate_spelling(
        read_spellings(pairs), lambda query: held.understander.correct_query(query, spoken), spoken
    )
    report({**found, "release": held.release_id}, json_file)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A file that --per-query wrote: before.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another: after.")],
    measure: Annotated[str, typer.Option(help="The column to compare.")] = "ndcg@10",
    listed: Annotated[int, typer.Option(min=0, help="Queries listed that B lost most on, and won.")] = 10,
    json_file: Json = None,
) -> None:
    """Whether B is better than A, query by query."""
    from api.cli.report import report
    from api.evaluate.compare import compare as compare_runs
    from api.evaluate.per_query import read_per_query

    found = compare_runs(read_per_query(a), read_per_query(b), measure, listed)
    difference = found.difference
    result = {
        "measure": found.measure,
        "queries": found.queries,
        "wins": found.wins,
        "losses": found.losses,
        "ties": found.ties,
        "difference": difference.mean,
        "difference_interval": [difference.low, difference.high],
        "bootstrap_p": found.bootstrap_p,
        "randomisation_p": found.randomisation_p,
        "worst": [{"query": query, "a": before, "b": after} for query, before, after in found.worst],
        "best": [{"query": query, "a": before, "b": after} for query, before, after in found.best],
    }
    report(result, json_file)


@app.command()
def safety(
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    truth: Annotated[Path, typer.Option(help="A simulated shop's truth.json: what was planted.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
    json_file: Json = None,
) -> None:
    """Every completion x every prefix: what is shown that must not be; exit code 1 when there is any."""
    from api.cli.report import report
    from api.evaluate.safety import evaluate_safety

    result = evaluate_safety(releases, truth, shop)
    report(result, json_file)
    if any(result["violations"].values()):
        raise typer.Exit(1)


@app.command()
def candidates(
    mined: Annotated[Path, typer.Option(help="Folder of `intentrie mine`, or its candidates.jsonl.")],
    truth: Annotated[Path, typer.Option(help="JSON: synonyms, hypernyms, misspellings, attributes.")],
    least_score: Annotated[float, typer.Option(min=0, max=1, help="Candidates below it are not counted.")] = 0.5,
    show: Annotated[int, typer.Option(min=0, help="So many wrong and missed pairs of each kind are listed.")] = 0,
    json_file: Json = None,
) -> None:
    """Precision and recall of mined candidates, kind by kind."""
    from api.cli.report import report
    from api.evaluate.assignments import evaluate_assignments, read_forgotten
    from api.evaluate.candidates import evaluate_candidates, read_seldom, read_truth
    from data.mining.assignment import read_assignments
    from data.mining.candidate import read_candidates
    from data.mining.state import ATTRIBUTES

    path = mined / "candidates.jsonl" if mined.is_dir() else mined
    found = evaluate_candidates(read_candidates(path), read_truth(truth), least_score, read_seldom(truth))
    forgotten = read_forgotten(truth)
    if forgotten:
        found.append(evaluate_assignments(read_assignments(path.with_name(ATTRIBUTES)), forgotten, least_score))
    rows = []
    for one in found:
        row: dict[str, object] = {
            "case": one.kind, "precision": one.precision, "recall": one.recall, "said": one.said, "true": one.true,
        }  # fmt: skip
        rows.append(row | ({"wrong": one.wrong[:show], "missed": one.missed[:show]} if show else {}))
    report({"cases": rows, "least_score": least_score}, json_file)
