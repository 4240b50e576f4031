"""`<intentrie-search>` in a real Chromium: keyboard, pointers, input methods, scripts, what is kept and logged."""

import gzip
import json
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import Browser, expect

from api.http.element import FOLDER, bundle
from tests.browser.element_page import (
    SITE,
    Opened,
    Shop,
    box,
    leave,
    npm,
    open_page,
    options,
    suggestion,
    typed,
    until,
    with_element,
)
from tests.conftest import missing

pytestmark = pytest.mark.browser
MOST_BYTES = 8_000


def test_the_keyboard_walks_the_list_and_comes_back(opened: Opened) -> None:
    page = typed(opened(), "ket")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    for text in ("kettle", "kettle red", "kettle blue", "ket", "kettle"):
        box(page).press("ArrowDown")
        expect(box(page)).to_have_value(text)
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value("ket")
    assert box(page).get_attribute("aria-activedescendant") is None
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value("kettle blue")
    active = box(page).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    # Back in the text: the list is not left, its text is kept.
    box(page).press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    expect(box(page)).to_have_value("kettle blue")


def test_escape_goes_back_and_then_empties(opened: Opened) -> None:
    page = typed(opened(), "ket")
    box(page).press("ArrowDown")
    box(page).press("Escape")
    expect(box(page)).to_have_value("ket")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)
    box(page).press("Escape")
    expect(box(page)).to_have_value("")


def test_the_list_opens_and_closes_without_typing(opened: Opened) -> None:
    page = opened()
    box(page).focus()
    expect(options(page)).to_have_text("bestseller")
    box(page).press("Alt+ArrowUp")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    box(page).press("ArrowDown")
    expect(options(page)).to_have_count(1)
    box(page).press("Tab")
    expect(page.locator("#elsewhere")).to_be_focused()
    expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_enter_sends_the_form_with_what_stands_there(opened: Opened) -> None:
    page = typed(opened(), "ket")
    box(page).press("Enter")
    page.wait_for_url(f"{SITE}/found?q=ket")
    page.go_back()
    typed(page, "ket")
    box(page).press("ArrowDown")
    box(page).press("ArrowDown")
    box(page).press("Enter")
    page.wait_for_url(f"{SITE}/found?q=kettle+red")


def test_a_category_is_said_and_sent_with_the_text(opened: Opened, shop: Shop) -> None:
    shop.answer = lambda _: [suggestion("kettle"), suggestion("kettle", scope="Home > Kitchen"), suggestion("kettles")]
    page = typed(opened(), "kettle")
    expect(options(page).nth(1)).to_contain_text("in Kitchen")
    expect(options(page).nth(1)).not_to_contain_text("Home")
    options(page).nth(1).click()
    page.wait_for_url(f"{SITE}/found?q=kettle&category=Home+%3E+Kitchen")
    page.go_back()
    typed(page, "kettle")
    options(page).first.click()
    page.wait_for_url(f"{SITE}/found?q=kettle")


def test_a_pick_can_be_taken_over_by_the_page(opened: Opened) -> None:
    page = typed(opened(), "ket")
    page.evaluate("""() => {
      window.heard = [];
      addEventListener("intentrie-pick", (event) => heard.push(["pick", event.detail.text]));
      addEventListener("intentrie-search", (event) => {
        event.preventDefault();
        heard.push(["search", event.detail.query]);
      });
    }""")
    options(page).nth(1).click()
    assert page.evaluate("heard") == [["pick", "kettle red"], ["search", "kettle red"]]
    expect(box(page)).to_have_value("kettle red")
    expect(box(page)).to_be_focused()
    assert page.url == f"{SITE}/"
    page.evaluate("addEventListener('intentrie-pick', (event) => event.preventDefault(), { capture: true })")
    box(page).fill("ket")
    options(page).nth(2).click()
    assert page.evaluate("heard.length") == 3


def test_a_finger_picks(opened: Opened) -> None:
    page = opened(has_touch=True, is_mobile=True)
    box(page).tap()
    typed(page, "ket")
    options(page).nth(2).tap()
    page.wait_for_url(f"{SITE}/found?q=kettle+blue")


def test_nothing_is_asked_while_an_input_method_composes(opened: Opened, shop: Shop) -> None:
    page = opened()
    box(page).focus()
    expect(options(page)).to_have_count(1)
    session = page.context.new_cdp_session(page)
    for text in ("k", "か", "かば"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    expect(box(page)).to_have_value("かば")
    # Enter chooses among the method's own candidates: nothing is searched for.
    box(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert shop.prefixes == [""]
    session.send("Input.insertText", {"text": "鞄"})
    page.wait_for_function("document.querySelector('intentrie-search').value === '鞄'")
    assert page.url == f"{SITE}/"
    expect(box(page)).to_have_value("鞄")
    until(page, lambda: shop.prefixes == ["", "鞄"])


def test_spans_count_code_points_and_texts_stay_texts(opened: Opened, shop: Shop) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    shop.answer = lambda _: [
        suggestion("🍵 tea pot", highlights=[[2, 5]]),
        suggestion("𠮷野 鞄", highlights=[[0, 1], [3, 4]]),
        suggestion(hostile, highlights=[[0, 4]]),
    ]
    page = typed(opened(), "t")
    marks = [option.locator("mark").all_inner_texts() for option in options(page).all()]
    assert marks == [["tea"], ["𠮷", "鞄"], ["<img"]]
    expect(options(page).nth(2)).to_have_text(hostile)
    assert page.locator("intentrie-search img").count() == 0


@pytest.mark.parametrize(("text", "prefix"), [("תיק גב כחול", "תיק"), ("حقيبة ظهر زرقاء", "حقيبة")])
def test_right_to_left(opened: Opened, shop: Shop, text: str, prefix: str) -> None:
    shop.answer = lambda _: [suggestion(text, prefix), suggestion("USB kettle", image=f"{SITE}/picture.png")]
    page = opened(body=f'<div dir="rtl">{with_element()}</div>')
    typed(page, prefix)
    expect(options(page).first.locator("mark")).to_have_text(prefix)
    assert options(page).first.evaluate("option => getComputedStyle(option).direction") == "rtl"
    # Its own text keeps its own direction, at the reading side's edge.
    shown = options(page).nth(1).locator(".text")
    assert shown.evaluate("node => getComputedStyle(node).direction") == "ltr"
    picture, words = options(page).nth(1).locator("img").bounding_box(), shown.bounding_box()
    assert picture is not None
    assert words is not None
    assert picture["x"] > words["x"]


def test_groups_stand_under_headings_in_the_order_of_the_arrows(opened: Opened, shop: Shop) -> None:
    shop.answer = lambda _: [
        suggestion("Kettles", kind="category"),
        suggestion("kettle"),
        suggestion("Kettle Co", kind="brand"),
        suggestion("kettle red"),
    ]
    page = typed(opened("groups"), "ket")
    # The server is asked to keep places for them; without headings it is not.
    assert {asked.get("groups") for asked in shop.asked} == {True}
    assert [option.inner_text().split("\n")[0] for option in options(page).all()] == [
        "kettle",
        "kettle red",
        "Kettles",
        "Kettle Co",
    ]
    expect(page.get_by_role("group", name="Categories").get_by_role("option")).to_have_text("Kettles")
    expect(page.get_by_role("group", name="Brands").get_by_role("option")).to_have_text("Kettle Co")
    for _ in range(3):
        box(page).press("ArrowDown")
    expect(box(page)).to_have_value("Kettles")


def test_searches_of_before_come_back_and_can_be_forgotten(opened: Opened, shop: Shop) -> None:
    page = opened()
    for text in ("lamp", "kettle red", "lamp"):
        box(page).fill(text)
        box(page).press("Enter")
        page.wait_for_url(re.compile("/found"))
    first = shop.asked[-1]["session"]
    box(page).focus()
    expect(options(page)).to_have_count(3)
    assert [option.locator(".text").inner_text() for option in options(page).all()] == [
        "lamp",
        "kettle red",
        "bestseller",
    ]
    assert shop.asked[-1]["context"] == {"queries": ["kettle red", "lamp"], "clicked": []}
    assert shop.asked[-1]["session"] == first
    box(page).press("ArrowDown")
    box(page).press("Delete")
    expect(options(page)).to_have_count(2)
    # The server forgets too: what it remembers has a name that nobody bears any more.
    assert shop.asked[-1]["session"] != first
    assert shop.asked[-1]["context"] == {"queries": ["kettle red"], "clicked": []}
    options(page).first.locator(".drop").click()
    expect(options(page)).to_have_text(["bestseller"])
    page.reload()
    box(page).focus()
    expect(options(page)).to_have_text(["bestseller"])


def test_all_searches_of_before_can_be_forgotten_without_a_keyboard(opened: Opened, shop: Shop) -> None:
    page = opened()
    for text in ("lamp", "kettle red"):
        box(page).fill(text)
        box(page).press("Enter")
        page.wait_for_url(re.compile("/found"))
    first = shop.asked[-1]["session"]
    box(page).focus()
    expect(options(page)).to_have_count(3)
    # A control of its own, beside the list and not in it.
    clear = page.get_by_role("button", name="Forget all searches")
    expect(page.get_by_role("listbox").get_by_role("button")).to_have_count(0)
    clear.click()
    expect(options(page)).to_have_text(["bestseller"])
    expect(clear).to_be_hidden()
    expect(box(page)).to_be_focused()
    assert shop.asked[-1]["session"] != first
    assert shop.asked[-1]["context"] == {"queries": [], "clicked": []}
    assert page.evaluate("localStorage.getItem('intentrie:s:recent')") == "[]"
    typed(page, "ket")
    expect(clear).to_be_hidden()


def test_a_page_may_do_without_them(opened: Opened, shop: Shop) -> None:
    page = opened('recent="off"')
    box(page).fill("lamp")
    box(page).press("Enter")
    page.wait_for_url(re.compile("/found"))
    box(page).focus()
    expect(options(page)).to_have_text(["bestseller"])
    assert all("groups" not in asked for asked in shop.asked)


def test_where_storage_is_refused_everything_else_works(opened: Opened, chromium: Browser, shop: Shop) -> None:
    page = open_page(chromium, shop, "")
    page.evaluate("""() => {
      for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });
      const box = '<intentrie-search shop="s" label="Search products">';
      document.querySelector("main").insertAdjacentHTML("beforeend", box);
    }""")
    typed(page, "ket")
    expect(options(page)).to_have_count(3)
    page.context.close()


def test_what_was_shown_picked_and_sent_is_logged(opened: Opened, shop: Shop) -> None:
    page = opened('key="of-the-page" locale="en-GB"')
    page.evaluate("addEventListener('intentrie-search', (event) => event.preventDefault())")
    typed(page, "ke")
    options(page).nth(1).click()
    leave(page)
    told = {event["action_name"]: event for event in shop.events}
    assert set(told) == {"suggest", "suggest_pick", "search"}
    assert (
        len({event["client_id"] for event in shop.events}) == len({event["session_id"] for event in shop.events}) == 1
    )
    shown = [event["event_attributes"] for event in shop.events if event["action_name"] == "suggest"][-1]
    assert shown["shown"] == ["kettle", "kettle red", "kettle blue"]
    assert (shown["prefix"], shown["locale"], shown["suggest_id"]) == ("ke", "en-GB", f"a{shop.asked[-1]['seq']}")
    picked = told["suggest_pick"]["event_attributes"]
    assert picked["object"] == {"object_id": "kettle red", "object_id_field": "suggestion"}
    assert (picked["position"], picked["suggest_id"]) == ({"ordinal": 2}, shown["suggest_id"])
    assert told["search"]["user_query"] == "kettle red"


def test_clicks_on_products_go_with_the_next_keystroke_and_are_forgotten(opened: Opened, shop: Shop) -> None:
    page = opened('key="of-the-page"')
    page.evaluate("""() => {
      const box = document.querySelector("intentrie-search");
      for (const id of ["p1", "p2", "p3", "p4", "p5", "p2", "p6"]) box.clicked(id, { query_id: "q", ordinal: 3 });
    }""")
    leave(page)
    told = [event for event in shop.events if event["action_name"] == "click"]
    assert [event["event_attributes"]["object"]["object_id"] for event in told][-2:] == ["p2", "p6"]
    assert told[0]["event_attributes"]["object"] == {"object_id": "p1", "object_id_field": "product_id"}
    assert (told[0]["event_attributes"]["position"], told[0]["query_id"]) == ({"ordinal": 3}, "q")
    # The page of a product lies between: the visit goes on.
    page.reload()
    box(page).fill("lamp")
    box(page).press("Enter")
    page.wait_for_url(re.compile("/found"))
    box(page).focus()
    expect(options(page).first).to_be_visible()
    said = shop.asked[-1]
    assert said["context"] == {"queries": ["lamp"], "clicked": ["p3", "p4", "p5", "p2", "p6"]}
    page.get_by_role("button", name="Forget all searches").click()
    expect(options(page)).to_have_text(["bestseller"])
    assert shop.asked[-1]["session"] != said["session"]
    assert shop.asked[-1]["context"] == {"queries": [], "clicked": []}


def test_places_are_logged_as_they_are_seen(opened: Opened, shop: Shop) -> None:
    # A category stands below, whatever the server's order was.
    shop.answer = lambda _: [suggestion("Kettles", kind="category"), suggestion("kettle"), suggestion("kettle red")]
    page = opened('groups key="of-the-page"')
    page.evaluate("addEventListener('intentrie-search', (event) => event.preventDefault())")
    typed(page, "ket")
    expect(options(page)).to_have_count(3)
    options(page).nth(2).click()
    leave(page)
    shown = [event for event in shop.events if event["action_name"] == "suggest"][-1]["event_attributes"]
    assert shown["shown"] == ["kettle", "kettle red", "Kettles"]
    (picked,) = (event["event_attributes"] for event in shop.events if event["action_name"] == "suggest_pick")
    assert (picked["object"]["object_id"], picked["position"]) == ("Kettles", {"ordinal": 3})


def test_the_page_may_keep_events_back(opened: Opened, shop: Shop) -> None:
    page = opened('key="of-the-page"')
    page.evaluate("addEventListener('intentrie-event', (event) => event.preventDefault())")
    typed(page, "ke")
    page.evaluate("document.querySelector('intentrie-search').events.flush()")
    silent = opened()  # no key: nobody would take them
    typed(silent, "ke")
    assert silent.evaluate("document.querySelector('intentrie-search').events ?? null") is None
    assert shop.events == []


def test_a_page_without_scripts_has_an_input_and_one_with_them_takes_its_words(opened: Opened) -> None:
    plain = '<input name="q" value="old" placeholder="What?" aria-label="Find">'
    page = opened(body=f'<form action="/found"><intentrie-search shop="s">{plain}</intentrie-search></form>')
    field = page.get_by_role("combobox", name="Find")
    expect(field).to_have_value("old")
    expect(field).to_have_attribute("placeholder", "What?")
    assert page.locator("form").evaluate("form => [...new FormData(form)]") == [["q", "old"]]
    page.locator("form").evaluate("form => form.reset()")
    expect(field).to_have_value("")


def test_words_for_people_can_be_others(opened: Opened, shop: Shop) -> None:
    shop.answer = lambda _: [suggestion("Kessel", kind="product")]
    page = opened("groups")
    page.evaluate("document.querySelector('intentrie-search').labels = { product: 'Produkte' }")
    typed(page, "k")
    expect(page.get_by_role("group", name="Produkte")).to_be_visible()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return (npm(tmp_path_factory.mktemp("axe"), "axe-core@4.10.3") / "axe-core" / "axe.min.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Opened, shop: Shop, axe: str, scheme: str) -> None:
    shop.answer = lambda prefix: [
        suggestion("kettle", prefix),
        suggestion("Kettles", kind="category"),
        suggestion("Steel kettle", kind="product", image=f"{SITE}/picture.png"),
    ]
    page = opened("groups", color_scheme=scheme)
    page.add_style_tag(content=":root { color-scheme: light dark; }")
    page.evaluate(axe)

    def violations() -> list[str]:
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]

    assert violations() == []
    page.evaluate("localStorage.setItem('intentrie:s:recent', '[\"lamp\"]')")
    page.reload()
    page.add_style_tag(content=":root { color-scheme: light dark; }")
    page.evaluate(axe)
    box(page).focus()
    expect(page.get_by_text("searched before")).to_be_visible()
    assert violations() == []
    typed(page, "ket")
    box(page).press("ArrowDown")
    assert violations() == []


_IN_ORDER = ["Search products", "Suggestions", "kettle", "Categories", "Kettles", ""]


def test_what_a_screen_reader_is_told(opened: Opened, shop: Shop) -> None:
    shop.answer = lambda prefix: [suggestion("kettle", prefix), suggestion("Kettles", kind="category")]
    page = typed(opened("groups"), "ket")
    box(page).press("ArrowDown")
    expect(page.get_by_role("status")).to_have_text("2 suggestions, use up and down arrows")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    told = [
        (
            node["role"]["value"],
            node["name"]["value"],
            {each["name"]: each["value"].get("value") for each in node.get("properties", ())},
        )
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in {"combobox", "searchbox", "listbox", "option", "group", "status"}
    ]
    told.sort(key=lambda node: _IN_ORDER.index(node[1]))
    assert [(role, name) for role, name, _ in told] == [
        ("combobox", "Search products"),
        ("listbox", "Suggestions"),
        ("option", "kettle"),
        ("group", "Categories"),
        ("option", "Kettles"),
        ("status", ""),
    ]
    combobox, _, first, _, second, status = (properties for _, _, properties in told)
    assert (combobox["expanded"], combobox["autocomplete"], combobox["hasPopup"]) == (True, "list", "listbox")
    assert "activedescendant" in combobox
    assert (first.get("selected"), second.get("selected")) == (True, False)
    assert status["live"] == "polite"


def test_it_is_small_and_its_package_holds_what_it_needs() -> None:
    assert len(gzip.compress(bundle(), 9)) <= MOST_BYTES
    program = shutil.which("npm")
    if program is None:
        missing("no npm on the PATH")
    ran = subprocess.run(
        [str(program), "pack", "--dry-run", "--json"], cwd=FOLDER, capture_output=True, text=True, check=True
    )
    (packed,) = json.loads(ran.stdout)
    files = {each["path"] for each in packed["files"]}
    assert {"LICENSE", "README.md", "package.json"} <= files
    assert files == {path.name for path in FOLDER.iterdir()}
    imported = {
        name
        for path in FOLDER.glob("*.js")
        for name in re.findall(r'from "\./([\w-]+\.js)"', path.read_text(encoding="utf-8"))
    }
    assert imported <= files
