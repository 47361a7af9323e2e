"""Shops: test keys settle nothing unless the shop was told to."""

import pytest

from jeongsan.domain.shop import Mode, Shop
from support.examples import a_contract


def _shop(shop_id: int, mode: Mode, *, settle_tests: bool = False) -> Shop:
    return Shop(shop_id, "tjeongsan", mode, settle_tests, a_contract(), False)


@pytest.mark.parametrize(
    ("mode", "settle_tests", "settles"),
    [
        (Mode.LIVE, False, True),
        (Mode.LIVE, True, True),
        (Mode.TEST, False, False),
        (Mode.TEST, True, True),
    ],
)
def test_live_shops_settle_and_test_shops_only_on_request(
    mode: Mode, settle_tests: bool, settles: bool
) -> None:
    assert _shop(1, mode, settle_tests=settle_tests).settles is settles
