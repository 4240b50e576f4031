"""A real Chromium on the real demo shop."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.element_page import Opened, Shop, kettles, open_page, with_element
from tests.conftest import missing
from tests.servers.intentrie import Server, serving

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Without these Chromium talks to its maker in the background.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


# Not of the session: Playwright keeps an event loop running, in which later tests could not start their own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        missing("no Chromium on the PATH; the browser tests need one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo_server(demo_releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(demo_releases, tmp_path_factory.mktemp("browser") / "server.log") as server:
        yield server


@pytest.fixture
def page(chromium: Browser, demo_server: Server) -> Iterator[Page]:
    """The storefront, freshly opened; an error in the page's own script fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, base_url=demo_server.url, locale="en-GB")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto("/shops/demo")
    page.wait_for_selector("#results .card")
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def shop() -> Shop:
    return Shop(kettles)


@pytest.fixture
def opened(chromium: Browser, shop: Shop) -> Iterator[Opened]:
    """Opens pages; an error in a page's script fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_one(more: str = "", body: str | None = None, **context: Any) -> Page:
        page = open_page(chromium, shop, with_element(more) if body is None else body, **context)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert not errors, errors
