"""The documentation does what it says: its commands exist, its file works, its answer is the real one."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.main import VERBS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GROUPS = ("import", "releases", "graph", "evaluate", "bench")


def intentrie(*arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, "-m", "api.cli.main", *arguments]
    environment = {**os.environ, "COLUMNS": "96", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd, env=environment)
    assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def commands(page: Path) -> set[tuple[str, ...]]:
    """Every `intentrie VERB [SUB]` of a page; `a|b` names two."""
    found = set()
    for verb, sub in re.findall(r"intentrie ([a-z]+)(?: ([a-z|-]+))?", page.read_text(encoding="utf-8")):
        if verb in VERBS:
            found |= {(verb, each) for each in sub.split("|")} if verb in GROUPS and sub else {(verb,)}
    return found


def test_every_verb_is_documented() -> None:
    said = {verb for page in PAGES for verb, *_ in commands(page)}
    assert set(VERBS) - said == set()


@pytest.mark.parametrize("command", sorted({command for page in PAGES for command in commands(page)}), ids=" ".join)
def test_documented_commands_exist(command: tuple[str, ...]) -> None:
    assert "Usage" in intentrie(*command, "--help")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "DESIGN.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            # The report is written by `make bench`.
            assert (page.parent / target).exists() or target == "REPORT.md", target


def test_the_readmes_answer_is_the_real_one(demo_releases: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    # Another processor's arithmetic may bring another fiftieth neighbour, and another third decimal.
    shares = re.compile(r"\d+%|\b[01]\.\d{2,3}\b")
    block = next(block for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) if "$ .venv" in block)
    for part in block.split("$ .venv/bin/intentrie ")[1:]:
        command, _, said = part.partition("\n")
        arguments = shlex.split(command.replace("var/demo/releases", str(demo_releases)))
        real = [shares.sub("N%", line.rstrip()) for line in intentrie(*arguments).splitlines()]
        for line in said.strip("\n").splitlines():
            assert shares.sub("N%", line) in real, (line, real)


def test_a_newcomers_csv_becomes_a_shop(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    csv = re.search(r"```csv\n(.*?)```", text, re.DOTALL)
    assert csv is not None
    (tmp_path / "products.csv").write_text(csv.group(1), encoding="utf-8")
    build = re.search(r"^\.venv/bin/intentrie (build .*)$", text, re.MULTILINE)
    assert build is not None
    intentrie(*shlex.split(build.group(1)), cwd=tmp_path)
    found = intentrie("search", "desk lamp under 50", "--releases", "releases", cwd=tmp_path)
    assert "Alto desk lamp black" in found
    assert "floor lamp" not in found
