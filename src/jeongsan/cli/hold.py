"""`jeongsan hold`: keep money back, let go of it, and show what is kept back."""

import json
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, harmless, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import HoldReason
from jeongsan.domain.shop import Mode, Shop
from jeongsan.inquiry.hold_view import hold_line, hold_view, released_words
from jeongsan.inquiry.words import say
from jeongsan.operations import holds
from jeongsan.store.reads import holds as reads
from jeongsan.wire.holds import actor_name, hold_body, hold_id

app = typer.Typer(help="Holds (지급보류): money that is due and not paid out.", no_args_is_help=True)

ActorOption = Annotated[str, typer.Option(help="Who does it.")]


@app.command()
def place(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    reason: Annotated[str, typer.Option(help=" · ".join(HoldReason))],
    actor: ActorOption,
    payment: Annotated[
        str | None, typer.Option(metavar="KEY", help="Payment key; only for DISPUTE, which needs one.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What people should know.")] = None,
    mode: Annotated[Mode, typer.Option(help="Which of the shop's two worlds.")] = Mode.LIVE,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep back a shop's payouts, or the rows of one payment."""

    async def work() -> dict[str, Any]:
        # The same checks as the API's, so that no path can store what another refuses; also of bytes that
        # are no text.
        wanted = {"reason": reason, "paymentKey": payment, "note": note}
        body = hold_body(json.dumps(wanted).encode())
        who = Actor(Channel.SYSTEM, actor_name(actor))
        async with gateway_for_command(database, existing=True) as gateway:
            shop = _shop(gateway, mid, mode)
            hold = holds.Wanted(body.reason, body.payment_key, body.note)
            placed = await holds.place(gateway.loop, shop, hold, who)
            return await _view(gateway, placed.hold_id, lang)

    _print(run(work(), as_json=as_json), lang, as_json=as_json)


@app.command()
def release(
    hold: Annotated[str, typer.Argument(metavar="HOLD_ID")],
    actor: ActorOption,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let go of it: what should have been paid by now is paid on the next business day."""

    async def work() -> dict[str, Any]:
        who = Actor(Channel.SYSTEM, actor_name(actor))
        async with gateway_for_command(database, existing=True) as gateway:
            released = await holds.release(gateway.loop, hold_id(hold), who, korean_calendar)
            shown = await _view(gateway, released.hold.hold_id, lang)
        day = None if released.paid_out_date is None else released.paid_out_date.isoformat()
        return {**shown, "movedRows": released.moved, "paidOutDate": day}

    _print(run(work(), as_json=as_json), lang, as_json=as_json)


@app.command("list")
def list_holds(
    mid: Annotated[str | None, typer.Argument(metavar="[MID]")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what was released.")] = False,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is kept back, of all shops or of one in both modes."""

    async def work() -> list[dict[str, Any]]:
        async with gateway_for_command(database, existing=True) as gateway:
            shops = {one.shop_id: one for one in gateway.loop.config.shops.values() if mid in (None, one.mid)}
            if mid is not None and not shops:
                raise Refusal(Code.NOT_FOUND_MERCHANT, field="mId", detail=f"no shop {mid}")
            found = await reads.in_force(gateway.store, list(shops))
            if everything:
                found += await reads.released(gateway.store, list(shops))
            return [hold_view(one, shops[one.hold.shop_id], lang) for one in found]

    found = run(work(), as_json=as_json)
    if as_json:
        show({"holds": found}, as_json=True)
        return
    for one in found:
        typer.echo(harmless(hold_line(one, lang)))
    if not found:
        typer.echo(say(lang, "지급보류가 없습니다", "nothing is held"))


def _shop(gateway: Gateway, mid: str, mode: Mode) -> Shop:
    shop = gateway.loop.config.shop_of(mid, mode)
    if shop is None:
        raise Refusal(Code.NOT_FOUND_MERCHANT, field="mId", detail=f"no shop {mid}")
    return shop


async def _view(gateway: Gateway, placed_id: int, lang: str) -> dict[str, Any]:
    known = await reads.by_id(gateway.store, placed_id)
    assert known is not None
    return hold_view(known, gateway.loop.config.shops[known.hold.shop_id], lang)


def _print(view: dict[str, Any], lang: str, *, as_json: bool) -> None:
    if as_json:
        show(view, as_json=True)
        return
    typer.echo(harmless(hold_line(view, lang)))
    if "movedRows" in view:
        typer.echo(released_words(view, lang))
