"""Trends by hand: who counts, what is usual, when it fades."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.live.trending import LEAST_STRENGTH, MOST_PER_SOURCE, WINDOW_MS, TrendCounter, independent

NOW = 1_800_000_000_000
MINUTE = 60_000


def counter_of(*searches: tuple[str, int], at_ms: int = NOW) -> TrendCounter:
    """So many different people for each text."""
    counter = TrendCounter()
    for text, people in searches:
        for person in range(people):
            counter.add(text, "en", f"{text}-{person}", at_ms, at_ms)
    return counter


def test_strength_is_in_standard_deviations_above_the_usual() -> None:
    # 100 people: 10 are usual for kettles at a share of .1, so 9 in all are (30 - 10) / sqrt(11) above it.
    counter = counter_of(("kettle", 30), ("lamp", 70))
    (trend,) = counter.trends(lambda text, _: {"kettle": 0.1, "lamp": 0.7}[text], NOW, 5)
    assert (trend.text, trend.locale, trend.people, trend.strength) == ("kettle", "en", 30, 6.03)


def test_a_trend_is_spelt_as_it_is_known() -> None:
    counter = counter_of(("Tent!!!", 20), ("tent", 5), ("USB-C hub?", 20))
    known = {"tent": "tent"}
    found = counter.trends(lambda *_: 0.0, NOW, 5, lambda text, _: known.get(text.lower()))
    assert [(trend.text, trend.people) for trend in found] == [("tent", 25), ("USB-C hub", 20)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Tent!!!", "Tent"),
        ("tent ?!", "tent"),
        ("  tent   red.. ", "tent red"),
        ("tent...", "tent"),
        ("テント！！", "テント"),
        ("¿tienda?", "tienda"),
        ("- tent -", "tent"),
        ("c++", "c++"),
        ('tv 55"', 'tv 55"'),
        ("juice 100%", "juice 100%"),
        ("st.", "st."),
        ("tent (2nd)", "tent (2nd)"),
    ],
)
def test_signs_around_a_trend_are_no_part_of_it(typed: str, shown: str) -> None:
    (trend,) = counter_of((typed, 20)).trends(lambda *_: 0.0, NOW, 5)
    assert trend.text == shown


def test_a_busy_hour_makes_no_trend() -> None:
    counter = counter_of(("kettle", 300), ("lamp", 700))
    assert counter.trends(lambda text, _: {"kettle": 0.3, "lamp": 0.7}[text], NOW, 5) == []


def test_too_few_people_make_none() -> None:
    assert counter_of(("kettle", 4)).trends(lambda *_: 0.0, NOW, 5) == []
    assert [trend.people for trend in counter_of(("kettle", 5)).trends(lambda *_: 0.0, NOW, 5)] == [5]
    # (3 - 0) / 1 is below the threshold, however few are asked for.
    assert counter_of(("kettle", 3)).trends(lambda *_: 0.0, NOW, 1) == []
    assert LEAST_STRENGTH == 4.0


def test_one_person_counts_once() -> None:
    counter = TrendCounter()
    for second in range(500):
        counter.add("kettle", "en", "one", NOW + second, NOW + second)
    assert counter.trends(lambda *_: 0.0, NOW + 500, 5) == []


def test_a_trend_fades_with_its_window() -> None:
    counter = counter_of(("kettle", 20))
    nothing = lambda *_: 0.0  # noqa: E731
    assert len(counter.trends(nothing, NOW + WINDOW_MS - 1, 5)) == 1
    assert counter.trends(nothing, NOW + WINDOW_MS, 5) == []
    # Who searches on keeps it alive, and who does not leaves it.
    counter = counter_of(("kettle", 20))
    for person in range(6):
        counter.add("kettle", "en", f"kettle-{person}", NOW + 10 * MINUTE, NOW + 10 * MINUTE)
    assert [trend.people for trend in counter.trends(nothing, NOW + WINDOW_MS, 5)] == [6]


def test_times_from_elsewhere_do_no_harm() -> None:
    counter = TrendCounter()
    for person in range(10):
        counter.add("old", "en", str(person), NOW - WINDOW_MS, NOW)
        counter.add("ahead", "en", str(person), NOW + 10 * WINDOW_MS, NOW)
    assert [trend.text for trend in counter.trends(lambda *_: 0.0, NOW, 5)] == ["ahead"]
    assert counter.trends(lambda *_: 0.0, NOW + WINDOW_MS, 5) == []


def test_the_same_words_are_one_query_shown_as_mostly_typed() -> None:
    counter = TrendCounter()
    for person, text in enumerate(["Kettle!", "kettle", "kettle", "KETTLE", "kettle ", "", "…"]):
        counter.add(text, "en", str(person), NOW, NOW)
    counter.add("kettle", "en", "", NOW, NOW)
    counter.add("kettle", "de", "6", NOW, NOW)
    assert [(trend.text, trend.people) for trend in counter.trends(lambda *_: 0.0, NOW, 5)] == [("kettle", 5)]


def test_what_is_kept_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("autocomplete.live.trending.MOST_KEPT", 10)
    counter = TrendCounter()
    for number in range(1_000):
        counter.add(f"text {number}", "en", f"{number}", NOW, NOW)
    assert len(counter._queries) == 10
    assert counter._total == 10


def test_invented_people_count_for_little() -> None:
    counter = TrendCounter()
    for person in range(500):
        counter.add("one browser", "en", f"user-{person}", NOW, NOW, device="d1")
        counter.add("one connection", "en", f"user-{person}", NOW, NOW, device=f"d{person}", source=7)
        counter.add("two connections", "en", f"user-{person}", NOW, NOW, device=f"d{person}", source=1 + person % 2)
    for person in range(5):
        counter.add("people", "en", f"user-{person}", NOW, NOW, device=f"d{person}", source=1 + person)
    # Nor do they make all the others look usual: 1 + 2 + 4 + 5 people are 12 in all, (5 - .24) / sqrt(1.24).
    trends = counter.trends(lambda text, _: 0.02, NOW, 5)
    assert [(each.text, each.people, each.strength) for each in trends] == [("people", 5, 4.27)]


@given(st.lists(st.tuples(st.just(NOW), st.sampled_from(["", "a", "b", "c"]), st.integers(0, 3)), max_size=12))
def test_who_counts_is_no_more_than_devices_and_sources_allow(searches: list[tuple[int, str, int]]) -> None:
    count = independent(searches)
    unknown = sum(not device for _, device, _ in searches)
    assert count <= unknown + len({device for _, device, _ in searches if device})
    named = Counter(source for _, _, source in searches)
    assert count <= named[0] + sum(min(number, MOST_PER_SOURCE) for source, number in named.items() if source)
    assert bool(count) == bool(searches)
    if all(not device and not source for _, device, source in searches):
        assert count == len(searches)
