from collections.abc import Iterator

import pytest

from support.recorded_gateway import RecordedGateway, open_recorded_gateway


@pytest.fixture
def gateway() -> Iterator[RecordedGateway]:
    """A gateway in recorded shapes, over real HTTP."""
    with open_recorded_gateway() as opened:
        yield opened
