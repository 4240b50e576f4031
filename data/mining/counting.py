"""Counts as whole numbers on every backend."""

from ibis.expr.types import Column, IntegerColumn, Value


def total(column: Column) -> Value:
    """The sum of a column of whole numbers as int64.

    DuckDB sums into 128 bits, which parquet has no type for and takes as a float; a plain cast to int64 is left out by
    Ibis, which believes that it is one already. Exact to 2**53.
    """
    assert isinstance(column, IntegerColumn)
    return column.sum().cast("float64").cast("int64")
