from typing import Any

from numpy.typing import NDArray

SOURCE: int

class WaysOn:
    def __init__(
        self, arrays: tuple[NDArray[Any], ...], first: int, second: int, pairs_share: float, pairs_doubt: float, /
    ) -> None: ...
    def likeliest(
        self, context: tuple[int, ...], low: int, high: int, whole: int, allowed: NDArray[Any] | None, most: int, /
    ) -> list[tuple[tuple[int, ...], float]]: ...
