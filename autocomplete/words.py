"""What a completion and a prefix are compared by: folded words with their places in the original text.

Cut from the folded text by character class alone, so that every prefix of a text gives a prefix of its words: the
property that makes a keystroke's answer narrow the answer to the keystroke before. (The analyser of `data.text`, which
reads `15.6"` as "15.6 in" and stems, breaks it exactly while somebody is typing; it is used here only to find
near-duplicates.)

- Letters and digits make words; an apostrophe is dropped ("men's" and "mens" are the same to a thumb); the rest
  separates.
- A character of a script without spaces is a word of its own, so that any character can start a match.
- Kana are one alphabet: katakana and hiragana, and small kana and large ones ("キャノン" is the brand キヤノン). A dash
  or a wave between two of them is the long vowel mark that it stands for.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from data.text.folding import fold_with_offsets, original_span

_ASCII_WORDS = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*'?")
# Thai and Lao without their currency and punctuation, Myanmar, Khmer; kana without the dot that separates words; the
# ideographs' iteration mark and zero, CJK ideographs with their extensions.
_IDEOGRAPH = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eff\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17d7\u17dc\u17dd"
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff" + _IDEOGRAPH
)
# Vowel signs of the Indic scripts are no letters to `re`, but part of the word all the same.
_LETTER = rf"(?:(?![{_UNSPACED}])(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0f18-\u0fbc]))"
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_IS_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPH}]")
_WORDS = re.compile(rf"[{_UNSPACED}]|{_LETTER}+(?:'{_LETTER}+)*'?")
_KANA: dict[int, int | str] = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_KANA |= dict(zip(map(ord, "ぁぃぅぇぉっゃゅょゎゕゖ"), "あいうえおつやゆよわかけ", strict=True))
_KANA |= dict(zip(map(ord, "ァィゥェォッャュョヮヵヶ"), "あいうえおつやゆよわかけ", strict=True))
_HAS_KANA = re.compile("[ぁ-ヿ]")
_MARK_MEANT = re.compile("(?<=[ぁ-ゖ])[-~〜](?=[ぁ-ゖ])")


class Word(NamedTuple):
    """A folded word; `ends[i]` is where its first `i + 1` characters end in the original text.

    No dataclass: a title of a script without spaces has dozens of words, and a tuple is made in a third of the time.
    """

    text: str
    start: int
    ends: Sequence[int]

    @property
    def end(self) -> int:
        """Where it ends in the original text."""
        return self.ends[-1]


def split_words(text: str) -> list[str]:
    """Folded words in order; `[]` for a text without letters and digits."""
    if text.isascii():
        folded, pattern = text.lower(), _ASCII_WORDS
        words = folded.split()
        # Nearly everything that is typed: a quarter of the time.
        if "".join(words).isalnum():
            return words
    else:
        folded, pattern = _fold(text)[0], _WORDS
    words = pattern.findall(folded)
    return [word.replace("'", "") for word in words] if "'" in folded else words


def _fold(text: str) -> tuple[str, list[int] | None]:
    """`fold_with_offsets` and what is more alike to a thumb than to a search: no character comes or goes."""
    folded, offsets = fold_with_offsets(text)
    if _HAS_KANA.search(folded):
        folded = _MARK_MEANT.sub("ー", folded.translate(_KANA))
    return folded, offsets


def locate_words(text: str) -> list[Word]:
    """The words of `split_words` with their places."""
    is_ascii = text.isascii()
    folded, offsets = (text.lower(), None) if is_ascii else _fold(text)
    pattern = _ASCII_WORDS if is_ascii else _WORDS
    if offsets is None and "'" not in folded:
        # Nothing folds away: each character ends where it stands. Most titles, and a fifth of the time of the rest.
        return [
            Word(match.group(), match.start(), range(match.start() + 1, match.end() + 1))
            for match in pattern.finditer(folded)
        ]
    words = []
    for match in pattern.finditer(folded):
        places = [place for place in range(match.start(), match.end()) if folded[place] != "'"]
        words.append(
            Word(
                "".join(folded[place] for place in places),
                original_span(offsets, places[0], places[0] + 1)[0],
                tuple(original_span(offsets, place, place + 1)[1] for place in places),
            )
        )
    return words


def plainly_written(text: str, language: str) -> str:
    """Without the capitals that titles have for decoration: "Wireless" is "wireless", "USB" and "ThinkPad" stay.

    German capitals are spelling, and stay; so do letters in scripts without spaces ("Mサイズ").
    """
    if language.partition("-")[0] == "de" or is_unspaced(text):
        return text
    words = text.split(" ")
    return " ".join(word.lower() if word[1:] == word[1:].lower() and len(word) > 1 else word for word in words)


def is_unspaced(text: str) -> bool:
    """Whether it is written, at least in part, in a script without spaces."""
    return _IS_UNSPACED.search(text) is not None


def is_character(word: str) -> bool:
    """Whether a word is one character of a script without spaces."""
    return _IS_UNSPACED.match(word) is not None


def is_ideograph(word: str) -> bool:
    """Whether it is a character that means something by itself, which a Thai or a Japanese letter does not."""
    return _IS_IDEOGRAPH.match(word) is not None
