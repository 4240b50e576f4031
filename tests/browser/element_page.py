"""A made-up page with the element, without a server (.test names none): sockets and answers are the test's."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, WebSocketRoute, expect

from api.http.element import FOLDER, bundle
from tests.conftest import missing

SITE = "http://shop.test"
PAGE = '<form action="/found">{element}</form><button id="elsewhere">elsewhere</button>'
ELEMENT = '<intentrie-search shop="s" name="q" label="Search products" {more}></intentrie-search>'

Suggestion = dict[str, Any]
Opened = Callable[..., Page]


def suggestion(text: str, typed: str = "", **more: Any) -> Suggestion:
    """As the server says it; what is typed is marked."""
    spans = [[0, len(typed)]] if typed and text.startswith(typed) else []
    return {"text": text, "kind": "query", "source": "log", "highlights": spans, "score": 1.0, **more}


def kettles(prefix: str) -> list[dict[str, Any]]:
    if not prefix:
        return [suggestion("bestseller")]
    return [suggestion(text, prefix) for text in ("kettle", "kettle red", "kettle blue") if text.startswith(prefix)]


@dataclass
class Shop:
    """What the made-up server answers, and what it was asked.

    Attributes:
        answer: Suggestions by prefix.
        asked: Every message, in order.
        delay: Whether answers wait for `release`.
        events: What was logged.
    """

    answer: Callable[[str], Sequence[Suggestion]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    delay: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    _held: list[tuple[WebSocketRoute, dict[str, Any]]] = field(default_factory=list)

    @property
    def prefixes(self) -> list[str]:
        return [message["prefix"] for message in self.asked]

    @property
    def waiting(self) -> int:
        """Keystrokes that wait for their answer."""
        return len(self._held)

    def accept(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)

        def receive(message: str | bytes) -> None:
            keystroke = json.loads(message)
            self.asked.append(keystroke)
            if self.delay:
                self._held.append((socket, keystroke))
            else:
                self.reply(socket, keystroke)

        socket.on_message(receive)

    def reply(self, socket: WebSocketRoute, keystroke: dict[str, Any]) -> None:
        found = list(self.answer(keystroke["prefix"]))
        socket.send(json.dumps({"seq": keystroke["seq"], "suggest_id": f"a{keystroke['seq']}", "suggestions": found}))

    def release(self, place: int = 0) -> None:
        """Answer one of the keystrokes that wait."""
        self.reply(*self._held.pop(place))

    def log(self, route: Route) -> None:
        self.events += json.loads(route.request.post_data or "[]")
        route.fulfill(json={"accepted": 1, "position": 1})


def open_page(browser: Browser, shop: Shop | None, body: str, **context: Any) -> Page:
    """A page of the site with this body; without a shop, sockets fail."""
    page = browser.new_context(base_url=SITE, **context).new_page()
    scripts = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}
    scripts["intentrie-search.js"] = bundle().decode()

    def script(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(content_type="text/javascript", body=scripts[name])

    html = (
        '<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1>'
        f'{body}</main><script type="module" src="/element/intentrie-search.js"></script>'
    )
    page.route(f"{SITE}/**", lambda route: route.fulfill(content_type="text/html", body=html))
    page.route("**/element/*.js", script)
    if shop is not None:
        page.route_web_socket("**/suggest", shop.accept)
        page.route("**/v1/shops/*/events*", shop.log)
    page.goto("/")
    page.wait_for_function("Boolean(customElements.get('intentrie-search'))")
    return page


def with_element(more: str = "") -> str:
    """A form with the element and a button behind it."""
    return PAGE.format(element=ELEMENT.format(more=more))


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Let a page go on until something holds on the server's side."""
    for _ in range(500):
        if holds():
            return
        page.wait_for_timeout(10)
    raise AssertionError("not within five seconds")


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search products")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def typed(page: Page, text: str) -> Page:
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()
    return page


def leave(page: Page) -> None:
    """As when a tab is put aside: what waits to be logged is sent."""
    with page.expect_response("**/events*"):
        page.evaluate("""() => {
          Object.defineProperty(document, "visibilityState", { value: "hidden" });
          dispatchEvent(new Event("pagehide"));
        }""")


def npm(folder: Path, *packages: str) -> Path:
    program = shutil.which("npm")
    if program is None:
        missing("no npm on the PATH; these tests install what they test against with it")
    command = [str(program), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", *packages]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if ran.returncode:
        missing(f"npm could not install {', '.join(packages)}: {ran.stderr[-500:]}")
    return folder / "node_modules"
