"""The settings every decision needs, looked up by MID and mode."""

from jeongsan.domain.config import Config
from jeongsan.domain.shop import ApiKey, Mode, Shop
from support.examples import a_shop


def _shop(shop_id: int, mode: Mode) -> Shop:
    return a_shop(shop_id=shop_id, mode=mode)


def test_test_and_live_are_two_shops_of_one_mid() -> None:
    test, live = _shop(1, Mode.TEST), _shop(2, Mode.LIVE)
    config = Config(version=1, shops={1: test, 2: live})
    assert config.shop_of("tjeongsan", "test") is test
    assert config.shop_of("tjeongsan", "live") is live
    assert config.shop_of("another", "live") is None


def test_the_keys_of_a_shop_come_oldest_first_and_no_other_shops() -> None:
    keys = [ApiKey(f"hash-{n}", shop, f"key-{n}", "live_sk_…0001", at) for n, shop, at in
            ((1, 2, 30), (2, 1, 10), (3, 2, 20), (4, 2, 20))]  # fmt: skip
    config = Config(version=1, keys={key.key_hash: key for key in keys})
    assert [key.name for key in config.keys_of(2)] == ["key-3", "key-4", "key-1"]
    assert config.keys_of(3) == []
