from dataclasses import replace

import pytest

from data.live_fold import fold_live
from data.overlay_log import LiveProduct
from data.product import Product, ProductText

ROW = Product("p", "p", {"en": ProductText("Tent")}, stock=1, price_minor=100, currency="EUR", updated_at=50, version=3)
OTHER = Product("o", "o", {"en": ProductText("Mat")})


def patched(stock: int, version: int = 3, at_ms: int = 60) -> LiveProduct:
    return LiveProduct("p", 1, (version, at_ms), False, patches={("stock",): ((version, at_ms), stock)})


def upserted(stock: int, version: int = 3, at_ms: int = 60) -> LiveProduct:
    product = replace(ROW, stock=stock, version=version, updated_at=None)
    return LiveProduct("p", 1, (version, at_ms), False, product, (version, at_ms))


@pytest.mark.parametrize(
    ("live", "row_version", "row_time", "stock"),
    [
        (patched(9), 3, 50, 9),  # newer by time
        (patched(9), 3, 60, 9),  # a tie: the live statement holds
        (patched(9), 3, 61, 1),  # the catalogue is newer by time
        (patched(9), 4, 10, 1),  # the version counts before the time
        (patched(9, version=4), 3, 99, 9),
        (patched(9), 3, None, 9),  # a row that says no time is older than any change
        (upserted(9), 3, 50, 9),
        (upserted(9), 3, 61, 1),
        (upserted(9), 3, None, 9),
        (LiveProduct("p", 1, (3, 60), deleted=True), 3, 50, None),
        (LiveProduct("p", 1, (3, 60), deleted=True), 3, 60, None),
        (LiveProduct("p", 1, (3, 60), deleted=True), 3, None, None),
        (LiveProduct("p", 1, (3, 60), deleted=True), 3, 61, 1),  # only a newer row brings it back
        (LiveProduct("p", 1, (3, 60), deleted=True), 4, None, 1),
    ],
)
def test_the_newer_statement_holds(live, row_version, row_time, stock):
    fold = fold_live([OTHER, replace(ROW, version=row_version, updated_at=row_time)], [live])
    assert fold.products[0] == OTHER
    assert [product.stock for product in fold.products[1:]] == ([] if stock is None else [stock])


def test_rows_without_a_time_take_the_catalogues():
    row = replace(ROW, updated_at=None)
    assert fold_live([row], [patched(9)], catalogue_at_ms=61).products[0].stock == 1
    assert fold_live([row], [patched(9)], catalogue_at_ms=59).products[0].stock == 9


def test_fields_are_weighed_one_by_one():
    patches = {("stock",): ((3, 40), 8), ("price_minor",): ((3, 60), 70), ("attributes", "colour"): ((3, 60), "red")}
    [product] = fold_live([ROW], [LiveProduct("p", 3, (3, 60), False, patches=patches)]).products
    assert (product.stock, product.price_minor, product.attributes) == (1, 70, {"colour": "red"})


def test_patches_follow_their_own_upsert_whatever_the_clocks_say():
    live = replace(upserted(9, at_ms=90), patches={("stock",): ((3, 80), 0)}, stamp=(3, 80))
    assert fold_live([ROW], [live]).products[0].stock == 0


def test_an_upsert_that_says_its_own_time_is_weighed_by_it():
    late = LiveProduct("p", 1, (3, 999), False, replace(ROW, stock=9, updated_at=40), (3, 40))
    assert fold_live([ROW], [late]).products[0].stock == 1


def test_new_products_come_last_by_id_and_orphans_are_named():
    live = [LiveProduct(name, 1, (0, 1), False, replace(OTHER, product_id=name), (0, 1)) for name in ("z", "b")] + [
        LiveProduct("gone", 4, (0, 1), False, patches={("stock",): ((0, 1), 0)})
    ]
    fold = fold_live([ROW, OTHER], live)
    assert [product.product_id for product in fold.products] == ["p", "o", "b", "z"]
    assert fold.orphaned == ("gone",)
    assert (fold.upserted, fold.patched, fold.deleted, fold.superseded) == (2, 0, 0, 0)


def test_what_became_of_the_changes_is_counted():
    live = [patched(9), LiveProduct("o", 2, (0, 5), deleted=True)]
    fold = fold_live([ROW, OTHER], live)
    assert (fold.patched, fold.deleted) == (1, 1)
    assert fold_live([replace(ROW, version=9)], [patched(9)]).superseded == 1
