"""Custom properties change what a shopper sees: each of them, by the style that Chromium computes."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.http.element import FOLDER
from tests.browser.element_page import Opened, Shop, options, suggestion, typed

pytestmark = pytest.mark.browser

INPUT, LIST, OPTION = "input", ".list", ".option"
# Property, where it is seen, what is computed, what it is set to, what comes of it.
LOOKS = [
    ("input-padding", INPUT, "paddingLeft", "31px", "31px"),
    ("input-background", INPUT, "backgroundColor", "rgb(1, 2, 3)", "rgb(1, 2, 3)"),
    ("input-border", INPUT, "borderTopWidth", "5px solid red", "5px"),
    ("radius", INPUT, "borderTopLeftRadius", "17px", "17px"),
    ("radius", LIST, "borderTopLeftRadius", "17px", "17px"),
    ("radius", OPTION, "borderTopLeftRadius", "20px", "14px"),
    ("focus", INPUT, "outlineColor", "rgb(4, 5, 6)", "rgb(4, 5, 6)"),
    ("layer", LIST, "zIndex", "77", "77"),
    ("list-height", LIST, "maxHeight", "123px", "123px"),
    ("list-color", LIST, "color", "rgb(7, 8, 9)", "rgb(7, 8, 9)"),
    ("list-background", LIST, "backgroundColor", "rgb(10, 11, 12)", "rgb(10, 11, 12)"),
    ("list-border", LIST, "borderTopWidth", "6px solid red", "6px"),
    ("list-shadow", LIST, "boxShadow", "none", "none"),
    ("option-height", OPTION, "minHeight", "61px", "61px"),
    ("active", "[aria-selected=true]", "backgroundColor", "rgb(13, 14, 15)", "rgb(13, 14, 15)"),
    ("soft", ".heading", "color", "rgb(16, 17, 18)", "rgb(16, 17, 18)"),
    ("soft", ".note", "color", "rgb(16, 17, 18)", "rgb(16, 17, 18)"),
    ("soft", "[part=read]", "color", "rgb(16, 17, 18)", "rgb(16, 17, 18)"),
    ("read", "[part=read]", "color", "rgb(19, 20, 21)", "rgb(19, 20, 21)"),
    ("typed", "mark", "color", "rgb(22, 23, 24)", "rgb(22, 23, 24)"),
    ("typed-weight", "mark", "fontWeight", "900", "900"),
    ("rest-weight", ".rest", "fontWeight", "300", "300"),
]


@pytest.fixture
def page(opened: Opened, shop: Shop) -> Page:
    """With something of everything that has a look, and the first option active."""
    correction = {"start": 0, "end": 3, "original": "ket", "replacement": "kettle"}
    shop.answer = lambda prefix: [
        suggestion("kettle", prefix, scope="Home"),
        suggestion("sofa", correction=correction),
        suggestion("Kettles", kind="category"),
    ]
    page = typed(opened("groups"), "ket")
    page.get_by_role("combobox").press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    return page


@pytest.mark.parametrize(("name", "where", "style", "value", "computed"), LOOKS)
def test_a_property_changes_its_style(page: Page, name: str, where: str, style: str, value: str, computed: str) -> None:
    def now() -> str:
        found: str = page.evaluate(
            """([where, style]) => getComputedStyle(
              document.querySelector("intentrie-search").shadowRoot.querySelector(where))[style]""",
            [where, style],
        )
        return found

    before = now()
    page.evaluate(
        "([name, value]) => document.documentElement.style.setProperty(name, value)", [f"--intentrie-{name}", value]
    )
    assert now() == computed != before
    page.evaluate("name => document.documentElement.style.removeProperty(name)", f"--intentrie-{name}")
    assert now() == before


def test_a_theme_of_one_box_is_not_the_others(opened: Opened, shop: Shop) -> None:
    page = opened(body='<intentrie-search shop="s" class="dark"></intentrie-search><intentrie-search shop="s">')
    page.add_style_tag(content=".dark { --intentrie-input-background: rgb(1, 2, 3); }")
    colours = page.evaluate("""[...document.querySelectorAll("intentrie-search")]
      .map((box) => getComputedStyle(box.shadowRoot.querySelector("input")).backgroundColor)""")
    assert colours[0] == "rgb(1, 2, 3)" != colours[1]


def test_every_property_is_tried_and_documented() -> None:
    used = set(re.findall(r"--intentrie-([\w-]+)", (FOLDER / "style.js").read_text(encoding="utf-8")))
    assert {name for name, *_ in LOOKS} == used
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = re.search(r"Custom properties (.+?);", readme)
    assert named is not None
    assert {name.removeprefix("--intentrie").removeprefix("-") for name in re.findall(r"`([\w-]+)`", named[1])} == used
