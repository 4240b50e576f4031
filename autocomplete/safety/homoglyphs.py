"""Letters and signs that look like Latin letters: those of other scripts as Unicode TR39 confuses them, and Latin ones.

Mathematical, full-width and circled letters are not here: folding (NFKC) makes plain ones of them. It leaves what has
no plain form: small capitals, letters with hooks and strokes, white letters on black, the letters that flags are made
of. Their Unicode names say which letter each of them is.
"""

import re
import unicodedata
from collections.abc import Iterator

from data.text.folding import fold_with_offsets
from data.text.invisible import without_invisible

# In lower case; "я" and "и" are no part of TR39, but what a Latin R and N are turned around to.
_LOOK_ALIKES = {
    "a": "ɑαа",
    "b": "ƅьʙвβ",
    "c": "ϲсᴄ",
    "d": "ԁɗ",
    "e": "еєεҽ",
    "f": "ſϝғ",
    "g": "ɡցɢ",
    "h": "һհнʜ",
    "i": "іιɩӏıɪ",
    "j": "јϳ",
    "k": "кκᴋ",
    "l": "ʟ",
    "m": "мᴍ",
    "n": "ոռпηи",
    "o": "оοσօჿөѳ",
    "p": "рρϱ",
    "q": "ԛգզ",
    "r": "гᴦя",
    "s": "ѕꜱƽ",
    "t": "тτᴛ",
    "u": "υսʋ",
    "v": "νѵ",
    "w": "ԝѡաω",
    "x": "хχ",
    "y": "уүγ",
    "z": "ᴢ",
}
# Capitals that look like others than their small letters do (a Greek "Η" is an H, "η" an n), or whose small letters
# look like none: told before a text is folded. Greek, Armenian, Cherokee, Lisu.
_CAPITALS = {
    "a": "ΑᎪꓮ",
    "b": "ΒᏴꓐ",
    "c": "ᏟꓚϹ",
    "d": "Ꭰꓓ",
    "e": "ΕᎬꓰ",
    "f": "ꓝϜ",
    "g": "ᏀԌꓖ",
    "h": "ΗᎻꓧ",
    "i": "ΙꓲՒ",
    "j": "ᎫꓙͿ",
    "k": "ΚᏦꓗ",
    "l": "ᏞꓡԼ",
    "m": "ΜᎷꓟϺ",
    "n": "Νꓠ",
    "o": "ΟՕꓳΘ",
    "p": "ΡᏢꓑ",
    "r": "ᏒꓣᎡ",
    "s": "ՏᏚꓢ",
    "t": "ΤᎢꓔ",
    "u": "ՍꓴႮ",
    "v": "Ꮩꓦ",
    "w": "ᎳᏔꓪ",
    "x": "Χꓫ",
    "y": "ΥᎽꓬϒ",
    "z": "ΖᏃꓜ",
}
# Latin letters beyond ASCII, phonetic ones, extensions; signs in letters' shape.
_NAMED = ((0xC0, 0x2B0), (0x1D00, 0x1DC0), (0x1E00, 0x1F00), (0x2C60, 0x2C80), (0xA720, 0xA800), (0xAB30, 0xAB70))
_SIGNS = ((0x1F150, 0x1F18A), (0x1F1E6, 0x1F200))
_LATIN_NAME = re.compile(
    r"(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL|NEGATIVE CIRCLED LATIN CAPITAL LETTER"
    r"|(?:CROSSED )?NEGATIVE SQUARED LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER)"
    r" (?:BARRED |SCRIPT |DOTLESS )?([A-Z])(?: WITH .+| BAR)?"
)


def _of_names() -> Iterator[tuple[str, str]]:
    for first, end in (*_NAMED, *_SIGNS):
        for character in map(chr, range(first, end)):
            named = _LATIN_NAME.fullmatch(unicodedata.name(character, ""))
            if named is not None:
                yield character, named[1].lower()


def _of_table() -> Iterator[tuple[str, str]]:
    for latin, characters in _LOOK_ALIKES.items():
        for character in characters:
            yield character, latin


# What a text is looked up by: the folded form, so that "β" and "ß" are not confused before folding.
LATIN_OF: dict[str, str] = {
    folded: latin
    for character, latin in (*_of_names(), *_of_table())
    if len(folded := fold_with_offsets(character)[0]) == 1 and not folded.isascii()
}
_TABLE = str.maketrans(LATIN_OF)
_LOOK_ALIKE = frozenset(LATIN_OF)
CAPITAL_OF: dict[str, str] = {seen: latin for latin, characters in _CAPITALS.items() for seen in characters}
_CAPITAL_TABLE = str.maketrans(CAPITAL_OF)
_CAPITAL = frozenset(CAPITAL_OF)
# Languages whose own letters these are: a word wholly written in them is no disguise there.
_OTHER_SCRIPTS = {
    **dict.fromkeys(["be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"], "CYRILLIC"),
    **{"el": "GREEK", "hy": "ARMENIAN", "ka": "GEORGIAN", "chr": "CHEROKEE", "lis": "LISU"},
}
_SCRIPT_OF = {character: unicodedata.name(character).split()[0] for character in (*LATIN_OF, *CAPITAL_OF)}


def has_look_alikes(folded: str) -> bool:
    """Whether any character of a folded text is one that looks like a Latin letter."""
    return not (folded.isascii() or _LOOK_ALIKE.isdisjoint(folded))


def as_latin(word: str, locale: str) -> str | None:
    """What a folded word looks like in Latin letters; `None` where it is what it is.

    It must look Latin as a whole. Where the locale writes in another script, a word wholly in that script is what it
    is.
    """
    if word.isascii():
        return None
    seen = word.translate(_TABLE)
    return seen if seen.isascii() and not _is_own(word, locale) else None


def as_shown(text: str, locale: str) -> str:
    """A text, not folded, as it is seen: capitals of other scripts as the Latin ones, and nothing that is invisible.

    The text itself where it is what it is.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = without_invisible(text)
    if _CAPITAL.isdisjoint(shown):
        return shown
    return " ".join(
        chunk if _CAPITAL.isdisjoint(chunk) or _is_own(chunk, locale) else chunk.translate(_CAPITAL_TABLE)
        for chunk in shown.split()
    )


def _is_own(word: str, locale: str) -> bool:
    """Whether what looks Latin in a word is all of the locale's script, and no Latin letter stands beside it."""
    script = _OTHER_SCRIPTS.get(locale.partition("-")[0])
    if script is None:
        return False
    return not any(
        "a" <= character <= "z" or "A" <= character <= "Z" or _SCRIPT_OF.get(character, script) != script
        for character in word
    )
