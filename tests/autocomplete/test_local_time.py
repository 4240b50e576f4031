"""What is wanted at which time of day, in the shop's time zone: told, counted, learned."""

import random
from datetime import UTC, datetime
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
from autocomplete.log.history import DAY_MS, DailySearches, History
from autocomplete.log.local_time import LocalClock, LocalTime
from autocomplete.log.mined import MinedLog
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.ranking.columns import catalogue_of, columns_as_of
from autocomplete.ranking.features import usual_times
from autocomplete.ranking.ranker import Ranking, SuggestionRanker
from autocomplete.ranking.session import NOBODY
from data.text import analyser_for
from tests.autocomplete import prefix_log

HOUR_MS = 3_600_000
# Eight in the morning there is eleven in the evening before in UTC.
TOKYO = LocalClock("Asia/Tokyo")
MORNING_MS, EVENING_MS = 8 * HOUR_MS - 9 * HOUR_MS, 20 * HOUR_MS - 9 * HOUR_MS
DAYS = 40


def at(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "moment", "told"),
    [
        ("UTC", at(2026, 1, 31, 23), LocalTime(0, 3)),
        ("Asia/Tokyo", at(2026, 1, 31, 23), LocalTime(1, 1)),
        ("America/New_York", at(2026, 7, 1, 3), LocalTime(5, 3)),
        # Summer and winter time.
        ("Europe/Berlin", at(2026, 7, 1, 4), LocalTime(6, 1)),
        ("Europe/Berlin", at(2026, 12, 1, 4), LocalTime(11, 0)),
        ("UTC", 0, LocalTime(0, 0)),
    ],
)
def test_the_clock_tells_what_people_there_see(zone: str, moment: int, told: LocalTime) -> None:
    assert LocalClock(zone).at(moment) == told


def test_usual_times_by_hand() -> None:
    # Of 120 searches 60 are of mornings; of the first completion's 80 all would be expected to be 40.
    counts = np.array([[0.0, 60.0, 20.0, 0.0], [0.0, 0.0, 40.0, 0.0]])
    found = usual_times(counts)
    assert found[0, 1] == pytest.approx(np.log((60 + 10) / (40 + 10)))
    assert found[1, 1] == pytest.approx(np.log((0 + 10) / (20 + 10)))
    # Nobody searches then: nothing is usual.
    assert found[:, [0, 3]].tolist() == [[0, 0], [0, 0]]


def test_parts_of_the_day_are_counted_as_of_a_day() -> None:
    rows = [DailySearches(1, 10, 3, dayparts=(0, 2, 1, 0)), DailySearches(1, 12, 1, dayparts=(0, 0, 0, 1))]
    history = History(rows, 2)
    assert history.as_of(12).dayparts.tolist() == [[0, 0, 0, 0], [0, 2, 1, 0]]
    assert history.as_of(13).dayparts.tolist() == [[0, 0, 0, 0], [0, 2, 1, 1]]


def write_log(folder: Path) -> Path:
    """As many people want coffee as want cocktails, these in the evening and those in the morning."""
    generator = random.Random(5)
    searches: list[dict[str, Any]] = []
    for day in range(prefix_log.FIRST_DAY, prefix_log.FIRST_DAY + DAYS):
        for number in range(40):
            in_the_morning = number % 2 == 0
            usual, other = ("coffee", "cocktail") if in_the_morning else ("cocktail", "coffee")
            wanted = other if generator.random() < 0.1 else usual
            moment = day * DAY_MS + (MORNING_MS if in_the_morning else EVENING_MS) + number * 60_000
            searches.append(prefix_log.search(f"q{len(searches)}", moment, f"s{day}-{number}", wanted))
    folder.mkdir()
    prefix_log.write(folder, searches, [])
    return folder


def test_it_learns_what_is_wanted_when(tmp_path: Path) -> None:
    mined = write_log(tmp_path / "mined")
    offered = [Completion("cocktail", 2.0, people=9, prior=0.5), Completion("coffee", 1.0, people=9, prior=0.5)]
    group_of = grouping(analyser_for("en"))
    plain = TrieCompleter(build_index(offered, group_of), build_index([], group_of))
    index, catalogue = plain.completions, catalogue_of(plain.completions, offered)
    log = MinedLog(mined, index, "en", clock=TOKYO)
    history, prefixes = log.history(), log.prefix_log()
    typings = sample(typings_of(log, plain), 4_000, 0)
    groups = examples(plain, catalogue, history, prefixes, typings, lambda *_: NOBODY, 8, 0)
    write_model(tmp_path / "suggester", *fit(groups, 0))
    end = prefix_log.FIRST_DAY + DAYS
    columns = columns_as_of(index, catalogue, history, prefixes, end, 0)
    ranked = TrieCompleter(index, plain.titles, Ranking(SuggestionRanker.load(tmp_path / "suggester"), columns))

    def first(moment: int) -> str:
        return ranked.match("co", 2, Context(moment))[0].text

    assert [first(end * DAY_MS + moment) for moment in (MORNING_MS, EVENING_MS, MORNING_MS)] == [
        "coffee",
        "cocktail",
        "coffee",
    ]
