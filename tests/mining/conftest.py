"""Ibis calls DuckDB by names that DuckDB's newest release is giving up; nothing here can change that."""

import pytest

_OF_LIBRARIES = (
    "ignore:fetch_arrow_table:DeprecationWarning",
    "ignore:fetch_record_batch:DeprecationWarning",
    "ignore:fetch_arrow_reader:DeprecationWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/mining/" in item.path.as_posix():
            for warning in _OF_LIBRARIES:
                item.add_marker(pytest.mark.filterwarnings(warning))
