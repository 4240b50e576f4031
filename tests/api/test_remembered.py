"""Remembered answers are the answers, of the right release, and not without bound."""

import gc
import weakref
from types import SimpleNamespace
from typing import Any

import orjson

from api.http.remembered import LONGEST_PREFIX, MOST_ANSWERS, RememberedAnswers
from autocomplete.context import Context
from autocomplete.prefix import Prefix
from autocomplete.ranking.session import Session
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource


class CountingCompleter:
    def __init__(self, word: str) -> None:
        self.word = word
        self.asked = 0

    def complete(self, prefix: Prefix, context: Context) -> list[Suggestion]:
        self.asked += 1
        text = f"{prefix.text} {self.word} {prefix.locale} {prefix.limit} {' '.join(context.history.queries)}".rstrip()
        reasons = {"why": "asked"} if context.explain else {}
        return [Suggestion(text, SuggestionKind.QUERY, SuggestionSource.LOG, ((0, 1),), 1.0, reasons=reasons)]


class FakeRelease(SimpleNamespace):
    __hash__ = object.__hash__


def release(word: str = "one") -> Any:
    return FakeRelease(completer=CountingCompleter(word), engine=None)  # No suggestion here leads to a product.


def test_a_repeated_prefix_is_answered_once_and_equal() -> None:
    remembered, served = RememberedAnswers(), release()
    first = remembered.suggest(served, Prefix("tea"), Context(1))
    again = remembered.suggest(served, Prefix("tea"), Context(2, "session", "user"))
    assert served.completer.asked == 1
    assert again is first
    assert orjson.loads(orjson.dumps(first.json))[0]["text"] == first.texts[0] == "tea one en 8"


def test_what_a_session_has_a_part_in_is_given_to_nobody_else() -> None:
    remembered, served = RememberedAnswers(), release()
    nobody = remembered.suggest(served, Prefix("tea"), Context(1, "a")).texts
    mine = Context(2, "a", history=Session(("kettle",), (), 1))
    yours = Context(3, "b", history=Session(("mug",), (), 1))
    assert remembered.suggest(served, Prefix("tea"), mine).texts == ("tea one en 8 kettle",)
    assert remembered.suggest(served, Prefix("tea"), yours).texts == ("tea one en 8 mug",)
    assert remembered.suggest(served, Prefix("tea"), Context(4, "c")).texts == nobody == ("tea one en 8",)
    # Neither of them is what the next one with a history gets.
    assert remembered.suggest(served, Prefix("tea"), mine).texts == ("tea one en 8 kettle",)


def test_another_time_of_day_is_worked_out_again() -> None:
    remembered, served = RememberedAnswers(), release()
    for now_ms in (0, 899_999, 900_000, 900_001):
        remembered.suggest(served, Prefix("tea"), Context(now_ms))
    assert served.completer.asked == 2


def test_locale_limit_and_release_are_kept_apart() -> None:
    remembered, one, two = RememberedAnswers(), release("one"), release("two")
    asked = [
        remembered.suggest(served, prefix, Context()).texts[0]
        for served in (one, two)
        for prefix in (Prefix("tea"), Prefix("tea", 5), Prefix("tea", 8, "de"))
    ]
    assert len(set(asked)) == 6


def test_explanations_and_long_prefixes_are_worked_out_each_time() -> None:
    remembered, served = RememberedAnswers(), release()
    remembered.suggest(served, Prefix("tea"), Context())
    explained = remembered.suggest(served, Prefix("tea"), Context(explain=True))
    assert orjson.loads(orjson.dumps(explained.json))[0]["reasons"] == {"why": "asked"}
    for _ in range(2):
        remembered.suggest(served, Prefix("t" * (LONGEST_PREFIX + 1)), Context())
    assert served.completer.asked == 4


def test_the_memory_is_bounded_and_forgets_the_oldest() -> None:
    remembered, served = RememberedAnswers(), release()
    for number in range(MOST_ANSWERS + 1):
        remembered.suggest(served, Prefix(str(number)), Context())
    asked = served.completer.asked
    remembered.suggest(served, Prefix(str(MOST_ANSWERS)), Context())
    assert served.completer.asked == asked
    remembered.suggest(served, Prefix("0"), Context())
    assert served.completer.asked == asked + 1


def test_a_release_that_is_no_longer_served_is_let_go() -> None:
    remembered, served = RememberedAnswers(), release()
    remembered.suggest(served, Prefix("tea"), Context())
    gone = weakref.ref(served)
    del served
    gc.collect()
    assert gone() is None
