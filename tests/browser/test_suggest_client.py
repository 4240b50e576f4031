"""The storefront's client of suggestions, in a real Chromium, when its connection is lost, blocked or slow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute

_STATIC = Path(__file__).parents[2] / "api" / "web" / "static"
_START = """async () => {
  const { SuggestClient } = await import("/suggest_client.js");
  window.shown = [];
  window.client = new SuggestClient({ shop: "s", key: "", onSuggestions: (found) => window.shown.push(found) });
}"""


@pytest.fixture
def blank(chromium: Browser) -> Iterator[Page]:
    """A page that has the client's module and no server (.test names none); an unhandled rejection fails the test."""
    page = chromium.new_page(base_url="http://shop.test")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("http://shop.test/", lambda route: route.fulfill(content_type="text/html", body="<p>"))
    script = (_STATIC / "suggest_client.js").read_text()
    page.route("**/suggest_client.js", lambda route: route.fulfill(content_type="text/javascript", body=script))
    yield page
    page.close()
    assert not errors, errors


def test_a_keystroke_whose_connection_is_lost_is_asked_again(blank: Page) -> None:
    asked: list[str] = []

    def accept(socket: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            asked.append(str(message))
            if len(asked) == 1:
                socket.close(code=1012)  # a deploy, between question and answer
            else:
                socket.send('{"seq": 1, "suggestions": ["found"]}')

        socket.on_message(answer)

    blank.route_web_socket("**/suggest", accept)
    blank.goto("/")
    blank.evaluate(_START)
    blank.evaluate("client.ask('blu', 'en')")
    blank.wait_for_function("shown.length === 1")
    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_where_sockets_are_blocked_what_waits_is_asked_over_http(blank: Page) -> None:
    blank.route("**/suggest?*", lambda route: route.fulfill(json={"suggestions": [route.request.url]}))
    blank.goto("/")
    # Asked in the script that makes the client: before any connection can have failed.
    blank.evaluate(_START.replace("});\n}", "});\n  client.ask('blu', 'en');\n}"))
    blank.wait_for_function("shown.length > 0")
    assert "q=blu" in blank.evaluate("shown[0][0]")
    assert "session=" in blank.evaluate("shown[0][0]")


def test_a_newer_keystroke_ends_the_older_request_and_no_network_is_no_error(blank: Page) -> None:
    held: list[Route] = []

    def reply(route: Route) -> None:
        if "q=b&" in route.request.url:
            held.append(route)  # never answered
        elif "q=bl&" in route.request.url:
            route.abort("internetdisconnected")
        else:
            route.fulfill(json={"suggestions": ["newest"]})

    ended: list[str] = []
    blank.on("requestfailed", lambda request: ended.append(request.url))
    blank.route("**/suggest?*", reply)
    blank.goto("/")
    blank.evaluate(_START)
    blank.wait_for_function("client.failures >= 2")
    blank.evaluate("client.ask('b', 'en')")
    blank.evaluate("client.ask('bl', 'en')")
    blank.evaluate("client.ask('blu', 'en')")
    blank.wait_for_function("shown.length === 1")
    assert blank.evaluate("shown") == [["newest"]]
    assert any("q=b&" in url for url in ended)
