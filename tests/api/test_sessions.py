"""Sessions are remembered under their own name, in their own shop, for a while, and only where an order uses them."""

from types import SimpleNamespace
from typing import Any

from api.http.recent import recent_searches
from api.http.sessions import LONGEST_REPORT, history_of, remember_events, remember_search
from autocomplete.ranking.session import EXPIRES_MS, LONGEST_QUERY, MOST_KEPT, NOBODY, Session, SessionMemory
from data.event import Event

CATEGORIES = {"p1": ("Home", "Cups"), "p2": ("Home", "Beds")}


def release(uses_sessions: bool = True) -> Any:
    def product(product_id: str) -> Any:
        path = CATEGORIES.get(product_id)
        return None if path is None else SimpleNamespace(category=path)

    return SimpleNamespace(
        completer=SimpleNamespace(uses_sessions=uses_sessions), engine=SimpleNamespace(product=product)
    )


def event(action: str, at_ms: int = 1_000, session: str = "a", object_id: str = "", query: str = "") -> Event:
    attributes = {"object": {"object_id": object_id}} if object_id else {}
    return Event(action, at_ms, session_id=session, user_query=query, event_attributes=attributes)


def test_events_become_a_history_in_their_order() -> None:
    memory = SessionMemory()
    reported = [
        event("search", query="tea cup"),
        event("click", object_id="p1"),
        event("suggest_pick", object_id="tea pot"),
        event("view", object_id="p2"),
        event("click", object_id="unknown"),
        event("impression", object_id="p2"),
        event("search", session="b", query="bed"),
        event("search", session="", query="nobody's"),
    ]
    remember_events(memory, release(), "shop", reported, 2_000)
    assert history_of(memory, release(), "shop", "a", 3_000) == Session(
        ("tea cup", "tea pot"), ("Home > Cups", "Home > Beds"), 2_000
    )
    assert history_of(memory, release(), "shop", "b", 3_000).queries == ("bed",)
    assert history_of(memory, release(), "shop", None, 3_000) == NOBODY
    assert history_of(memory, release(), "other shop", "a", 3_000) == NOBODY


def test_it_expires() -> None:
    memory = SessionMemory()
    remember_search(memory, "shop", "a", "tea", 0)
    assert history_of(memory, release(), "shop", "a", EXPIRES_MS - 1).queries == ("tea",)
    assert history_of(memory, release(), "shop", "a", EXPIRES_MS) == NOBODY
    remember_search(memory, "shop", "a", "mug", EXPIRES_MS)
    assert history_of(memory, release(), "shop", "a", EXPIRES_MS).queries == ("mug",)
    # What happened long ago, or has not happened yet, is no visit that goes on.
    remember_events(memory, release(), "shop", [event("search", 0, "c", query="x")], EXPIRES_MS)
    remember_events(memory, release(), "shop", [event("search", 10, "c", query="x")], 9)
    assert history_of(memory, release(), "shop", "c", EXPIRES_MS) == NOBODY


def test_it_is_bounded() -> None:
    memory = SessionMemory(most=3)
    for number in range(10):
        remember_search(memory, "shop", f"s{number}", "tea", 1)
        remember_search(memory, "shop", "s0", f"tea {number}", 1)
    assert len(memory) == 3
    kept = history_of(memory, release(), "shop", "s0", 2)
    assert kept.queries == tuple(f"tea {number}" for number in range(10 - MOST_KEPT, 10))
    remember_events(memory, release(), "shop", [event("search", 1, "z", query="x")] * (LONGEST_REPORT + 1), 2)
    assert history_of(memory, release(), "shop", "z", 2) == NOBODY


def test_what_is_too_long_for_a_search_is_dropped_and_not_cut() -> None:
    memory = SessionMemory()
    longest = " ".join(["kettle"] * 14)[:LONGEST_QUERY]
    for text in (longest, f"{longest} kettle", "x" * (LONGEST_QUERY + 1), "tea"):
        remember_search(memory, "shop", "a", text, 1)
    assert history_of(memory, release(), "shop", "a", 2).queries == (longest, "tea")


def test_a_plain_order_asks_for_nothing() -> None:
    memory, plain = SessionMemory(), release(uses_sessions=False)
    remember_search(memory, "shop", "a", "tea", 1)
    remember_events(memory, plain, "shop", [event("search", query="tea")], 1_000)
    assert history_of(memory, plain, "shop", "a", 2, ("tea",), ("p1",)) == NOBODY


def test_what_the_page_says_is_newer_and_kept_nowhere() -> None:
    memory = SessionMemory()
    remember_search(memory, "shop", "a", "tea", 1)
    said = history_of(memory, release(), "shop", "a", 2, ("mug", "tea"), ("p2", "gone"))
    assert said == Session(("mug", "tea"), ("Home > Beds",), 2)
    assert history_of(memory, release(), "shop", "a", 3) == Session(("tea",), (), 1)


def test_recent_searches_are_distinct_and_newest_first() -> None:
    memory = SessionMemory()
    for number, query in enumerate(["tea cup", "mug", "Tea-cup", "***"]):
        remember_search(memory, "shop", "a", query, number)
    assert recent_searches(memory, "shop", "a", (), 10) == ("Tea-cup", "mug")
    assert recent_searches(memory, "shop", "a", ("bed", "MUG"), 10) == ("MUG", "bed", "Tea-cup")
    assert recent_searches(memory, "shop", "b", (), 10) == ()
    assert recent_searches(memory, "other", "a", (), 10) == ()
    assert recent_searches(memory, "shop", None, (), 10) == ()
    memory.forget("other")
    assert len(recent_searches(memory, "shop", "a", (), 10)) == 2
    memory.forget("shop")
    assert recent_searches(memory, "shop", "a", (), 10) == ()
