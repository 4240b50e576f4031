"""What stands beside a model's trees: format, features, hash; one reader for every kind of model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from data.errors import ModelMismatch, ReleaseDamaged, ReleaseTooNew


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """Read and found to fit this program.

    Attributes:
        sha256: Of the trees' text, in hexadecimal.
        trained: What it was trained on and how it did, for people.
        numbers: Those that were asked for, by name.
    """

    sha256: str
    trained: Mapping[str, Any]
    numbers: Mapping[str, float]


def read_model_manifest(
    path: Path, what: str, again: str, newest: int, features: Sequence[str], numbers: Sequence[str] = ()
) -> ModelManifest:
    """Read a model's description.

    Args:
        path: Of the JSON file.
        what: The model in an error's words ("a reranker").
        again: What is to be trained again ("reranker").
        newest: Format that this program writes.
        features: Of this program, in order.
        numbers: Further fields that must be numbers.

    Raises:
        ReleaseTooNew: A newer program wrote it.
        ReleaseDamaged: It is missing or no such description.
        ModelMismatch: The features are others.
    """
    try:
        raw = orjson.loads(path.read_bytes())
        found, held = int(raw["format"]), tuple(raw["features"])
        manifest = ModelManifest(
            str(raw["sha256"]), dict(raw.get("trained", {})), {name: float(raw[name]) for name in numbers}
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(
            f"{path}: expected the description of {what}, got {error!r}; train the {again} again"
        ) from error
    if found > newest:
        raise ReleaseTooNew(f"{path}: expected a model of format {newest} or older, got {found}; update intentrie")
    if held != tuple(features):
        other = sorted(set(held) ^ set(features)) or "another order"
        raise ModelMismatch(
            f"{path}: expected a model of this program's {len(features)} features, got one of {len(held)} "
            f"({other}); train the {again} again"
        )
    return manifest
