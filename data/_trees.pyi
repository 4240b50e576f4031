from typing import Any

from numpy.typing import NDArray

SOURCE: int

class Trees:
    def __init__(self, nodes: NDArray[Any], values: NDArray[Any], trees: NDArray[Any], features: int, /) -> None: ...
    def scores(self, rows: NDArray[Any], scores: NDArray[Any], /) -> bool: ...
