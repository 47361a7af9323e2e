"""`jeongsan settle release`: release a payment that waits, as a person would."""

from typing import Annotated, Any

import typer

from jeongsan.cli.output import DatabaseOption, JsonOption, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.release import Cause
from jeongsan.operations.caller import Caller, Refused
from jeongsan.operations.release import ReleasePayment
from jeongsan.store.reads.payments import conditions_of, shop_of
from jeongsan.wire.errors import EN
from jeongsan.wire.releases import released_view


def release(
    payment_key: Annotated[str, typer.Argument(metavar="PAYMENT_KEY")],
    cause: Annotated[Cause, typer.Option(help="What the payment waits for, and what happened now.")],
    actor: Annotated[str, typer.Option(help="Who says so.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a payment settle that waits: manual settlement, escrow, phone bills."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database, existing=True) as gateway:
            shop_id = await shop_of(gateway.store, payment_key)
            if shop_id is None:
                raise Refusal(Code.NOT_FOUND_PAYMENT)
            caller = Caller.by_hand(shop_id, Actor(Channel.MERCHANT_ADMIN, actor), EN)
            conditions = await conditions_of(gateway.store, payment_key)
            outcome = await gateway.loop.submit(ReleasePayment(payment_key, cause, conditions, caller))
            if isinstance(outcome, Refused):
                raise outcome.refusal
            return released_view(outcome)

    show(run(work(), as_json=as_json), as_json=as_json)
