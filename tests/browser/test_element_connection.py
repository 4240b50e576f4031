"""The element's connection in a real Chromium: lost, blocked, slow, and out of order."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.element_page import Shop, open_page, suggestion, until

pytestmark = pytest.mark.browser
_START = """async () => {
  const { SuggestClient } = await import("/element/suggest-client.js");
  window.shown = [];
  const visit = () => ({ session: "visit", queries: ["red lamp", "a&b"], clicked: ["p1", "p2"] });
  window.client = new SuggestClient({ shop: "s", visit, onAnswer: (answer) => window.shown.push(answer.prefix) });
}"""


@pytest.fixture
def shop() -> Shop:
    return Shop(lambda prefix: [suggestion(prefix)])


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A page that has the client; an unhandled rejection fails the test."""
    page = open_page(chromium, shop, "")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate(_START)
    yield page
    page.context.close()
    assert not errors, errors


@pytest.fixture
def blocked(chromium: Browser) -> Iterator[Page]:
    """The same where no socket opens."""
    page = open_page(chromium, None, "")
    page.route_web_socket("**/suggest", lambda socket: socket.close(code=1006))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert not errors, errors


def ask(page: Page, *prefixes: str) -> None:
    page.evaluate("prefixes => prefixes.forEach((prefix) => client.ask(prefix, 'en'))", list(prefixes))


def connected(page: Page, shop: Shop) -> None:
    """Open the socket with a first keystroke, and forget it, and how long its answer took."""
    ask(page, "")
    page.wait_for_function("shown.length === 1")
    page.evaluate("shown.length = client.pace.tripMs = 0")
    shop.asked.clear()


def test_a_keystroke_whose_connection_is_lost_is_asked_again(page: Page, shop: Shop) -> None:
    shop.delay = True
    ask(page, "blu")
    until(page, lambda: shop.prefixes == ["blu"])
    shop.sockets[0].close(code=1012)  # a deploy, between question and answer
    shop.delay = False
    page.wait_for_function("shown.length === 1")
    assert shop.prefixes == ["blu", "blu"]
    assert shop.asked[0] == shop.asked[1]
    assert len(shop.sockets) == 2


def test_where_sockets_are_blocked_what_waits_is_asked_over_http(blocked: Page) -> None:
    asked: list[str] = []

    def reply(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"suggest_id": "a", "suggestions": []})

    blocked.route("**/suggest?*", reply)
    # Asked in the script that makes the client: before any connection can have failed.
    blocked.evaluate(_START.replace("});\n}", "});\n  client.ask('blu', 'en');\n}"))
    blocked.wait_for_function("shown.length > 0")
    said = parse_qs(urlsplit(asked[0]).query)
    assert said == {
        "q": ["blu"],
        "locale": ["en"],
        "limit": ["8"],
        "session": ["visit"],
        "queries": ["red lamp", "a&b"],
        "clicked": ["p1", "p2"],
    }


def test_groups_are_asked_for_over_http_too(blocked: Page) -> None:
    asked: list[str] = []

    def reply(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"suggest_id": "a", "suggestions": []})

    blocked.route("**/suggest?*", reply)
    start = _START.replace('shop: "s",', 'shop: "s", groups: true,')
    blocked.evaluate(start.replace("});\n}", "});\n  client.ask('blu', 'en');\n}"))
    blocked.wait_for_function("shown.length > 0")
    assert "groups=true" in asked[0]


def test_a_newer_keystroke_ends_the_older_request_and_no_network_is_no_error(blocked: Page) -> None:
    held: list[Route] = []

    def reply(route: Route) -> None:
        if "q=b&" in route.request.url:
            held.append(route)  # never answered
        elif "q=bl&" in route.request.url:
            route.abort("internetdisconnected")
        else:
            route.fulfill(json={"suggest_id": "a", "suggestions": []})

    ended: list[str] = []
    blocked.on("requestfailed", lambda request: ended.append(request.url))
    blocked.route("**/suggest?*", reply)
    blocked.evaluate(_START)
    ask(blocked, "a")
    blocked.wait_for_function("client.failures >= 2")
    blocked.wait_for_function("shown.length === 1")
    ask(blocked, "b", "bl", "blu")
    blocked.wait_for_function("shown.length === 2")
    assert blocked.evaluate("shown") == ["a", "blu"]
    assert any("q=b&" in url for url in ended)


def test_an_older_answer_never_replaces_a_newer_one(page: Page, shop: Shop) -> None:
    connected(page, shop)
    shop.delay = True
    ask(page, "k", "ke", "ket")
    until(page, lambda: shop.prefixes == ["k", "ke", "ket"])
    shop.release(1)  # fits what stands there now: better than nothing
    page.wait_for_function("shown.length === 1")
    shop.release(0)
    shop.release(0)
    page.wait_for_function("shown.length === 2")
    assert page.evaluate("shown") == ["ke", "ket"]


def test_an_answer_to_another_text_is_not_shown(page: Page, shop: Shop) -> None:
    connected(page, shop)
    shop.delay = True
    ask(page, "ket", "lam")
    until(page, lambda: shop.prefixes == ["ket", "lam"])
    shop.release(0)
    shop.release(0)
    page.wait_for_function("shown.length === 1")
    page.evaluate("client.pace.tripMs = 0")
    ask(page, "lamp")
    until(page, lambda: shop.prefixes[-1] == "lamp")
    page.evaluate("client.forget()")
    shop.release(0)
    page.wait_for_timeout(100)
    assert page.evaluate("shown") == ["lam"]


def test_a_slow_server_is_asked_at_once_and_then_no_oftener_than_it_answers(page: Page, shop: Shop) -> None:
    connected(page, shop)
    shop.delay = True  # the pace stays as it is set

    def paced(trip_ms: float, keys: int, every_ms: float) -> list[Any]:
        shop.asked.clear()
        page.evaluate(
            """async ([trip, keys, every]) => {
              client.pace.tripMs = trip;
              client.pace.sentAt = -Infinity;
              for (let size = 1; size <= keys; size++) {
                client.ask("kettle blue".slice(0, size), "en");
                await new Promise((resume) => setTimeout(resume, every));
              }
              await new Promise((resume) => setTimeout(resume, 350));
            }""",
            [trip_ms, keys, every_ms],
        )
        return shop.prefixes

    assert paced(20, 5, 5) == ["k", "ke", "ket", "kett", "kettl"]
    slow = paced(300, 5, 5)
    assert slow == ["k", "kettl"]
    assert page.evaluate("client.pace.tripMs = 5000, client.pace.gapMs") == 300


def test_the_pace_follows_the_server(page: Page, shop: Shop) -> None:
    shop.delay = True
    for prefix in "kl":
        ask(page, prefix)
        page.wait_for_timeout(200)
        until(page, lambda: bool(shop.waiting))
        shop.release(0)
        page.wait_for_function(f"shown.at(-1) === '{prefix}'")
    assert 60 < page.evaluate("client.pace.gapMs") <= 300


def test_a_page_that_nobody_types_on_holds_no_socket(page: Page, shop: Shop) -> None:
    page.wait_for_timeout(100)
    assert shop.sockets == []
    ask(page, "k")
    page.wait_for_function("shown.length === 1")
    shop.sockets[0].close(code=1012)
    page.wait_for_timeout(700)
    assert len(shop.sockets) == 1  # nothing waits for an answer
    ask(page, "ke")
    page.wait_for_function("shown.length === 2")
    assert len(shop.sockets) == 2


def test_a_socket_that_says_nothing_is_gone_round(page: Page, shop: Shop) -> None:
    shop.delay = True
    page.route("**/suggest?*", lambda route: route.fulfill(json={"suggest_id": "a", "suggestions": []}))
    ask(page, "k")
    page.wait_for_function("shown.length === 1", timeout=5_000)
    assert shop.prefixes == ["k"]


def test_a_client_that_is_closed_stays_closed(page: Page, shop: Shop) -> None:
    shop.delay = True
    ask(page, "k")
    until(page, lambda: len(shop.sockets) == 1)
    page.evaluate("client.close()")
    page.wait_for_timeout(700)
    assert len(shop.sockets) == 1
