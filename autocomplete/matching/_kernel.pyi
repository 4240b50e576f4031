from typing import Any

from numpy.typing import NDArray

SOURCE: int

class Kernel:
    def __init__(self, arrays: tuple[NDArray[Any], ...], top: int, most_scanned: int, /) -> None: ...
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
        /,
    ) -> tuple[list[int], list[int]]: ...
    def neighbours(self, word: str, partial: bool, edits: int, /) -> list[tuple[str, int, int]]: ...
    def diverse(self, ids: list[int], limit: int, /) -> list[int]: ...
