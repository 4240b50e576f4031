"""What a shop never suggests, as hashes in one file.

An entry is a word or a phrase, matched as whole words; one that ends in `*` matches the beginning of a word. On the
disk is only a keyed hash of each, so that nobody meets the words by looking, and a list that is worth hiding is not
copied around as text. (Who has the file can still ask it about any word: that is what it is for.)

::

    {"format": 1, "key": ..., "locales": [...], ...}   one line of JSON, blanks to a multiple of 8 bytes
    hashes     (n,) uint64, little-endian, ascending
    filter     bits by CRC-32: a word that is not listed is told so without its hash, all but one in a hundred
"""

import os
import secrets
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from autocomplete.safety.homoglyphs import as_latin
from autocomplete.words import split_words
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.product import locale_chain
from data.storage import storage_errors, sync_folder

FORMAT = 1
# Of every locale.
EVERYWHERE = "und"
_ALIGNMENT = 8
_LONGEST_HEADER = 1 << 16
_BITS_OF_ENTRY = 128  # of the filter: under 1% of other words pass; 2 MB for 100,000 entries


@dataclass(frozen=True, slots=True)
class BlockList:
    """Entries by locale, hashed.

    Attributes:
        hashes: (n,) uint64, ascending and distinct.
        bits: (m,) bytes, m a power of two.
        key: Of the hashes; another for each list.
        locales: That have entries.
        longest: Words of the longest entry.
        beginnings: Characters that entries with `*` have, ascending.
    """

    # Views: a number is taken from one in a quarter of the time that an array needs.
    hashes: memoryview
    bits: memoryview
    key: bytes
    locales: frozenset[str]
    longest: int
    beginnings: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.hashes)

    @classmethod
    def build(cls, entries: Mapping[str, Iterable[str]]) -> "BlockList":
        """Hash the entries of each locale; those without a letter or digit are left out."""
        forms: set[bytes] = set()
        locales, longest, beginnings = set[str](), 1, set[int]()
        for locale, texts in entries.items():
            for text in texts:
                words = split_words(text)
                if not words:
                    continue
                # As a disguise would be read: an entry in look-alikes is found by its plain form, too.
                latin = [as_latin(word, locale) or word for word in words]
                for said in {" ".join(words), " ".join(latin)}:
                    is_beginning = text.rstrip().endswith("*")
                    forms.add(_form(locale, said, is_beginning))
                    if is_beginning:
                        beginnings.add(len(said))
                locales.add(locale)
                longest = max(longest, len(words))
        # Of the entries: another list has other hashes, and a build from the same files is the same to the byte.
        key = blake2b(b"\n".join(sorted(forms)), digest_size=16).digest()
        hashes = array("Q", sorted({_hash(form, key) for form in forms}))
        bits = bytearray(max(_ALIGNMENT, 1 << (len(forms) * _BITS_OF_ENTRY // 8 - 1).bit_length()))
        for form in forms:
            place = zlib.crc32(form) & (len(bits) * 8 - 1)
            bits[place >> 3] |= 1 << (place & 7)
        return cls(memoryview(hashes), memoryview(bits), key, frozenset(locales), longest, tuple(sorted(beginnings)))

    def locales_of(self, locale: str) -> tuple[str, ...]:
        """Which of its locales apply to a shopper's."""
        return tuple(each for each in (EVERYWHERE, *locale_chain(locale)) if each in self.locales)

    def holds(self, words: Sequence[str], locales: Sequence[str]) -> bool:
        """Whether an entry of the locales stands among folded words."""
        for locale in locales:
            for size in range(1, min(self.longest, len(words)) + 1):
                for start in range(len(words) - size + 1):
                    said = words[start] if size == 1 else " ".join(words[start : start + size])
                    if self._is_listed(_form(locale, said, False)) or self._begins(locale, said):
                        return True
        return False

    def _begins(self, locale: str, said: str) -> bool:
        return any(self._is_listed(_form(locale, said[:size], True)) for size in self.beginnings if size <= len(said))

    def _is_listed(self, form: bytes) -> bool:
        place = zlib.crc32(form) & (len(self.bits) * 8 - 1)
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
        body = self.hashes.tobytes() + self.bits.tobytes()
        header = orjson.dumps(
            {
                "format": FORMAT,
                "key": self.key.hex(),
                "locales": sorted(self.locales),
                "longest": self.longest,
                "beginnings": self.beginnings,
                "entries": len(self.hashes),
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
        """Read what `save` wrote, and check it.

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
            return cls(
                body[:end].cast("Q"),
                body[end:],
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


def _hash(form: bytes, key: bytes) -> int:
    return int.from_bytes(blake2b(form, digest_size=8, key=key).digest(), "little")
