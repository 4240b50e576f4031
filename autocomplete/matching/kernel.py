"""The compiled hot loops, where they were compiled: `make setup` does, where there is a C compiler.

Without them the same functions in Python answer the same, some three times slower.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autocomplete.matching.nearly_typed import LENGTH_FACTORS
from autocomplete.matching.typed import Ending
from data.compile_c import compiled

if TYPE_CHECKING:
    from autocomplete.matching._kernel import Kernel
    from autocomplete.matching.index import CompletionIndex

_module = compiled(Path(__file__).with_suffix(".c"), "autocomplete.matching._kernel")
_compiled: "type[Kernel] | None" = None if _module is None else _module.Kernel

# As the kernel numbers them.
ENDINGS = {Ending.OPEN: 0, Ending.CLOSED: 1, Ending.NEXT: 2}
# More matches at once are asked for by evaluations only.
MOST_TOP = 1024
MOST_WORDS = 128


def make_kernel(index: "CompletionIndex", most_scanned: int, crowded: int) -> "Kernel | None":
    """Over the arrays of an index; `None` where nothing was compiled."""
    if _compiled is None:
        return None
    words = index.vocabulary.words
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    offsets = np.concatenate([[0], np.cumsum([len(word) for word in words], dtype=np.int64)]).astype(np.uint32)
    hot, rows = index.starts.ranges(index.vocabulary)
    arrays = (
        index.words,
        index.word_offsets,
        index.lexical,
        index.arrays["first"],
        index.arrays["second"],
        index.postings,
        index.posting_offsets,
        letters,
        offsets,
        hot,
        rows,
        index.stored["groups"],
        index.stored["categories"],
        index.arrays["text"],
        index.arrays["text_offsets"],
        index.weights,
        LENGTH_FACTORS,
    )
    return _compiled(tuple(map(np.ascontiguousarray, arrays)), rows.shape[1], most_scanned, crowded)
