"""Gradient-boosted trees on the serve path: LightGBM's library, without its Python package.

`import lightgbm` loads pandas, pyarrow and scikit-learn where they are installed: seconds of a worker's start, and
memory that a server has no use for. The shared library beside the package has a C interface of few calls, and answers
a sixth faster for it (32 rows, 150 trees: 65 µs against 78). The package trains what is loaded here; the test holds
both to the same scores.

References:
    https://lightgbm.readthedocs.io/en/stable/C-API.html
"""

import ctypes
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import ReleaseDamaged, StorageError

Matrix = NDArray[np.float32]

# Of the C interface.
_FLOAT32 = 0
_ROW_MAJOR = 1
_RAW_SCORE = 1
_CONTRIBUTIONS = 3
# A model is asked for some dozens of rows at a time: starting threads would cost more than the trees.
_PARAMETERS = b"num_threads=1 verbosity=-1"


class BoostedTrees:
    """A trained model; safe to share between threads, which take turns."""

    def __init__(self, text: str, origin: str) -> None:
        self._library = _library()
        self._handle = ctypes.c_void_p()
        rounds = ctypes.c_int()
        self._check(
            self._library.LGBM_BoosterLoadModelFromString(
                text.encode(), ctypes.byref(rounds), ctypes.byref(self._handle)
            ),
            origin,
        )
        width = ctypes.c_int()
        self._check(self._library.LGBM_BoosterGetNumFeature(self._handle, ctypes.byref(width)), origin)
        self.features = width.value
        self.rounds = rounds.value

    @classmethod
    def load(cls, path: Path, sha256: str) -> "BoostedTrees":
        """Read a model that `lightgbm.Booster.save_model` wrote.

        Args:
            path: Of the model's text.
            sha256: Of the file, in hexadecimal. LightGBM reads past the end of a text that was cut short or altered,
                and ends the process: it is given no text but the one that was written.

        Raises:
            ReleaseDamaged: The file is missing, another one, or no such model.
        """
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ReleaseDamaged(f"{path}: expected trees of LightGBM, got {error}; train the model again") from error
        found = hashlib.sha256(raw).hexdigest()
        if found != sha256:
            raise ReleaseDamaged(
                f"{path}: expected the trees with SHA-256 {sha256}, got {found}; restore the file or train the model "
                "again"
            )
        return cls(raw.decode(), str(path))

    def scores(self, rows: Matrix) -> NDArray[np.float64]:
        """Raw scores of (n, features) rows, (n,); higher is better."""
        return self._predict(rows, _RAW_SCORE, 1)[:, 0]

    def contributions(self, rows: Matrix) -> NDArray[np.float64]:
        """What each feature added to each score, (n, features + 1), the last being the same for all.

        Rows sum to the scores: Shapley values over the trees (Lundberg et al., 2018).
        """
        return self._predict(rows, _CONTRIBUTIONS, self.features + 1)

    def _predict(self, rows: Matrix, what: int, width: int) -> NDArray[np.float64]:
        rows = np.ascontiguousarray(rows, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.features:
            raise ValueError(f"expected rows of {self.features} features, got an array of shape {rows.shape}")
        found = np.empty((len(rows), width))
        if not len(rows):
            return found
        written = ctypes.c_int64()
        self._check(
            self._library.LGBM_BoosterPredictForMat(
                self._handle,
                ctypes.c_void_p(rows.ctypes.data),
                _FLOAT32,
                ctypes.c_int32(rows.shape[0]),
                ctypes.c_int32(rows.shape[1]),
                _ROW_MAJOR,
                what,
                0,
                -1,
                _PARAMETERS,
                ctypes.byref(written),
                ctypes.c_void_p(found.ctypes.data),
            ),
            "prediction",
        )
        return found

    def _check(self, status: int, origin: str) -> None:
        if status:
            said = self._library.LGBM_GetLastError().decode(errors="replace")
            raise ReleaseDamaged(f"{origin}: expected trees of LightGBM, got {said!r}; train the model again")

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._library.LGBM_BoosterFree(handle)


@cache
def _library() -> ctypes.CDLL:
    """The shared library of the installed package.

    Raises:
        StorageError: There is none.
    """
    found = find_spec("lightgbm")
    for folder in found.submodule_search_locations or () if found else ():
        for path in sorted(Path(folder).rglob("*lib_lightgbm.*")):
            if path.suffix in {".so", ".dylib", ".dll"}:
                library = ctypes.CDLL(str(path))
                library.LGBM_GetLastError.restype = ctypes.c_char_p
                return library
    raise StorageError("expected LightGBM's shared library beside its package, found none; install lightgbm again")
