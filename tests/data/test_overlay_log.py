import json
import multiprocessing
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.change import INHERIT, Change, apply_patch
from data.errors import InputError, ProductNotFound, ReleaseError, StaleVersion, StorageError
from data.overlay_log import LiveProduct, OverlayLog, advance
from data.product import Product, ProductText, Quantity
from data.product_json import decode_product, encode_product

LAMP = Product(
    "lamp-1",
    "lamp",
    {"en": ProductText("Brass lamp", "Warm light."), "de": ProductText("Messinglampe")},
    brand="Lumo",
    category=("Home", "Lamps"),
    attributes={"colour": "brass", "dimmable": True, "height": Quantity(40.0, "cm"), "use": ("desk", "bed")},
    price_minor=4900,
    currency="EUR",
    stock=3,
    updated_at=1_000,
    version=2,
)


@pytest.fixture
def log(tmp_path):
    log = OverlayLog(tmp_path / "live" / "overlay.sqlite")
    yield log
    log.close()


def upsert(product: Product, at_ms: int = 5_000) -> Change:
    return Change(0, at_ms, product.product_id, "upsert", product=product)


def patch(product_id: str, at_ms: int = 6_000, version: int = INHERIT, **fields: object) -> Change:
    return Change(0, at_ms, product_id, "patch", patch=fields, version=version)


def delete(product_id: str, at_ms: int = 7_000, version: int = INHERIT) -> Change:
    return Change(0, at_ms, product_id, "delete", version=version)


def test_a_product_comes_back_equal():
    assert decode_product(encode_product(LAMP)) == LAMP


def test_changes_get_positions_and_are_read_back_in_order(log):
    written = log.append([upsert(LAMP), patch("lamp-1", stock=0), delete("lamp-1")], {})
    assert [change.position for change in written] == [1, 2, 3]
    assert [change.version for change in written] == [2, 2, 2]
    assert log.read(0) == written
    assert log.read(1, limit=1) == [written[1]]
    assert log.position == 3


def test_an_append_is_seen_by_another_process_file_handle(log, tmp_path):
    log.append([upsert(LAMP)], {})
    other = OverlayLog(tmp_path / "live" / "overlay.sqlite")
    assert [change.product for change in other.read(0)] == [LAMP]
    other.close()


def test_a_smaller_version_is_refused_whole_batch_and_all(log):
    log.append([upsert(LAMP)], {})
    chair = replace(LAMP, product_id="chair-1", version=0)
    with pytest.raises(StaleVersion, match="has version 2, the upsert has 1"):
        log.append([upsert(chair), upsert(replace(LAMP, version=1))], {})
    assert log.position == 1
    assert [one.product_id for one in log.live_products()[0]] == ["lamp-1"]


def test_the_version_of_the_release_counts_too(log):
    with pytest.raises(StaleVersion):
        log.append([upsert(LAMP)], {"lamp-1": 3})
    assert log.append([upsert(LAMP)], {"lamp-1": 2})[0].version == 2
    assert log.append([patch("desk-1", stock=4)], {"desk-1": 7})[0].version == 7


def test_unknown_products_are_neither_patched_nor_deleted(log):
    with pytest.raises(ProductNotFound, match="no product 'ghost' in this shop, so it cannot be patched"):
        log.append([patch("ghost", stock=1)], {})
    with pytest.raises(ProductNotFound, match="cannot be deleted"):
        log.append([delete("ghost")], {})


def test_a_tombstone_holds_against_older_upserts_and_patches(log):
    log.append([delete("lamp-1", version=5)], {"lamp-1": 2})
    with pytest.raises(StaleVersion):
        log.append([upsert(replace(LAMP, version=4))], {"lamp-1": 2})
    with pytest.raises(ProductNotFound):
        log.append([patch("lamp-1", stock=1)], {"lamp-1": 2})
    with pytest.raises(ProductNotFound):
        log.append([delete("lamp-1")], {"lamp-1": 2})
    log.append([upsert(replace(LAMP, version=5))], {"lamp-1": 2})
    assert log.append([patch("lamp-1", stock=1)], {"lamp-1": 2})[0].version == 5


def test_a_release_that_folded_the_tombstone_in_has_the_last_word(log):
    position = log.append([delete("lamp-1")], {"lamp-1": 2})[0].position
    # The next release holds the product again: its catalogue row was newer than the delete.
    written = log.append([patch("lamp-1", stock=9)], {"lamp-1": 2}, base_position=position)
    assert written[0].patch == {"stock": 9}
    [head] = log.live_products()[0]
    assert not head.deleted
    assert head.patches == {("stock",): ((2, 6_000), 9)}


def test_a_lost_log_goes_on_behind_the_release(log):
    assert log.append([upsert(LAMP)], {}, base_position=41)[0].position == 42


def test_compaction_drops_the_log_but_not_what_is_known(log):
    log.append([upsert(LAMP), patch("lamp-1", stock=0)], {})
    log.append([delete("lamp-1")], {})
    assert log.compact(2) == 2
    assert [change.position for change in log.read(2)] == [3]
    assert log.floor == 2
    with pytest.raises(ReleaseError, match="changes up to position 2 were dropped"):
        log.read(1)
    [head], position = log.live_products()
    assert head.deleted
    assert position == 3
    log.compact(99)
    assert log.append([upsert(LAMP)], {})[0].position == 4


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "an empty patch"),
        ({"colour": "red"}, "'colour' is unknown; the fields are brand"),
        ({"stock": -1}, "'stock': expected a whole number from 0 or null, got -1"),
        ({"stock": True}, "'stock'"),
        ({"price_minor": 9.99}, "'price_minor'"),
        ({"brand": None}, "'brand': expected a text"),
        ({"category": "Home"}, "'category': expected a list of texts"),
        ({"attributes": {"colour": [1]}}, "'attributes.colour': expected a text, a number"),
        ({"texts": {"en": {"title": " "}}}, "titles not empty"),
    ],
)
def test_a_patch_that_fits_no_product_is_refused(log, fields, message):
    with pytest.raises(InputError, match=message):
        log.append([Change(0, 1, "lamp-1", "patch", patch=fields)], {"lamp-1": 0})


def test_a_patch_replaces_scalars_and_merges_attributes_and_texts():
    patched = apply_patch(
        LAMP,
        {
            "stock": None,
            "attributes": {"colour": None, "height": {"amount": 45, "unit": "cm"}},
            "texts": {"fr": {"title": "Lampe"}},
        },
    )
    assert patched.stock is None
    assert patched.attributes == {"dimmable": True, "height": Quantity(45.0, "cm"), "use": ("desk", "bed")}
    assert set(patched.texts) == {"en", "de", "fr"}
    assert apply_patch(LAMP, {"price_minor": None}).currency is None
    bare = replace(LAMP, price_minor=None, currency=None)
    assert apply_patch(bare, {"price_minor": 5}).price_minor is None
    assert apply_patch(bare, {"price_minor": 5}, currency="USD").currency == "USD"


# What each change of a random history does to one product, by brute force: the product is replayed change by change.
FIELDS = st.one_of(
    st.fixed_dictionaries({"stock": st.integers(0, 9)}),
    st.fixed_dictionaries({"price_minor": st.integers(1, 9)}),
    st.fixed_dictionaries({"attributes": st.dictionaries(st.sampled_from("ab"), st.one_of(st.none(), st.text("xy")))}),
)


@given(st.lists(st.one_of(st.just("upsert"), st.just("delete"), FIELDS), max_size=12))
def test_the_net_effect_equals_replaying_every_change(history):
    replayed: Product | None = None
    head: LiveProduct | None = None
    for step, what in enumerate(history):
        product = replace(LAMP, stock=step, version=step)
        if what == "upsert":
            replayed, change = product, Change(step, step, "lamp-1", "upsert", product=product, version=step)
        elif what == "delete":
            replayed, change = None, Change(step, step, "lamp-1", "delete", version=step)
        elif replayed is None:
            continue
        else:
            replayed = apply_patch(replayed, what)
            change = Change(step, step, "lamp-1", "patch", patch=what, version=step)
        head = advance(head, change)
    if head is None or head.deleted:
        assert replayed is None
        return
    assert head.product is not None
    net = head.product
    for path, (_, value) in head.patches.items():
        net = apply_patch(net, {path[0]: value} if len(path) == 1 else {path[0]: {path[1]: value}})
    assert net == replayed


def _append_many(path: str, name: str, count: int) -> None:
    log = OverlayLog(Path(path))
    for number in range(count):
        log.append([upsert(replace(LAMP, product_id=f"{name}-{number}"))], {})
    log.close()


def test_workers_that_append_at_once_get_one_order(tmp_path):
    path = tmp_path / "overlay.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(str(path), name, 25)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    log = OverlayLog(path)
    changes = log.read(0)
    log.close()
    assert [change.position for change in changes] == list(range(1, 101))
    for name in "abcd":
        own = [change.product_id for change in changes if change.product_id.startswith(name)]
        assert own == [f"{name}-{number}" for number in range(25)]


def test_a_thousand_changes_are_one_transaction(log):
    changes = [upsert(replace(LAMP, product_id=str(number))) for number in range(1_000)]
    assert log.append(changes, {})[-1].position == 1_000


def test_a_full_disk_is_said_and_nothing_is_half_written(log, tmp_path):
    log.append([upsert(LAMP)], {})
    pages = log._store._connection.execute("PRAGMA page_count").fetchone()[0]
    log._store._connection.execute(f"PRAGMA max_page_count={pages}")
    many = [upsert(replace(LAMP, product_id=f"p{number}")) for number in range(500)]
    with pytest.raises(StorageError, match="the disk is full; free some space"):
        log.append(many, {})
    assert log.position == 1
    assert len(log.live_products()[0]) == 1


def test_a_file_that_is_no_log_is_refused(tmp_path):
    (tmp_path / "overlay.sqlite").write_text(json.dumps({"not": "sqlite"}) * 100)
    with pytest.raises(StorageError, match="restore it from a backup"):
        OverlayLog(tmp_path / "overlay.sqlite")


def test_commits_wait_for_the_disk(log):
    connection = log._store._connection
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert isinstance(connection, sqlite3.Connection)
