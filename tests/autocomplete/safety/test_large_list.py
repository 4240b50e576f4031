"""100,000 entries, some of them hostile: what is blocked is, what is not is not, and the memory is counted."""

import random
import tracemalloc

import pytest

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import REMEMBERED, Refusal, SafetyCheck
from autocomplete.safety.disguise import readings
from tests.autocomplete.safety.large_list import SIZE, hostile_texts, made_up_entries

# Of the arrays: a hash, twice two bytes of filters and some bits of stems an entry, each rounded up to a power of two.
MOST_BYTES = 24 * SIZE


@pytest.fixture(scope="module")
def entries() -> list[str]:
    return made_up_entries()


@pytest.fixture(scope="module")
def check(entries: list[str]) -> SafetyCheck:
    return SafetyCheck(("en", "ru"), (BlockList.build({"und": entries}),))


def test_its_arrays_are_bounded_by_its_entries(entries: list[str]) -> None:
    built = BlockList.build({"und": entries})
    assert SIZE * 0.99 < len(built) < SIZE * 1.05  # an entry in look-alikes is two
    assert sum(part.nbytes for part in (built.hashes, built.bits, built.heads, built.stems)) < MOST_BYTES


def test_every_entry_is_blocked_and_nothing_else(entries: list[str], check: SafetyCheck) -> None:
    for entry in [*entries[:3_000], *entries[-3_000:]]:
        if len(entry) <= 200 and any(map(str.isalnum, entry)):
            said = entry.replace("*", "ing")
            assert check.refusal(f"the {said} here", "en") is Refusal.BLOCKED, entry
    for text in ("red lamp", "saw blade", "evil hammer", "kettles", "grimb", "zorkmid", "blue jacket", "evil a saw"):
        assert check.refusal(text, "en") is None, text
    for text in ("z0rk", "ΖΟRΚ", "z\u200bork's", "ev1l saw", "k e t t l e", "ᴢᴏʀᴋ", "grimbling lamp"):
        assert check.refusal(text, "en") is Refusal.BLOCKED, text


def test_hostile_texts_leave_nothing_behind_but_so_many_verdicts(check: SafetyCheck) -> None:
    texts = hostile_texts(random.Random(5))
    for text in texts:
        assert len(list(readings(text, "en"))) <= 66
        check.refusal(text, "en")
    tracemalloc.start()
    for number in range(REMEMBERED + 500):
        check.refusal(f"red lamp of 12 watt {number}", "en")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A text and a verdict's place, some 400 bytes, for the last ones alone.
    assert held < 600 * REMEMBERED
    assert check._known.cache_info().currsize == REMEMBERED
