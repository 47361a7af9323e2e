from collections.abc import Iterator
from pathlib import Path

import pytest

from support.fetching import Fetching
from support.recorded_gateway import RecordedGateway, open_recorded_gateway


@pytest.fixture
def gateway() -> Iterator[RecordedGateway]:
    """A gateway in recorded shapes, over real HTTP."""
    with open_recorded_gateway() as opened:
        yield opened


@pytest.fixture
def fetching(gateway: RecordedGateway, tmp_path: Path) -> Fetching:
    """Into a new folder, when all days of the tests are long over and paid out."""
    return Fetching(gateway.url, tmp_path / "rows")
