"""What is wanted in which month, from the log to the order."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.train.keystrokes import sample, typings_of
from api.train.suggester import fit, write_model
from api.train.suggester_examples import examples
from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.log.history import DAY_MS, month_of
from autocomplete.log.mined import MinedLog
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.ranking.columns import catalogue_of, columns_as_of
from autocomplete.ranking.features import RankColumns
from autocomplete.ranking.ranker import Ranking, SuggestionRanker
from autocomplete.ranking.session import NOBODY
from data.text import analyser_for
from tests.autocomplete import prefix_log

WINTER = (9, 10, 11, 0, 1, 2)  # October to March
SEARCHES_A_DAY = 10


def day(date: str) -> int:
    return int(np.datetime64(date).astype(int))


# Two years: what is usual in a month is known once it has been.
FIRST, END = day("2023-01-01"), day("2025-01-01")


def write_log(folder: Path) -> Path:
    """Gloves in winter, glasses against the sun in summer, one of ten the other way round."""
    generator = random.Random(5)
    searches: list[dict[str, Any]] = []
    for at in range(FIRST, END):
        for number in range(SEARCHES_A_DAY):
            in_winter = (month_of(at) in WINTER) != (generator.random() < 0.1)
            query = "gloves" if in_winter else "glasses"
            searches.append(prefix_log.search(f"q{len(searches)}", at * DAY_MS + number, f"s{at}-{number}", query))
    folder.mkdir()
    prefix_log.write(folder, searches, [])
    return folder


class Trained:
    """The order learned from that log, as a release has it that was built on a day."""

    def __init__(self, folder: Path) -> None:
        offered = [Completion("gloves", 2.0, people=9, prior=0.5), Completion("glasses", 1.0, people=9, prior=0.5)]
        group_of = grouping(analyser_for("en"))
        self.plain = TrieCompleter(build_index(offered, group_of), build_index([], group_of))
        self.catalogue = catalogue_of(self.plain.completions, offered)
        log = MinedLog(write_log(folder / "mined"), self.plain.completions, "en")
        self.history, self.prefixes = log.history(), log.prefix_log()
        typings = sample(typings_of(log, self.plain), 4_000, 0)
        groups = examples(self.plain, self.catalogue, self.history, self.prefixes, typings, lambda *_: NOBODY, 8, 0)
        write_model(folder / "suggester", *fit(groups, 0))
        self.ranker = SuggestionRanker.load(folder / "suggester")

    def columns(self, built: int) -> RankColumns:
        return columns_as_of(self.plain.completions, self.catalogue, self.history, self.prefixes, built, 0)

    def firsts(self, columns: RankColumns) -> list[str]:
        """What stands first of both in the middle of each month."""
        ranked = TrieCompleter(self.plain.completions, self.plain.titles, Ranking(self.ranker, columns))
        days = [day(f"2025-{month + 1:02}-15") for month in range(12)]
        return [ranked.match("gl", 2, Context(at * DAY_MS))[0].text for at in days]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(tmp_path_factory.mktemp("season"))


BY_MONTH = ["gloves" if month in WINTER else "glasses" for month in range(12)]


@pytest.mark.parametrize("built", [END, day("2024-07-05")], ids=["built in winter", "built in summer"])
def test_it_learns_what_is_wanted_in_which_month(trained: Trained, built: int) -> None:
    # What was looked for in the weeks before the build is the same whenever somebody types.
    assert trained.firsts(trained.columns(built)) == BY_MONTH


def test_without_knowing_the_month_it_is_what_was_wanted_of_late(trained: Trained) -> None:
    columns = trained.columns(END)
    unaware = replace(columns, seasons=np.zeros_like(columns.seasons))
    assert trained.firsts(unaware) == ["gloves"] * 12
