"""Where a shop's key comes from, and what is said when there is none."""

import importlib
from collections.abc import Iterator

import keyring
import pytest

from jeongsan.cli.merchant_keys import NoKey, key_of_shop
from support.keyring_backend import Remembered, remembered_keyring


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remembered]:
    for name in ("JEONGSAN_SECRET_KEY", "JEONGSAN_FETCH_KEY_MALL_1", "JEONGSAN_FETCH_KEY_DEFAULT"):
        monkeypatch.delenv(name, raising=False)
    with remembered_keyring() as backend:
        yield backend


def test_the_environment_comes_before_the_keyring(kept: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_password("jeongsan", "mall-1", " from the keyring\n")
    assert key_of_shop("mall-1") == "from the keyring"
    monkeypatch.setenv("JEONGSAN_FETCH_KEY_MALL_1", "\ufefffrom the environment\n")
    assert key_of_shop("mall-1") == "from the environment"


def test_the_default_shop_has_the_key_of_the_checks(
    kept: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JEONGSAN_SECRET_KEY", "of the checks")
    assert key_of_shop("default") == "of the checks"
    monkeypatch.setenv("JEONGSAN_FETCH_KEY_DEFAULT", "its own")
    assert key_of_shop("default") == "its own"
    with pytest.raises(NoKey):
        key_of_shop("mall-1")


def test_a_keyring_without_the_key_or_locked_is_told(kept: Remembered) -> None:
    with pytest.raises(NoKey, match="service jeongsan"):
        key_of_shop("mall-1")
    kept.locked = True
    with pytest.raises(NoKey, match="KeyringLocked"):
        key_of_shop("mall-1")


def test_without_a_keyring_the_extra_is_named(kept: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(importlib.sys.modules, "keyring", None)  # type: ignore[attr-defined]
    with pytest.raises(NoKey, match=r"jeongsan\[keyring\]"):
        key_of_shop("mall-1")
