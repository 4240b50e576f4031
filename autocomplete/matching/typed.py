"""A prefix as the engine reads it: complete words, and what of the next one has been typed."""

from enum import Enum
from typing import NamedTuple
from unicodedata import category

from autocomplete.words import split_words

# No completion is longer (see `build.py`), so a longer prefix matches nothing, and is not even split.
MAX_CHARACTERS = 256


class Ending(Enum):
    """How a prefix ends, which says what may follow its last word.

    "usb" is open: "usb hub" and "usb4 cable" both go on from it. "usb " asks for a next word: "usb" itself is over.
    "usb-" closes the word but may also be its end ('24"').
    """

    OPEN = "open"
    CLOSED = "closed"
    NEXT = "next"


class Typed(NamedTuple):
    """What has been typed, folded.

    Attributes:
        words: The complete words.
        partial: The beginning of the word being typed; empty unless `ending` is OPEN.
        ending: An OPEN prefix always has a partial, a CLOSED or NEXT one always a word.
    """

    words: tuple[str, ...]
    partial: str
    ending: Ending

    @property
    def key(self) -> str:
        """The string that a completion's words, joined by spaces, start with in a prefix match."""
        if self.ending is Ending.OPEN:
            return " ".join((*self.words, self.partial))
        return " ".join(self.words) + (" " if self.ending is Ending.NEXT else "")


def parse_prefix(text: str) -> Typed | None:
    """Read a prefix; `None` when it holds no letter and no digit, or more than any completion could."""
    text = text.lstrip()
    if len(text) > MAX_CHARACTERS:
        text = text.rstrip() + " " * text[-1:].isspace()
        if len(text) > MAX_CHARACTERS:
            return None
    words = split_words(text)
    # One Arabic ligature folds into eighteen letters.
    if not words or (not text.isascii() and sum(map(len, words)) > MAX_CHARACTERS):
        return None
    last = text[-1]
    if last.isalnum() or last in "'’":
        return Typed(tuple(words[:-1]), words[-1], Ending.OPEN)
    # A joiner or a direction mark of a script folds away, and the word goes on ("بی\u200cسیم").
    if last.isspace() or not (last.isprintable() or category(last) == "Cf"):
        return Typed(tuple(words), "", Ending.NEXT)
    # A mark that folded into its letter ends nothing; a separator does.
    if len(split_words(text + "x")) == len(words):
        return Typed(tuple(words[:-1]), words[-1], Ending.OPEN)
    return Typed(tuple(words), "", Ending.CLOSED)
