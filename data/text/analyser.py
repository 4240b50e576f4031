"""The analyser of a locale: from text to the words that are looked up, compared and indexed.

A folded text is cut into *chunks* by one regular expression: a number with its unit, a word with its inner hyphens
and apostrophes, a run of a script that writes no spaces. What a chunk becomes depends on nothing around it, so it is
worked out once and remembered; that makes a title cost a few microseconds.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from data.text.folding import fold_with_offsets, original_span
from data.text.stemming import STEMMERS
from data.text.stop_words import STOP_WORDS
from data.text.tokens import Token, TokenKind
from data.text.units import COMPOUND_UNITS, SIGNS, UNITS, number_key

# Changes whenever a token, stem or term comes out differently: a release built before is then refused, not misread.
ANALYSER_VERSION = 3
# Some 30 MB at worst: a server must not grow with its queries. Icecat's titles have 17,000 chunks; more start anew.
MOST_CHUNKS_REMEMBERED = 50_000
# Longer "words" are encoded data or an attack; no shopper types one.
LONGEST_WORD = 64

_HAN_AND_HIRAGANA = r"\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # without the dot that separates words
_SOUTH_EAST_ASIAN = r"\u0e01-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3"
_UNSPACED = _HAN_AND_HIRAGANA + _KATAKANA + _SOUTH_EAST_ASIAN
# Marks of Indic scripts belong to their words, though they are no word characters to `re`.
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d" + (
    r"\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b4d\u0b82\u0bbe-\u0bcd\u0c00-\u0c03\u0c3e-\u0c4d\u0c81-\u0c83"
    r"\u0cbc-\u0ccd\u0d01-\u0d03\u0d3e-\u0d4d])"
)
_PLAIN_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_NUMBER = rf"(?:[0-9]+-[0-9]+/[0-9]+|[0-9]+/[0-9]+|{_PLAIN_NUMBER})"
_UNIT_NAMES = "|".join(
    [COMPOUND_UNITS, *sorted((re.escape(name) for name in UNITS if name[0].isalpha()), key=len, reverse=True)]
)
# "2 in 1" counts nothing in inches; of single letters a blank before makes some doubtful ("size 8 h", "galaxy 4 s").
_MEASURE = (
    rf"(?:(?<![\w.])|(?<=[{_UNSPACED}])){_NUMBER}"
    rf"(?:(?:[ -]?(?:{_UNIT_NAMES})(?!{_LETTER})(?!(?<=[ -]in)[ -][0-9])(?<![ -][ahs]))"
    rf"|(?:\ ?(?:''|[\"%])|'(?!{_LETTER})))"
)
_WORD = rf"{_LETTER}+(?:['-]{_LETTER}+|(?<=[0-9])[.,/](?=[0-9]){_LETTER}+)*"
_CHUNK = re.compile(
    rf"{_MEASURE}|{_WORD}|[{_HAN_AND_HIRAGANA}]+|[{_KATAKANA}]+|[{_SOUTH_EAST_ASIAN}]+",
)
_MEASURE_PARTS = re.compile(rf"({_NUMBER})[ -]?({_UNIT_NAMES}|''|[\"%'])", re.DOTALL)
_IS_NUMBER = re.compile(_NUMBER)
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_PART = re.compile(rf"{_PLAIN_NUMBER}(?!{_LETTER})|[^-/.,]+")
_TIMES = re.compile(r"([0-9]+(?:\.[0-9]+)?)(x)([0-9]+(?:\.[0-9]+)?)")
_WORD_THEN_NUMBER = re.compile(r"([a-z]{2,})([0-9]+)")
# "4g" and "5g" are networks.
_NO_MEASURES = re.compile(r"[2-6]g")
_PLAIN = re.compile(r"[a-z ]*")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)'(?=\w)")
_DECIMAL_COMMA = frozenset({"de", "es", "fr", "it", "nl", "pt", "pl", "sv", "da", "fi", "nb", "no", "cs", "tr", "ru"})


class _Piece(NamedTuple):
    """A token of a chunk; offsets are relative to the chunk's start."""

    text: str
    stem: str
    start: int
    end: int
    kind: TokenKind


class Chunk(NamedTuple):
    """Terms of one stretch of a text, a half-open span of the original."""

    terms: tuple[str, ...]
    start: int
    end: int


class _Chunk(NamedTuple):
    """All that a chunk can become.

    Attributes:
        words: As they are spoken of: a run of a script without spaces is one word.
        tokens: As they are compared: such a run is its pairs of characters.
        terms: As they are indexed: the tokens' stems and the joined forms.
    """

    words: tuple[_Piece, ...]
    tokens: tuple[_Piece, ...]
    terms: tuple[str, ...]


class Analyser:
    """Text to tokens, terms, words and normal form, for one language.

    Args:
        language: Whose stemming, stop words and decimal separator; any other than en, de, es, fr has no stemming.

    Attributes:
        analyser_id: Language and version; stands in a release's manifest.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.analyser_id = f"{language}/{ANALYSER_VERSION}"
        self._stem = STEMMERS.get(language)
        self._stop_words = STOP_WORDS.get(language, frozenset())
        self._decimal_comma = language in _DECIMAL_COMMA
        self._remembered: dict[str, _Chunk] = {}

    def tokens(self, text: str) -> list[Token]:
        """Every token in order, with its place in the original text.

        `15.6"` and `16gb` are a number and a unit, `wh-1000xm4` is `wh` and `1000xm4`, `1920x1080` three tokens. Runs
        of Han, kana, Thai and the like come as overlapping pairs of characters.
        """
        return self._placed(text, as_words=False)

    def word_tokens(self, text: str) -> list[Token]:
        """The words of `words` as tokens: the same as `tokens`, but a run of a script without spaces stays whole."""
        return self._placed(text, as_words=True)

    def _placed(self, text: str, as_words: bool) -> list[Token]:
        folded, offsets = fold_with_offsets(text)
        found = []
        for match in _CHUNK.finditer(folded):
            at = match.start()
            chunk = self._chunk(match.group())
            for piece, stem, start, end, kind in chunk.words if as_words else chunk.tokens:
                start, end = original_span(offsets, at + start, at + end)
                found.append(Token(piece, stem, start, end, kind))
        return found

    def terms(self, text: str) -> list[str]:
        """What the index holds of a text: stems, plus one term for what may be written together or apart.

        A number with a unit is the number and both as one term (`16 gb`, `16GB` -> `16`, `16gb`); model numbers and
        words with a part of one or two letters add their joined form (`wh-1000xm4` -> `wh`, `1000xm4`, `wh1000xm4`;
        `t-shirt` -> `t`, `shirt`, `tshirt`); a word with a number behind adds its parts (`iphone13` -> `iphone13`,
        `iphone`, `13`). Stop words are kept; see `query_terms`.
        """
        found: list[str] = []
        for chunk in _CHUNK.findall(fold_with_offsets(text)[0]):
            found += self._chunk(chunk).terms
        return found

    def chunks(self, text: str) -> list[Chunk]:
        """The same terms by the stretch of text they come from, so that words can be told to stand side by side."""
        folded, offsets = fold_with_offsets(text)
        return [
            Chunk(self._chunk(found.group()).terms, *original_span(offsets, found.start(), found.end()))
            for found in _CHUNK.finditer(folded)
        ]

    def query_terms(self, text: str) -> list[str]:
        """The terms of a query: without stop words, unless there is nothing else ("to be")."""
        terms = self.terms(text)
        return [term for term in terms if term not in self._stop_words] or terms

    def words(self, text: str) -> list[str]:
        """The folded surface words, unstemmed: what spelling and completions speak of."""
        return [
            piece.text for chunk in _CHUNK.findall(fold_with_offsets(text)[0]) for piece in self._chunk(chunk).words
        ]

    def normalise(self, text: str) -> str:
        """The words joined by one blank: the form in which labels and completions are compared."""
        if len(text) <= LONGEST_WORD and text.isascii():
            lower = text.lower()
            if _PLAIN.fullmatch(lower):
                return " ".join(lower.split())
        return " ".join(self.words(text))

    def stem(self, word: str) -> str:
        """The stem of one word as `words` gives it."""
        return self._stem(word) if self._stem is not None and word.isalpha() else word

    def is_stop(self, word: str) -> bool:
        """Whether a folded word only says how others relate."""
        return word in self._stop_words

    def _chunk(self, chunk: str) -> _Chunk:
        known = self._remembered.get(chunk)
        if known is None:
            if len(chunk) > LONGEST_WORD:
                return self._analyse(chunk)
            if len(self._remembered) >= MOST_CHUNKS_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[chunk] = self._analyse(chunk)
        return known

    def _analyse(self, chunk: str) -> _Chunk:
        if _IS_UNSPACED.match(chunk):
            return _unspaced(chunk)
        measure = _MEASURE_PARTS.fullmatch(chunk)
        if measure is not None and not _NO_MEASURES.fullmatch(chunk):
            return self._measure(measure)
        pieces = tuple(self._pieces(chunk))
        terms = [piece.stem for piece in pieces]
        if _is_written_together(pieces):
            terms.append(self.stem("".join(piece.text for piece in pieces)))
        for piece in pieces:
            split = _WORD_THEN_NUMBER.fullmatch(piece.text)
            if split:
                terms += split.groups()
        return _Chunk(pieces, pieces, tuple(terms))

    def _measure(self, parts: re.Match[str]) -> _Chunk:
        number, name = parts[1], parts[2].replace(".", "").replace(" ", "")
        symbol = SIGNS.get(name) or UNITS[name].symbol
        key = number_key(number, self._decimal_comma)
        pieces = (
            _Piece(number, key, *parts.span(1), TokenKind.NUMBER),
            _Piece(SIGNS.get(name, name), symbol, *parts.span(2), TokenKind.UNIT),
        )
        return _Chunk(pieces, pieces, (key, key + symbol))

    def _pieces(self, chunk: str) -> list[_Piece]:
        """A word's parts at its hyphens and separators; apostrophes fall out (`women's` is `womens`)."""
        times = _TIMES.fullmatch(chunk)
        if times:
            return [self._piece(part, *times.span(i + 1)) for i, part in enumerate(times.groups())]
        if _IS_NUMBER.fullmatch(chunk) and chunk.count("-") <= chunk.count("/"):
            return [self._piece(chunk, 0, len(chunk))]
        found = []
        for match in _PART.finditer(chunk):
            part, start = match.group(), match.start()
            if self.language == "fr":
                elided = _ELISION.match(part)
                if elided:
                    found.append(self._piece(part[: elided.end() - 1], start, start + elided.end() - 1))
                    part, start = part[elided.end() :], start + elided.end()
            found.append(self._piece(part, start, match.end()))
        return found

    def _piece(self, surface: str, start: int, end: int) -> _Piece:
        if _IS_NUMBER.fullmatch(surface):
            return _Piece(surface, number_key(surface, self._decimal_comma), start, end, TokenKind.NUMBER)
        word = surface[:LONGEST_WORD].replace("'", "")
        stem = word
        if surface.endswith("'s") and self.language == "en":
            stem = surface[:LONGEST_WORD].removesuffix("'s").replace("'", "")
        return _Piece(word, self.stem(stem), start, end, TokenKind.WORD)


def _is_written_together(pieces: Sequence[_Piece]) -> bool:
    """Whether people also write the parts as one word: model numbers, "t-shirt", "wi-fi"; not "12-cell", "red-hot"."""
    if len(pieces) < 2 or pieces[0].kind is TokenKind.NUMBER:
        return False
    return any(len(piece.text) <= 2 or any(map(str.isdigit, piece.text)) for piece in pieces)


def _unspaced(run: str) -> _Chunk:
    """A run without spaces: one word; its pairs of characters are what is compared."""
    words = (_Piece(run[:LONGEST_WORD], run[:LONGEST_WORD], 0, len(run), TokenKind.WORD),)
    if len(run) == 1:
        pairs: tuple[_Piece, ...] = (_Piece(run, run, 0, 1, TokenKind.BIGRAM),)
    else:
        pairs = tuple(_Piece(run[i : i + 2], run[i : i + 2], i, i + 2, TokenKind.BIGRAM) for i in range(len(run) - 1))
    return _Chunk(words, pairs, tuple(pair.stem for pair in pairs))


@lru_cache(maxsize=64)
def analyser_for(locale: str) -> Analyser:
    """The analyser of a BCP 47 locale; languages without own rules share the one for any language (`und`)."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    if language in STEMMERS:
        return _analyser(language)
    return _analyser("und")


@lru_cache(maxsize=len(STEMMERS) + 1)
def _analyser(language: str) -> Analyser:
    return Analyser(language)
