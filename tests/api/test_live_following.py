"""What is live over suggestions, followed step by step in one process."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.assembly import load_shop_release, now_ms
from api.live.opened import open_live_shop
from api.live.trend_reader import JUDGE_EVERY_MS
from api.shop import Shop
from autocomplete.context import Context
from autocomplete.live.trending import WINDOW_MS
from autocomplete.prefix import Prefix
from data.curation import Ban, Label, Pin
from data.errors import StorageError
from data.event import Event
from data.overlay_log import Change
from data.product import Product
from data.product_row import ProductReader
from tests.api.shop import made_up_products, publish

COLOURS = ("red", "blue", "green", "black")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("following")
    publish(folder / "releases", "plain", made_up_products(), folder)
    return folder / "releases"


@pytest.fixture
def releases(built: Path, tmp_path: Path) -> Path:
    """A copy for each test: a release that is built in one carries what held there."""
    return Path(shutil.copytree(built, tmp_path / "releases"))


@pytest.fixture
def shop(releases: Path) -> Iterator[Shop]:
    opened = Shop(str(releases), "plain", lambda _: None)
    yield opened
    opened.close()


def settle(shop: Shop) -> None:
    """As the following threads do in some tenths of a second."""
    for _ in range(5):
        shop.follow()
        shop.refresh()
        shop.follow_suggestions()


def suggested(shop: Shop, prefix: str) -> list[str]:
    found = shop.current.completer.complete(Prefix(prefix, 10, "en"), Context(now_ms()))
    return [each.text.lower() for each in found]


def product(product_id: str, **fields: Any) -> dict[str, Any]:
    held = {each["product_id"]: each for each in made_up_products()}
    return {**held.get(product_id, held["lamp-red"]), "product_id": product_id, "group_id": product_id, **fields}


def upsert(shop: Shop, *records: dict[str, Any]) -> None:
    config = shop.current.config
    reader = ProductReader(config.catalog, config.locale, config.currency)
    read: list[Product] = [reader.read(record, lambda *_: None) for record in records]
    shop.append([Change(0, now_ms(), each.product_id, "upsert", each) for each in read])
    settle(shop)


def patch(shop: Shop, thing: str, **fields: Any) -> None:
    shop.append([Change(0, now_ms(), f"{thing}-{colour}", "patch", None, fields) for colour in COLOURS])
    settle(shop)


def delete(shop: Shop, product_id: str) -> None:
    shop.append([Change(0, now_ms(), product_id, "delete")])
    settle(shop)


def test_what_sold_out_is_back_with_a_product_that_the_release_never_had(shop: Shop) -> None:
    patch(shop, "headphones", stock=0)
    assert suggested(shop, "head") == []
    upsert(
        shop, product("headphones-new", title="Egret headphones black", description="", attributes={"colour": "black"})
    )
    assert "headphones" in suggested(shop, "head")
    assert "black headphones" in suggested(shop, "head")
    assert "red headphones" not in suggested(shop, "head")
    delete(shop, "headphones-new")
    assert suggested(shop, "head") == []


def test_what_products_are_called_no_longer_is_not_suggested(shop: Shop) -> None:
    assert "kettle" in suggested(shop, "ket")
    renamed = [
        product(f"kettle-{colour}", title=f"Borealis jug {colour}", description="", category=["Home", "Jugs"])
        for colour in COLOURS
    ]
    upsert(shop, *renamed[:3])
    assert "kettle" in suggested(shop, "ket")
    assert "red kettle" not in suggested(shop, "ket")
    upsert(shop, renamed[3])
    assert suggested(shop, "ket") == []
    upsert(shop, product("kettle-red"))
    assert {"kettle", "red kettle"} <= set(suggested(shop, "ket"))


def test_a_feed_that_says_the_same_again_is_not_looked_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    engine = type(shop.current.engine)
    said_of = engine.said_of

    def noted(self: Any, document: Any, locale: str) -> Any:
        looked_at.append(document.product.product_id)
        return said_of(self, document, locale)

    monkeypatch.setattr(engine, "said_of", noted)
    upsert(shop, *(product(f"lamp-{colour}") for colour in COLOURS))
    patch(shop, "lamp", price_minor=100)
    assert looked_at == []
    # It stands for its row: its stock is the completions', though it is a live product now.
    assert "lamp" in suggested(shop, "lam")
    patch(shop, "lamp", stock=0)
    assert suggested(shop, "lam") == []
    patch(shop, "lamp", stock=2)
    assert "lamp" in suggested(shop, "lam")
    assert looked_at == []
    upsert(shop, product("lamp-red", title="Acme lantern red"))
    assert looked_at == ["lamp-red"]


def test_a_new_text_appears_when_its_products_do(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.live.in_stock.COUNT_EVERY_MS", 0)
    shop.curation.put(Label("copper cauldron"))
    shop.curation.put(Pin("z", "copper cauldron"))
    settle(shop)
    assert suggested(shop, "copp") == suggested(shop, "z") == []
    upsert(shop, product("cauldron", title="Egret copper cauldron"))
    assert suggested(shop, "copp") == suggested(shop, "z") == ["copper cauldron"]
    upsert(shop, product("cauldron", title="Egret copper cauldron", stock=0))
    assert suggested(shop, "copp") == suggested(shop, "z") == []


def test_a_ban_does_not_wait_for_a_release_that_is_being_loaded(
    releases: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_go_on = threading.Event(), threading.Event()

    def slowly(*arguments: Any) -> Any:
        began.set()
        assert may_go_on.wait(20)
        return load_shop_release(*arguments)

    monkeypatch.setattr("api.shop.load_shop_release", slowly)
    before = shop.current.release_id
    publish(releases, "plain", made_up_products("two"), releases.parent)
    refreshing = threading.Thread(target=shop.refresh)
    refreshing.start()
    try:
        assert began.wait(20)
        shop.curation.put(Ban("kettle", within=True))
        shop.follow_suggestions()
        assert suggested(shop, "ket") == []
        assert shop.current.release_id == before
    finally:
        may_go_on.set()
        refreshing.join()
    # The release that came holds to it from its first answer on.
    assert shop.current.release_id != before
    assert suggested(shop, "ket") == []


def test_a_source_that_cannot_be_read_keeps_no_ban_and_no_release_out(
    releases: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> bool:
        raise StorageError("the disk is gone")

    monkeypatch.setattr("api.live.trend_reader.TrendReader.follow", broken)
    shop.curation.put(Ban("jacket", within=True))
    for _ in range(3):
        shop.follow_suggestions()
    assert "jacket" not in suggested(shop, "jack")
    assert [record.message for record in caplog.records].count("live suggestions cannot follow") == 1
    monkeypatch.setattr("data.curation.CurationStore.revision", property(broken))
    publish(releases, "plain", made_up_products("three"), releases.parent)
    assert shop.refresh()
    shop.follow_suggestions()
    assert "jacket" not in suggested(shop, "jack")


def test_what_was_read_is_put_over_though_the_first_try_failed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.curation.put(Ban("lamp", within=True))
    with monkeypatch.context() as failing:
        failing.setattr("api.live.suggestions.make_live_locale", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shop.follow_suggestions()
    assert suggested(shop, "lam")
    shop.follow_suggestions()
    assert suggested(shop, "lam") == []


def test_a_pin_holds_until_its_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    monkeypatch.setattr("api.shop.now_ms", lambda: now)
    shop.curation.put(Pin("z", "blue lamp", until_ms=now + 60_000))
    settle(shop)
    assert suggested(shop, "z") == ["blue lamp"]
    now += 59_999
    settle(shop)
    assert suggested(shop, "z") == ["blue lamp"]
    now += 1
    settle(shop)
    assert suggested(shop, "z") == []
    shop.curation.put(Pin("z", "blue lamp", until_ms=now + 60_000))
    settle(shop)
    assert suggested(shop, "z") == ["blue lamp"]


def test_a_trend_of_pages_in_a_regional_locale(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    monkeypatch.setattr("api.shop.now_ms", lambda: now)

    def search(text: str, person: int, address: str) -> None:
        attributes = {"locale": "en-GB"}
        event = Event("search", now, client_id=f"p{person}", user_query=text, event_attributes=attributes)
        shop.event_log.append([event], address)

    for person in range(8):
        search("dunlin green jacket", person, f"8.8.{person}.8")
        search("corvid red backpack", person, "8.8.4.4")  # whoever this is invents people
    now += JUDGE_EVERY_MS
    settle(shop)
    assert shop.live_counts["trend"] == 1
    assert suggested(shop, "")[0] == "dunlin green jacket"
    # A restart counts the same log again; when nobody searches on, it fades.
    again = Shop(str(shop._releases), "plain", lambda _: None)
    assert suggested(again, "")[0] == "dunlin green jacket"
    again.close()
    now += WINDOW_MS
    settle(shop)
    assert shop.live_counts["trend"] == 0


def test_a_trend_is_spelt_as_the_release_spells_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    monkeypatch.setattr("api.shop.now_ms", lambda: now)
    completions = shop.current.completions.of("en").completions
    spelt = completions.text(next(each for each in range(len(completions)) if " " in completions.text(each)))
    for person in range(8):
        shout = Event("search", now, client_id=f"p{person}", user_query=f"{spelt.swapcase()}!!!")
        shop.event_log.append([shout], f"8.8.{person}.8")
    now += JUDGE_EVERY_MS
    settle(shop)
    first = shop.current.completer.complete(Prefix("", 10, "en"), Context(now))[0]
    assert (first.text, str(first.source)) == (spelt, "trending")


def test_the_terminal_says_what_servers_say(releases: Path, shop: Shop) -> None:
    shop.curation.put(Ban("kettle"))
    shop.curation.put(Pin("ke", "blue kettle"))
    patch(shop, "headphones", stock=0)
    said = open_live_shop(str(releases), "plain")
    for prefix, begins in (("ke", ["blue kettle"]), ("head", [])):
        found = said.completer.complete(Prefix(prefix, 10, "en"), Context(now_ms()))
        assert [each.text.lower() for each in found] == suggested(shop, prefix)
        assert suggested(shop, prefix)[:1] == begins
    assert "kettle" not in suggested(shop, "ke")


def test_a_release_that_is_copied_alone_carries_what_held_when_it_was_built(
    releases: Path, shop: Shop, tmp_path: Path
) -> None:
    shop.curation.put(Ban("kettle", within=True))
    shop.curation.put(Pin("z", "blue lamp"))
    manifest = publish(releases, "plain", made_up_products(), releases.parent)
    copies = tmp_path / "elsewhere"
    for name in ("current", manifest.id):
        copy = shutil.copytree if (releases / "plain" / name).is_dir() else shutil.copy
        (copies / "plain").mkdir(parents=True, exist_ok=True)
        copy(releases / "plain" / name, copies / "plain" / name)
    copied = Shop(str(copies), "plain", lambda _: None)
    assert suggested(copied, "ket") == []
    assert suggested(copied, "z") == ["blue lamp"]
    assert not (copies / "plain" / "live" / "curation.sqlite").exists()
    # The first word said there adds to it, and takes nothing of it back.
    copied.curation.put(Ban("backpack"))
    settle(copied)
    assert suggested(copied, "ket") == []
    assert "backpack" not in suggested(copied, "backp")
    copied.curation.drop(Ban("kettle"))
    settle(copied)
    assert "kettle" in suggested(copied, "ket")
    copied.close()
    # What was lifted stays lifted, whatever the release carries.
    again = Shop(str(copies), "plain", lambda _: None)
    assert "kettle" in suggested(again, "ket")
    again.close()
