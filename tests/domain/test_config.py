"""The settings every decision needs, looked up by MID and mode."""

from jeongsan.domain.config import Config
from jeongsan.domain.shop import Mode, Shop
from support.examples import a_contract


def _shop(shop_id: int, mode: Mode) -> Shop:
    return Shop(shop_id, "tjeongsan", mode, False, a_contract(), False)


def test_test_and_live_are_two_shops_of_one_mid() -> None:
    test, live = _shop(1, Mode.TEST), _shop(2, Mode.LIVE)
    config = Config(version=1, shops={1: test, 2: live})
    assert config.shop_of("tjeongsan", "test") is test
    assert config.shop_of("tjeongsan", "live") is live
    assert config.shop_of("another", "live") is None
