"""Whether there is anything in a text that a disguise is made of; nearly every text is plain, and told so here.

By classes of characters and by numbers: a regular expression that tries each of these at every place takes a fifth of
all that is asked of a text.
"""

import re

# Runs of three equal characters and more.
PULLED = re.compile(r"(.)\1{2,}")
_LETTERS, _NOT_LETTERS, _SIGNS = "abcdefghijklmnopqrstuvwxyz", "0123456789!|+(", "@$"
# Each letter as "a", a sign that stands for one as "0" or "$", the rest as a blank.
_CLASSES = bytes(
    ord("a" if sign in _LETTERS else "0" if sign in _NOT_LETTERS else "$" if sign in _SIGNS else " ")
    for sign in map(chr, range(256))
)
_TWO_SHORT_PIECES = re.compile(rb" aa[^a]+aa ")


def has_trace(folded: str, is_ascii: bool) -> bool:
    """Whether a text may be a disguise: a letter beside a sign, an apostrophe, a run, two short pieces, a lone letter.

    Args:
        folded: The text as `data.text.fold` gives it, or in lower case where it is ASCII.
        is_ascii: The text itself; what folds to ASCII may be read again for less, and other scripts always.
    """
    if not folded.isascii():
        return True
    seen = b" %b " % folded.encode().translate(_CLASSES)
    if "'" in folded or (not is_ascii and (b"0" in seen or b"$" in seen)):
        return True
    # After the signs no letter has one beside it: only blanks are around a lone one.
    if b"a0" in seen or b"0a" in seen or b"a$" in seen or b"$a" in seen or b"$$" in seen or b" a " in seen:
        return True
    return (b" aa " in seen and _TWO_SHORT_PIECES.search(seen) is not None) or is_pulled(folded)


def is_pulled(text: str) -> bool:
    """Whether one character stands three times in a row."""
    if text.isascii():
        # As one large number beside itself, moved by a character and by two: equal ones cancel out to a zero byte.
        written = text.encode()
        number = int.from_bytes(written)
        number ^= number >> 8
        if b"\0" not in (number | number >> 8).to_bytes(len(written)):
            return False
    return PULLED.search(text) is not None
