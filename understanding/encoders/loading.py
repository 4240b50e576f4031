"""A folder of an encoder as the encoder it is."""

from collections.abc import Callable
from pathlib import Path

import orjson

from data.errors import ReleaseDamaged
from understanding.encoders.cooccurrence import CooccurrenceEncoder
from understanding.encoders.encoder import Encoder
from understanding.encoders.onnx import OnnxEncoder
from understanding.encoders.static import StaticEncoder

# What `encoder.json` says under `kind`; the first encoder said nothing.
_LOADERS: dict[str, Callable[[Path], Encoder]] = {
    "cooccurrence": CooccurrenceEncoder.load,
    "onnx": OnnxEncoder.load,
    "static": StaticEncoder.load,
}


def load_encoder(folder: Path) -> Encoder:
    """Open the encoder in a folder.

    Raises:
        ReleaseDamaged: There is none, or it is damaged, or of a kind that this program does not know.
    """
    try:
        kind = orjson.loads((folder / "encoder.json").read_bytes()).get("kind", "cooccurrence")
    except (OSError, ValueError, AttributeError) as error:
        raise ReleaseDamaged(f"{folder}: expected an encoder, got {error!r}; train it again") from error
    if kind not in _LOADERS:
        raise ReleaseDamaged(f"{folder}: expected an encoder of a kind among {', '.join(_LOADERS)}, got {kind!r}")
    try:
        return _LOADERS[kind](folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(f"{folder}: expected an encoder of kind {kind}, got {error!r}; train it again") from error
