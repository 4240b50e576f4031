"""The encoder that a shop teaches itself, its check, and the index over its vectors."""

import random
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from data.product import Product, ProductText
from tests.understanding.shop import LOCALES
from understanding.encoders.check import LEAST_AUC, masked_word_auc
from understanding.encoders.cooccurrence import CooccurrenceEncoder, positive_mutual_information
from understanding.encoders.svd import truncated_svd
from understanding.neighbours import EXACT_ROWS, build_neighbours


@pytest.fixture(scope="module")
def encoder(products: list[Product]) -> CooccurrenceEncoder:
    fitted = CooccurrenceEncoder.fit(products, LOCALES)
    assert fitted is not None
    return fitted


def test_mutual_information_by_hand() -> None:
    # Two products, {a, b} and {a, c}: each spreads one unit over its words, so pair (a, a) has 1, (a, b) .5, (b, b) .5.
    information = positive_mutual_information(csr_matrix(np.array([[1, 1, 0], [1, 0, 1]], np.float32))).toarray()
    words = np.array([2.0, 1.0, 1.0])
    contexts = words**0.75 / (words**0.75).sum()
    assert information[0, 0] == pytest.approx(max(0.0, np.log(1.0 / (2.0 * contexts[0]))), abs=1e-6)
    assert information[1, 1] == pytest.approx(np.log(0.5 / (1.0 * contexts[1])), abs=1e-6)
    assert information[1, 2] == 0


def test_svd_finds_the_singular_values_of_a_known_matrix() -> None:
    generator = np.random.default_rng(3)
    matrix = generator.standard_normal((60, 8)) @ np.diag([9, 7, 5, 3, 0, 0, 0, 0]) @ generator.standard_normal((8, 40))
    values, vectors = truncated_svd(csr_matrix(matrix.astype(np.float32)), 4)
    assert values == pytest.approx(np.linalg.svd(matrix)[1][:4], rel=1e-3)
    assert np.allclose(vectors.T @ vectors, np.eye(4), atol=1e-4)
    assert (vectors[np.abs(vectors).argmax(axis=0), np.arange(4)] > 0).all()


def test_vectors_are_unit_or_zero_and_the_same_every_time(
    encoder: CooccurrenceEncoder, products: list[Product]
) -> None:
    vectors = encoder.encode_products(products)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(products), encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not encoder.encode_query("zzz qqq").any()
    again = CooccurrenceEncoder.fit(products, LOCALES)
    assert again is not None
    assert again.encoder_id == encoder.encoder_id
    assert np.array_equal(again.encode_query("red kettle"), encoder.encode_query("red kettle"))


def test_a_query_is_near_the_products_it_names_in_any_language(
    encoder: CooccurrenceEncoder, products: list[Product]
) -> None:
    vectors = encoder.encode_products(products)
    for text, locale in (("kettle", "en"), ("Wasserkocher", "de"), ("bouilloire", "fr")):
        nearest = np.argsort(-(vectors @ encoder.encode_query(text, locale)))[:20]
        assert all(products[row].category[-1] == "Kettles" for row in nearest)


def test_it_is_read_back_as_it_was_written(encoder: CooccurrenceEncoder, tmp_path: Path) -> None:
    encoder.save(tmp_path)
    loaded = CooccurrenceEncoder.load(tmp_path)
    assert loaded.encoder_id == encoder.encoder_id
    assert np.array_equal(loaded.encode_query("red lamp"), encoder.encode_query("red lamp"))


def test_too_little_to_learn_from() -> None:
    few = [Product(str(i), str(i), {"en": ProductText(f"unique{i} thing{i}")}) for i in range(20)]
    assert CooccurrenceEncoder.fit(few, ("en",)) is None
    assert masked_word_auc(few, ("en",)) is None


def test_the_check_tells_a_shop_from_words_dealt_at_random(products: list[Product]) -> None:
    dealer = random.Random(5)
    deck = [word for product in products for word in product.texts["en"].title.split()]
    dealt = [
        Product(str(i), str(i), {"en": ProductText(" ".join(dealer.choices(deck, k=6)))}) for i in range(len(products))
    ]
    real, chance = masked_word_auc(products, LOCALES), masked_word_auc(dealt, ("en",))
    assert real is not None
    assert chance is not None
    assert real >= LEAST_AUC
    assert abs(chance - 0.5) < 0.1


@pytest.mark.parametrize("rows", [1, 300, EXACT_ROWS + 500])
def test_neighbours_are_the_nearest(rows: int, tmp_path: Path) -> None:
    generator = np.random.default_rng(rows)
    centres = generator.standard_normal((20, 16))
    vectors = centres[generator.integers(20, size=rows)] + 0.3 * generator.standard_normal((rows, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    index = build_neighbours(tmp_path, vectors)
    found, scores = index.search(vectors[0], 10)
    exact = vectors @ vectors[0]
    assert found[0] == 0
    assert len(found) == min(10, rows)
    assert list(scores) == sorted(scores, reverse=True)
    assert scores == pytest.approx(exact[found], abs=2e-3)
    assert len(set(found.tolist()) & set(np.argsort(-exact)[:10].tolist())) >= 0.8 * len(found)


def test_neighbours_of_nothing(tmp_path: Path) -> None:
    index = build_neighbours(tmp_path, np.eye(4, dtype=np.float32))
    assert len(index.search(np.zeros(4, np.float32), 3)[0]) == 0
