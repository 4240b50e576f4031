"""A suggestion that was read from something else says so, with what the engine and the wire make of it."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from playwright.sync_api import expect

from api.http.wire import encode, suggestion_json
from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.prefix import Prefix
from autocomplete.sources.aliases import Aliases
from data.text import analyser_for
from tests.browser.element_page import Opened, Shop, options, typed

pytestmark = pytest.mark.browser
_TEXTS = ("sofa bed", "couch cover", "headphones", "wireless headphones")


@pytest.fixture
def shop() -> Shop:
    group_of = grouping(analyser_for("en"))
    index = build_index([Completion(text, 9.0 - place) for place, text in enumerate(_TEXTS)], group_of)
    completer = TrieCompleter(index, build_index([], group_of), aliases=Aliases.build({("couch",): (("sofa",),)}))

    def answer(prefix: str) -> Sequence[dict[str, Any]]:
        found = completer.complete(Prefix(prefix, 8, "en"), Context())
        wire: list[dict[str, Any]] = orjson.loads(encode([suggestion_json(each, False) for each in found]))
        return wire

    return Shop(answer)


def test_another_name_is_said_where_it_was_read_and_nowhere_else(opened: Opened) -> None:
    page = typed(opened(), "couch")
    expect(options(page)).to_have_count(2)
    # Part of its accessible name: who does not see the note hears it.
    expect(page.get_by_role("option", name="sofa bed for “couch”", exact=True)).to_be_visible()
    expect(page.get_by_role("option", name="couch cover", exact=True)).to_be_visible()


def test_so_is_a_wrong_word_and_a_page_may_say_and_show_it_otherwise(opened: Opened) -> None:
    page = opened()
    page.add_style_tag(
        content=":root { --intentrie-read: rgb(1, 2, 3); } intentrie-search::part(read) { opacity: 0.5; }"
    )
    page.evaluate("document.querySelector('intentrie-search').labels = { read: (typed) => `statt „${typed}“` }")
    typed(page, "hedphones")
    note = options(page).first.locator("[part=read]")
    expect(note).to_have_text("statt „hedphones“")
    assert note.evaluate("node => [getComputedStyle(node).color, getComputedStyle(node).opacity]") == [
        "rgb(1, 2, 3)",
        "0.5",
    ]


def test_what_was_typed_stays_a_text(opened: Opened, shop: Shop) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    correction = {"start": 0, "end": len(hostile), "original": hostile, "replacement": "sofa"}
    shop.answer = lambda _: [{"text": "sofa", "kind": "query", "source": "log", "correction": correction}]
    page = typed(opened(), "x")
    expect(options(page).locator("[part=read]")).to_have_text(f"for “{hostile}”")
    assert page.locator("intentrie-search img").count() == 0
