"""Runs of characters, as typed and with a slip, against their definition text by text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.autocomplete.test_definition import completer_of

# Two kana, two ideographs: a few letters make matches likely.
RUN = st.text("あい中国", min_size=1, max_size=7)


@pytest.mark.parametrize("compiled", [True, False])
@settings(max_examples=400, deadline=None)
@given(texts=st.lists(RUN, min_size=1, max_size=25, unique=True), typed=RUN, limit=st.integers(1, 8))
@example(texts=["ああ国あああ", "あ国", "あ", "ああ"], typed="あい国", limit=1)
def test_runs_are_matched_as_defined(compiled: bool, texts: list[str], typed: str, limit: int) -> None:
    if len(typed) < 2:
        return
    found = [(match.text, match.kind.name) for match in completer_of(texts, compiled).match(typed, limit)]
    assert found == _as_defined(texts, typed, limit)


def _as_defined(texts: list[str], typed: str, limit: int) -> list[tuple[str, str]]:
    """`characters.py` and `character_slips.py` once more, text by text."""
    starting = _nearly_typed(texts, [text for text in texts if text.startswith(typed)], typed, limit)
    found = [(text, "PREFIX") for text in starting]
    if len(found) < limit:
        others = [
            (_kind(text, typed), parts, place)
            for place, text in enumerate(texts)
            if text not in starting and (parts := _parts(text, typed)) is not None
        ]
        order = ["REORDERED", "INFIX", "WORDS"]
        found += [(texts[place], kind) for kind, _, place in sorted(others, key=lambda o: (order.index(o[0]), *o[1:]))]
    if found:
        found = found[:limit]
        if typed in texts and limit > 1 and (typed, "PREFIX") not in found:
            found[-1] = (typed, "PREFIX")
        return found
    readings = _readings(typed)
    # Of what was meant no places are kept.
    starting = _nearly_typed(texts, [text for text in texts if text.startswith(readings)], typed, len(texts))
    holding = [text for text in texts if text not in starting and any(reading in text for reading in readings)]
    return ([(text, "PREFIX") for text in starting] + [(text, "WORDS") for text in holding])[:limit]


def _nearly_typed(texts: list[str], starting: list[str], typed: str, limit: int) -> list[str]:
    """`nearly_typed.py` once more: a text's weight is by how many it stands before the end."""
    # A key is its characters with spaces between; lengths are in bytes, of which each character here has three.
    characters = 2 * len(typed) - 1
    if characters < 4:
        return starting

    def ordered(times: float, power: int) -> list[str]:
        def score(text: str) -> float:
            weight = (len(texts) - texts.index(text)) / (3 * len(text)) ** 0.3
            return weight / (1 + (len(text) / times / len(typed)) ** power) if power else weight

        return sorted(starting, key=lambda text: -score(text))

    best = ordered(2.4, 6) if characters >= 9 else ordered(1, 0)
    last = 3 if characters >= 9 else 1
    if len(starting) <= limit or limit <= last:
        return best
    first = best[: limit - last]
    near = ordered(1.6, 12) if characters >= 9 else ordered(4, 2)
    return (first + [text for text in near if text not in first])[:limit]


def _kind(text: str, typed: str) -> str:
    return "REORDERED" if len(text) == len(typed) else "INFIX" if typed in text else "WORDS"


def _parts(text: str, typed: str) -> int | None:
    if typed in text:
        return 0
    apart = [typed[place : place + 2] not in text for place in range(len(typed) - 1)]
    if any(text.count(letter) < typed.count(letter) for letter in typed):
        return None
    for place, letter in enumerate(typed):
        lonely = all(apart[max(0, place - 1) : place + 1])
        if lonely and letter not in "中国":
            return None
    if len(typed) == 2 and text.index(typed[0]) > text.rindex(typed[1]):
        return None
    return max(1, sum(apart))


def _readings(typed: str) -> tuple[str, ...]:
    def worth(text: str) -> int:
        return sum(2 if letter in "中国" else 1 for letter in text)

    made = set()
    for place in range(len(typed)):
        head, here, tail = typed[:place], typed[place], typed[place + 1 :]
        if len(typed) >= 3:
            made.add(head + tail[:1] + here + tail[1:])
            made |= {head + letter + here + tail for letter in "あい中国"}
        if len(typed) >= 3 and worth(head + tail) >= 3:
            made |= {head + tail, *(head + letter + tail for letter in "あい中国")}
    return tuple(made)
