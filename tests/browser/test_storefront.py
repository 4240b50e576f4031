"""A shopper in front of the demo shop: type, arrow, enter, filter, ask why."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SCREENSHOT = Path(__file__).parents[2] / "docs" / "images" / "storefront.png"


def type_slowly(page: Page, text: str) -> None:
    page.locator("#query input").press_sequentially(text, delay=40)


def test_opens_with_products(page: Page) -> None:
    expect(page.locator("#summary")).to_contain_text("products")
    assert page.locator("#results .card").count() == 24
    picture = page.locator("#results .card img").first
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")


def test_type_arrow_enter(page: Page) -> None:
    type_slowly(page, "hea")
    options = page.locator("#query [role=option]")
    # What "h" brought may still be there when the last key is down.
    expect(options.filter(has_text="headphone").first).to_be_visible()
    expect(options.filter(has_text="headlamp").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#query input")).to_have_attribute("aria-activedescendant", "option-0")
    chosen = page.locator("#query input").input_value()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q="))
    expect(page.locator("#query [role=listbox]")).to_be_hidden()
    # The products of the page before stay until the answer is there.
    expect(page.locator("#results h3").first).to_contain_text(chosen.split()[-1], ignore_case=True)
    titles = [title.lower() for title in page.locator("#results h3").all_inner_texts()]
    assert all(any(word in title for title in titles) for word in chosen.lower().split())


def test_typed_part_is_marked(page: Page) -> None:
    type_slowly(page, "backp")
    option = page.locator("#query [role=option]", has_text="backpack").first
    expect(option.locator("mark").first).to_have_text("backp")


def test_a_typing_error_still_completes(page: Page) -> None:
    type_slowly(page, "hedph")
    expect(page.locator("#query [role=option]", has_text="headphones").first).to_be_visible()


def test_escape_brings_back_what_was_typed(page: Page) -> None:
    type_slowly(page, "ten")
    expect(page.locator("#query [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("#query input").input_value() == "ten"
    expect(page.locator("#query [role=listbox]")).to_be_hidden()


def test_filter_and_remove_it(page: Page) -> None:
    page.goto("/shops/demo?q=teapot")
    page.wait_for_selector("#results .card")
    before = page.locator("#summary").inner_text()
    brand = page.locator("#facets details[data-field=brand]")
    label = brand.locator("label").first
    count = int(label.locator(".count").inner_text())
    name = label.locator(".name").inner_text()
    label.locator("input").check()
    expect(page.locator("#chips button")).to_contain_text(name)
    expect(page.locator("#summary")).to_have_text(re.compile(rf"^{count} "))
    for title in page.locator("#results h3").all_inner_texts():
        assert name.lower() in title.lower()
    page.locator("#chips button").click()
    expect(page.locator("#summary")).to_contain_text(before.split(" in ")[0])


def test_a_suggestion_within_a_category_filters_by_it(page: Page) -> None:
    type_slowly(page, "kachelhof")
    scoped = page.locator("#query [role=option]", has_text=re.compile(r" ?in [A-Z]")).first
    scoped.click()
    expect(page).to_have_url(re.compile(r"filters=.*category"))
    expect(page.locator("#results .card").first).to_be_visible()
    expect(page.locator("#facets details[data-field=category] input:checked")).to_have_count(1)


def test_a_price_range_filters(page: Page) -> None:
    page.goto("/shops/demo?q=jacket")
    page.wait_for_selector("#results .card")
    label = page.locator("#facets details[data-field=price] label").first
    count, name = int(label.locator(".count").inner_text()), label.locator(".name").inner_text()
    under = re.fullmatch(r"under (\d+) EUR", name)
    assert under is not None
    label.locator("input").check()
    expect(page.locator("#summary")).to_have_text(re.compile(rf"^{count} "))
    expect(page.locator("#chips button")).to_contain_text(name)
    prices = [float(text.strip("€")) for text in page.locator("#results .price").all_inner_texts()]
    assert prices
    assert max(prices) < float(under[1])


def test_why_this(page: Page) -> None:
    page.goto("/shops/demo?q=black+backpack+under+100")
    page.wait_for_selector("#results .card")
    page.locator("#results .card .link").first.click()
    drawer = page.locator("#why")
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text("Score of")
    expect(drawer).to_contain_text("backpack")
    expect(drawer).to_contain_text("price")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_correction_is_shown(page: Page) -> None:
    page.goto("/shops/demo?q=bakpack")
    page.wait_for_selector("#results .card")
    expect(page.locator("#notices")).to_contain_text("backpack")


def test_back_button_returns_to_the_last_search(page: Page) -> None:
    for query in ("teapot", "tent"):
        page.locator("#query input").fill(query)
        page.keyboard.press("Enter")
        expect(page.locator("#results h3").first).to_contain_text(query, ignore_case=True)
    page.go_back()
    expect(page.locator("#query input")).to_have_value("teapot")
    expect(page.locator("#results h3").first).to_contain_text("teapot", ignore_case=True)


def test_locale_changes_the_texts(page: Page) -> None:
    page.locator("#locale").select_option("de")
    page.locator("#query input").fill("rucksack")
    page.keyboard.press("Enter")
    expect(page.locator("#results h3").first).to_contain_text("Rucksack")


def test_show_more_repeats_nothing(page: Page) -> None:
    page.locator("#more").click()
    expect(page.locator("#results .card")).to_have_count(48)
    ids = page.locator("#results .card").evaluate_all("cards => cards.map(card => card.dataset.product)")
    assert len(set(ids)) == 48


def test_markup_in_a_query_stays_text(page: Page) -> None:
    page.goto("/shops/demo?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    expect(page.locator("#query input")).to_have_value("<img src=x onerror=alert(1)>")
    assert page.locator("main img[src=x]").count() == 0


def test_screenshot_for_the_readme(page: Page, tmp_path: Path) -> None:
    """Writes docs/images/storefront.png only when it is not there: `rm` it to renew it."""
    page.goto("/shops/demo?q=waterproof+backpack")
    page.wait_for_selector("#results .card")
    page.locator("#query input").fill("")
    type_slowly(page, "bac")
    expect(page.locator("#query [role=option]").first).to_be_visible()
    target = tmp_path / "storefront.png" if SCREENSHOT.exists() else SCREENSHOT
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000
