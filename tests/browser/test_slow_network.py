"""A real shop on slow 3G, as Chromium emulates it: the newest keystroke wins, nothing stale is shown."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.shop import Server, made_up_products, publish

pytestmark = pytest.mark.browser
# As Chromium's DevTools and Lighthouse have it.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
# Chromium's emulation lets open sockets be: what comes through one is held back in the page, some messages longer than
# others, so that answers overtake each other, too.
_SLOW_SOCKET = """
  const holds = [900, 500, 100, 400];
  let came = 0;
  window.WebSocket = class extends WebSocket {
    set onmessage(then) {
      super.onmessage = (message) => setTimeout(() => then(message), holds[came++ % holds.length]);
    }
  };
"""
_NO_SOCKET = "window.WebSocket = class { static OPEN = 1; constructor() { throw new Error('blocked'); } };"
# Every list as it comes onto the page: what it is for, and what stands in the box at that moment.
_WATCH = """() => {
  window.lists = [];
  const box = document.querySelector("intentrie-search");
  const look = () => {
    const shown = [...box.list.node.querySelectorAll("[role=option] .text")].map((one) => one.textContent);
    if (box.list.open) lists.push({ typed: box.value, prefix: box.answer.prefix, shown });
  };
  new MutationObserver(look).observe(box.list.options, { childList: true });
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    publish(folder / "releases", "plain", made_up_products(), folder)
    running = Server(folder / "releases").start()
    yield running
    assert running.stop() == 0


@pytest.fixture(params=["socket", "http"])
def page(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Page]:
    """The storefront on a slow network, its box by the one way or the other."""
    page = chromium.new_context(base_url=server.url).new_page()
    page.add_init_script(_SLOW_SOCKET if request.param == "socket" else _NO_SOCKET)
    page.goto("/shops/plain")
    page.wait_for_selector("#results .card")
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    page.evaluate(_WATCH)
    yield page
    page.context.close()


def lists(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("lists")
    return found


def settle(page: Page, typed: str) -> None:
    """Until the newest keystroke has its answer, and every other answer has come, too."""
    page.wait_for_function("typed => lists.at(-1)?.prefix === typed", arg=typed, timeout=30_000)
    # An older one that was still on its way would be here by then: as long again as a request takes.
    page.wait_for_timeout(1_500)
    took = page.evaluate("""performance.getEntriesByType("resource")
      .filter((each) => each.name.includes("/suggest?")).map((each) => each.duration)""")
    # Over HTTP; those that a newer one ended were short.
    assert not took or max(took) > SLOW_3G["latency"] / 2, "the network was not slow"


def test_typing_on_shows_what_fits_and_ends_with_the_newest(page: Page) -> None:
    page.locator("#query input").press_sequentially("jacket r", delay=120)
    settle(page, "jacket r")
    seen = lists(page)
    for each in seen:
        assert each["typed"].startswith(each["prefix"]), each
    sizes = [len(each["prefix"]) for each in seen]
    assert sizes == sorted(sizes)
    assert seen[-1]["prefix"] == seen[-1]["typed"] == "jacket r"
    assert any("jacket" in text.lower() for text in seen[-1]["shown"])
    expect(page.locator("#query [role=option] .text")).to_have_text(seen[-1]["shown"])


def test_another_text_never_shows_the_one_before(page: Page) -> None:
    box = page.locator("#query input")
    box.focus()
    expect(page.locator("#query [role=option]").first).to_be_visible()  # connected
    for text in ("lam", "ket", "jac", "backp"):
        box.fill(text)
        page.wait_for_timeout(150)  # less than an answer takes
    settle(page, "backp")
    for each in lists(page):
        assert each["typed"].startswith(each["prefix"]), each
    (last,) = [each for each in lists(page) if each["prefix"] == "backp"]
    assert all("backpack" in text.lower() for text in last["shown"])
    expect(page.locator("#query [role=option] .text")).to_have_text(last["shown"])


def test_who_has_searched_is_shown_no_list_any_more(page: Page) -> None:
    box = page.locator("#query input")
    box.press_sequentially("kettle", delay=20)
    box.press("Enter")
    page.wait_for_url("**/*q=kettle*")
    expect(page.locator("#results h3").first).to_contain_text("kettle", ignore_case=True)
    page.wait_for_timeout(1_500)
    expect(page.locator("#query [role=listbox]")).to_be_hidden()
    assert [each for each in lists(page) if each["prefix"]] == []
