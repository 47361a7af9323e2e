"""GET /jeongsan/v1/transactions/{transactionKey}/fee: who may ask, and in which language."""

import pytest

from support.sandbox import Sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio


def path(key: str) -> str:
    return f"/jeongsan/v1/transactions/{key}/fee"


async def test_a_fee_is_explained_to_its_own_shop(sandbox: Sandbox) -> None:
    key = (await sandbox.done(1_600))["lastTransactionKey"]
    found = await sandbox.get(path(key))
    assert (found["transactionKey"], found["fee"], found["row"]["state"]) == (key, 56, "forecast")


async def test_another_shops_transaction_and_a_test_keys_question_for_a_live_one_find_nothing(
    sandbox: Sandbox,
) -> None:
    key = (await sandbox.done())["lastTransactionKey"]
    other = await another_shop(sandbox, "tother0001")
    for client in (other, sandbox.test):
        answer = await client.get(path(key))
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await sandbox.anonymous.get(path(key))).status_code == 401


async def test_a_live_key_may_ask_for_its_test_transactions(sandbox: Sandbox) -> None:
    key = (await sandbox.done(client=sandbox.test))["lastTransactionKey"]
    assert (await sandbox.get(path(key)))["mode"] == "TEST"


async def test_the_language_is_asked_for(sandbox: Sandbox) -> None:
    key = (await sandbox.done())["lastTransactionKey"]
    assert (await sandbox.get(path(key)))["lines"][0]["typeInWords"] == "기본 수수료"
    assert (await sandbox.get(path(key), lang="en"))["lines"][0]["typeInWords"] == "basic fee"


async def test_a_key_that_no_text_can_hold_is_not_found(sandbox: Sandbox) -> None:
    answer = await sandbox.live.get(path("txrd_%00"))
    assert answer.status_code == 404
