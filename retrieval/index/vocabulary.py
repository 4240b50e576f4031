"""The values that fields have, by number: those of the release mapped, those of live products behind them."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from graph.storage import Strings, write_strings
from retrieval.index.field_values import ProductValues, field_prefix, learn_units, split_key
from retrieval.index.postings import map_array
from retrieval.index.strings import find_string

# Products per value of a field below which its values name products rather than describe them. On Icecat: bar codes 1,
# model names 1.3; colours 200, compatible devices 4.
LEAST_REPEATED = 2.0
# Fewer values fit a list, whatever they are; in a shop of twenty products most values stand alone.
LEAST_IDENTIFIERS = 20


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
        identifiers: Fields with texts of which most products have their own.
    """

    keys: Strings
    surfaces: Strings
    fields: tuple[str, ...]
    starts: NDArray[np.int32]
    number_fields: tuple[str, ...]
    units: Mapping[str, str]
    identifiers: frozenset[str]


class Vocabulary:
    """Codes of values and numbers of amount fields; grows by the values of live products.

    Only ever appended to, by one thread at a time; readers on other threads see what was there when they began.

    Attributes:
        number_fields: Names of the fields with amounts, by number.
        units: By field; see `learn_units`.
        fields: Every field of some product, with whether it has amounts.
    """

    def __init__(self, base: BaseValues) -> None:
        self._base = base
        self._live: dict[str, int] = {}
        self._live_keys: list[str] = []
        self._live_surfaces: list[str] = []
        self._field_codes = {field: range(*base.starts[i : i + 2].tolist()) for i, field in enumerate(base.fields)}
        self._live_codes: dict[str, list[int]] = {}
        self._number_fields = {name: number for number, name in enumerate(base.number_fields)}
        self.number_fields = list(base.number_fields)
        self.units = dict(base.units)
        self.fields: dict[str, bool] = dict.fromkeys(base.fields, False) | dict.fromkeys(base.number_fields, True)

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

    def places_of(self, field: str, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places of the values of a field among ascending codes."""
        span = self._field_codes.get(field, range(0))
        places = np.arange(*np.searchsorted(codes, (span.start, span.stop)))
        live = self._live_codes.get(field)
        return places if live is None else np.concatenate((places, np.flatnonzero(np.isin(codes, live))))

    def fields_with(self, codes: NDArray[np.int64], counts: NDArray[np.int64], least: float) -> list[str]:
        """Fields whose values occur at least `least` times together.

        Args:
            codes: Ascending.
            counts: How often each occurs.
            least: Above 0.
        """
        before = np.concatenate(([0], np.cumsum(counts)))
        sums = np.diff(before[np.searchsorted(codes, self._base.starts)])
        found = [self._base.fields[number] for number in np.flatnonzero(sums >= least).tolist()]
        live = (field for field in self._live_codes if counts[self.places_of(field, codes)].sum() >= least)
        return list(dict.fromkeys((*found, *live)))

    def is_identifier(self, field: str) -> bool:
        """Whether the release's products mostly have a value each: part numbers, not colours."""
        return field in self._base.identifiers

    def number_field(self, field: str) -> int | None:
        """The number of a field with amounts."""
        return self._number_fields.get(field)

    def learn_units(self, product: Product) -> None:
        """A field that no product had before is in the unit in which the first one says it."""
        for field, unit in learn_units([product]).items():
            if field not in self.fields:
                self.units = {**self.units, field: unit}

    def intern(self, values: ProductValues) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Codes (sorted), amount fields and amounts of a live product, new ones added."""
        codes = sorted(self._intern_key(key, surface) for key, surface in values.texts.items())
        fields = [self._intern_number_field(field) for field in values.amounts]
        return np.array(codes, np.int32), np.array(fields, np.int32), np.array([*values.amounts.values()], np.float64)

    def _intern_key(self, key: str, surface: str) -> int:
        code = self.code(key)
        if code is None:
            code, field = len(self), split_key(key)[0]
            self._live_surfaces.append(surface)
            self._live_keys.append(key)
            self._live[key] = code
            self._live_codes = {**self._live_codes, field: [*self._live_codes.get(field, ()), code]}
            if field not in self.fields:
                self.fields = {**self.fields, field: False}
        return code

    def _intern_number_field(self, field: str) -> int:
        number = self._number_fields.get(field)
        if number is None:
            number = len(self.number_fields)
            self.number_fields.append(field)
            self._number_fields[field] = number
            self.fields = {**self.fields, field: True}
        return number


def write_values(
    folder: Path,
    surfaces: Mapping[str, Counter[str]],
    number_fields: Sequence[str],
    units: Mapping[str, str],
) -> None:
    """Number the values of a catalogue: a value's code is the place of its key among the sorted ones.

    Args:
        folder: Where to write.
        surfaces: Key to how it is written, and how often; the most frequent way is shown, ties by text.
        number_fields: Fields with amounts, by number.
        units: By field.
    """
    keys = sorted(surfaces)
    fields = sorted({split_key(key)[0] for key in keys}, key=field_prefix)
    starts = [bisect_left(keys, field_prefix(field)) for field in fields]
    write_strings(folder, "value_keys", keys)
    written = (surfaces[key] for key in keys)
    write_strings(folder, "value_surfaces", [min(ways, key=lambda way: (-ways[way], way)) for ways in written])
    np.save(folder / "value_starts.npy", np.array([*starts, len(keys)], np.int32))
    ends = [*starts, len(keys)][1:]
    identifiers = [
        field
        for field, start, end in zip(fields, starts, ends, strict=True)
        if end - start >= LEAST_IDENTIFIERS
        and sum(surfaces[key].total() for key in keys[start:end]) < LEAST_REPEATED * (end - start)
    ]
    about = {"fields": fields, "number_fields": number_fields, "units": dict(units), "identifiers": identifiers}
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
        frozenset(about["identifiers"]),
    )
