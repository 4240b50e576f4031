"""Exporting a sentence-transformers model: the same vectors in whole numbers, without PyTorch."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from data.errors import ConfigError, ReleaseDamaged
from data.product import Product
from understanding.encoders.encoder import Encoder
from understanding.encoders.loading import load_encoder
from understanding.encoders.onnx import MOST_TOKENS
from understanding.training.export import export_encoder, load_teacher

TEXTS = ("red kettle", "a lamp", "kettle of steel and a lamp for the desk", "x", "red " * 40)


def write_teacher(folder: Path, pooling: str) -> Path:
    """A BERT of two layers and random weights, as sentence-transformers keeps them."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = [chr(number) for number in range(ord("a"), ord("z") + 1)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "kettle", "lamp", *letters]
    words += [f"##{letter}" for letter in letters]
    tokenizer = Tokenizer(models.WordPiece({word: row for row, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(0)
    # Weights as large as a trained model's; those of a fresh one leave all texts alike.
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=160,
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder / "bert")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import models as parts

        transformer: Any = parts.Transformer(str(folder / "bert"), max_seq_length=MOST_TOKENS)
        pooled: Any = parts.Pooling(32, pooling_mode=pooling)
        SentenceTransformer(modules=[transformer, pooled, parts.Normalize()], device="cpu").save(
            str(folder / "teacher")
        )
    return folder / "teacher"


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_teacher(tmp_path_factory.mktemp("teacher"), "mean")


@pytest.fixture(scope="module")
def folder(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("exported") / "encoder"
    about = export_encoder(str(teacher), out, ("en", "de"))
    assert about["cosine"] >= 0.95
    assert about["dimension"] == 32
    return out


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return load_encoder(folder)


def test_the_vectors_are_the_teachers(encoder: Encoder, teacher: Path) -> None:
    expected = load_teacher(str(teacher)).encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    assert np.abs(expected @ expected.T).min() < 0.9  # else any vectors would do
    exported = encoder.encode_documents(TEXTS)
    assert np.allclose(np.linalg.norm(exported, axis=1), 1, atol=1e-5)
    assert ((exported * expected).sum(axis=1) > 0.95).all()


def test_padding_and_order_change_little(encoder: Encoder) -> None:
    together = encoder.encode_documents([*TEXTS, "red " * 500, *TEXTS[::-1]])
    alone = np.stack([encoder.encode_query(text) for text in TEXTS])
    # Activations are rounded on a scale of the whole batch.
    assert ((together[: len(TEXTS)] * alone).sum(axis=1) > 0.97).all()
    assert np.array_equal(together[: len(TEXTS)], together[: len(TEXTS) : -1])


def test_empty_texts_and_products(encoder: Encoder, products: list[Product]) -> None:
    vectors = encoder.encode_documents(["", "  ", "lamp"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([0, 0, 1], abs=1e-5)
    assert encoder.encode_documents([]).shape == (0, 32)
    assert encoder.encode_products(products[:3]).shape == (3, 32)
    assert not encoder.encode_query("").any()


def test_another_order_of_locales_is_another_encoder(folder: Path, teacher: Path, tmp_path: Path) -> None:
    export_encoder(str(teacher), tmp_path / "same", ("en", "de"))
    export_encoder(str(teacher), tmp_path / "other", ("de", "en"))
    assert load_encoder(tmp_path / "same").encoder_id == load_encoder(folder).encoder_id
    assert load_encoder(tmp_path / "other").encoder_id != load_encoder(folder).encoder_id


def test_a_model_that_does_not_average_its_tokens_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cosine"):
        export_encoder(str(write_teacher(tmp_path, "cls")), tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_what_is_no_model_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="empty"):
        export_encoder(str(tmp_path / "empty"), tmp_path / "encoder")
    for name in ("model.onnx", "tokenizer.json"):
        damaged = tmp_path / name.replace(".", "-")
        damaged.mkdir()
        for path in folder.iterdir():
            (damaged / path.name).write_bytes(b"?" if path.name == name else path.read_bytes())
        with pytest.raises(ReleaseDamaged):
            load_encoder(damaged).encode_query("red")


def test_serving_needs_no_torch(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from understanding.encoders.loading import load_encoder\n"
        "assert load_encoder(Path(sys.argv[1])).encode_query('red kettle').any()\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'pyarrow', 'pandas'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
