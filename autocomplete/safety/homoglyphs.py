"""Letters of other scripts that look like Latin ones, as Unicode TR39 confuses them, lower case.

Mathematical, full-width and circled letters are not here: folding (NFKC) makes plain ones of them.
"""

from data.text.folding import fold_with_offsets

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
    "n": "ոռпη",
    "o": "оοσօჿ",
    "p": "рρϱ",
    "q": "ԛգզ",
    "r": "гᴦ",
    "s": "ѕꜱƽ",
    "t": "тτᴛ",
    "u": "υսʋ",
    "v": "νѵ",
    "w": "ԝѡաω",
    "x": "хχ",
    "y": "уүγ",
    "z": "ᴢ",
}
# What a text is looked up by: the folded form, so that "β" and "ß" are not confused before folding.
LATIN_OF: dict[str, str] = {
    folded: latin
    for latin, characters in _LOOK_ALIKES.items()
    for character in characters
    if len(folded := fold_with_offsets(character)[0]) == 1 and not folded.isascii()
}
_TABLE = str.maketrans(LATIN_OF)
_LOOK_ALIKE = frozenset(LATIN_OF)
# Languages whose own letters these are: a word wholly written in them is no disguise there.
_OTHER_SCRIPTS = frozenset(["be", "bg", "el", "hy", "ka", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"])


def has_look_alikes(folded: str) -> bool:
    """Whether any character of a folded text is a letter that looks like a Latin one."""
    return not (folded.isascii() or _LOOK_ALIKE.isdisjoint(folded))


def as_latin(word: str, locale: str) -> str | None:
    """What a folded word looks like in Latin letters; `None` where it is what it is.

    It must be a mixture of scripts or, where the locale writes in Latin letters, look Latin as a whole.
    """
    if word.isascii():
        return None
    seen = word.translate(_TABLE)
    if not seen.isascii():
        return None
    mixed = any("a" <= character <= "z" for character in word)
    return seen if mixed or locale.partition("-")[0] not in _OTHER_SCRIPTS else None
