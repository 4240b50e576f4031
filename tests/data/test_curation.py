"""Bans, pins and new texts: durable, said twice is said once, bad ones are refused by name."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.curation import Ban, Curation, CurationStore, Label, Pin, check_entry, check_locale
from data.errors import InputError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CurationStore]:
    held = CurationStore(tmp_path / "live" / "curation.sqlite")
    yield held
    held.close()


def test_what_is_put_holds_until_it_is_dropped(store: CurationStore) -> None:
    assert store.read() == Curation()
    assert store.put(Ban("kettle")) == 1
    assert store.put(Pin("la", "lamp sale", "en", 2)) == 2
    assert store.put(Label("new lamp", concept_id="c1")) == 3
    assert store.read() == Curation(
        3, (Ban("kettle"),), (Pin("la", "lamp sale", "en", 2),), (Label("new lamp", concept_id="c1"),)
    )
    assert store.drop(Ban("Kettle")) == (4, True)
    assert store.drop(Ban("kettle")) == (4, False)
    assert store.read().bans == ()


def test_what_is_said_twice_changes_nothing(store: CurationStore) -> None:
    assert store.put(Ban(" Kettle ")) == store.put(Ban("Kettle")) == 1
    # The same words in other letters are the same ban, said last.
    assert store.put(Ban("KETTLE", within=True)) == 2
    assert store.read().bans == (Ban("KETTLE", within=True),)
    assert store.put(Ban("kettle", "de")) == 3
    assert len(store.read().bans) == 2
    assert store.put(Pin("k", "kettle", place=1)) == 4
    assert store.put(Pin("k", "kettle", place=3)) == 5
    assert store.put(Pin("ke", "kettle", place=3)) == 6
    assert [(pin.prefix, pin.place) for pin in store.read().pins] == [("k", 3), ("ke", 3)]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Ban(""), "text: expected letters or digits, got none"),
        (Ban("  …!"), "text: expected letters or digits, got none"),
        (Label("x" * 201), "text: expected at most 200 characters, got 201"),
        (Pin("y" * 201, "x"), "prefix: expected at most 200 characters, got 201"),
        (Pin("y", "x", place=0), "place: expected 1 to 10, got 0"),
        (Pin("y", "x", until_ms=-1), "until_ms: expected UTC epoch milliseconds up to 253402300799999, got -1"),
        (Ban("x", "e" * 36), "locale: expected at most 35 characters, got 36"),
        (Pin("🎁", "gifts"), "prefix: expected letters or digits, or nothing at all for the empty box, got '🎁'"),
        (Pin("***", "gifts"), "prefix: expected letters or digits"),
        (Pin("  ", "gifts"), "prefix: expected letters or digits"),
        (Pin("\u200b", "gifts"), "prefix: expected letters or digits"),
        (Ban("two\nlines"), r"text: expected characters that can be seen, got U\+000A at 3"),
        (Ban("kettle\n"), r"text: expected characters that can be seen, got U\+000A at 6"),
        (Label("nul\x00"), r"got U\+0000 at 3"),
        (Label("\tkettle"), r"got U\+0009 at 0"),
        (Label("a\x85b"), r"got U\+0085 at 1"),
        (Label("a\u2028b"), r"got U\+2028 at 1"),
        (Label("a\ud800"), r"got U\+D800 at 1"),
        (Label("elttek \u202ekettle"), r"got U\+202E at 7"),
        (Pin("k\x07", "kettle"), r"prefix: expected characters that can be seen, got U\+0007 at 1"),
        (Label("kettle", concept_id="c\n1"), r"concept_id: .* got U\+000A at 1"),
    ],
)
def test_what_is_no_entry_is_refused(store: CurationStore, entry: Ban | Pin | Label, said: str) -> None:
    with pytest.raises(InputError, match=said):
        store.put(entry)
    assert store.revision == 0


def test_a_ban_is_lifted_by_the_same_words(store: CurationStore) -> None:
    store.put(Ban("USB-C cable!"))
    assert store.drop(Ban("usb c  Cable"))[1]
    # Signs of vowels are no punctuation: these are two words.
    store.put(Ban("कि"))
    store.put(Ban("का"))
    assert len(store.read().bans) == 2
    # A prefix that asks for a next word is another one.
    store.put(Pin("usb", "usb hub"))
    store.put(Pin("us", "usb hub"))
    assert len(store.read().pins) == 2


def test_a_locale_that_no_shopper_has_is_refused() -> None:
    check_locale(Ban("x"), ["en", "de"])
    check_locale(Ban("x", "de"), ["en", "de"])
    with pytest.raises(InputError, match=r"one of the shop's \(en, de, und\), got 'en-GB'"):
        check_locale(Label("x", "en-GB"), ["en", "de"])


def test_there_is_an_end(store: CurationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.curation.MOST_ENTRIES", 2)
    store.put(Ban("one"))
    store.put(Ban("two"))
    with pytest.raises(InputError, match="at most 2 bans, there are 2"):
        store.put(Ban("three"))
    store.put(Ban("two", within=True))
    store.put(Label("three"))


def test_an_entry_is_kept_without_outer_blanks() -> None:
    assert check_entry(Pin(" k ", " kettle ")) == Pin("k", "kettle")
    assert check_entry(Label("tea  kettle \u00a0 red")) == Label("tea kettle red")
    assert check_entry(Pin("", "kettle")) == Pin("", "kettle")
    # What joins letters is how some scripts are written, and emoji beside words are no secret.
    for text in ("می\u200cخواهم", "gifts 🎁", "c++ (2nd)"):
        assert check_entry(Label(text)) == Label(text)


def test_a_pin_that_has_ended_is_refused_where_the_time_is_known(store: CurationStore) -> None:
    with pytest.raises(InputError, match="until_ms: expected a time to come, got 999; it is 1000"):
        store.put(Pin("k", "kettle", until_ms=999), now_ms=1000)
    with pytest.raises(InputError, match="expected a time to come"):
        store.put(Pin("k", "kettle", until_ms=1000), now_ms=1000)
    assert store.revision == 0
    assert store.put(Pin("k", "kettle", until_ms=1001), now_ms=1000) == 1


def test_a_ban_is_never_made_weaker_by_another(store: CurationStore) -> None:
    assert store.put(Ban("kettle", within=True)) == 1
    # Narrower, in other letters: it is banned already, and nothing changes.
    assert store.put(Ban("KETTLE")) == 1
    assert store.find(Ban("Kettle")) == Ban("kettle", within=True)
    # One locale's stands beside that of all, and may be narrower.
    assert store.put(Ban("kettle", "de")) == 2
    assert store.put(Ban("kettle", "de", within=True)) == 3
    assert store.put(Ban("kettle", "de")) == 3
    assert store.drop(Ban("kettle", "de")) == (4, True)
    assert store.read().bans == (Ban("kettle", within=True),)
    # Who wants it narrower drops it first.
    store.drop(Ban("kettle"))
    store.put(Ban("kettle"))
    assert store.find(Ban("kettle")) == Ban("kettle")
    assert store.find(Ban("lamp")) is None


_PUTTER = """
import sys
from pathlib import Path
from data.curation import Ban, CurationStore
store = CurationStore(Path(sys.argv[1]))
for number in range(10_000):
    store.put(Ban(f"text {number}"))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("after", [1, 7, 23])
def test_nothing_acknowledged_is_lost_with_its_process(tmp_path: Path, after: int) -> None:
    path = tmp_path / "curation.sqlite"
    command = [sys.executable, "-c", _PUTTER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    acknowledged = [line for line in said if line.endswith("\n")]
    store = CurationStore(path)
    held = {ban.text for ban in store.read().bans}
    store.close()
    assert held >= {f"text {line.strip()}" for line in acknowledged}
    assert len(held) - len(acknowledged) <= 1
