"""`jeongsan shop add-key` and `revoke-key`: a key per program, known by its name, gone when revoked."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.process import gateway_process
from support.sandbox import LIVE_KEY, MID, TEST_KEY, open_sandbox
from support.waiting import until

Shop = Callable[..., dict[str, Any]]


@pytest.fixture
def shop(database_url: str) -> Shop:
    """`jeongsan shop … --json` on a database that has the sandbox's shop."""

    async def make() -> None:
        async with open_sandbox(database_url):
            pass

    def run(*arguments: str, exits: int = 0) -> dict[str, Any]:
        result = CliRunner().invoke(app, ["shop", *arguments, "--database", database_url, "--json"])
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        printed: dict[str, Any] = json.loads(result.stderr if exits else result.stdout)
        return printed

    asyncio.run(make())
    return run


def add(name: str, mode: str = "live") -> tuple[str, ...]:
    return ("add-key", MID, "--name", name, "--mode", mode)


def revoke(name: str, mode: str = "live") -> tuple[str, ...]:
    return ("revoke-key", MID, "--name", name, "--mode", mode)


def names(shop: Shop, mode: str = "live") -> list[str]:
    return [key["name"] for key in shop("show", MID)[mode]["keys"]]


def test_a_shop_starts_with_one_key_per_mode_of_which_only_the_end_is_shown(shop: Shop) -> None:
    shown = shop("show", MID)
    for mode, secret_key in (("test", TEST_KEY), ("live", LIVE_KEY)):
        assert shown[mode]["keys"] == [
            {
                "name": "default",
                "hint": f"{mode}_sk_…{secret_key[-4:]}",
                "createdAt": "2025-03-13T13:00:00+09:00",
            }
        ]
    assert LIVE_KEY not in json.dumps(shown)


def test_an_added_key_is_printed_once_and_listed_by_name_and_end(shop: Shop) -> None:
    added = shop(*add("admin-server"))
    secret_key = added.pop("secretKey")
    assert secret_key.startswith("live_sk_")
    assert added == {
        "mId": MID,
        "mode": "live",
        "name": "admin-server",
        "hint": f"live_sk_…{secret_key[-4:]}",
        "createdAt": "2025-03-13T13:00:00+09:00",
    }
    shown = shop("show", MID)
    assert sorted(key["name"] for key in shown["live"]["keys"]) == ["admin-server", "default"]
    assert [key["name"] for key in shown["test"]["keys"]] == ["default"]
    assert secret_key not in json.dumps(shown)
    assert shop(*add("admin-server", "test"))["secretKey"].startswith("test_sk_")


def test_a_revoked_key_is_listed_no_more_and_its_name_is_free_again(shop: Shop) -> None:
    shop(*add("admin-server"))
    revoked = shop(*revoke("admin-server"))
    assert (revoked["name"], revoked["revoked"]) == ("admin-server", True)
    assert names(shop) == ["default"]
    shop(*add("admin-server"))
    shop(*revoke("default"))
    assert names(shop) == ["admin-server"]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        (add(""), "INVALID_REQUEST", "name"),
        (add("x" * 41), "INVALID_REQUEST", "name"),
        (add(" admin"), "INVALID_REQUEST", "name"),
        (add("a\tb"), "INVALID_REQUEST", "name"),
        (add("default"), "INVALID_REQUEST", "name"),
        (("add-key", "tnobody001", "--name", "x", "--mode", "live"), "NOT_FOUND_MERCHANT", None),
        (revoke("default"), "FORBIDDEN_REQUEST", "name"),
        (revoke("nobody"), "NOT_FOUND", "name"),
        (("revoke-key", "tnobody001", "--name", "x", "--mode", "live"), "NOT_FOUND_MERCHANT", None),
    ],
    ids=str,
)
def test_what_cannot_be_done_with_a_key_is_refused_and_changes_nothing(
    shop: Shop, arguments: tuple[str, ...], code: str, field: str | None
) -> None:
    before = shop("show", MID)
    refused = shop(*arguments, exits=1)
    assert refused["code"] == code
    assert field is None or f"({field}: " in refused["message"]
    assert shop("show", MID) == before


@pytest.mark.slow
def test_a_running_gateway_takes_a_new_key_at_once_and_a_revoked_one_no_longer(
    database_url: str, shop: Shop
) -> None:
    """Another process changes the keys; this one learns of it by the version of the settings."""
    with gateway_process(database_url, clock=None) as gateway:

        def status(secret_key: str) -> int:
            return gateway.live.get("/jeongsan/v1/notices", auth=(secret_key, "")).status_code

        secret_key = shop(*add("admin-server"))["secretKey"]
        assert status(secret_key) == 200
        shop(*revoke("admin-server"))
        asyncio.run(until(lambda: status(secret_key) == 401))
        assert status(LIVE_KEY) == 200


def test_a_gateway_that_was_not_asked_meanwhile_refuses_a_revoked_key_after_its_next_commit(
    database_url: str, shop: Shop
) -> None:
    secret_key = shop(*add("admin-server"))["secretKey"]

    async def look() -> list[int]:
        async with open_sandbox(database_url) as sandbox:
            auth = httpx.BasicAuth(secret_key, "")
            seen = [(await sandbox.live.get("/jeongsan/v1/notices", auth=auth)).status_code]
            await asyncio.to_thread(shop, *revoke("admin-server"))
            await sandbox.pay()
            seen.append((await sandbox.live.get("/jeongsan/v1/notices", auth=auth)).status_code)
            return seen

    assert asyncio.run(look()) == [200, 401]
