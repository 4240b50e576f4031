"""The one error tree.

::

    IntentrieError
     ├── InputError               a file, row or field from outside is not usable
     │    ├── BadRow              one field of one row cannot be used; readers set the row aside
     │    └── TooManyBadRows      the share of quarantined rows passed the threshold
     ├── ConfigError              a shop's TOML or a setting is wrong (says the line)
     ├── StorageError             disk full, read-only, permission: nothing was half written
     ├── ReleaseError
     │    ├── ReleaseNotFound
     │    ├── ReleaseDamaged      a file is missing, truncated or has another hash
     │    │    └── ModelMismatch  a model reads other features than this program has
     │    ├── ReleaseTooNew       written by a newer format than this program reads
     │    ├── AnalyserMismatch    built with another analyser than this program has
     │    └── GateRefused         a gated figure is worse than the parent's
     ├── GraphError
     │    ├── ConceptNotFound
     │    └── IntegrityViolation  the change would break a rule of the graph; nothing was written
     ├── QueryError               the request cannot be answered as it was put
     │    ├── InvalidFilter
     │    ├── InvalidSort
     │    ├── InvalidCursor
     │    └── CursorExpired       its release is past the grace period (HTTP 410)
     └── LiveError
          ├── ProductNotFound
          └── StaleVersion        an older version than the one already held (HTTP 409)

Every message says what was expected, what came, and what to do.
"""


class IntentrieError(Exception):
    """Root of every error this project raises on purpose."""


class InputError(IntentrieError):
    """A file, row or field from outside is not usable."""


class BadRow(InputError):  # noqa: N818
    """One field of one row cannot be used; what reads many rows sets this one aside."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class TooManyBadRows(InputError):  # noqa: N818 - reads as the sentence it is
    """More rows were set aside than the configured share allows."""


class ConfigError(IntentrieError):
    """A shop's configuration or a setting is wrong."""


class StorageError(IntentrieError):
    """The disk is full, read-only or not permitted; nothing was half written."""


class ReleaseError(IntentrieError):
    """A release cannot be written, read or published."""


class ReleaseNotFound(ReleaseError):  # noqa: N818
    """There is no such release, or none is published yet."""


class ReleaseDamaged(ReleaseError):  # noqa: N818
    """A file of the release is missing, truncated or has another hash than its manifest says."""


class ModelMismatch(ReleaseDamaged):
    """A model of the release, or one that was given, reads other features than this program has."""


class ReleaseTooNew(ReleaseError):  # noqa: N818
    """The release was written by a newer format than this program reads."""


class AnalyserMismatch(ReleaseError):  # noqa: N818
    """The release was built with another analyser than this program has."""


class GateRefused(ReleaseError):  # noqa: N818
    """A gated figure is worse than the parent's by more than the configured share."""


class GraphError(IntentrieError):
    """The graph cannot answer or take a change."""


class ConceptNotFound(GraphError):  # noqa: N818
    """There is no concept of that id in this shop."""


class IntegrityViolation(GraphError):  # noqa: N818
    """The change would break a rule of the graph; nothing was written."""


class QueryError(IntentrieError):
    """The request cannot be answered as it was put."""


class InvalidFilter(QueryError):  # noqa: N818
    """A filter names an unknown field, operator or a value of the wrong type."""


class InvalidSort(QueryError):  # noqa: N818
    """A sort names a field that cannot be sorted by."""


class InvalidCursor(QueryError):  # noqa: N818
    """A cursor was altered or belongs to another search."""


class CursorExpired(QueryError):  # noqa: N818
    """A cursor's release is past its grace period."""


class LiveError(IntentrieError):
    """A live change cannot be taken."""


class ProductNotFound(LiveError):  # noqa: N818
    """There is no product of that id in this shop."""


class StaleVersion(LiveError):  # noqa: N818
    """The change is older than what is already held."""
