"""What is known of completions that no order needs: read only when somebody asks for reasons.

They lie beside the index, not in it. An index is what every keystroke walks through, at 80 bytes a completion; these
are at most 11 more on the disk, mapped, and come into memory a page at a time where something is explained. A column
that says nothing of any completion is not written, and no folder where none does.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from autocomplete.completion import Completion
from autocomplete.matching.index import CompletionIndex

_DAY_MS = 86_400_000
_NAMES = "locales.json"
_LOCALES, _LAST_SEEN, _CLICK_RATES, _CONVERSIONS = "locales", "last_seen", "click_rates", "conversions"
# By column, the type and what stands for "not known": days since 1970 in two bytes last until 2149.
_UNKNOWN: Mapping[str, Any] = {
    _LOCALES: np.uint8(0),
    _LAST_SEEN: np.uint16(0),
    _CLICK_RATES: np.float32(np.nan),
    _CONVERSIONS: np.float32(np.nan),
}
_LATEST_DAY = np.iinfo(np.uint16).max


class Fact(NamedTuple):
    """What is known of one completion; see `Completion`.

    Attributes:
        last_seen: UTC day, ISO 8601.
    """

    locale: str
    last_seen: str | None = None
    click_rate: float | None = None
    conversion: float | None = None


class Facts:
    """Facts of the completions of one index, by id.

    Args:
        columns: Those of `_UNKNOWN` that say anything, (n,).
        locales: What the numbers in `locales` mean, from 1; 0 is a text of every language.
    """

    def __init__(self, columns: Mapping[str, NDArray[Any]], locales: Sequence[str]) -> None:
        self._columns = columns
        self._locales = ("und", *locales)

    @classmethod
    def of(cls, index: CompletionIndex, completions: Iterable[Completion]) -> "Facts":
        """Those of an index that was built from these completions."""
        by_name = {(each.text, each.product_id): each for each in completions}
        held = [by_name[index.text(place), _product_of(index, place)] for place in range(len(index))]
        locales = sorted({each.locale for each in held} - {"und"})
        numbers = {name: number for number, name in enumerate(("und", *locales))}
        columns: Mapping[str, Sequence[float]] = {
            _LOCALES: [numbers[each.locale] for each in held],
            _LAST_SEEN: [min(each.last_seen_ms // _DAY_MS, _LATEST_DAY) for each in held],
            _CLICK_RATES: [np.nan if each.click_rate is None else each.click_rate for each in held],
            _CONVERSIONS: [np.nan if each.conversion is None else each.conversion for each in held],
        }
        arrays = {name: np.array(column, _UNKNOWN[name].dtype) for name, column in columns.items()}
        return cls({name: array for name, array in arrays.items() if _says_anything(name, array)}, locales)

    @classmethod
    def load(cls, folder: Path) -> "Facts | None":
        """Map what `save` wrote; `None` where it wrote nothing: a release from before there were facts, too."""
        if not folder.exists():
            return None
        paths = {name: folder / f"{name}.npy" for name in _UNKNOWN}
        columns = {name: np.asarray(np.load(path, mmap_mode="r")) for name, path in paths.items() if path.exists()}
        return cls(columns, orjson.loads((folder / _NAMES).read_bytes()))

    def save(self, folder: Path) -> None:
        """Write what says anything into `folder`, which is made."""
        if not self._columns:
            return
        folder.mkdir(parents=True)
        for name, array in self._columns.items():
            np.save(folder / f"{name}.npy", array)
        (folder / _NAMES).write_bytes(orjson.dumps(self._locales[1:]))

    @property
    def nbytes(self) -> int:
        """Of what is mapped."""
        return sum(array.nbytes for array in self._columns.values())

    def __getitem__(self, completion: int) -> Fact:
        day = int(self._at(_LAST_SEEN, completion))
        rates = (float(self._at(name, completion)) for name in (_CLICK_RATES, _CONVERSIONS))
        return Fact(
            self._locales[int(self._at(_LOCALES, completion))],
            datetime.fromtimestamp(day * _DAY_MS // 1000, UTC).date().isoformat() if day else None,
            *(None if np.isnan(rate) else rate for rate in rates),
        )

    def _at(self, name: str, completion: int) -> Any:
        column = self._columns.get(name)
        return _UNKNOWN[name] if column is None else column[completion]


def _product_of(index: CompletionIndex, completion: int) -> str | None:
    target = index.target(completion)
    product: str | None = orjson.loads(target)[1] if target else None
    return product


def _says_anything(name: str, column: NDArray[Any]) -> bool:
    unknown = _UNKNOWN[name]
    return bool((~np.isnan(column) if np.isnan(unknown) else column != unknown).any())
