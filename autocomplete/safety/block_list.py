"""What a shop never suggests, as hashes in one file.

An entry is a word or a phrase, matched as whole words; one that ends in `*` matches the beginning of a word. On the
disk is only a keyed hash of each, so that nobody meets the words by looking, and a list that is worth hiding is not
copied around as text. (Who has the file can still ask it about any word: that is what it is for.)

::

    {"format": 2, "key": ..., "locales": [...], ...}   one line of JSON, blanks to a multiple of 8 bytes
    hashes     (n,) uint64, little-endian, ascending
    filter     bits by CRC-32: what is not listed in a locale is told so without its hash
    heads      the same of the words that entries of any locale begin with, one, two and more, and of whole entries
    stems      (m,) uint32, by the first characters of entries with `*`: a bit for each length that such entries have

Nearly every word of nearly every text begins no entry: one look at `heads` says so, whatever the locales are. Format 1
ends with its filter. Its heads and stems let every word pass: the same verdicts, asked as slowly as they were.
"""

import os
import secrets
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from autocomplete.safety.homoglyphs import as_latin, as_shown
from autocomplete.words import split_words
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.product import locale_chain
from data.storage import storage_errors, sync_folder

FORMAT = 2
# Of every locale.
EVERYWHERE = "und"
_ALIGNMENT = 8
_LONGEST_HEADER = 1 << 16
# Of a filter: some 2% of other words pass. With 100,000 entries, a third of them phrases, both take 1.5 MB.
_BITS_OF_KEY = 16  # at the least, of a filter: fewer than 6% of other words pass, and pay another look
# Behind heads: that they are an entry, an entry with `*`, the words before the last of one.
_WHOLE, _BEGINNING, _BEFORE_BEGINNING = b"\t", b"*", b" *"
_LONGEST_STEM = 4  # characters that entries with `*` are looked up by
_STEMS_OF_ENTRY = 4
_LONGEST_LENGTH = 31  # the last bit of a stem: this long and longer
_ALL = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class BlockList:
    """Entries by locale, hashed.

    Attributes:
        hashes: (n,) uint64, ascending and distinct.
        bits: (m,) bytes, m a power of two: the filter of entries with their locale.
        heads: The same of what begins an entry of any locale.
        stems: (k,) uint32, k a power of two: lengths of entries with `*`.
        stem: Characters that `stems` goes by; 0 where no entry has a `*`.
        key: Of the hashes; another for each list.
        locales: That have entries.
        longest: Words of the longest entry.
        beginnings: Characters that entries with `*` have, ascending.
    """

    # Views: a number is taken from one in a quarter of the time that an array needs.
    hashes: memoryview
    bits: memoryview
    heads: memoryview
    stems: memoryview
    stem: int
    key: bytes
    locales: frozenset[str]
    longest: int
    beginnings: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.hashes)

    @classmethod
    def build(cls, entries: Mapping[str, Iterable[str]]) -> "BlockList":
        """Hash the entries of each locale; those without a letter or digit are left out."""
        forms, heads, begun = set[bytes](), set[bytes](), set[str]()
        locales, longest, beginnings = set[str](), 1, set[int]()
        for locale, texts in entries.items():
            for text in texts:
                words = split_words(text)
                if not words:
                    continue
                is_beginning = text.rstrip().endswith("*")
                # As a disguise would be read: an entry in look-alikes is found by its plain form, too.
                shown = split_words(as_shown(text, locale)) or words
                for read in (words, *([as_latin(word, locale) or word for word in each] for each in (words, shown))):
                    said = " ".join(read)
                    forms.add(_form(locale, said, is_beginning))
                    heads.update(_heads(read, is_beginning))
                    if is_beginning:
                        beginnings.add(len(said))
                        begun.update(read if len(read) == 1 else ())
                locales.add(locale)
                longest = max(longest, len(words), len(shown))
        # Of the entries: another list has other hashes, and a build from the same files is the same to the byte.
        key = blake2b(b"\n".join(sorted(forms)), digest_size=16).digest()
        hashes = array("Q", sorted({_hash(form, key) for form in forms}))
        stem = min(_LONGEST_STEM, *map(len, begun)) if begun else 0
        return cls(
            memoryview(hashes),
            _filter(forms),
            _filter(heads),
            _stems(begun, stem),
            stem,
            key,
            frozenset(locales),
            longest,
            tuple(sorted(beginnings)),
        )

    def locales_of(self, locale: str) -> tuple[str, ...]:
        """Which of its locales apply to a shopper's."""
        return tuple(each for each in (EVERYWHERE, *locale_chain(locale)) if each in self.locales)

    def holds(self, words: Sequence[str], locales: Sequence[str], first: int = 0, last: int | None = None) -> bool:
        """Whether an entry of the locales stands among folded words.

        Args:
            words: Folded.
            locales: As `locales_of` gives them.
            first: Entries count that hold this word or one behind it...
            last: ...and before this one; those that hold none of them need not be found.
        """
        heads, stems, stem = self.heads, self.stems, self.stem
        last_head, last_stem = len(heads) * 8 - 1, len(stems) - 1
        for start in range(max(0, first - self.longest + 1), len(words) if last is None else last):
            word = words[start]
            check = crc32(word.encode())
            place = check & last_head
            if heads[place >> 3] >> (place & 7) & 1 and self._starts(words, start, check, locales):
                return True
            if stem:
                lengths = stems[crc32(word[:stem].encode()) & last_stem]
                if lengths and self._begins(word, 0, lengths, locales):
                    return True
        return False

    def _starts(self, words: Sequence[str], start: int, check: int, locales: Sequence[str]) -> bool:
        """Whether an entry begins with a word, whose CRC-32 is given; one of a word and `*` is asked for elsewhere."""
        heads, last = self.heads, len(self.heads) * 8 - 1
        most = min(start + self.longest, len(words))
        for end in range(start + 1, most + 1):
            place = crc32(_WHOLE, check) & last
            if heads[place >> 3] >> (place & 7) & 1:
                said = " ".join(words[start:end])
                if any(self._is_listed(_form(locale, said, False)) for locale in locales):
                    return True
            if end == most:
                break
            place = crc32(_BEFORE_BEGINNING, check) & last
            if heads[place >> 3] >> (place & 7) & 1:
                before = sum(map(len, words[start:end])) + end - start
                if self._begins(" ".join(words[start : end + 1]), before, _ALL, locales):
                    return True
            check = crc32(b" " + words[end].encode(), check)
            place = check & last
            if not heads[place >> 3] >> (place & 7) & 1:
                break
        return False

    def _begins(self, said: str, before: int, lengths: int, locales: Sequence[str]) -> bool:
        """Whether an entry with `*`, of more than `before` characters and of one of the lengths, begins a text."""
        heads, last = self.heads, len(self.heads) * 8 - 1
        for size in self.beginnings:
            if before < size <= len(said) and lengths >> min(size, _LONGEST_LENGTH) & 1:
                begun = said[:size]
                place = crc32(_BEGINNING, crc32(begun.encode())) & last
                if heads[place >> 3] >> (place & 7) & 1 and any(
                    self._is_listed(_form(locale, begun, True)) for locale in locales
                ):
                    return True
        return False

    def _is_listed(self, form: bytes) -> bool:
        place = crc32(form) & (len(self.bits) * 8 - 1)
        if not self.bits[place >> 3] >> (place & 7) & 1:
            return False
        wanted = _hash(form, self.key)
        found = bisect_left(self.hashes, wanted)
        return found < len(self.hashes) and self.hashes[found] == wanted

    def save(self, path: Path) -> None:
        """Put the list into place in one step, on the disk before this returns.

        Raises:
            StorageError: As the disk says.
        """
        body = b"".join(part.tobytes() for part in (self.hashes, self.bits, self.heads, self.stems))
        header = orjson.dumps(
            {
                "format": FORMAT,
                "key": self.key.hex(),
                "locales": sorted(self.locales),
                "longest": self.longest,
                "beginnings": self.beginnings,
                "entries": len(self.hashes),
                "filter": len(self.bits),
                "heads": len(self.heads),
                "stem": self.stem,
                "digest": blake2b(body, digest_size=16).hexdigest(),
            }
        )
        header += b" " * (-(len(header) + 1) % _ALIGNMENT) + b"\n"
        with storage_errors("writing the block list", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
            with draft.open("wb") as file:
                file.write(header + body)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            sync_folder(path.parent)

    @classmethod
    def load(cls, path: Path) -> "BlockList":
        """Read what `save` wrote, now or as format 1, and check it.

        Raises:
            ReleaseDamaged: It is cut short or altered: a list that cannot be read must not pass for an empty one.
            ReleaseTooNew: A newer program wrote it.
        """
        try:
            # Read, not mapped: the list in force is a file that people may put something else in place of.
            whole = memoryview(path.read_bytes())
            line = bytes(whole[:_LONGEST_HEADER]).split(b"\n", 1)[0] + b"\n"
            header: dict[str, Any] = orjson.loads(line)
            if header["format"] > FORMAT:
                raise ReleaseTooNew(
                    f"{path}: expected a block list of format {FORMAT}, got {header['format']}; update intentrie"
                )
            body = whole[len(line) :]
            if blake2b(body, digest_size=16).hexdigest() != header["digest"]:
                raise ValueError("its digest is another one")
            end = 8 * header["entries"]
            if header["format"] == 1:
                stem, filter_end = int(bool(header["beginnings"])), len(body)
                heads, stems = memoryview(b"\xff"), memoryview(array("I", [_ALL]))
            else:
                stem, filter_end = header["stem"], end + header["filter"]
                heads_end = filter_end + header["heads"]
                heads, stems = body[filter_end:heads_end], body[heads_end:].cast("I")
            return cls(
                body[:end].cast("Q"),
                body[end:filter_end],
                heads,
                stems,
                stem,
                bytes.fromhex(header["key"]),
                frozenset(header["locales"]),
                header["longest"],
                tuple(header["beginnings"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseDamaged(
                f"{path}: expected a whole block list, got {error}; give it again with `intentrie block`"
            ) from error


def _form(locale: str, said: str, is_beginning: bool) -> bytes:
    return f"{locale}\t{said}{'*' if is_beginning else ''}".encode()


def _heads(words: Sequence[str], is_beginning: bool) -> Iterator[bytes]:
    """What `heads` holds of an entry: the words that it begins with, and what it is."""
    whole = words[:-1] if is_beginning else words  # the last word of a beginning is none of its own
    for size in range(1, len(whole) + 1):
        yield " ".join(whole[:size]).encode()
    yield " ".join(words).encode() + (_BEGINNING if is_beginning else _WHOLE)
    if is_beginning and whole:
        yield " ".join(whole).encode() + _BEFORE_BEGINNING


def _hash(form: bytes, key: bytes) -> int:
    return int.from_bytes(blake2b(form, digest_size=8, key=key).digest(), "little")


def _filter(keys: Collection[bytes]) -> memoryview:
    bits = bytearray(max(_ALIGNMENT, 1 << (len(keys) * _BITS_OF_KEY // 8 - 1).bit_length()))
    for key in keys:
        place = crc32(key) & (len(bits) * 8 - 1)
        bits[place >> 3] |= 1 << (place & 7)
    return memoryview(bits)


def _stems(begun: Collection[str], stem: int) -> memoryview:
    stems = array("I", bytes(4 * max(2, 1 << (len(begun) * _STEMS_OF_ENTRY - 1).bit_length())))
    for said in begun:
        stems[crc32(said[:stem].encode()) & (len(stems) - 1)] |= 1 << min(len(said), _LONGEST_LENGTH)
    return memoryview(stems)
