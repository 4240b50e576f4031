"""A trained encoder in a release: copied, used, and asked only for what its parent does not know."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.errors import ReleaseDamaged
from data.product import Product
from data.shop import ShopConfig
from graph.load import load_graph
from graph.snapshot import Snapshot
from tests.understanding.test_encoders_static import write_model
from understanding.build import build_understanding
from understanding.encoders.static import StaticEncoder
from understanding.load import load_understanding
from understanding.query import Query


@pytest.fixture
def snapshot(built: Path) -> Snapshot:
    return load_graph(built / "graph")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the products that were encoded."""
    seen: list[str] = []
    encode = StaticEncoder.encode_products

    def spy(self: StaticEncoder, products: Sequence[Product]) -> NDArray[np.float32]:
        seen.extend(product.product_id for product in products)
        return encode(self, products)

    monkeypatch.setattr(StaticEncoder, "encode_products", spy)
    return seen


def test_the_release_carries_the_model_and_keeps_vectors(
    tmp_path: Path, products: list[Product], snapshot: Snapshot, config: ShopConfig, asked: list[str]
) -> None:
    model = write_model(tmp_path / "model")
    first = build_understanding(tmp_path / "1", products, snapshot, config, {}, model)
    assert first.encoder is not None
    assert first.encoder.encoder_id == "static/2/hand"
    assert len(asked) == len(products)
    for path in model.iterdir():  # the release no longer needs the folder that it was made from
        path.unlink()
    loaded = load_understanding(tmp_path / "1", snapshot, config)
    assert loaded.vectors is not None
    assert np.array_equal(loaded.vectors, first.vectors)
    assert loaded.encoder is not None
    assert loaded.encoder.encode_query("kettle").tolist() == [1, 0]

    # The shop's own encoder votes on intents: the made-up model would answer every query with the same products.
    types = [intent.label for intent in first.understand(Query("Wasserkocher", "de")).intents]
    assert types == [intent.label for intent in loaded.understand(Query("Wasserkocher", "de")).intents]
    votes = first.understand(Query("grille-pain", "fr")).categories
    assert votes[0].label == "Toasters"
    assert "nearest in meaning" in votes[0].evidence

    asked.clear()
    renamed = replace(products[3], brand="Quillon")
    changed = [*products[:3], renamed, *products[4:]]
    again = build_understanding(
        tmp_path / "2", changed, snapshot, config, {}, write_model(tmp_path / "same"), tmp_path / "1"
    )
    assert asked == [products[3].product_id]
    assert np.array_equal(np.delete(again.vectors, 3, axis=0), np.delete(first.vectors, 3, axis=0))

    asked.clear()
    other = write_model(tmp_path / "other", encoder_id="static/2/other")
    build_understanding(tmp_path / "3", products, snapshot, config, {}, other, tmp_path / "2")
    assert len(asked) == len(products)


def test_a_model_that_cannot_be_opened_ends_the_build(
    tmp_path: Path, products: list[Product], snapshot: Snapshot, config: ShopConfig
) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(ReleaseDamaged, match="model"):
        build_understanding(tmp_path / "1", products, snapshot, config, {}, tmp_path / "model")


def test_a_shop_that_wants_no_encoder_gets_none(
    tmp_path: Path, products: list[Product], snapshot: Snapshot, config: ShopConfig
) -> None:
    off = config.model_copy(update={"encoder": "off"})
    model = write_model(tmp_path / "model")
    assert build_understanding(tmp_path / "1", products, snapshot, off, {}, model).encoder is None
    assert not (tmp_path / "1" / "encoder").exists()
