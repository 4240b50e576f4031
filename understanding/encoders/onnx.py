"""A sentence-transformers model, exported to ONNX and quantised: any teacher, served without PyTorch.

`understanding/training/export.py` makes the folder: `encoder.json`, `model.onnx` (pooling and normalising inside),
`tokenizer.json`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from data.errors import ReleaseDamaged
from data.product import Product
from understanding.encoders.product_text import product_text

KIND = "onnx"
# Texts of about one length are padded together; 16 of them fill the caches of one core.
BATCH = 16
MOST_TOKENS = 128


class OnnxEncoder:
    """Runs the model on one thread a call; safe to share between threads.

    Args:
        session: Of ONNX Runtime: `input_ids` and `attention_mask` in, unit vectors out.
        tokenizer: Of the `tokenizers` library, cutting at `MOST_TOKENS`, without padding.
        encoder_id: Name and fingerprint.
        dimension: Of the vectors.
        locales: The shop's; the first is the one whose texts stand for a product.
    """

    def __init__(self, session: Any, tokenizer: Any, encoder_id: str, dimension: int, locales: Sequence[str]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._encoder_id = encoder_id
        self._dimension = dimension
        self._locales = tuple(locales)

    @classmethod
    def load(cls, folder: Path) -> "OnnxEncoder":
        """Open an exported model.

        Raises:
            ReleaseDamaged: A file is missing or says something else.
        """
        # A shop without such an encoder never loads these: 80 ms and 30 MB a worker.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            about = orjson.loads((folder / "encoder.json").read_bytes())
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(MOST_TOKENS)
            model = str(folder / "model.onnx")
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            return cls(session, tokenizer, str(about["encoder_id"]), int(about["dimension"]), tuple(about["locales"]))
        except Exception as error:  # neither library raises anything narrower
            raise ReleaseDamaged(f"{folder}: expected an exported encoder, got {error!r}; export it again") from error

    @property
    def encoder_id(self) -> str:
        """Name and fingerprint of the model."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._dimension

    def encode_products(self, products: Sequence[Product]) -> NDArray[np.float32]:
        """Unit vectors of titles with the beginnings of descriptions, shape (len(products), dimension)."""
        return self.encode_documents([product_text(product, self._locales) for product in products])

    def encode_documents(self, texts: Sequence[str], locale: str | None = None) -> NDArray[np.float32]:  # noqa: ARG002 - the model knows no locales
        """Unit vectors, shape (len(texts), dimension); an empty text is all zeros."""
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        encodings = self._tokenizer.encode_batch([text or " " for text in texts])
        order = sorted((place for place, text in enumerate(texts) if text.strip()), key=lambda at: len(encodings[at]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            width = max(len(encodings[place]) for place in places)
            ids = np.zeros((len(places), width), np.int64)
            mask = np.zeros((len(places), width), np.int64)
            for row, place in enumerate(places):
                found = encodings[place].ids
                ids[row, : len(found)] = found
                mask[row, : len(found)] = 1
            vectors[places] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:
        """One unit vector, shape (dimension,); zeros for an empty text."""
        vector: NDArray[np.float32] = self.encode_documents([text], locale)[0]
        return vector
