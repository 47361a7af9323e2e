"""`jeongsan cancel`: cancel as a person would: in the merchant admin, the developer centre, the gateway."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.cli.output import EXIT_REFUSED, DatabaseOption, JsonOption, fail, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.channels import Actor, CancelWarning, Channel, cancel_warnings
from jeongsan.domain.errors import Code, Refusal
from jeongsan.operations.caller import Caller, Reply
from jeongsan.operations.cancel import CancelCommand
from jeongsan.store.reads.payments import shop_of
from jeongsan.wire.cancels import warning_view
from jeongsan.wire.encode import encode
from jeongsan.wire.errors import EN, KO
from jeongsan.wire.requests import cancel_body

_REASON_DEFAULT = "고객 변심"
_MERCHANTS_PERSON, _GATEWAYS_PERSON = "담당자", "결제대행사 담당자"


class PersonChannel(StrEnum):
    """Where a person can press the cancel button."""

    MERCHANT_ADMIN = Channel.MERCHANT_ADMIN.value
    DEVELOPER_CENTRE = Channel.DEVELOPER_CENTRE.value
    GATEWAY_FORCED = Channel.GATEWAY_FORCED.value


def cancel(
    payment_key: Annotated[str, typer.Argument(metavar="PAYMENT_KEY")],
    channel: Annotated[PersonChannel, typer.Option(help="The path the cancel takes.")],
    reason: Annotated[str | None, typer.Option(help=f"cancelReason; by default {_REASON_DEFAULT}.")] = None,
    emergency: Annotated[
        str | None, typer.Option(help="The emergency that forces the gateway to cancel; its cancelReason.")
    ] = None,
    amount: Annotated[str | None, typer.Option(help="Part of the balance; all of it when left out.")] = None,
    actor: Annotated[str | None, typer.Option(help="Who presses the button.")] = None,
    address: Annotated[str | None, typer.Option(help="From which address.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cancel a payment by another path than the API; webhooks and settlement cannot tell."""
    taken = Channel(channel.value)

    async def work() -> tuple[Reply, tuple[CancelWarning, ...]]:
        forced = taken is Channel.GATEWAY_FORCED
        who = Actor(taken, actor or (_GATEWAYS_PERSON if forced else _MERCHANTS_PERSON), None, address)
        # The same checks as the API's, so that no path can store what another refuses.
        why = _reason(taken, reason, emergency)
        body = cancel_body(encode({"cancelReason": why, "cancelAmount": amount}))
        command = CancelCommand(payment_key, body.reason, body.amount, emergency=forced)
        async with gateway_for_command(database, existing=True) as gateway:
            caller = await _caller(gateway, payment_key, who, as_json)
            reply = await gateway.flow.cancel(command, caller)
            return reply, cancel_warnings(taken, gateway.loop.config.shops[caller.shop_id])

    reply, warnings = run(work(), as_json=as_json)
    body: dict[str, Any] = json.loads(reply.body)
    if reply.status != 200:
        fail(body["code"], body["message"], as_json=as_json, exit_code=EXIT_REFUSED)
    if as_json:
        show(body, as_json=True)
    else:
        shown = ("orderId", "paymentKey", "status", "balanceAmount", "lastTransactionKey")
        show({name: body[name] for name in shown} | {"channel": channel.value}, as_json=False)
    _warn(warnings, as_json=as_json)


def _reason(channel: Channel, reason: str | None, emergency: str | None) -> str:
    """The cancelReason. Refuses options that contradict the channel, by their names."""
    if channel is not Channel.GATEWAY_FORCED:
        if emergency is not None:
            detail = f"is only for --channel {Channel.GATEWAY_FORCED}"
            raise Refusal(Code.INVALID_REQUEST, field="--emergency", detail=detail)
        return _REASON_DEFAULT if reason is None else reason
    if emergency is None or not emergency.strip():
        detail = "say which emergency forces the gateway to cancel without the merchant's request"
        raise Refusal(Code.FORBIDDEN_REQUEST, field="--emergency", detail=detail)
    if reason is not None:
        detail = "is left out of a forced cancel, whose reason is the emergency"
        raise Refusal(Code.INVALID_REQUEST, field="--reason", detail=detail)
    return emergency


async def _caller(gateway: Gateway, payment_key: str, actor: Actor, as_json: bool) -> Caller:
    shop_id = await shop_of(gateway.store, payment_key)
    if shop_id is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return Caller.by_hand(shop_id, actor, KO if as_json else EN)


def _warn(warnings: tuple[CancelWarning, ...], *, as_json: bool) -> None:
    """Warnings go to standard error: standard output is the payment, with not a byte more."""
    views = [warning_view(warning) for warning in warnings]
    if as_json and views:
        typer.echo(encode({"warnings": views}), err=True)
        return
    for view in views:
        typer.echo(f"{view['code']}: {view['ko']} {view['en']}", err=True)
