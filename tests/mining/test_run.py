import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import InputError, TooManyBadRows
from data.mining.run import MiningRequest, mine
from data.mining.state import pseudonym
from tests.mining.log import Log, everything, rows, shoppers


def _mine(events: Path, out: Path, **more: object) -> None:
    mine(MiningRequest((events,), out, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shoppers().write(tmp_path_factory.mktemp("log") / "events")


@pytest.fixture(scope="module")
def mined(events: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mined") / "out"
    _mine(events, out)
    return out


def test_tables_of_a_small_log_by_hand(mined: Path) -> None:
    found = {row["query"]: row for row in rows(mined, "completions")}
    assert set(found) == {"teapot", "tent", "sofa", "lamp"}
    sofa = found["sofa"]
    # (day + person) % 4 == 2: persons 2, 6, 10; 1, 5, 9; 0, 4, 8
    assert (sofa["count"], sofa["people"], sofa["locale"]) == (9, 9, "en")
    assert sofa["daily"] == [{"day": 20454 + day, "count": 3} for day in range(3)]
    # clicks are person % 3: 2+0+1, 1+2+0, 0+1+2; those of odd persons are bought: 1, 5 -> 1+2
    assert (sofa["clicks"], sofa["carts"], sofa["purchases"]) == (9, 0, 3)
    log = rows(mined, "prefix_log")
    assert len(log) == 3 * 12 * 3
    assert {row["final_query"] for row in log if row["prefix"] == "so"} == {"sofa"}


def test_doing_it_again_changes_nothing_and_reads_nothing(events: Path, mined: Path) -> None:
    before = everything(mined)
    result = mine(MiningRequest((events,), mined))
    assert (result.new_files, result.new_events, result.new_days) == (0, 0, 0)
    assert everything(mined) == before


def test_day_by_day_is_the_same_as_at_once(events: Path, mined: Path, tmp_path: Path) -> None:
    files = sorted(events.iterdir())
    for number, path in enumerate(files):
        result = mine(MiningRequest((path,), tmp_path / "out"))
        assert (result.new_files, result.new_days, result.days) == (1, 1, number + 1)
    assert everything(tmp_path / "out") == everything(mined)


def test_a_file_that_is_sent_twice_counts_once(events: Path, mined: Path, tmp_path: Path) -> None:
    path = sorted(events.iterdir())[0]
    copy = tmp_path / "again.jsonl.gz"
    copy.write_bytes(path.read_bytes())
    mine(MiningRequest((events, copy), tmp_path / "out"))
    assert everything(tmp_path / "out") == everything(mined)


def test_until_leaves_later_events_out(events: Path, tmp_path: Path) -> None:
    day = sorted(events.iterdir())[0]
    _mine(day, tmp_path / "one")
    _mine(events, tmp_path / "three", until_ms=1_767_225_600_000 + 86_400_000)
    assert everything(tmp_path / "three") == everything(tmp_path / "one")


_KILLED = """
import os, signal, sys
from pathlib import Path
from data.mining import run
from data.mining.run import MiningRequest, mine
left = int(sys.argv[3])
replace = Path.replace
def dying(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = dying
mine(MiningRequest((Path(sys.argv[1]),), Path(sys.argv[2])))
"""


@pytest.mark.parametrize("writes", [3, 20, 40])
def test_killed_anywhere_and_started_again_gives_the_same_rows(
    events: Path, mined: Path, tmp_path: Path, writes: int
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", _KILLED, str(events), str(out), str(writes)]
    killed = subprocess.run(command, capture_output=True, timeout=120, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not (out / "state.json").exists()
    _mine(events, out)
    assert everything(out) == everything(mined)
    assert not [path for path in out.rglob(".*") if path.name.startswith(".") and path.is_file()]


@pytest.mark.parametrize("who", [{"forget": ("u4",)}, {"forgotten": (pseudonym("u4"),)}])
def test_a_forgotten_person_leaves_no_row(events: Path, tmp_path: Path, who: dict[str, tuple[str, ...]]) -> None:
    out = tmp_path / "out"
    _mine(events, out)
    user, client = pseudonym("u4"), pseudonym("c4")
    assert {row["person_hash"] for row in rows(out, "searches")} >= {user}
    _mine(events, out, **who)
    for _again in range(2):
        for path in out.rglob("*.parquet"):
            text = repr(rows(path.parent, path.stem))
            assert user not in text, path
            assert client not in text, path
            assert "s1-4" not in text, path
        assert next(row for row in rows(out, "completions") if row["query"] == "sofa")["people"] == 8
        # The log still has the events; what is forgotten stays out, however often a file comes back.
        for path in events.iterdir():
            os.utime(path)
        _mine(events, out)


def test_robots_are_out(tmp_path: Path) -> None:
    log = shoppers()
    for number in range(60):  # a search every two seconds
        log.search(number * 2, "machine", "sofa", ["sofa-1"], client="robot", query_id=f"r{number}")
    for number in range(30):  # slow, but on the dot
        log.search(number * 600, "clock", "tent", ["tent-1"], client="timer", query_id=f"t{number}")
    result = mine(MiningRequest((log.write(tmp_path / "events"),), tmp_path / "out"))
    assert result.robots == 2
    counts = {row["query"]: row["count"] for row in rows(tmp_path / "out", "completions")}
    assert (counts["sofa"], counts["tent"]) == (9, 9)


def test_the_rare_the_private_and_the_half_typed_are_no_completions(tmp_path: Path) -> None:
    log = Log()
    for person in range(8):
        begin = person * 900.0
        session = f"s{person}"
        if person < 4:
            log.search(begin, session, "my cousin's wedding dress", ["p1"])
        log.search(begin + 100, session, "mail anna@example.com", [])
        log.keystroke(begin + 99, session, "mail an", [], f"k{person}")
        log.search(begin + 300, session, "hea", ["p2"])
        log.search(begin + 301, session, "headphones", ["p2"])
        log.search(begin + 600, session, "Head-Phones", ["p2"])
    out = tmp_path / "out"
    _mine(log.write(tmp_path / "events"), out)
    found = {row["query"]: row["people"] for row in rows(out, "completions")}
    assert found == {"headphones": 8, "Head-Phones": 8}
    assert "anna" not in repr(everything(out))
    assert "mail an" not in repr(everything(out))
    _mine(tmp_path / "events", tmp_path / "two", fewest_people=4)
    assert "my cousin's wedding dress" in {row["query"] for row in rows(tmp_path / "two", "completions")}


def test_plurals_are_one_completion(tmp_path: Path) -> None:
    log = Log()
    for person in range(9):
        log.search(person * 60, f"s{person}", "Tents" if person < 3 else "tent", ["p1"])
    _mine(log.write(tmp_path / "events"), tmp_path / "out")
    found = rows(tmp_path / "out", "completions")
    assert [(row["query"], row["count"], row["people"]) for row in found] == [("tent", 9, 9)]


def test_prefixes_shown_picked_and_skipped(tmp_path: Path) -> None:
    log = Log()
    log.keystroke(0, "s", "t", ["tea", "tent", "torch"], "a")
    log.keystroke(1, "s", "te", ["tea", "tent"], "b")
    log.pick(2, "s", "te", "tent", 2, "b")
    log.search(2.5, "s", "tent", ["p"])
    # A text again within a category counts once, where it stood first.
    log.keystroke(30, "s", "acme", ["acme lamp", "acme", "acme", "acme bag"], "c")
    log.pick(31, "s", "acme", "acme", 3, "c")
    _mine(log.write(tmp_path / "events"), tmp_path / "out", fewest_people=1)
    found = {(row["prefix"], row["text"]): row for row in rows(tmp_path / "out", "prefixes")}
    assert {key: (row["shown"], row["picked"], row["skipped"]) for key, row in found.items()} == {
        ("t", "tea"): (1, 0, 0),
        ("t", "tent"): (1, 0, 0),
        ("t", "torch"): (1, 0, 0),
        ("te", "tea"): (1, 0, 1),
        ("te", "tent"): (1, 1, 0),
        ("acme", "acme lamp"): (1, 0, 1),
        ("acme", "acme"): (1, 1, 0),
        ("acme", "acme bag"): (1, 0, 0),
    }
    log_rows = {row["suggest_id"]: row for row in rows(tmp_path / "out", "prefix_log")}
    assert (log_rows["b"]["picked"], log_rows["b"]["picked_position"]) == ("tent", 2)
    assert log_rows["a"]["picked"] is None
    assert log_rows["a"]["final_query"] == "tent"


def test_bought_together_with_lift(tmp_path: Path) -> None:
    log = Log()
    baskets = [("a", "b")] * 4 + [("c", "d")] * 6
    for person, basket in enumerate(baskets):
        for product in basket:
            log.act("purchase", person * 100, f"s{person}", product)
    _mine(log.write(tmp_path / "events"), tmp_path / "out")
    found = {
        (row["product_id"], row["other_id"]): (row["count"], row["lift"]) for row in rows(tmp_path / "out", "co_bought")
    }
    # 10 baskets: 4 hold a and b, by chance 4 * 4 / 10 of them would hold both
    assert found == {("a", "b"): (4, 2.5), ("b", "a"): (4, 2.5), ("c", "d"): (6, 10 / 6), ("d", "c"): (6, 10 / 6)}


def test_reports(tmp_path: Path) -> None:
    log = Log()
    for person in range(25):
        log.search(person * 100, f"s{person}", "hammock", [])
        log.search(person * 100 + 9000, f"s{person}", "chair", ["p1"])
        query = log.search(person * 100 + 20_000, f"s{person}", "lamp", ["p2"])
        log.act("click", person * 100 + 20_005, f"s{person}", "p2", query, 1)
    _mine(log.write(tmp_path / "events"), tmp_path / "out")
    empty = rows(tmp_path / "out", "reports/zero_results")
    assert [(row["query"], row["empty"], row["share"]) for row in empty] == [("hammock", 25, 1.0)]
    assert [row["query"] for row in rows(tmp_path / "out", "reports/low_clicks")] == ["chair"]


def test_what_is_no_log_is_refused_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"title": "no event"}\n' * 20)
    with pytest.raises(TooManyBadRows, match="no events"):
        mine(MiningRequest((wrong,), tmp_path / "out"))
    (tmp_path / "broken.jsonl.gz").write_bytes(b"not zipped")
    with pytest.raises(InputError, match="cannot be read"):
        mine(MiningRequest((tmp_path / "broken.jsonl.gz",), tmp_path / "out"))
    with pytest.raises(InputError, match="no such file"):
        mine(MiningRequest((tmp_path / "missing",), tmp_path / "out"))


def test_a_broken_line_costs_only_itself(events: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = Log()
    for person in range(6):
        log.search(person * 60, f"s{person}", "tea", ["p"])
    log.write(tmp_path / "events")
    import gzip

    lines = gzip.decompress(next((tmp_path / "events").iterdir()).read_bytes()).decode().splitlines()
    path.write_text("\n".join([*lines[:3], '{"broken', "[1, 2]", '{"index": {"_id": "1"}}', *lines[3:]]) + "\n")
    _mine(path, tmp_path / "out")
    assert [(row["query"], row["count"]) for row in rows(tmp_path / "out", "completions")] == [("tea", 6)]
