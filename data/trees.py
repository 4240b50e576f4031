"""Gradient-boosted trees on the serve path: our own scorer, and LightGBM's library without its Python package.

`import lightgbm` loads pandas, pyarrow and scikit-learn where they are installed: seconds of a worker's start, and
memory that a server has no use for. The shared library beside the package has a C interface of few calls. The package
trains what is loaded here; the test holds all three to the same scores.

References:
    https://lightgbm.readthedocs.io/en/stable/C-API.html
"""

import ctypes
import hashlib
import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.compile_c import compiled
from data.errors import ReleaseDamaged, StorageError
from data.tree_arrays import read_trees

if TYPE_CHECKING:
    from data._trees import Trees

Matrix = NDArray[np.float32]

# Of the C interface.
_FLOAT32 = 0
_ROW_MAJOR = 1
_RAW_SCORE = 1
_CONTRIBUTIONS = 3
# A model is asked for some dozens of rows at a time: starting threads would cost more than the trees.
_PARAMETERS = b"num_threads=1 verbosity=-1"


class BoostedTrees:
    """A trained model; safe to share between threads.

    Scores come from `trees.c` where that was compiled and the trees are plain; what it cannot say comes from LightGBM's
    library, which is opened when it is first asked.
    """

    def __init__(self, text: str, origin: str) -> None:
        self._text, self._origin = text, origin
        self._opening = threading.Lock()
        self._handle: ctypes.c_void_p | None = None
        self.features = _width(text, origin)
        self._fast = compiled_scorer(text, self.features)

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
        rows = self._checked(rows)
        if self._fast is not None:
            found = np.empty(len(rows))
            if self._fast.scores(rows, found):
                return found
        return self._predict(rows, _RAW_SCORE, 1)[:, 0]

    def contributions(self, rows: Matrix) -> NDArray[np.float64]:
        """What each feature added to each score, (n, features + 1), the last being the same for all.

        Rows sum to the scores: Shapley values over the trees (Lundberg et al., 2018).
        """
        return self._predict(self._checked(rows), _CONTRIBUTIONS, self.features + 1)

    def _checked(self, rows: Matrix) -> Matrix:
        rows = np.ascontiguousarray(rows, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.features:
            raise ValueError(f"expected rows of {self.features} features, got an array of shape {rows.shape}")
        return rows

    def _predict(self, rows: Matrix, what: int, width: int) -> NDArray[np.float64]:
        found = np.empty((len(rows), width))
        if not len(rows):
            return found
        written = ctypes.c_int64()
        self._check(
            _library().LGBM_BoosterPredictForMat(
                self._opened(),
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

    def _opened(self) -> ctypes.c_void_p:
        with self._opening:
            if self._handle is None:
                handle, rounds = ctypes.c_void_p(), ctypes.c_int()
                loaded = _library().LGBM_BoosterLoadModelFromString(
                    self._text.encode(), ctypes.byref(rounds), ctypes.byref(handle)
                )
                self._check(loaded, self._origin)
                self._handle = handle
            return self._handle

    def _check(self, status: int, origin: str) -> None:
        if status:
            said = _library().LGBM_GetLastError().decode(errors="replace")
            raise ReleaseDamaged(f"{origin}: expected trees of LightGBM, got {said!r}; train the model again")

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            _library().LGBM_BoosterFree(handle)


def _width(text: str, origin: str) -> int:
    """How many features the trees ask for."""
    found = re.search(r"^max_feature_idx=(\d+)$", text, re.MULTILINE)
    if found is None:
        raise ReleaseDamaged(f"{origin}: expected trees of LightGBM, got {text[:40]!r}; train the model again")
    return int(found.group(1)) + 1


def compiled_scorer(text: str, features: int) -> "Trees | None":
    """The compiled scorer of such trees, where there is one."""
    module = compiled(Path(__file__).with_suffix(".c"), "data._trees")
    read = None if module is None else read_trees(text)
    if module is None or read is None:
        return None
    trees: Trees = module.Trees(read.nodes, read.values, read.trees, features)
    return trees


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
