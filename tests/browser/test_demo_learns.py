"""The demo shop as `make demo` serves it: its page logs what visitors do, and what many do shows."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from data.event import Event
from data.event_log import EventLog
from tests.servers.intentrie import Server, serving

pytestmark = pytest.mark.browser
# Of the demo shop's `suggest.minimum_people`, and one more.
PEOPLE = 6
TREND_WITHIN_MS = 60_000
WANTED = "mustard jacket"


@pytest.fixture(scope="module")
def server(demo_releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With releases of its own: what is logged here is no trend in other tests."""
    folder = tmp_path_factory.mktemp("learning")
    shutil.copytree(demo_releases, folder / "releases")
    with serving(folder / "releases", folder / "server.log") as running:
        yield running


def visit(chromium: Browser, server: Server) -> Page:
    """Somebody else's browser."""
    page = chromium.new_context(base_url=server.url, locale="en-GB").new_page()
    page.goto("/shops/demo")
    page.wait_for_selector("#results .card")
    return page


def leave(page: Page) -> None:
    with page.expect_response("**/events*") as answered:
        page.evaluate("document.querySelector('intentrie-search').events.flush()")
    assert answered.value.status == 200
    page.context.close()


def events(server: Server) -> list[Event]:
    (log,) = server.log.parent.rglob("events.sqlite")
    return [logged.event for logged in EventLog(log).read(0, 10_000)]


def search(page: Page, text: str) -> None:
    page.locator("#query input").press_sequentially(text)
    expect(page.locator("#query [role=option]").first).to_be_visible()
    page.locator("#query input").press("Enter")
    expect(page.locator("#results h3").first).to_contain_text("mustard", ignore_case=True)


def test_what_many_visitors_search_for_trends(chromium: Browser, server: Server) -> None:
    for _ in range(PEOPLE):
        page = visit(chromium, server)
        search(page, WANTED)
        leave(page)
    page = visit(chromium, server)
    trend = page.get_by_role("option").filter(has_text="popular now").filter(has_text=WANTED)
    for _ in range(TREND_WITHIN_MS // 1_000):
        page.locator("#sort").focus()
        page.locator("#query input").focus()
        if trend.count():
            break
        page.wait_for_timeout(1_000)
    expect(trend).to_have_count(1)
    page.context.close()


def test_a_click_is_logged_with_its_search_and_goes_with_the_next_keystroke(chromium: Browser, server: Server) -> None:
    page = visit(chromium, server)
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    search(page, WANTED)
    card = page.locator("#results .card").nth(1)
    product = card.get_attribute("data-product")
    card.locator("h3").click()
    # Asking why is no interest in a product.
    page.locator("#results .card").nth(2).get_by_role("button", name="Why this?").click()
    page.keyboard.press("Escape")
    page.locator("#query input").fill("tent")
    expect(page.locator("#query [role=option]").first).to_be_visible()
    assert f'"clicked":["{product}"]' in sent[-1]
    leave(page)
    logged = events(server)
    (click,) = [event for event in logged if event.action_name == "click"]
    (searched,) = [event for event in logged if event.action_name == "search" and event.session_id == click.session_id]
    assert (click.object_id, click.ordinal, click.query_id) == (product, 2, searched.query_id)
    assert searched.query_text == WANTED
    assert "suggest" in {event.action_name for event in logged if event.session_id == click.session_id}


def test_headings_have_something_below_them(chromium: Browser, server: Server) -> None:
    page = visit(chromium, server)
    page.locator("#query input").press_sequentially("tent")
    expect(page.get_by_role("group", name="Products").get_by_role("option").first).to_be_visible()
    page.context.close()


def test_readers_need_no_key_and_events_do(server: Server) -> None:
    with httpx.Client(base_url=f"{server.url}/v1/shops/demo") as client:
        assert client.get("/suggest", params={"q": "te"}).json()["suggestions"]
        event = {"action_name": "search", "user_query": "tent", "client_id": "c", "timestamp": "2026-01-01T00:00:00Z"}
        assert client.post("/events", json=[event]).status_code == 401
        assert client.post("/events?key=pk-demo-shop", json=[event]).status_code == 200
