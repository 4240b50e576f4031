"""The values that fields have, by number: those of the release mapped, those of live products behind them."""

import json
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.storage import Strings, write_strings
from retrieval.field_values import ProductValues, field_prefix, split_key
from retrieval.postings import map_array
from retrieval.strings import find_string


@dataclass(frozen=True, slots=True, eq=False)
class BaseValues:
    """The values of the release's products.

    Attributes:
        keys: Sorted, so that a field's values have consecutive codes.
        surfaces: The most frequent way each is written.
        fields: Names of the fields with texts, sorted as their keys are.
        starts: Shape (fields + 1,); the codes of field `f` are `starts[f]` to `starts[f + 1] - 1`.
        number_fields: Names of the fields with amounts.
        units: By field; see `learn_units`.
    """

    keys: Strings
    surfaces: Strings
    fields: tuple[str, ...]
    starts: NDArray[np.int32]
    number_fields: tuple[str, ...]
    units: Mapping[str, str]


class Vocabulary:
    """Codes of values and numbers of amount fields; grows by the values of live products.

    Only ever appended to, by one thread at a time; readers on other threads see what was there when they began.
    """

    def __init__(self, base: BaseValues) -> None:
        self._base = base
        self._live: dict[str, int] = {}
        self._live_keys: list[str] = []
        self._live_surfaces: list[str] = []
        self._field_codes = {field: range(*base.starts[i : i + 2].tolist()) for i, field in enumerate(base.fields)}
        self._live_codes: dict[str, list[int]] = {}
        self._number_fields = {name: number for number, name in enumerate(base.number_fields)}
        self.units = dict(base.units)

    def __len__(self) -> int:
        return len(self._base.keys) + len(self._live_keys)

    def code(self, key: str) -> int | None:
        """The code of a value's key, `None` when no product ever had it."""
        code = find_string(self._base.keys, key)
        return self._live.get(key) if code is None else code

    def codes_of(self, field: str) -> list[int]:
        """All codes of a field."""
        return [*self._field_codes.get(field, ()), *self._live_codes.get(field, ())]

    def key(self, code: int) -> str:
        """Field, kind and folded text of a code; see `split_key`."""
        known = len(self._base.keys)
        return self._base.keys[code] if code < known else self._live_keys[code - known]

    def surface(self, code: int) -> str:
        """How the value is written."""
        known = len(self._base.keys)
        return self._base.surfaces[code] if code < known else self._live_surfaces[code - known]

    def by_field(self, codes: NDArray[np.int64], only: Collection[str] = ()) -> dict[str, NDArray[np.int64]]:
        """Places of ascending codes by the field they belong to; `only` of some fields when given."""
        places: dict[str, list[NDArray[np.int64]]] = {}
        known = int(np.searchsorted(codes, len(self._base.keys)))
        bounds = np.searchsorted(codes[:known], self._base.starts)
        for number in np.flatnonzero(np.diff(bounds)).tolist():
            if not only or self._base.fields[number] in only:
                places[self._base.fields[number]] = [np.arange(bounds[number], bounds[number + 1])]
        for place in range(known, len(codes)):
            field = split_key(self._live_keys[int(codes[place]) - len(self._base.keys)])[0]
            if not only or field in only:
                places.setdefault(field, []).append(np.array([place]))
        return {field: np.concatenate(parts) for field, parts in places.items()}

    @property
    def text_fields(self) -> set[str]:
        """Fields with texts or yes and no."""
        return self._field_codes.keys() | self._live_codes.keys()

    @property
    def number_fields(self) -> list[str]:
        """Fields with amounts, by number."""
        return list(self._number_fields)

    def number_field(self, field: str) -> int | None:
        """The number of a field with amounts."""
        return self._number_fields.get(field)

    def intern(self, values: ProductValues) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Codes (sorted), amount fields and amounts of a live product, new ones added."""
        codes = sorted(self._intern_key(key, surface) for key, surface in values.texts.items())
        fields = [self._number_fields.setdefault(field, len(self._number_fields)) for field in values.amounts]
        return np.array(codes, np.int32), np.array(fields, np.int32), np.array([*values.amounts.values()], np.float64)

    def _intern_key(self, key: str, surface: str) -> int:
        code = self.code(key)
        if code is None:
            code = len(self)
            self._live_surfaces.append(surface)
            self._live_keys.append(key)
            self._live[key] = code
            self._live_codes.setdefault(split_key(key)[0], []).append(code)
        return code


def write_values(
    folder: Path, surfaces: Mapping[str, str], number_fields: Sequence[str], units: Mapping[str, str]
) -> None:
    """Number the values of a catalogue: a value's code is the place of its key among the sorted ones.

    Args:
        folder: Where to write.
        surfaces: Key to how it is written.
        number_fields: Fields with amounts, by number.
        units: By field.
    """
    keys = sorted(surfaces)
    fields = sorted({split_key(key)[0] for key in keys}, key=field_prefix)
    starts = [bisect_left(keys, field_prefix(field)) for field in fields]
    write_strings(folder, "value_keys", keys)
    write_strings(folder, "value_surfaces", [surfaces[key] for key in keys])
    np.save(folder / "value_starts.npy", np.array([*starts, len(keys)], np.int32))
    about = {"fields": fields, "number_fields": number_fields, "units": dict(units)}
    (folder / "values.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def load_values(folder: Path) -> BaseValues:
    """Map what `write_values` wrote."""
    about = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    return BaseValues(
        Strings(folder, "value_keys"),
        Strings(folder, "value_surfaces"),
        tuple(about["fields"]),
        map_array(folder / "value_starts.npy"),
        tuple(about["number_fields"]),
        about["units"],
    )
