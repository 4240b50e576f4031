"""Vectors of products that say the same are kept from one release to the next."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from numpy.typing import NDArray

from data.product import Product, ProductText
from understanding.vectors import build_vectors, digest


class CountingEncoder:
    """A vector by the title's length; remembers what it was asked for."""

    dimension = 3

    def __init__(self, encoder_id: str = "counting/1") -> None:
        self.encoder_id = encoder_id
        self.asked: list[str] = []

    def encode_products(self, products: Sequence[Product]) -> NDArray[np.float32]:
        self.asked += [product.product_id for product in products]
        return np.array([[len(product.texts["en"].title), 1, 0] for product in products], np.float32)

    def encode_documents(self, texts: Sequence[str], locale: str | None = None) -> NDArray[np.float32]:
        raise AssertionError("products are encoded as products")

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:
        raise AssertionError("products are encoded as products")


def make_release(folder: Path, encoder: CountingEncoder, products: Sequence[Product], parent: Path | None) -> Path:
    folder.mkdir()
    build_vectors(folder, encoder, products, parent)
    (folder / "understanding.json").write_bytes(orjson.dumps({"encoder_id": encoder.encoder_id}))
    return folder


def product(name: str, title: str) -> Product:
    return Product(name, name, {"en": ProductText(title)})


FIRST = [product("a", "kettle"), product("b", "red lamp"), product("c", "bell")]


def test_only_what_says_something_new_is_encoded_again(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    parent = make_release(tmp_path / "1", encoder, FIRST, None)
    assert encoder.asked == ["a", "b", "c"]
    # Other order, a new price, one new title, one new product, one gone.
    second = [product("c", "bell"), replace(FIRST[0], price_minor=995, currency="EUR"), product("b", "blue lamp")]
    second.append(product("d", "toaster"))
    encoder.asked.clear()
    child = make_release(tmp_path / "2", encoder, second, parent)
    assert encoder.asked == ["b", "d"]
    assert np.load(child / "vectors.npy").tolist() == CountingEncoder().encode_products(second).tolist()
    encoder.asked.clear()
    make_release(tmp_path / "3", encoder, second, child)
    assert encoder.asked == []


def test_another_encoder_starts_anew(tmp_path: Path) -> None:
    parent = make_release(tmp_path / "1", CountingEncoder(), FIRST, None)
    other = CountingEncoder("counting/2")
    make_release(tmp_path / "2", other, FIRST, parent)
    assert other.asked == ["a", "b", "c"]


@pytest.mark.parametrize("lost", ["understanding.json", "vectors.npy", "vector_digests.npy"])
def test_a_parent_that_cannot_be_read_teaches_nothing(tmp_path: Path, lost: str) -> None:
    parent = make_release(tmp_path / "1", CountingEncoder(), FIRST, None)
    encoder = CountingEncoder()
    for n, damage in enumerate((b"?", b"", None)):
        if damage is None:
            (parent / lost).unlink()
        else:
            (parent / lost).write_bytes(damage)
        encoder.asked.clear()
        make_release(tmp_path / f"child{n}", encoder, FIRST, parent)
        assert encoder.asked == ["a", "b", "c"]


def test_the_digest_sees_whatever_an_encoder_reads() -> None:
    base = Product("a", "a", {"en": ProductText("kettle")}, attributes={"colour": "red"})
    changed = [
        replace(base, texts={"en": ProductText("kettles")}),
        replace(base, texts={"en": ProductText("kettle", "of steel")}),
        replace(base, texts={"de": ProductText("kettle")}),
        replace(base, brand="Nimbus"),
        replace(base, category=("Kitchen",)),
        replace(base, attributes={"volume": "red"}),
    ]
    assert len({digest(each) for each in [base, *changed]}) == 7
    assert digest(replace(base, product_id="z", group_id="z", price_minor=5)) == digest(base)
