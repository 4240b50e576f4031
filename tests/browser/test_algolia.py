"""The source for `@algolia/autocomplete-js`, in that library and a real Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.element_page import Opened, Shop, leave, npm, options, suggestion

pytestmark = pytest.mark.browser
_START = """async (more) => {
  const { createIntentriePlugin } = await import("/element/algolia.js");
  window.picked = [];
  const onSelect = ({ item }) => window.picked.push(item.text);
  window.plugin = createIntentriePlugin({ endpoint: location.origin, shop: "s", key: "of-the-page", onSelect });
  window.box = window["@algolia/autocomplete-js"].autocomplete({
    container: "#search",
    detachedMediaQuery: "none",
    plugins: [plugin],
    reshape: ({ sources }) =>
      more.backwards ? sources.map((each) => ({ ...each, getItems: () => each.getItems().toReversed() })) : sources,
  });
}"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = npm(tmp_path_factory.mktemp("algolia"), "@algolia/autocomplete-js@1.19.2")
    return folder / "@algolia" / "autocomplete-js" / "dist" / "umd" / "index.production.js"


@pytest.fixture
def started(opened: Opened, library: Path) -> Callable[..., Page]:
    def start(**more: Any) -> Page:
        page = opened(body='<div id="search"></div>')
        page.add_script_tag(path=library)
        page.evaluate(_START, more)
        return page

    return start


def field(page: Page) -> Locator:
    return page.locator("#search input")


def logged(page: Page, shop: Shop, action: str) -> list[dict[str, Any]]:
    leave(page)
    return [event for event in shop.events if event["action_name"] == action]


def test_what_is_picked_is_put_in_and_logged(started: Callable[..., Page], shop: Shop) -> None:
    page = started()
    field(page).press_sequentially("ket")
    expect(options(page)).to_have_count(3)
    expect(options(page).nth(1).locator("mark")).to_have_text("ket")
    field(page).press("ArrowDown")
    field(page).press("ArrowDown")
    expect(field(page)).to_have_value("kettle red")
    field(page).press("Enter")
    page.wait_for_function("picked.length === 1")
    # Sent by the page, or once more by the shopper: still one search.
    field(page).press("Enter")
    (pick,) = logged(page, shop, "suggest_pick")
    assert page.evaluate("picked") == ["kettle red"]
    assert pick["event_attributes"]["position"] == {"ordinal": 2}
    assert [event["user_query"] for event in shop.events if event["action_name"] == "search"] == ["kettle red"]
    # What the library asked for behind the pick stood nowhere.
    assert shop.prefixes[-1] == "kettle red"
    assert all(
        event["event_attributes"]["prefix"] != "kettle red"
        for event in shop.events
        if event["action_name"] == "suggest"
    )


def test_every_list_that_was_seen_is_logged_once(started: Callable[..., Page], shop: Shop) -> None:
    page = started()
    for key, count in (("kettle", 3), (" ", 2), ("b", 1)):
        field(page).press_sequentially(key)
        expect(options(page)).to_have_count(count)
    field(page).press("Escape")
    expect(options(page)).to_have_count(0)
    told = [event["event_attributes"] for event in logged(page, shop, "suggest")]
    by_prefix = {each["prefix"]: each["shown"] for each in told}
    assert by_prefix["kettle"] == ["kettle", "kettle red", "kettle blue"]
    assert by_prefix["kettle "] == ["kettle red", "kettle blue"]
    assert by_prefix["kettle b"] == ["kettle blue"]
    assert len({each["suggest_id"] for each in told}) == len(told)


def test_places_are_those_that_the_page_shows(started: Callable[..., Page], shop: Shop) -> None:
    page = started(backwards=True)
    field(page).fill("ket")
    expect(options(page)).to_have_text(["kettle blue", "kettle red", "kettle"])
    options(page).first.click()
    page.wait_for_function("picked.length === 1")
    (pick,) = logged(page, shop, "suggest_pick")
    assert pick["event_attributes"]["object"]["object_id"] == "kettle blue"
    assert pick["event_attributes"]["position"] == {"ordinal": 1}
    (seen,) = [event["event_attributes"] for event in shop.events if event["action_name"] == "suggest"]
    assert seen["shown"] == ["kettle blue", "kettle red", "kettle"]


def test_enter_without_a_pick_is_a_search_of_the_visit(started: Callable[..., Page], shop: Shop) -> None:
    page = started()
    for text in (" red lamp ", "kettle"):
        field(page).fill(text)
        field(page).press("Enter")
    field(page).fill("kett")
    expect(options(page)).to_have_count(3)
    assert shop.asked[-1]["context"]["queries"] == ["red lamp", "kettle"]
    told = logged(page, shop, "search")
    assert [event["user_query"] for event in told] == ["red lamp", "kettle"]
    assert len({event["query_id"] for event in told}) == 2
    assert all(event["event_attributes"]["locale"] == "en" for event in told)
    assert page.evaluate("picked") == []


def test_clicks_on_products_go_with_the_next_keystroke(started: Callable[..., Page], shop: Shop) -> None:
    page = started()
    page.evaluate("plugin.clicked('p1', { query_id: 'q', ordinal: 2 })")
    field(page).fill("ket")
    expect(options(page)).to_have_count(3)
    assert shop.asked[-1]["context"] == {"queries": [], "clicked": ["p1"]}
    (click,) = logged(page, shop, "click")
    assert (click["query_id"], click["event_attributes"]["position"]) == ("q", {"ordinal": 2})
    assert click["event_attributes"]["object"] == {"object_id": "p1", "object_id_field": "product_id"}


def test_it_says_what_was_read(started: Callable[..., Page], shop: Shop) -> None:
    correction = {"start": 0, "end": 5, "original": "couch", "replacement": "sofa"}
    shop.answer = lambda _: [suggestion("sofa", correction=correction), suggestion("lamp", scope="Home > Desk")]
    page = started()
    field(page).fill("couch")
    expect(options(page)).to_have_text(["sofa for “couch”", "lamp in Desk"])
