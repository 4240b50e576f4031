"""All kinds of candidates from the counted tables."""

from collections.abc import Sequence

import pyarrow as pa

from data.mining.candidate import Candidate
from data.product import Product


def propose(
    counts: pa.Table, reformulated: pa.Table, clicked: pa.Table, bought: pa.Table, products: Sequence[Product]
) -> list[Candidate]:
    """Candidates of every kind."""
    return []
