"""Pages: what a cursor promises, and what is refused."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.change import Change
from data.errors import CursorExpired, InvalidCursor
from data.product import Product, ProductText
from retrieval.answer.cursor import Cursor, cursor_release, decode_cursor, digest_search, encode_cursor
from retrieval.engine import KEPT_STATES, SearchEngine
from tests.retrieval.shops import Shop, build_shop

SEAL = bytes(range(32))
CURSOR = Cursor("r1", 7, 42, digest_search("lamp", {}, "relevance", "en"), ("dense",), (-0.1, float("inf")), "p\u00fc1")


def product(number: int, price: int = 100) -> Product:
    return Product(
        f"p{number:02}", f"p{number:02}", {"en": ProductText(f"lamp {number}")}, price_minor=price, currency="EUR"
    )


@pytest.fixture(scope="module")
def catalogue() -> list[Product]:
    return [product(number, 100 * number) for number in range(12)]


@pytest.fixture
def shop(catalogue: list[Product]) -> Shop:
    return build_shop(catalogue)


def upsert(position: int, made: Product) -> Change:
    return Change(position, 0, made.product_id, "upsert", made, None, made.version)


def test_round_trip() -> None:
    text = encode_cursor(CURSOR, SEAL)
    assert decode_cursor(text, "r1", SEAL) == CURSOR
    assert cursor_release(text) == "r1"


@given(st.integers(0, 200), st.integers(1, 255))
def test_any_altered_byte_is_noticed(at: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(encode_cursor(CURSOR, SEAL) + "=="))
    raw[at % len(raw)] ^= flip
    altered = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises((InvalidCursor, CursorExpired)):  # a byte of the release's name makes it another release's
        decode_cursor(altered, "r1", SEAL)


def test_of_another_release_is_expired_and_of_another_seal_invalid() -> None:
    with pytest.raises(CursorExpired, match="r1"):
        decode_cursor(encode_cursor(CURSOR, SEAL), "r2", SEAL)
    with pytest.raises(InvalidCursor, match="altered"):
        decode_cursor(encode_cursor(CURSOR, SEAL), "r1", bytes(32))


@pytest.mark.parametrize(
    "text", ["", "x", "AAAA", "🎧", "e30=", "A" * 2_000, base64.urlsafe_b64encode(b"0" * 12 + b"[" * 3_000).decode()]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        cursor_release(text)
    with pytest.raises(InvalidCursor):
        decode_cursor(text, "r1", SEAL)


def test_of_another_search_is_refused(shop: Shop) -> None:
    cursor = shop.search("lamp", size=3).cursor
    assert cursor is not None
    assert len(shop.ids("lamp", size=5, cursor=cursor, facets=())) == 5, "size and facets may differ"
    for request in ({"query": "lamps"}, {"sort": "price_asc"}, {"filters": {"price": {"gte": 1}}}, {"locale": "de"}):
        with pytest.raises(InvalidCursor, match="another search"):
            shop.search(**{"query": "lamp", "size": 3, "cursor": cursor, **request})


def test_pages_go_on_in_the_state_of_the_first(shop: Shop) -> None:
    expected = shop.ids("", sort="price_asc")
    first = shop.search("", sort="price_asc", size=4)
    shop.engine.apply(
        [
            upsert(1, replace(product(0), price_minor=99_999)),  # shown, would come again at the end
            upsert(2, replace(product(9), price_minor=1)),  # not yet shown, would be skipped
            upsert(3, product(50, 450)),  # new: belongs to the next search
            Change(4, 0, "p06", "delete"),  # gone: never shown again
        ]
    )
    second = shop.search("", sort="price_asc", size=4, cursor=first.cursor)
    third = shop.search("", sort="price_asc", size=4, cursor=second.cursor)
    shown = [hit.product_id for page in (first, second, third) for hit in page.hits]
    assert shown == [product_id for product_id in expected if product_id != "p06"]
    assert third.cursor is None
    assert next(hit for hit in third.hits if hit.product_id == "p09").price_minor == 1, "shown as it now is"


def forget(shop: Shop, position: int) -> None:
    """Change a product so often that the states before are no longer kept."""
    for more in range(1, KEPT_STATES + 2):
        shop.engine.apply([Change(position + more, 0, "p01", "patch", None, {"stock": more})])


def test_in_another_state_nothing_repeats(shop: Shop) -> None:
    """When the first page's state is not kept, what changed since is left out; the rest is complete."""
    first = shop.search("", sort="price_asc", size=4)
    assert [hit.product_id for hit in first.hits] == ["p00", "p01", "p02", "p03"]
    shop.engine.apply(
        [upsert(1, replace(product(0), price_minor=99_999)), upsert(2, replace(product(9), price_minor=1))]
    )
    forget(shop, 2)
    rest: list[str] = []
    cursor = first.cursor
    while cursor is not None:
        page = shop.search("", sort="price_asc", size=3, cursor=cursor)
        rest += [hit.product_id for hit in page.hits]
        cursor = page.cursor
    assert rest == ["p04", "p05", "p06", "p07", "p08", "p10", "p11"]


def test_a_deleted_variant_does_not_bring_its_group_back(catalogue: list[Product]) -> None:
    twins = [replace(each, group_id="twins") if each.product_id in ("p00", "p11") else each for each in catalogue]
    shop = build_shop(twins)
    first = shop.search("", sort="price_asc", size=4)
    shop.engine.apply([Change(1, 0, "p00", "delete")])
    forget(shop, 1)
    rest = shop.ids("", sort="price_asc", cursor=first.cursor)
    assert rest == [f"p{number:02}" for number in range(4, 11)]


def test_states_beyond_those_kept_are_let_go(shop: Shop) -> None:
    for position in range(1, KEPT_STATES + 10):
        shop.engine.apply([Change(position, 0, "p01", "patch", None, {"stock": position})])
    assert len(shop.engine._before) == KEPT_STATES


def test_the_release_and_seed_stand_in_it(shop: Shop) -> None:
    engine = SearchEngine(shop.engine._sources, shop.config, "rel-9")
    named = Shop(shop.products, shop.config, shop.snapshot, shop.understander, engine)
    cursor = named.search("lamp", size=2, seed=77).cursor
    assert cursor is not None
    assert cursor_release(cursor) == "rel-9"
    assert decode_cursor(cursor, "rel-9", shop.engine._sources.table.seal).seed == 77
    with pytest.raises(CursorExpired):
        shop.search("lamp", size=2, cursor=cursor)
