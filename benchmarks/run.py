"""Every measure of this project in one run, as a report: `make bench`, or `python -m benchmarks.run --help`.

The data is not part of the project: `--datasets` names the folder with `icecat/products.jsonl.gz` and `ratings.csv`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STAGES = ("spelling", "expansion", "concept", "dense")
COMPLETIONS = 100_000


def intentrie(*arguments: object) -> dict[str, Any]:
    """Run the command; gives its JSON when `--json -` is among the arguments."""
    command = [sys.executable, "-m", "api.cli.main", *map(str, arguments)]
    print("$ intentrie", *arguments, file=sys.stderr, flush=True)
    done = subprocess.run(command, check=True, text=True, capture_output=True, cwd=ROOT)
    return json.loads(done.stdout) if "-" in arguments else {}


def table(rows: list[dict[str, Any]], columns: list[str]) -> str:
    """A Markdown table of some keys of some rows; empty without rows."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(shown(row.get(column, "")) for column in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:,.1f}"
    return str(value)


def relevance(releases: Path, judgments: Path) -> str:
    """The whole and the whole without each stage, on the same queries."""
    rows = []
    for name, without in [
        ("everything", ""),
        *((f"without {stage}", stage) for stage in STAGES),
        ("BM25 alone", ",".join(STAGES)),
    ]:
        switched = ["--without", without] if without else []
        found = intentrie(
            "evaluate", "search", "--releases", releases, "--judgments", judgments, *switched, "--json", "-"
        )
        rows.append({"run": name, **found})
    return table(rows, ["run", "ndcg@10", "judged_ndcg@10", "recall@100", "mrr@10", "queries"])


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("INTENTRIE_DATASETS") or ROOT.parent / "shared" / "datasets"
    cli.add_argument("--datasets", type=Path, default=Path(default))
    cli.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "REPORT.md")
    cli.add_argument("--seconds", type=float, default=20.0, help="of each load test")
    options = cli.parse_args()
    icecat = options.datasets / "icecat"
    if not icecat.is_dir():
        sys.exit(f"expected the Icecat set in {icecat}; name the folder above it with --datasets")
    began = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        intentrie("import", "icecat", icecat / "products.jsonl.gz", "--out", place / "in")
        catalog, releases = place / "in" / "catalog.jsonl.gz", place / "releases"
        built = intentrie("bench", "build", "--catalog", catalog, "--rounds", 1, "--json", "-")
        intentrie("build", "--catalog", catalog, "--shop", "icecat", "--releases", releases)
        load = ("--releases", releases, "--seconds", options.seconds, "--json", "-")
        sections = {
            "Build": table(built["cases"], list(built["cases"][0])),
            "Relevance on Icecat, whole catalogue, its rated queries": relevance(releases, icecat / "ratings.csv"),
            "Suggestions, in process": table(
                intentrie("bench", "suggest", "--releases", releases, "--json", "-")["cases"],
                ["case", "queries", "mrr@10", "success@10", "p50_us", "p99_us"],
            ),
            "Suggestions over 200 sockets, 1,000 keystrokes a second": described(intentrie("bench", "socket", *load)),
            "Search over HTTP, 50 a second, open loop": described(
                intentrie("bench", "search", "--queries", icecat / "ratings.csv", *load)
            ),
        }
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    took = f"{time.time() - began:.0f} s"
    head = f"# Benchmarks\n\nWritten by `make bench` in {took} on {machine}. Medians of one run; compare ratios.\n"
    body = "".join(f"\n## {title}\n\n{text}" for title, text in sections.items())
    options.out.write_text(head + body, encoding="utf-8")
    print(f"written to {options.out}")


def described(result: dict[str, Any]) -> str:
    """All rows of a bench with all their keys, and what it says besides."""
    columns = list(dict.fromkeys(key for row in result["cases"] for key in row))
    rest = {key: value for key, value in result.items() if key != "cases"}
    return table(result["cases"], columns) + ("\n" + table([rest], list(rest)) if rest else "")


if __name__ == "__main__":
    main()
