"""What is blocked, by the plain definition: every reading in full, every entry at every place, nothing ruled out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice, product

from autocomplete.safety.homoglyphs import as_latin, as_shown
from autocomplete.words import is_unspaced, split_words
from data.product import locale_chain
from data.text import fold

_READ = dict(zip("@4863059$7+€£(", "aabgeosgsttelc", strict=True))
_SIGNS = frozenset("0123456789@$!|+€£(")
_RUN = re.compile(r"(.)\1\1+")
TRACES = [
    re.compile(pattern)
    for pattern in (
        r"[a-z][0-9@$!|+(]",
        r"[0-9@$!|+(][a-z]",
        r"[@$][@$]",
        r"(.)\1\1",
        r"(?<![a-z])[a-z]{1,2}[^a-z]+[a-z]{1,2}(?![a-z])",
        r"(?<![a-z])[a-z](?![a-z])",
        r"'",
    )
]


def is_blocked(text: str, locale: str, entries: Mapping[str, Iterable[str]]) -> bool:
    """Whether an entry stands in any reading of a text."""
    of_locale = [
        (as_words, text.endswith("*"))
        for name in ("und", *locale_chain(locale))
        for text in entries.get(name, ())
        if (entry := split_words(text))
        for seen in (entry, split_words(as_shown(text, name)) or entry)
        for as_words in (entry, [as_latin(word, name) or word for word in seen])
    ]
    return any(
        _stands(words[start:], entry, is_beginning)
        for words in readings(text, locale)
        for start in range(len(words))
        for entry, is_beginning in of_locale
    )


def _stands(words: Sequence[str], entry: Sequence[str], is_beginning: bool) -> bool:
    if not is_beginning:
        return list(words[: len(entry)]) == list(entry)
    before, last = entry[:-1], entry[-1]
    return (
        list(words[: len(before)]) == list(before) and len(words) >= len(entry) and words[len(before)].startswith(last)
    )


def readings(text: str, locale: str) -> Iterator[Sequence[str]]:
    """See `autocomplete.safety.disguise`."""
    words = split_words(text)
    yield words
    folded = text.lower() if text.isascii() else fold(text)
    shown = fold(as_shown(text, locale))
    most = 64 if shown == fold(text) else 32
    if not text.isascii() or any(trace.search(folded) for trace in TRACES):
        yield from islice(_disguised(words, folded, locale), most)
    if shown != fold(text):
        yield split_words(shown)
        yield from islice(_disguised(split_words(shown), shown, locale), most)


def _disguised(words: Sequence[str], folded: str, locale: str) -> Iterator[Sequence[str]]:
    plain = folded.split()
    chunks = [as_latin(chunk, locale) or chunk for chunk in plain]
    without_signs = [[_without_signs(each, letter) for each in chunks] for letter in "il"]
    seen: list[Sequence[str]] = []
    for read in ([as_latin(word, locale) or word for word in words], *map(_words_of, (chunks, *without_signs))):
        if read != words and read not in seen:
            seen.append(read)
    yield from seen
    known = [words, *seen]
    for pieces in (plain, chunks, *without_signs):
        read = _words_of([piece for chunk in pieces for piece in chunk.split("'")])
        if any("'" in chunk for chunk in plain) and read not in known:
            known.append(read)
            yield read
            yield from _shortened(read)
    for read in (words, *seen):
        yield from _shortened(read)
        for joined in _joined(read):
            for word in dict.fromkeys((joined, *(_without_signs(joined, letter) for letter in "il"))):
                yield [word]
                yield from _shortened([word])


def _words_of(chunks: Sequence[str]) -> list[str]:
    return [word for chunk in chunks for word in split_words(chunk)]


def _without_signs(chunk: str, letter: str) -> str:
    core = chunk.strip("!?.,:;)(+|\"'")
    if _SIGNS.isdisjoint(core):
        return chunk
    letters = str.maketrans({**_READ, "1": letter, "!": letter, "|": letter})
    return "".join(
        piece.translate(letters) if _is_word(_RUN.sub(r"\1", piece)) else piece
        for piece in re.split(r"([-/_.,])", core)
    )


def _is_word(piece: str) -> bool:
    if len(piece) < 3 or re.match(r"\d{2,}[^\W\d_]+$", piece):
        return False
    if len(piece) == 3:
        return not (piece[0].isdigit() or piece[2].isdigit()) and (piece[1] in "0134" or not piece[1].isdigit())
    letters = sum(character.isalpha() or character in "@$€£" for character in piece)
    digits = sum(character.isdigit() for character in piece)
    return letters > 2 * digits if piece[-1].isdigit() else letters >= digits


def _shortened(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for place, word in enumerate(words):
        if _RUN.search(word) is None:
            continue
        pieces: list[tuple[str, ...]] = []
        end = 0
        for run in _RUN.finditer(word):
            pieces += [(word[end : run.start()],), tuple(run.group(1) * times for times in (1, 2, 3))]
            end = run.end()
        for parts in islice(product(*pieces, (word[end:],)), 27):
            yield [*words[:place], "".join(parts), *words[place + 1 :]]


def _joined(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words) - 1):
        first, second = words[start], words[start + 1]
        if is_unspaced(first) or is_unspaced(second):
            continue
        if len(first) <= 2 and (first.isalpha() or len(first) == 1):
            for end in range(start + 2, min(start + 12, len(words)) + 1):
                pieces = words[start:end]
                joined = "".join(pieces)
                are_pieces = joined.isalpha() or len(joined) == len(pieces)
                if len(pieces[-1]) > 2 or is_unspaced(pieces[-1]) or not are_pieces:
                    break
                if len(joined) >= 3:
                    yield joined
        sizes = sorted((len(first), len(second)))
        if sizes[0] == 1 and sizes[1] > 2 and (first + second).isalpha():
            yield first + second


def digest(body: bytes) -> str:
    """What stands in a list's header of what is behind it."""
    return blake2b(body, digest_size=16).hexdigest()
