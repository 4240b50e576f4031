"""A number with its unit is one thing, however it is written: "30l", "30 litres" and "30 l"; "500 ml" and "0.5 l".

Read as another name is (`sources/aliases.py`): nothing was mistyped. The unit must be there in whole, and nothing goes
on behind it: "30 l" begins "30 lightweight" only as typed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from autocomplete.matching.slips.readings import Reading, in_whole, read_as, typed_words
from autocomplete.matching.typed import Typed
from data.text.units import UNITS, Unit

# Typed words that are looked at, and readings of one prefix: bounded, whatever is typed.
MOST_TYPED = 8
MOST_READINGS = 24
# A longer number is of a part, and so is what is more exact.
_MOST_DIGITS = 6
_GLUED = re.compile(rf"([0-9]{{1,{_MOST_DIGITS}}})([^\W\d_]+)")
_NUMBER = re.compile(rf"[0-9]{{1,{_MOST_DIGITS}}}")
_SPELLINGS: dict[Unit, list[str]] = defaultdict(list)
for _spelling, _unit in UNITS.items():
    _SPELLINGS[_unit].append(_spelling)


def measure_readings(typed: Typed) -> list[Reading]:
    """A prefix with one of its measures written otherwise: the same unit first, then others that differ by tens."""
    return list(islice(dict.fromkeys(_readings(typed)), MOST_READINGS))


def _readings(typed: Typed) -> Iterator[Reading]:
    words = typed_words(typed)
    for place, word in enumerate(words[:MOST_TYPED]):
        glued = _GLUED.fullmatch(word)
        if glued is not None:
            first, number, unit = place, glued[1], UNITS.get(glued[2])
        elif place and _NUMBER.fullmatch(words[place - 1]):
            first, number, unit = place - 1, words[place - 1], UNITS.get(word)
        else:
            continue
        if unit is None:
            continue
        # "0.5 l" is three words.
        if first and _NUMBER.fullmatch(words[first - 1]):
            first, number = first - 1, f"{words[first - 1]}.{number}"
        written = [(number, spelling) for spelling in _SPELLINGS[unit]]
        written += _by_tens(Decimal(number), unit)
        for amount, spelling in written:
            numbers = tuple(amount.split("."))
            for said in ((*numbers, spelling), (*numbers[:-1], numbers[-1] + spelling)):
                if said != words[first : place + 1]:
                    reading = read_as(typed, first, place + 1, said)
                    yield in_whole(reading) if place + 1 == len(words) else reading


def says(measure: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words hold a measure in one piece that is not the end of another number: "1.5 l" is not 5 litres."""
    size = len(measure)
    return any(
        tuple(words[at : at + size]) == tuple(measure) and not (at and words[at - 1].isdigit())
        for at in range(len(words) - size + 1)
    )


def _by_tens(amount: Decimal, unit: Unit) -> Iterator[tuple[str, str]]:
    """The same amount in other units, where no digit changes."""
    for other, (symbol, *_) in _SPELLINGS.items():
        if other.dimension == unit.dimension and other != unit:
            shift = Decimal(repr(unit.factor)) / Decimal(repr(other.factor))
            same = (amount * shift).normalize()
            if amount.normalize().as_tuple().digits == same.as_tuple().digits and len(f"{same:f}") <= _MOST_DIGITS + 1:
                yield f"{same:f}", symbol
