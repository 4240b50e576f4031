"""When a lost connection is tried again: later each time, not all clients at once; time and chance are the test's."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.element_page import open_page

pytestmark = pytest.mark.browser

# Sockets that the test opens, answers and ends; a clock that stands still; waits that are noted and then over.
_CLIENT = """async ([draws, ends]) => {
  const { SuggestClient } = await import("/element/suggest-client.js");
  const sockets = [];
  const Socket = class {
    static OPEN = 1;
    readyState = 0;
    sent = [];
    constructor() { sockets.push(this); }
    send(message) { this.sent.push(JSON.parse(message)); }
    close() {}
  };
  const waits = [];
  let due = () => {};
  let drawn = 0;
  const real = [window.WebSocket, window.setTimeout, window.fetch, Math.random];
  Object.assign(window, {
    WebSocket: Socket,
    setTimeout: (then, wait) => (waits.push(wait), (due = then), waits.length),
    fetch: async () => { throw new TypeError("no network"); },
  });
  Math.random = () => draws[drawn++ % draws.length];
  performance.now = () => 1000;
  try {
    const visit = () => ({ session: "v", queries: [], clicked: [] });
    const client = new SuggestClient({ shop: "s", visit, onAnswer() {} });
    client.ask("blu", "en");
    const noted = [];
    for (const end of ends) {
      const socket = sockets.at(-1);
      if (end === "answered") {
        socket.readyState = 1;
        socket.onopen();
        socket.onmessage({ data: JSON.stringify({ seq: socket.sent.at(-1).seq, suggest_id: "a", suggestions: [] }) });
        client.ask("blue", "en");
      }
      waits.length = 0;
      socket.onclose();
      noted.push(waits.at(-1));
      const before = sockets.length;
      due();
      if (sockets.length !== before + 1) throw new Error("not tried again");
    }
    return noted;
  } finally {
    [window.WebSocket, window.setTimeout, window.fetch, Math.random] = real;
    delete performance.now;
  }
}"""


def waits(browser: Browser, draws: list[float], ends: list[str]) -> Any:
    page = open_page(browser, None, "")
    try:
        return page.evaluate(_CLIENT, [draws, ends])
    finally:
        page.context.close()


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        ([0.0], [250, 1_000, 4_000, 15_000, 15_000, 15_000]),
        ([0.5], [375, 1_500, 6_000, 22_500, 22_500, 22_500]),
        ([0.1, 0.9, 0.3, 0.7, 0.2, 0.8], [275, 1_900, 5_200, 25_500, 18_000, 27_000]),
    ],
)
def test_each_wait_is_longer_and_drawn_anew(chromium: Browser, draws: list[float], expected: list[float]) -> None:
    assert waits(chromium, draws, ["lost"] * 6) == pytest.approx(expected)


def test_clients_that_lost_the_same_server_come_back_apart(chromium: Browser) -> None:
    crowd = [waits(chromium, [draw], ["lost"] * 3) for draw in (0.05, 0.35, 0.65, 0.95)]
    for together in zip(*crowd, strict=True):
        assert len(set(together)) == len(crowd)
        # As much again as the wait itself at most, spread over all of it.
        assert max(together) - min(together) == pytest.approx(0.9 * together[0] / 1.05)
    for each in crowd:
        assert each == sorted(each)


def test_an_answer_begins_anew(chromium: Browser) -> None:
    ends = ["lost", "lost", "lost", "answered", "lost"]
    assert waits(chromium, [0.0], ends) == [250, 1_000, 4_000, 250, 1_000]
