"""What a text says to a reader who looks through disguises.

- Look-alike letters: "grеу" with two Cyrillic letters is "grey". A word of a locale that writes in them is left alone.
- Digits and signs for letters: "gr3y", "$ilver". Left alone: more digits than letters ("h264"), a digit at the end
  of fewer than three times as many characters ("as55"), measures ("10in"), and of three characters all but a vowel
  in the middle ("a5s").
- Letters pulled long: "greeeey", with one, two or three of them. A doubled letter is spelling: "good" is no "god".
- Letters pulled apart: "g r e y", "g.r.e.y", "gr ey", "g rey". Two pieces of three letters and more are two words:
  "pen island".

Only a text with a trace of a disguise is read again; every other has one reading, its words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from autocomplete.safety.homoglyphs import as_latin
from autocomplete.words import split_words
from data.text import fold

# "1", "!" and "|" stand for i or l: a text is read both ways.
_SIGNS = str.maketrans("@4863059$7+€£(", "aabgeosgsttelc")
_EITHER = str.maketrans("1!|", "iii"), str.maketrans("1!|", "lll")
_SIGN = re.compile(r"[0-9@$!|+€£(]")
_LETTER_SIGNS = "@$€£"  # hardly anything but letters, inside a word
_VOWELS = "0134"
_PIECES = re.compile(r"([-/_.,])")
_MEASURE = re.compile(r"\d{2,}[^\W\d_]+$")  # "10in"
_OUTSIDE = "!?.,:;)(+|\"'"
_PULLED = re.compile(r"(.)\1{2,}")
# A letter beside a sign, a run, two short pieces, a lone letter.
_TRACE = re.compile(
    r"[a-z][0-9@$!|+(]|[0-9@$!|+(][a-z]|[@$]{2}|(.)\1\1"
    r"|(?<![a-z])[a-z]{1,2}[^a-z]+[a-z]{1,2}(?![a-z])|(?<![a-z])[a-z](?![a-z])"
)
_SHORT = 2  # letters of a piece that is no word of its own
_SHORTEST = 3  # letters of what pieces are joined to
_SHORTEST_SPLIT = 4  # where a single letter was cut off: "a ss" reads as anything
# A text is read in so many ways at most, a word in so many: both far beyond what somebody disguises by hand.
_MOST_READINGS, _MOST_OF_WORD = 64, 27
_MOST_PIECES = 12


def readings(text: str, locale: str) -> Iterator[Sequence[str]]:
    """The words of a text, then what they may be a disguise of: lists of words, none longer than the text has.

    Args:
        text: As it would be shown.
        locale: BCP 47; says which look-alikes are letters of the language.
    """
    words = split_words(text)
    yield words
    folded = text.lower() if text.isascii() else fold(text)
    if text.isascii() and _TRACE.search(folded) is None:
        return
    yield from islice(_disguised(words, folded, locale), _MOST_READINGS)


def _disguised(words: Sequence[str], folded: str, locale: str) -> Iterator[Sequence[str]]:
    plain: Sequence[str] = [as_latin(word, locale) or word for word in words]
    # Signs are no part of words: the pieces between blanks are read besides.
    chunks = [as_latin(chunk, locale) or chunk for chunk in folded.split()]
    seen: list[Sequence[str]] = []
    for read in (
        plain,
        _words_of(chunks),
        *(_words_of([_without_signs(each, way) for each in chunks]) for way in _EITHER),
    ):
        if read != words and read not in seen:
            seen.append(read)
    yield from seen
    for read in (words, *seen):
        yield from _shortened(read)
        for joined in _joined(read):
            for word in dict.fromkeys((joined, *(_without_signs(joined, way) for way in _EITHER))):
                yield [word]
                yield from _shortened([word])


def _words_of(chunks: Sequence[str]) -> list[str]:
    return [word for chunk in chunks for word in split_words(chunk)]


def _without_signs(chunk: str, either: dict[int, int]) -> str:
    core = chunk.strip(_OUTSIDE) if chunk[-1:] in _OUTSIDE or chunk[:1] in _OUTSIDE else chunk
    if _SIGN.search(core) is None:
        return chunk
    return "".join(
        piece.translate(either).translate(_SIGNS) if _is_word(_PULLED.sub(r"\1", piece)) else piece
        for piece in _PIECES.split(core)
    )


def _is_word(piece: str) -> bool:
    """Whether characters, some of them signs, are more likely a word than a model number or a measure."""
    if len(piece) < _SHORTEST or _MEASURE.match(piece):
        return False
    if len(piece) == _SHORTEST:
        return not (piece[0].isdigit() or piece[2].isdigit()) and (piece[1] in _VOWELS or not piece[1].isdigit())
    letters = sum(character.isalpha() or character in _LETTER_SIGNS for character in piece)
    digits = sum(map(str.isdigit, piece))
    return letters > 2 * digits if piece[-1].isdigit() else letters >= digits


def _shortened(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of three equal letters and more as one, two or three."""
    for place, word in enumerate(words):
        if _PULLED.search(word) is None:
            continue
        pieces: list[tuple[str, ...]] = []
        end = 0
        for run in _PULLED.finditer(word):
            letter = run.group(1)
            pieces += [(word[end : run.start()],), (letter, 2 * letter, 3 * letter)]
            end = run.end()
        for parts in islice(product(*pieces, (word[end:],)), _MOST_OF_WORD):
            yield [*words[:place], "".join(parts), *words[place + 1 :]]


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Words that neighbouring pieces make together; a digit is a piece only among single characters."""
    for start in range(len(words) - 1):
        first, second = words[start], words[start + 1]
        if len(first) <= _SHORT and (first.isalpha() or len(first) == 1):
            pieces = [first]
            for piece in words[start + 1 : start + _MOST_PIECES]:
                pieces.append(piece)
                joined = "".join(pieces)
                if len(piece) > _SHORT or not (joined.isalpha() or len(joined) == len(pieces)):
                    break
                if len(joined) >= _SHORTEST:
                    yield joined
        lone = min(len(first), len(second)) == 1 and (first + second).isalpha()
        if lone and max(len(first), len(second)) > _SHORT and len(first) + len(second) >= _SHORTEST_SPLIT:
            yield first + second
