"""What people wanted after each prefix, and what they were shown and passed over: counters by prefix and completion.

A keystroke whose search became known tells twice. Its completion was *wanted*, wherever it stood in the list, shown or
not: no position enters. And what stood in the list and was not wanted was *skipped*, as far as it was looked at: a
place counts with the probability that its reader saw it. That probability is read off the log itself: of the keystrokes
that showed the wanted text at a place, some picked it there and the others typed on, so the picked share by place,
against the first place's, is how much of the list is seen (`examination`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

# Longer prefixes hardly leave a choice.
LONGEST_PREFIX = 16
# Places of a list that are told apart; later ones count as the last.
PLACES = 10
# What is counted by prefix and completion.
_OF_PAIRS = ("wanted", "examined", "skipped", "carted")
# Imagined keystrokes that picked at the rate of the place before: a place shown a few times says little.
_SMOOTHING = 20.0


def examination(shown: NDArray[np.float64], picked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that a place is looked at, the first place's being 1; never rising.

    Args:
        shown: By place, keystrokes that showed there what was wanted.
        picked: By place, those of them that picked it there.
    """
    curve = np.ones(len(shown))
    rate = (picked[0] + _SMOOTHING / 2) / (shown[0] + _SMOOTHING)
    first = rate
    for place in range(1, len(shown)):
        rate = min(rate, (picked[place] + _SMOOTHING * rate) / (shown[place] + _SMOOTHING))
        curve[place] = rate / first
    return curve


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one prefix and some completions, each (n,).

    Attributes:
        typed: How many keystrokes of the prefix led to a known search (one number).
        wanted: How many of them to this completion.
        examined: How often it was looked at among suggestions of the prefix.
        skipped: How often it was looked at and not wanted.
        carted: How many of those who wanted it put a product of theirs into the cart.
    """

    typed: float
    wanted: NDArray[np.float32]
    examined: NDArray[np.float32]
    skipped: NDArray[np.float32]
    carted: NDArray[np.float32]


class PrefixCounters:
    """Counters of one locale, mapped; a prefix's completions ascend by id."""

    _ARRAYS = ("offsets", "ids", "typed", *_OF_PAIRS)

    def __init__(self, trie: marisa_trie.Trie, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._trie = trie
        self._arrays = arrays

    def counts(self, key: str, ids: NDArray[np.int64]) -> Counts | None:
        """The prefix's counters for these completions; `None` for a prefix nobody typed."""
        row = self._trie.get(key)
        if row is None:
            return None
        arrays = self._arrays
        typed = float(arrays["typed"][row])
        low, high = int(arrays["offsets"][row]), int(arrays["offsets"][row + 1])
        if low == high:
            return None
        held = arrays["ids"][low:high]
        at = held.searchsorted(ids).clip(max=high - low - 1)
        known = held[at] == ids
        return Counts(typed, *(np.where(known, arrays[name][low:high][at], np.float32(0)) for name in _OF_PAIRS))

    @classmethod
    def empty(cls) -> "PrefixCounters":
        """Of a shop without a log of prefixes."""
        return cls(marisa_trie.Trie(), {name: np.zeros(1, np.float32) for name in cls._ARRAYS})

    @classmethod
    def load(cls, folder: Path) -> "PrefixCounters":
        """Map what `save` wrote."""
        trie = marisa_trie.Trie()
        trie.mmap(str(folder / "prefixes.marisa"))
        return cls(trie, {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls._ARRAYS})

    def save(self, folder: Path) -> None:
        """Write the trie and every array into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self._trie.save(str(folder / "prefixes.marisa"))
        for name, array in self._arrays.items():
            np.save(folder / f"{name}.npy", array)


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One keystroke whose suggestions were logged.

    Attributes:
        day: UTC, since 1970.
        key: The folded prefix; see `typed.py`.
        shown: Ids of the completions in the list, -1 for what is none.
        wanted: Id of what was searched for in the end, -1 where that is none or unknown.
        known: Whether it is known what was searched for.
        picked: Place in the list, from 0, where `wanted` was picked; -1 for none.
        carted: Whether the search put something into the cart.
    """

    day: int
    key: str
    shown: Sequence[int]
    wanted: int
    known: bool
    picked: int
    carted: bool = False


class PrefixLog:
    """Logged keystrokes of one locale as arrays; gives counters as of any day.

    `end` is the day after the last keystroke's, 0 for none.
    """

    def __init__(self, keystrokes: Sequence[Keystroke]) -> None:
        kept = [each for each in keystrokes if len(each.key) <= LONGEST_PREFIX]
        self.end = 1 + max((each.day for each in kept), default=-1)
        self._trie = marisa_trie.Trie({each.key for each in kept})
        rows = np.array([self._trie[each.key] for each in kept], np.int64)
        days = np.array([each.day for each in kept], np.int32)
        known = np.array([each.known for each in kept], np.bool_)
        wanted = np.array([each.wanted for each in kept], np.int64)
        lengths = np.array([min(len(each.shown), PLACES) for each in kept], np.int64)
        shown = np.array([each for keystroke in kept for each in keystroke.shown[:PLACES]], np.int64)
        places = np.concatenate([np.arange(length) for length in lengths] or [np.zeros(0, np.int64)])
        of = np.repeat(np.arange(len(kept)), lengths)
        self._known_rows, self._known_days = rows[known], days[known]
        is_target = known & (wanted >= 0)
        hit = shown == wanted[of] if len(of) else np.zeros(0, np.bool_)
        hit &= is_target[of]
        picked_at = np.array([each.picked for each in kept], np.int64)
        self._hit_days, self._hit_places = days[of][hit], places[hit]
        self._hit_picked = (places == picked_at[of])[hit] if len(of) else hit[hit]
        real = shown >= 0
        # One slot for each (prefix, completion), whether wanted or shown.
        keys = np.concatenate(
            [rows[is_target] << 32 | wanted[is_target], rows[of][real] << 32 | shown[real]] if len(kept) else [rows]
        )
        self._pairs, slots = np.unique(keys, return_inverse=True)
        cut = int(is_target.sum())
        self._wanted_slots, self._wanted_days = slots[:cut], days[is_target]
        self._wanted_carted = np.array([each.carted for each in kept], np.bool_)[is_target]
        self._shown_slots, self._shown_days = slots[cut:], days[of][real]
        self._shown_places, self._shown_wanted = places[real], hit[real]

    def examination(self, day: int) -> NDArray[np.float64]:
        """By place, from what was logged before `day`; (PLACES,)."""
        before = self._hit_days < day
        places = self._hit_places[before]
        shown = np.bincount(places, minlength=PLACES).astype(np.float64)
        picked = np.bincount(places[self._hit_picked[before]], minlength=PLACES).astype(np.float64)
        return examination(shown, picked)

    def as_of(self, day: int) -> PrefixCounters:
        """Counters of everything before `day`."""
        slots, prefixes = len(self._pairs), len(self._trie)
        if not prefixes:
            return PrefixCounters.empty()
        curve = self.examination(day)
        before = self._shown_days < day
        seen = curve[self._shown_places[before]]
        shown = self._shown_slots[before]
        skipped = seen * ~self._shown_wanted[before]
        before_day = self._wanted_days < day
        wanted, carted = self._wanted_slots[before_day], self._wanted_slots[before_day & self._wanted_carted]
        arrays: dict[str, NDArray[Any]] = {
            "offsets": (self._pairs >> 32).searchsorted(np.arange(prefixes + 1)).astype(np.uint32),
            "ids": (self._pairs & 0xFFFFFFFF).astype(np.uint32),
            "typed": np.bincount(self._known_rows[self._known_days < day], minlength=prefixes).astype(np.float32),
            "wanted": np.bincount(wanted, minlength=slots).astype(np.float32),
            "examined": np.bincount(shown, seen, slots).astype(np.float32),
            "skipped": np.bincount(shown, skipped, slots).astype(np.float32),
            "carted": np.bincount(carted, minlength=slots).astype(np.float32),
        }
        return PrefixCounters(self._trie, arrays)
