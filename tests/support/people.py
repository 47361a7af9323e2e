"""People who cancel by other paths than the API, through the operation that every path uses."""

from jeongsan.domain.channels import Actor, Channel
from jeongsan.operations.caller import Caller, Reply
from jeongsan.operations.cancel import CancelCommand
from support.sandbox import Sandbox


async def cancel_through(
    sandbox: Sandbox,
    channel: Channel,
    payment_key: str,
    *,
    amount: int | None = None,
    reason: str = "고객 변심",
) -> Reply:
    """Cancel a payment of any shop, in an emergency where the channel needs one."""
    ((shop_id,),) = await sandbox.sql("SELECT shop_id FROM payment WHERE payment_key = $1", payment_key)
    caller = Caller(shop_id, Actor(channel, "김담당", None, "203.0.113.7"), None, "0" * 32, "en")
    command = CancelCommand(payment_key, reason, amount, emergency=channel is Channel.GATEWAY_FORCED)
    return await sandbox.gateway.flow.cancel(command, caller)
