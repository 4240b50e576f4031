"""Folding: one written form for what shoppers mean as the same characters, with the way back to the original."""

import re
import unicodedata

# Letters that Unicode does not decompose, with what people type for them on a plain keyboard.
_PLAIN_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t",
    "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ĸ": "k",
    # One letter that keyboards of Arabic, Persian and Urdu have at several code points, or that is often written
    # without its dots: alef wasla, alef maqsura and Persian yeh, kaf, heh and teh marbuta.
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
    "\u0629": "\u0647", "\u06c1": "\u0647", "\u06c3": "\u0647", "\u06d5": "\u0647",
    # Hebrew letters at the end of a word, as casefold does with the Greek sigma: more of the word may follow.
    "\u05da": "\u05db", "\u05dd": "\u05de", "\u05df": "\u05e0", "\u05e3": "\u05e4", "\u05e5": "\u05e6",
}  # fmt: skip
# Thai: the vowel "เ" typed twice for the one that looks so, and "ำ" typed as its two parts, a tone mark between them.
_SARA_E, _SARA_AE, _SARA_AA, _SARA_AM = "\u0e40", "\u0e41", "\u0e32", "\u0e33"
_OPEN_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)$")
# One keystroke and half of a cluster, so it stays one character; NFKC makes two of it. "ຳ" is the same in Lao.
_SARA_AMS = frozenset([_SARA_AM, "\u0eb3"])
_PUNCTUATION = {
    **dict.fromkeys("’‘‛ʼʹ´′＇\u05f3", "'"),
    **dict.fromkeys("“”„‟«»″＂\u05f4", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－\u05be", "-"),
    "×": "x", "✕": "x", "⁄": "/", "∕": "/",
    # Trademark signs end a word: "Core™2" is "core 2", never "coretm2".
    "™": " ", "®": " ", "©": " ", "℠": " ",
    "\u00ad": "", "\u200b": " ", "\u0640": "", "…": " ",
}  # fmt: skip
_CONTROLS = dict.fromkeys((*range(32), 127), " ")


def _is_dropped_mark(character: str) -> bool:
    """Accents (Latin, Greek, Cyrillic), Hebrew points, Arabic vowel signs: what people leave out when typing."""
    return (
        "\u0300" <= character <= "\u036f"
        or "\u0483" <= character <= "\u0487"
        or ("\u0591" <= character <= "\u05c7" and unicodedata.category(character) == "Mn")
        or "\u064b" <= character <= "\u065f"
        or character == "\u0670"
        or "\ufe00" <= character <= "\ufe0f"
    )


def _fold_character(character: str) -> str:
    """One character without its context; settled, so that folding twice changes nothing."""
    if character in _PUNCTUATION:
        return _PUNCTUATION[character]
    category = unicodedata.category(character)
    if character in _SARA_AMS:
        return character
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":
        return ""
    if category[0] in "CZ":
        return " "
    folded = character
    for _ in range(4):
        before = folded
        parts = (
            _PUNCTUATION.get(part, part)
            for part in unicodedata.normalize("NFKD", folded.casefold())
            if not _is_dropped_mark(part)
        )
        folded = "".join(_PLAIN_LETTERS.get(part, part) for part in parts)
        if folded == before:
            break
    return unicodedata.normalize("NFC", folded)


def _joins(character: str) -> bool:
    """Whether it may compose with the character before it (kana voicing, Hangul, Indic vowels)."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character in _SARA_AMS


# Of the Basic Multilingual Plane: all that living languages are written with, rare Chinese characters aside.
_LAST_REMEMBERED = "\uffff"


class _Folds(dict[str, str]):
    """What each character met so far folds to; one that is not remembered is worked out each time, in 2 µs.

    Remembered are those up to `_LAST_REMEMBERED`, about 130 bytes each: 8 MB at most. What lies beyond is hardly ever
    typed, but by somebody who sends a million characters that nobody uses, to fill 150 MB of each server.
    """

    def __init__(self) -> None:
        super().__init__()
        self.joining: set[str] = set()

    def __missing__(self, character: str) -> str:
        folded = _fold_character(character)
        if character <= _LAST_REMEMBERED:
            self[character] = folded
        # Always: whoever folds a text asks afterwards which of its characters join. There are some 3,000 of them.
        if any(_joins(part) for part in folded):
            self.joining.add(character)
        return folded


_FOLDS = _Folds()


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Fold and say where each folded character came from; whitespace is not collapsed.

    Returns:
        The folded text and, unless every character folded to exactly one (`None`), the original offset of each folded
        character, with `len(text)` appended; `original_span` reads it.
    """
    if text.isascii():
        return (text if text.isprintable() else text.translate(_CONTROLS)).lower(), None
    pieces = [_FOLDS[character] for character in text]
    if not _FOLDS.joining.isdisjoint(text) or _SARA_E * 2 in text:
        return _compose(pieces, len(text))
    folded = "".join(pieces)
    if len(folded) == len(pieces) and all(map(len, pieces)):
        return folded, None
    offsets = [start for start, piece in enumerate(pieces) for _ in piece]
    offsets.append(len(text))
    return folded, offsets


def _compose(pieces: list[str], length: int) -> tuple[str, list[int]]:
    """Join characters that compose, as one cluster that keeps the offset of its first character."""
    clusters: list[tuple[int, str]] = []
    for start, piece in enumerate(pieces):
        # A mark that came out of a letter's decomposition stays with the rest of it.
        whole = all(map(_joins, piece))
        for character in piece:
            begin, before = clusters[-1] if clusters else (0, "")
            if clusters and whole and _joins(character):
                clusters[-1] = (begin, before + character)
            elif character == before == _SARA_E:
                clusters[-1] = (begin, _SARA_AE)
            elif character == _SARA_AA and _OPEN_SARA_AM.search(before):
                clusters[-1] = (begin, _OPEN_SARA_AM.sub(rf"\1{_SARA_AM}", before))
            else:
                clusters.append((start, character))
    composed = [unicodedata.normalize("NFC", cluster) for _, cluster in clusters]
    offsets = [start for (start, _), cluster in zip(clusters, composed, strict=True) for _ in cluster]
    return "".join(composed), [*offsets, length]


def original_span(offsets: list[int] | None, start: int, end: int) -> tuple[int, int]:
    """The original characters that a folded span came from; a character that folded to several is taken whole."""
    if offsets is None:
        return start, end
    last = offsets[end - 1]
    while offsets[end] == last:
        end += 1
    return offsets[start], offsets[end]


def fold(text: str) -> str:
    """The key under which two spellings of one name are the same; needs no language.

    NFKC, case folded, accents stripped, quotes and dashes unified, trademark signs and control characters to spaces,
    whitespace collapsed. `fold(fold(text)) == fold(text)`.
    """
    return " ".join(fold_with_offsets(text)[0].split())
