"""What a text says to a reader who looks through disguises.

- Look-alike letters: "grеу" with two Cyrillic letters is "grey", and so is "ɢʀᴇʏ". A word of a locale that writes in
  them is left alone. Capitals of other scripts look like others than their small letters: a Greek "Η" is an H.
- Characters that nobody sees: "gr3<U+200B>y" is "gr3y", whatever else they are between two words.
- Digits and signs for letters: "gr3y", "$ilver". Left alone: more digits than letters ("h264"), a digit at the end
  of fewer than three times as many characters ("as55"), measures ("10in"), and of three characters all but a vowel
  in the middle ("a5s").
- Letters pulled long: "greeeey", with one, two or three of them. A doubled letter is spelling: "good" is no "god".
- Letters pulled apart: "g r e y", "g.r.e.y", "gr ey", "g rey". Two pieces of three letters and more are two words:
  "pen island". A character of a script without spaces is a word, and no piece of one.
- Letters behind an apostrophe or before it: "grey's" and "l'grey" hold "grey". They are pieces of nothing: in "kid's
  hit list" the s belongs to no word but its own.

Only a text with a trace of a disguise is read again (`traces.py`); every other has one reading, its words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from autocomplete.safety.homoglyphs import as_latin, as_shown, has_look_alikes
from autocomplete.safety.traces import PULLED, has_trace, is_pulled
from autocomplete.words import is_unspaced, split_words
from data.text import fold

# "1", "!" and "|" stand for i or l: a text is read both ways.
_SIGNS = {ord(sign): letter for sign, letter in zip("@4863059$7+€£(", "aabgeosgsttelc", strict=True)}
_AS_I, _AS_L = ({**_SIGNS, **dict.fromkeys(map(ord, "1!|"), letter)} for letter in "il")
_SIGN = re.compile(r"[0-9@$!|+€£(]")
_LETTER_SIGNS = "@$€£"  # hardly anything but letters, inside a word
_EITHER = frozenset("1!|")
_NUMBER = re.compile(r"[0-9/_.,:;?)\"'-]*")  # nothing in it is a word, whatever its signs stand for
_VOWELS = "0134"
_PIECES = re.compile(r"([-/_.,])")
_MEASURE = re.compile(r"\d{2,}[^\W\d_]+$")  # "10in"
_OUTSIDE = "!?.,:;)(+|\"'"
_SHORT = 2  # letters of a piece that is no word of its own
_SHORTEST = 3  # letters of what pieces are joined to
_SHORTEST_SPLIT = 4  # where a single letter was cut off: "a ss" reads as anything
# A text is read in so many ways at most, half of them as it is shown where that is another than what is written, a word
# in so many: all far beyond what somebody disguises by hand.
_MOST_READINGS, _MOST_OF_WORD = 64, 27
_MOST_PIECES = 12


def readings(text: str, locale: str) -> Iterator[Sequence[str]]:
    """The words of a text, then what they may be a disguise of: lists of words.

    Args:
        text: As it would be shown.
        locale: BCP 47; says which look-alikes are letters of the language.
    """
    folded = text.lower() if text.isascii() else fold(text)
    words = split_words(folded)
    yield words
    shown = as_shown(text, locale)
    seen = fold(shown) if shown != text else folded
    most = _MOST_READINGS if seen == folded or seen == fold(text) else _MOST_READINGS // 2
    if has_trace(folded, text.isascii()):
        yield from islice(_disguised(words, folded, locale), most)
    if most < _MOST_READINGS:
        words = split_words(seen)
        yield words
        yield from islice(_disguised(words, seen, locale), most)


def _disguised(words: Sequence[str], folded: str, locale: str) -> Iterator[Sequence[str]]:
    # Signs are no part of words: the pieces between blanks are read besides.
    chunks = plain = folded.split()
    found: list[Sequence[str]] = []
    if has_look_alikes(folded):
        chunks = [as_latin(chunk, locale) or chunk for chunk in chunks]
        found += [as_latin(word, locale) or word for word in words], split_words(" ".join(chunks))
    as_i, as_l = _without_signs(chunks)
    found += (split_words(" ".join(read)) for read in ((as_i,) if as_l is as_i else (as_i, as_l)) if read is not chunks)
    seen: list[Sequence[str]] = []
    for read in found:
        if read != words and read not in seen:
            seen.append(read)
    yield from seen
    if "'" in folded:
        known = [words, *seen]
        for each in (plain, chunks, as_i, as_l):
            apart = split_words(" ".join(each).replace("'", " "))
            if apart not in known:
                known.append(apart)
                yield apart
                yield from _shortened(apart)
    for read in (words, *seen):
        yield from _shortened(read)
        for joined in _joined(read):
            yield [joined]
            yield from _shortened([joined])
            if not joined.isalpha():
                for word in dict.fromkeys(each[0] for each in _without_signs([joined])):
                    if word != joined:
                        yield [word]
                        yield from _shortened([word])


def _without_signs(chunks: list[str]) -> tuple[list[str], list[str]]:
    """The chunks with letters for signs, read as i and as l; the very same lists where that makes no difference."""
    as_i = as_l = chunks
    for place, chunk in enumerate(chunks):
        if chunk.isalpha() or _NUMBER.fullmatch(chunk) is not None:
            continue
        core = chunk.strip(_OUTSIDE)
        pieces = _PIECES.split(core)
        meant = [_SIGN.search(piece) is not None and _is_word(piece) for piece in pieces]
        if True not in meant:
            continue
        if as_i is chunks:
            as_i = as_l = [*chunks]
        if as_l is as_i and not _EITHER.isdisjoint(core):
            as_l = [*as_i]
        as_i[place] = _spelt(pieces, meant, _AS_I)
        if as_l is not as_i:
            as_l[place] = _spelt(pieces, meant, _AS_L)
    return as_i, as_l


def _spelt(pieces: Sequence[str], meant: Sequence[bool], letters: dict[int, str]) -> str:
    return "".join(piece.translate(letters) if is_word else piece for piece, is_word in zip(pieces, meant, strict=True))


def _is_word(piece: str) -> bool:
    """Whether characters, some of them signs, are more likely a word than a model number or a measure."""
    if piece.isalpha() or piece.isdigit():
        return False  # no sign, or nothing but signs
    if is_pulled(piece):
        piece = PULLED.sub(r"\1", piece)
    if len(piece) < _SHORTEST or _MEASURE.match(piece):
        return False
    if len(piece) == _SHORTEST:
        return not (piece[0].isdigit() or piece[2].isdigit()) and (piece[1] in _VOWELS or not piece[1].isdigit())
    letters = sum(map(str.isalpha, piece)) + sum(map(piece.count, _LETTER_SIGNS))
    digits = sum(map(str.isdigit, piece))
    return letters > 2 * digits if piece[-1].isdigit() else letters >= digits


def _shortened(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of three equal letters and more as one, two or three."""
    if not is_pulled(" ".join(words)):
        return
    for place, word in enumerate(words):
        if PULLED.search(word) is None:
            continue
        pieces: list[tuple[str, ...]] = []
        end = 0
        for run in PULLED.finditer(word):
            letter = run.group(1)
            pieces += [(word[end : run.start()],), (letter, 2 * letter, 3 * letter)]
            end = run.end()
        for parts in islice(product(*pieces, (word[end:],)), _MOST_OF_WORD):
            yield [*words[:place], "".join(parts), *words[place + 1 :]]


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Words that neighbouring pieces make together; a digit is a piece only among single characters."""
    sizes = [*map(len, words)]
    if not sizes or min(sizes) > _SHORT:
        return
    for start in range(len(words) - 1):
        size, following = sizes[start], sizes[start + 1]
        if size > _SHORT and following > 1:
            continue
        first, second = words[start], words[start + 1]
        if _stands_alone(first) or _stands_alone(second):
            continue
        if size <= _SHORT and following <= _SHORT and (size == 1 or first.isalpha()):
            joined, are_single = first, size == 1
            for place in range(start + 1, min(start + _MOST_PIECES, len(words))):
                piece = words[place]
                joined += piece
                are_single = are_single and sizes[place] == 1
                if sizes[place] > _SHORT or not (are_single or joined.isalpha()) or _stands_alone(piece):
                    break
                if len(joined) >= _SHORTEST:
                    yield joined
        if (
            (size == 1 or following == 1)
            and max(size, following) > _SHORT
            and size + following >= _SHORTEST_SPLIT
            and first.isalpha()
            and second.isalpha()
        ):
            yield first + second


def _stands_alone(word: str) -> bool:
    """Whether it is a character of a script without spaces, which every writer leaves as it is."""
    return len(word) == 1 and not word.isascii() and is_unspaced(word)
