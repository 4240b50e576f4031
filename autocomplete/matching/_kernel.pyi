from typing import Any, TypeVar

from numpy.typing import NDArray

from autocomplete.matching.nearly_typed import Extent

SOURCE: int
_Kind = TypeVar("_Kind")

class Kernel:
    def __init__(self, arrays: tuple[NDArray[Any], ...], top: int, most_scanned: int, hot: int, /) -> None: ...
    def prefix(self, words: tuple[int, ...], low: int, high: int, ending: int, top_k: int, /) -> list[int]: ...
    def holding(self, words: tuple[int, ...], low: int, high: int, ending: int, top_k: int, /) -> list[int]: ...
    def loose(
        self,
        words: tuple[int, ...],
        low: int,
        high: int,
        ending: int,
        place: int,
        ranges: tuple[tuple[int, int], ...],
        top_k: int,
        enough: int,
        /,
    ) -> tuple[list[int], list[int]]: ...
    def meant(
        self,
        ids: list[int],
        words: tuple[int, ...],
        low: int,
        high: int,
        ending: int,
        place: int,
        ranges: tuple[tuple[int, int], ...],
        /,
    ) -> list[tuple[int, int]]: ...
    def neighbours(self, word: str, partial: bool, edits: int, /) -> list[tuple[str, int, int]]: ...
    def diverse(self, ids: list[int], limit: int, of_category: int, /) -> list[int]: ...
    def started(
        self, words: tuple[int, ...], low: int, high: int, ending: int, limit: int, window: int, extent: Extent, /
    ) -> list[int]: ...
    def exact(
        self,
        words: tuple[int, ...],
        low: int,
        high: int,
        ending: int,
        limit: int,
        window: int,
        extent: Extent,
        kinds: tuple[_Kind, ...],
        /,
    ) -> dict[int, _Kind]: ...
    def by_nearness(self, ids: list[int], extent: Extent, /) -> list[int]: ...
    def whole(self, words: tuple[int, ...], /) -> int: ...
    def text(self, completion: int, /) -> str: ...
