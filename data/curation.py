"""What curators said of suggestions while the shop is open: bans, pins, new texts. Durable, and current at once.

One file, `LIVE/curation.sqlite`, holds the present state and a revision that grows with every change; whoever serves
looks at the revision, and reads the whole where it is another one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from unicodedata import category

import orjson

from data.errors import InputError, ReleaseDamaged
from data.log_store import LogStore
from data.text import fold

# Read whole by every worker, some hundred bytes each.
MOST_ENTRIES = 10_000
LONGEST_TEXT = 200
LONGEST_LOCALE = 35
MOST_PLACES = 10
# The end of the year 9999.
LATEST_MS = 253_402_300_799_999
EVERY_LOCALE = "und"
# Controls, half of a surrogate pair, the ends of lines and of paragraphs; what turns the direction of what follows.
_UNSEEN = frozenset(["Cc", "Cs", "Zl", "Zp"])
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    kind TEXT NOT NULL, identity TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, identity)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revision (only INTEGER PRIMARY KEY CHECK (only = 0), number INTEGER NOT NULL);
INSERT OR IGNORE INTO revision VALUES (0, 0)
"""


@dataclass(frozen=True, slots=True)
class Ban:
    """A text that is not suggested.

    The wider of two that say the same words in the same locale holds, whichever was said last: a ban is never made
    weaker by saying another. Who wants it narrower drops it first. Bans of one locale and of every locale stand beside
    each other, and each is dropped by itself.

    Attributes:
        text: Read as words: case, accents and punctuation are all one.
        locale: BCP 47, or "und" for every locale.
        within: Whether longer texts that hold these words next to each other are banned too.
    """

    kind: ClassVar[str] = "ban"
    text: str
    locale: str = EVERY_LOCALE
    within: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """Two of the same identity are one, said twice."""
        return self.locale, _as_words(self.text)


@dataclass(frozen=True, slots=True)
class Pin:
    """A text that stands above the others while a prefix is being typed.

    Attributes:
        prefix: From here on, as long as what is typed begins the text; empty for the empty box.
        text: What is suggested.
        locale: BCP 47, or "und" for every locale.
        place: Among pins of the same prefix, from 1.
        until_ms: UTC epoch milliseconds from which on it holds no longer; `None` for never.
    """

    kind: ClassVar[str] = "pin"
    prefix: str
    text: str
    locale: str = EVERY_LOCALE
    place: int = 1
    until_ms: int | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Two of the same identity are one; its place may change."""
        # A prefix that ends in a blank asks for another word: outer blanks are part of it.
        return self.locale, fold(self.prefix), _as_words(self.text)


@dataclass(frozen=True, slots=True)
class Label:
    """A text that is suggested from now on, as if the release had it.

    Attributes:
        text: What is suggested.
        locale: BCP 47, or "und" for every locale.
        concept_id: Of the concept that it names, if any.
    """

    kind: ClassVar[str] = "label"
    text: str
    locale: str = EVERY_LOCALE
    concept_id: str | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Two of the same identity are one."""
        return self.locale, _as_words(self.text)


Entry = Ban | Pin | Label
One = TypeVar("One", Ban, Pin, Label)


@dataclass(frozen=True, slots=True)
class Curation:
    """Everything that holds, each in the order of locale and text."""

    revision: int = 0
    bans: tuple[Ban, ...] = ()
    pins: tuple[Pin, ...] = ()
    labels: tuple[Label, ...] = ()

    @property
    def said(self) -> "Curation":
        """The same without its revision."""
        return replace(self, revision=0)


NOTHING = Curation()


def write_curation(path: Path, held: Curation) -> None:
    """What holds, for a release to carry; not its revision, so that the same words give the same file."""
    path.write_bytes(orjson.dumps({name: getattr(held, name) for name in ("bans", "pins", "labels")}))


def read_curation(path: Path) -> Curation:
    """What `write_curation` wrote; nothing where there is no file.

    Raises:
        ReleaseDamaged: It is something else.
    """
    if not path.exists():
        return NOTHING
    try:
        held = orjson.loads(path.read_bytes())
        return Curation(
            bans=tuple(Ban(**each) for each in held["bans"]),
            pins=tuple(Pin(**each) for each in held["pins"]),
            labels=tuple(Label(**each) for each in held["labels"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseDamaged(f"{path}: expected bans, pins and labels, got {error}; build the release again") from error


def check_entry(entry: Entry, now_ms: int | None = None) -> Entry:
    """The entry with outer blanks gone and one blank for several.

    Args:
        entry: As somebody says it.
        now_ms: UTC epoch milliseconds, to refuse what has ended; `None` where that is none of the caller's business.

    Raises:
        InputError: A text is missing, too long or holds what nobody can see, a place is none, a pin has ended.
    """
    said: dict[str, str] = {name: value for name, value in asdict(entry).items() if isinstance(value, str)}
    for name, value in said.items():
        for place, character in enumerate(value):
            if category(character) in _UNSEEN or character in _TURNING:
                raise InputError(
                    f"{name}: expected characters that can be seen, got U+{ord(character):04X} at {place}; leave it out"
                )
    texts: dict[str, Any] = {name: " ".join(value.split()) for name, value in said.items()}
    checked = replace(entry, **texts)
    if not _has_words(checked.text):
        raise InputError("text: expected letters or digits, got none")
    if isinstance(entry, Pin) and entry.prefix and not _has_words(entry.prefix):
        got = entry.prefix[:LONGEST_TEXT]
        raise InputError(f"prefix: expected letters or digits, or nothing at all for the empty box, got {got!r}")
    for name, most in (("text", LONGEST_TEXT), ("prefix", LONGEST_TEXT), ("locale", LONGEST_LOCALE)):
        length = len(getattr(checked, name, ""))
        if length > most:
            raise InputError(f"{name}: expected at most {most} characters, got {length}")
    if isinstance(checked, Pin) and not 1 <= checked.place <= MOST_PLACES:
        raise InputError(f"place: expected 1 to {MOST_PLACES}, got {checked.place}")
    if isinstance(checked, Pin) and checked.until_ms is not None:
        if not 0 < checked.until_ms <= LATEST_MS:
            raise InputError(f"until_ms: expected UTC epoch milliseconds up to {LATEST_MS}, got {checked.until_ms}")
        if now_ms is not None and checked.until_ms <= now_ms:
            raise InputError(f"until_ms: expected a time to come, got {checked.until_ms}; it is {now_ms}")
    return checked


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, fold(text)))


class CurationStore:
    """`LIVE/curation.sqlite`; any number of processes write and read.

    Args:
        path: Of the file, which is made.
        carried: By the release; holds in a store that nobody has written to, of a release that was copied alone.
    """

    def __init__(self, path: Path, carried: Curation = NOTHING) -> None:
        self._store = LogStore(path, _SCHEMA)
        entries: tuple[Entry, ...] = (*carried.bans, *carried.pins, *carried.labels)
        if entries:
            with self._store.writing() as connection:
                if not _revision(connection):
                    rows = [(entry.kind, _key(entry), orjson.dumps(asdict(entry))) for entry in entries]
                    connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
                    connection.execute("UPDATE revision SET number = 1")

    def put(self, entry: Entry, now_ms: int | None = None) -> int:
        """Let an entry hold; when this returns it is on the disk. Said twice it changes nothing.

        A ban of a text alone changes nothing where longer texts with its words are banned already, see `Ban`.

        Args:
            entry: As somebody says it.
            now_ms: See `check_entry`.

        Returns:
            The revision in which it holds.

        Raises:
            InputError: The entry is none, or there are as many as may be.
            StorageError: The disk is full, read-only or busy; nothing was changed.
        """
        entry = check_entry(entry, now_ms)
        body = orjson.dumps(asdict(entry))
        with self._store.writing() as connection:
            held = connection.execute(
                "SELECT body FROM entries WHERE kind = ? AND identity = ?", (entry.kind, _key(entry))
            ).fetchone()
            if held is None or not _says_as_much(held[0], entry, body):
                (count,) = connection.execute("SELECT count(*) FROM entries WHERE kind = ?", (entry.kind,)).fetchone()
                if held is None and count >= MOST_ENTRIES:
                    raise InputError(f"expected at most {MOST_ENTRIES:,} {entry.kind}s, there are {count:,}: drop some")
                connection.execute("REPLACE INTO entries VALUES (?, ?, ?)", (entry.kind, _key(entry), body))
                connection.execute("UPDATE revision SET number = number + 1")
            return _revision(connection)

    def find(self, entry: Entry) -> Entry | None:
        """What holds under the identity of an entry; `None` for nothing."""
        with self._store.reading() as connection:
            held = connection.execute(
                "SELECT body FROM entries WHERE kind = ? AND identity = ?", (entry.kind, _key(entry))
            ).fetchone()
        return None if held is None else type(entry)(**orjson.loads(held[0]))

    def drop(self, entry: Entry) -> tuple[int, bool]:
        """Let an entry of the same identity hold no longer; gives the revision, and whether there was one.

        Raises:
            StorageError: The disk is full, read-only or busy; nothing was changed.
        """
        with self._store.writing() as connection:
            gone = connection.execute(
                "DELETE FROM entries WHERE kind = ? AND identity = ?", (entry.kind, _key(entry))
            ).rowcount
            if gone:
                connection.execute("UPDATE revision SET number = number + 1")
            return _revision(connection), bool(gone)

    def read(self) -> Curation:
        """What holds now."""
        with self._store.reading() as connection:
            rows = connection.execute("SELECT kind, body FROM entries ORDER BY kind, identity").fetchall()
            revision = _revision(connection)
        return Curation(
            revision,
            bans=tuple(Ban(**orjson.loads(body)) for kind, body in rows if kind == Ban.kind),
            pins=tuple(Pin(**orjson.loads(body)) for kind, body in rows if kind == Pin.kind),
            labels=tuple(Label(**orjson.loads(body)) for kind, body in rows if kind == Label.kind),
        )

    @property
    def revision(self) -> int:
        """Another one when something else holds."""
        with self._store.reading() as connection:
            return _revision(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def _as_words(text: str) -> str:
    """A text as it is compared: "USB-C cable!" is "usb c cable", and so lifts a ban of it."""
    # Vowel signs of the Indic scripts are marks, and part of their words.
    kept = (each if category(each)[0] in "LNM" else " " for each in fold(text).replace("'", ""))
    return " ".join("".join(kept).split())


def _says_as_much(held: bytes, entry: Entry, body: bytes) -> bool:
    """Whether what holds is the very same entry, or a wider ban."""
    if bytes(held) == body:
        return True
    return isinstance(entry, Ban) and not entry.within and bool(orjson.loads(held)["within"])


def _key(entry: Entry) -> str:
    return orjson.dumps(entry.identity).decode()


def _revision(connection: Any) -> int:
    return int(connection.execute("SELECT number FROM revision").fetchone()[0])


def check_locale(entry: Entry, locales: Sequence[str]) -> None:
    """Refuse what no shopper would ever meet.

    Raises:
        InputError: The entry's locale is none of the shop's.
    """
    if entry.locale not in (EVERY_LOCALE, *locales):
        named = ", ".join((*locales, EVERY_LOCALE))
        raise InputError(f"locale: expected one of the shop's ({named}), got {entry.locale!r}")


def of_locale(entries: Sequence[One], chain: Sequence[str]) -> list[One]:
    """Those that hold for shoppers of a locale, whose chain of fallbacks is given."""
    return [each for each in entries if each.locale == EVERY_LOCALE or each.locale in chain]
