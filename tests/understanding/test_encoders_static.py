"""The static encoder: worked by hand, read back, refused when damaged."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from data.errors import ReleaseDamaged
from data.product import Product, ProductText
from understanding.encoders.cooccurrence import CooccurrenceEncoder
from understanding.encoders.loading import load_encoder
from understanding.encoders.static import StaticEncoder

WORDS = ("[UNK]", "red", "kettle", "lamp")
TOKENS = np.array([[0, 0], [3, 4], [1, 0], [0, 2]], np.float16)


def write_model(folder: Path, **about: Any) -> Path:
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    np.save(folder / "tokens.npy", TOKENS)
    said = {"kind": "static", "encoder_id": "static/2/hand", "dimension": 2, "locales": ["en", "de"], **about}
    (folder / "encoder.json").write_bytes(orjson.dumps(said))
    return folder


@pytest.fixture
def encoder(tmp_path: Path) -> StaticEncoder:
    loaded = load_encoder(write_model(tmp_path / "encoder"))
    assert isinstance(loaded, StaticEncoder)
    return loaded


def test_a_text_is_the_mean_of_its_tokens_at_unit_length(encoder: StaticEncoder) -> None:
    # red + kettle = (4, 4); red alone (3, 4) of length 5.
    assert encoder.encode_query("Red kettle") == pytest.approx([0.5**0.5, 0.5**0.5])
    assert encoder.encode_query("red") == pytest.approx([0.6, 0.8])
    assert (encoder.dimension, encoder.encoder_id) == (2, "static/2/hand")


def test_queries_and_documents_agree(encoder: StaticEncoder) -> None:
    texts = ["red kettle", "", "unheard", "lamp unheard", "red " * 1_000]
    documents = encoder.encode_documents(texts)
    assert documents.dtype == np.float32
    assert np.allclose(documents, [encoder.encode_query(text) for text in texts])
    assert encoder.encode_documents([]).shape == (0, 2)


@pytest.mark.parametrize("text", ["", "   ", "unheard of", "☃", "\x00"])
def test_what_is_unknown_has_no_direction(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.encode_query(text).any()


def test_a_product_is_its_texts_in_every_locale_and_its_attributes_names(encoder: StaticEncoder) -> None:
    both = Product("a", "a", {"en": ProductText("kettle"), "de": ProductText("lamp")})
    one = Product("b", "b", {"de": ProductText("lamp")})
    named = Product("c", "c", {"de": ProductText("lamp")}, attributes={"red": "unheard"})
    foreign = Product("d", "d", {"fr": ProductText("lamp")})
    # kettle + lamp = (1, 2); lamp + red = (3, 6); no locale of the shop says anything of the last.
    vectors = encoder.encode_products([both, one, named, foreign])
    assert vectors == pytest.approx(np.array([[0.2**0.5, 0.8**0.5], [0, 1], [0.2**0.5, 0.8**0.5], [0, 0]]))


def test_the_kind_decides_what_is_loaded(tmp_path: Path, products: list[Product]) -> None:
    fitted = CooccurrenceEncoder.fit(products, ("en",))
    assert fitted is not None
    fitted.save(tmp_path / "fitted")
    assert isinstance(load_encoder(tmp_path / "fitted"), CooccurrenceEncoder)
    with pytest.raises(ReleaseDamaged, match="'oracle'"):
        load_encoder(write_model(tmp_path / "other", kind="oracle"))


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamaged):
        load_encoder(tmp_path / "nowhere")
    with pytest.raises(ReleaseDamaged, match="static"):
        load_encoder(write_model(tmp_path / "wide", dimension=3))
    for name in ("tokens.npy", "tokenizer.json", "encoder.json"):
        folder = write_model(tmp_path / name)
        (folder / name).write_bytes(b"{}")
        with pytest.raises(ReleaseDamaged):
            load_encoder(folder)
