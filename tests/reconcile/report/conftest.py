"""A filled reconciliation for the tests of reports."""

from collections.abc import Iterator

import duckdb
import pytest

from support.reported import april, filled


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A month of a small shop; a report changes none of its tables."""
    with filled(april()) as opened:
        yield opened
