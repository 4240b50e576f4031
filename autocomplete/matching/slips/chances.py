"""How likely a slip is, one against another: what a thumb does on a keyboard, and what this shop's people do.

Completions that match with a slip are ordered by weight times chance: "lsmp" is a lamp and no lump, because s lies
beside a and not beside u. Slips of one class (`_CLASSES`) are as likely as each other until the log says more: a
confusion that `intentrie mine` found in n misspelt words is 1 + n times as likely, at most `MOST_LEARNT` times.

Measured on 17,465 shopping queries, one slip in the first five letters: MRR@10 .415 by weight alone, .435 so; in the
first seven .636 and .641; typed to three quarters there is hardly a choice (.9526 and .9529).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import orjson

from data.mining.candidate import Candidate

# Of typed words whose chances are remembered, with what they may have meant.
_REMEMBERED = 16_384
# Relative to a letter left out. A swap needs no wrong key; a letter far from the one meant is hardly ever hit.
_CLASSES: Mapping[str, float] = {
    "swapped": 3.0,
    "doubled": 2.0,  # one of two equal letters too many, or too few
    "plural": 3.0,  # "mens" is "men" and no beginning of "messenger"
    "added near": 1.0,  # beside a key that was hit
    "added": 0.5,
    "left out": 1.0,
    "changed near": 1.0,
    "changed": 0.1,
}
# A space too many, too few or in another place.
SPACE = 1.0
# Two slips, or one that is none of these.
OTHER = 0.3
MOST_LEARNT = 8.0

_QWERTY = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "de": ("1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"),
    "fr": ("1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    "ru": ("1234567890", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
# Where a row begins, in keys, and how far apart neighbours are at most.
_INDENTS = (0.0, 0.5, 0.75, 1.25)
_BESIDE = 1.1

Edit = tuple[str, str]


class SlipChances:
    """Of one locale; safe to share between threads."""

    def __init__(self, language: str, learnt: Mapping[Edit, int] | None = None) -> None:
        """For a language, with how many misspelt words each confusion was found in."""
        self._beside = _neighbouring_keys(_LAYOUTS.get(language, _QWERTY))
        self._learnt = dict(learnt or {})
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    @classmethod
    def learn(cls, locale: str, candidates: Iterable[Candidate]) -> "SlipChances":
        """From the misspellings that were mined in a locale; those of more than one edit teach nothing."""
        found = Counter(
            edit
            for each in candidates
            if each.kind == "misspelling" and each.locale == locale and (edit := edit_of(each.source, each.target))
        )
        return cls(locale.partition("-")[0], found)

    def save(self, path: Path) -> None:
        """Write what was learnt."""
        path.write_bytes(orjson.dumps([[*edit, count] for edit, count in sorted(self._learnt.items())]))

    @classmethod
    def load(cls, path: Path, locale: str) -> "SlipChances":
        """Read what `save` wrote; nothing was learnt by a release from before there was any."""
        rows = orjson.loads(path.read_bytes()) if path.exists() else ()
        return cls(locale.partition("-")[0], {(typed, meant): count for typed, meant, count in rows})

    def _of(self, typed: str, meant: str) -> float:
        """The chance that somebody who means a word, or the beginning of one, types another; above 0."""
        edit = edit_of(typed, meant)
        if edit is None:
            return OTHER
        return _CLASSES[self._class_of(typed, meant)] * min(MOST_LEARNT, 1.0 + self._learnt.get(edit, 0))

    def _class_of(self, typed: str, meant: str) -> str:
        place = _first_difference(typed, meant)
        if len(typed) == len(meant):
            if typed[place + 1 :] != meant[place + 1 :]:
                return "swapped"
            return "changed near" if (typed[place], meant[place]) in self._beside else "changed"
        if typed == meant + "s":
            return "plural"
        longer = typed if len(typed) > len(meant) else meant
        letter, around = longer[place], (*longer[max(0, place - 1) : place], *longer[place + 1 : place + 2])
        if letter in around:
            return "doubled"
        if longer is meant:
            return "left out"
        return "added near" if any((letter, each) in self._beside for each in around) else "added"


def edit_of(typed: str, meant: str) -> Edit | None:
    """The one edit between two different strings as (typed, meant), the letter before it included where one is missing.

    `None` where it takes more than one: insert, delete, replace, or swap neighbours.
    """
    place = _first_difference(typed, meant)
    a, b = typed[place:], meant[place:]
    before = typed[place - 1 : place] if place else ""
    if a and b and a[1:] == b[1:]:
        return a[0], b[0]
    if a[:2] == b[1::-1] and len(a) > 1 and a[2:] == b[2:]:
        return a[:2], b[:2]
    if a[1:] == b:
        return before + a[0], before
    return (before, before + b[0]) if a == b[1:] else None


def _first_difference(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


@lru_cache(maxsize=len(_LAYOUTS) + 1)
def _neighbouring_keys(rows: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    places = {
        key: (column + indent, row)
        for row, (keys, indent) in enumerate(zip(rows, _INDENTS, strict=True))
        for column, key in enumerate(keys)
    }
    return frozenset(
        (one, other)
        for one, (x, y) in places.items()
        for other, (u, v) in places.items()
        if one != other and abs(y - v) <= 1 and abs(x - u) <= _BESIDE
    )


# Where nothing was learnt, and the keyboard is the usual one.
ANYBODY = SlipChances("en")
