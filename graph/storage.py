"""Strings and lists of numbers in mapped files: opened by mapping, read by slicing, shared by all workers."""

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Strings:
    """Many strings in one mapped block: UTF-8 bytes and where each begins."""

    def __init__(self, folder: Path, name: str) -> None:
        self._bytes = _mapped(folder / f"{name}.bytes.npy")
        self._starts = _mapped(folder / f"{name}.starts.npy")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, index: int) -> str:
        return bytes(self._bytes[self._starts[index] : self._starts[index + 1]]).decode()


class Rows:
    """A list of numbers for each index, in one mapped array."""

    def __init__(self, folder: Path, name: str) -> None:
        self._starts = _mapped(folder / f"{name}.starts.npy")
        self._values = _mapped(folder / f"{name}.values.npy")

    def __getitem__(self, index: int) -> NDArray[np.int32]:
        found: NDArray[np.int32] = self._values[self._starts[index] : self._starts[index + 1]]
        return found


def write_strings(folder: Path, name: str, strings: Iterable[str]) -> None:
    """What `Strings` maps."""
    encoded = [string.encode("utf-8", "replace") for string in strings]
    starts = np.concatenate(([0], np.cumsum([len(part) for part in encoded], dtype=np.int64)))
    np.save(folder / f"{name}.starts.npy", starts.astype(np.int64))
    np.save(folder / f"{name}.bytes.npy", np.frombuffer(b"".join(encoded), np.uint8))


def write_rows(folder: Path, name: str, lists: Sequence[Sequence[int]]) -> None:
    """What `Rows` maps."""
    starts = np.concatenate(([0], np.cumsum([len(part) for part in lists], dtype=np.int64)))
    np.save(folder / f"{name}.starts.npy", starts.astype(np.int64))
    flat = itertools.chain.from_iterable(lists)
    np.save(folder / f"{name}.values.npy", np.fromiter(flat, np.int32, int(starts[-1])))


def _mapped(path: Path) -> NDArray[Any]:
    """A plain array over the mapping: `np.memmap` itself costs a microsecond more a slice."""
    mapped: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return mapped
