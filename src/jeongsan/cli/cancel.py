"""`jeongsan cancel`: cancel as a person would in the merchant admin or the developer centre."""

import json
import secrets
from enum import StrEnum
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.cli.output import EXIT_REFUSED, DatabaseOption, JsonOption, fail, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.operations.caller import Caller, Reply
from jeongsan.operations.cancel import CancelCommand
from jeongsan.store.reads.payments import shop_of
from jeongsan.wire.encode import encode
from jeongsan.wire.errors import EN, KO
from jeongsan.wire.requests import cancel_body


class PersonChannel(StrEnum):
    """Where a person can press the cancel button."""

    MERCHANT_ADMIN = Channel.MERCHANT_ADMIN.value
    DEVELOPER_CENTRE = Channel.DEVELOPER_CENTRE.value


def cancel(
    payment_key: Annotated[str, typer.Argument(metavar="PAYMENT_KEY")],
    channel: Annotated[PersonChannel, typer.Option(help="The path the cancel takes.")],
    reason: Annotated[str, typer.Option(help="cancelReason.")] = "고객 변심",
    amount: Annotated[str | None, typer.Option(help="Part of the balance; all of it when left out.")] = None,
    actor: Annotated[str, typer.Option(help="Who presses the button.")] = "담당자",
    address: Annotated[str | None, typer.Option(help="From which address.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cancel a payment by another path than the API; webhooks and settlement cannot tell."""

    async def work() -> Reply:
        who = Actor(Channel(channel.value), actor, None, address)
        # The same checks as the API's, so that no path can store what another refuses.
        body = cancel_body(encode({"cancelReason": reason, "cancelAmount": amount}))
        command = CancelCommand(payment_key, body.reason, body.amount)
        async with gateway_for_command(database) as gateway:
            return await gateway.flow.cancel(command, await _caller(gateway, payment_key, who, as_json))

    reply = run(work(), as_json=as_json)
    body: dict[str, Any] = json.loads(reply.body)
    if reply.status != 200:
        fail(body["code"], body["message"], as_json=as_json, exit_code=EXIT_REFUSED)
    if as_json:
        show(body, as_json=True)
    else:
        shown = ("orderId", "paymentKey", "status", "balanceAmount", "lastTransactionKey")
        show({name: body[name] for name in shown} | {"channel": channel.value}, as_json=False)


async def _caller(gateway: Gateway, payment_key: str, actor: Actor, as_json: bool) -> Caller:
    shop_id = await shop_of(gateway.store, payment_key)
    if shop_id is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return Caller(shop_id, actor, None, secrets.token_hex(16), KO if as_json else EN)
