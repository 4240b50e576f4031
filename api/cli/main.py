"""The `intentrie` command: one sub-command a file, imported when it is called."""

import importlib
import os
import sys

from data.errors import IntentrieError

# verb -> (module, one line for --help). Modules hold a `app: typer.Typer`; importing all of them would cost
# every call the import of every library.
VERBS = {
    "demo": ("api.cli.demo", "Make the demo shop, build its release, serve it."),
    "import": ("api.cli.import_", "Turn a feed into canonical files."),
    "build": ("api.cli.build", "Build and publish a release from canonical files."),
    "serve": ("api.cli.serve", "Serve the current releases."),
    "block": ("api.cli.block", "Put a shop's block lists into force, for every release."),
    "curate": ("api.cli.curate", "Ban, pin, add suggestions at once."),
    "releases": ("api.cli.releases", "List, show, verify, roll back, prune."),
    "suggest": ("api.cli.suggest", "One prefix's suggestions."),
    "understand": ("api.cli.understand", "What a query means."),
    "search": ("api.cli.search", "One query's products."),
    "graph": ("api.cli.graph", "Validate, import, export, compare the graph."),
    "mine": ("api.cli.mine", "What the log teaches: completions, click models, candidates."),
    "learn": ("api.cli.learn", "One night: mine, train, try, publish what is better."),
    "train": ("api.cli.train", "Models from the log: what a build takes with --models."),
    "evaluate": ("api.cli.evaluate", "Quality on judged data."),
    "bench": ("api.cli.bench", "Latency, throughput, memory."),
}


def main() -> None:
    """Run the command.

    An error on purpose is one line on stderr and exit code 1; an unknown verb is exit code 2.
    """
    verb, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("--help", [])
    if verb not in VERBS:
        asked = verb in ("--help", "-h", "help")
        print(
            overview() if asked else f"intentrie: no verb {verb!r}\n\n{overview()}",
            file=sys.stdout if asked else sys.stderr,
        )
        sys.exit(0 if asked else 2)
    # What nobody foresaw is told as Python tells it: the drawn one prints a model of 90 MB, digit by digit.
    os.environ.setdefault("TYPER_STANDARD_TRACEBACK", "1")
    try:
        importlib.import_module(VERBS[verb][0]).app(args=arguments, prog_name=f"intentrie {verb}")
    except IntentrieError as error:
        print(f"intentrie: {error}", file=sys.stderr)
        sys.exit(1)


def overview() -> str:
    """The verbs, each with its one line."""
    lines = [f"  {verb:12}{line}" for verb, (_, line) in VERBS.items()]
    return "\n".join(["Usage: intentrie VERB [OPTIONS]   (intentrie VERB --help says more)", "", *lines])


if __name__ == "__main__":
    main()
