"""Who may cancel, decided before anything moves: nothing at all is left of a refused cancel."""

import json
from dataclasses import replace

import pytest

from jeongsan.domain.channels import Actor, Channel
from jeongsan.operations.caller import Caller, Reply
from jeongsan.operations.cancel import CancelCommand
from support.people import cancel_through
from support.sandbox import Sandbox
from support.unchanged import nothing_changes

pytestmark = pytest.mark.anyio


async def cancel(sandbox: Sandbox, channel: Channel, command: CancelCommand) -> Reply:
    ((shop_id,),) = await sandbox.sql("SELECT shop_id FROM payment")
    caller = Caller(shop_id, Actor(channel, "김담당"), None, "0" * 32, "en")
    return await sandbox.gateway.flow.cancel(command, caller)


@pytest.mark.parametrize(
    ("channel", "emergency", "reason", "status", "code", "field"),
    [
        (Channel.GATEWAY_FORCED, False, "구매자 요청", 403, "FORBIDDEN_REQUEST", "emergency"),
        (Channel.GATEWAY_FORCED, True, " ", 403, "FORBIDDEN_REQUEST", "emergency"),
        (Channel.NETWORK_CANCEL, False, "망취소", 403, "FORBIDDEN_REQUEST", "channel"),
        (Channel.SANDBOX_BUYER, False, "고객 변심", 403, "FORBIDDEN_REQUEST", "channel"),
        (Channel.SANDBOX_BUYER, True, "고객 변심", 403, "FORBIDDEN_REQUEST", "channel"),
        (Channel.SYSTEM, False, "만료", 403, "FORBIDDEN_REQUEST", "channel"),
        (Channel.API, True, "장애", 400, "INVALID_REQUEST", "emergency"),
        (Channel.MERCHANT_ADMIN, True, "장애", 400, "INVALID_REQUEST", "emergency"),
    ],
)
async def test_a_cancel_by_somebody_who_may_not_changes_nothing(
    sandbox: Sandbox,
    channel: Channel,
    emergency: bool,
    reason: str,
    status: int,
    code: str,
    field: str,
) -> None:
    key = (await sandbox.done())["paymentKey"]
    async with nothing_changes(sandbox, key):
        reply = await cancel(sandbox, channel, CancelCommand(key, reason, emergency=emergency))
    refused = json.loads(reply.body)
    assert (reply.status, refused["code"]) == (status, code)
    assert f"({field}: " in refused["message"]


async def test_a_forced_cancel_obeys_the_same_rules_as_any_other(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    forced = CancelCommand(key, "중복 승인 장애", 15_001, emergency=True)
    async with nothing_changes(sandbox, key):
        assert json.loads((await cancel(sandbox, Channel.GATEWAY_FORCED, forced)).body)["code"] == (
            "NOT_CANCELABLE_AMOUNT"
        )
    assert (await cancel(sandbox, Channel.GATEWAY_FORCED, replace(forced, amount=15_000))).status == 200


async def test_only_an_emergency_of_the_gateways_own_comes_past_a_refusal(sandbox: Sandbox) -> None:
    """The refused try does not stand in the way of the one that tells its emergency."""
    key = (await sandbox.done())["paymentKey"]
    await cancel(sandbox, Channel.GATEWAY_FORCED, CancelCommand(key, "구매자 요청"))
    assert (await cancel_through(sandbox, Channel.GATEWAY_FORCED, key, reason="중복 승인 장애")).status == 200
    assert await sandbox.sql("SELECT channel, reason FROM audit WHERE action = 'cancel'") == [
        ("gateway-forced", "중복 승인 장애")
    ]
