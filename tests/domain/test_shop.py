"""Shops: test keys settle nothing unless the shop was told to; keys have names of their own."""

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import ApiKey, Mode, Shop, check_new_key_name, key_to_revoke
from support.examples import a_shop


def _shop(shop_id: int, mode: Mode, *, settle_tests: bool = False) -> Shop:
    return a_shop(shop_id=shop_id, mode=mode, settle_test_payments=settle_tests)


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


DEFAULT = ApiKey("hash-1", 1, "default", "live_sk_…0001", 0)
ADMIN = ApiKey("hash-2", 1, "admin-server", "live_sk_…0002", 0)


@pytest.mark.parametrize("name", ["a", "admin-server", "관리자 서버", "x" * 40, "Default"])
def test_a_key_is_called_what_people_can_read(name: str) -> None:
    check_new_key_name(name, [DEFAULT])


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x" * 41,
        " admin",
        "admin ",
        "a\nb",
        "a\tb",
        "a\x00b",
        "a\u200bb",
        "a\u202eb",
        "\ud800",
        "default",
    ],
)
def test_a_name_that_is_empty_too_long_unseen_or_taken_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_new_key_name(name, [DEFAULT])
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "name")


def test_a_key_is_revoked_by_its_name_but_never_the_last_one() -> None:
    assert key_to_revoke("default", [DEFAULT, ADMIN]) == DEFAULT
    for name, keys, code in (
        ("admin-server", [DEFAULT], Code.NOT_FOUND),
        ("default", [], Code.NOT_FOUND),
        ("default", [DEFAULT], Code.FORBIDDEN_REQUEST),
    ):
        with pytest.raises(Refusal) as refused:
            key_to_revoke(name, keys)
        assert (refused.value.code, refused.value.field) == (code, "name")
