"""`jeongsan shop`: create shops, show and change their terms, add and revoke their keys."""

from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.cli.asked import ModeOption
from jeongsan.cli.output import DatabaseOption, JsonOption, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.payout_dates import Anchor
from jeongsan.domain.shop import Mode
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.domain.terms import Rounding, rate_from_percent
from jeongsan.operations.shop_keys import add_key, revoke_key
from jeongsan.operations.shops import create_shops, new_secret_key, set_shop
from jeongsan.wire.views import key_view, shop_view

app = typer.Typer(help="Shops, their terms and their keys.", no_args_is_help=True)

RateOption = Annotated[str | None, typer.Option(help="Percent, VAT excluded: 3.2")]
DaysOption = Annotated[int | None, typer.Option(help="Business days from sold date to payout.")]
AnchorOption = Annotated[Anchor | None, typer.Option(help="Where counting starts on a day off.")]
CycleOption = Annotated[Cycle | None, typer.Option(help="Sales bucket.")]
RoundingOption = Annotated[Rounding | None, typer.Option(help="How the fee is rounded.")]
SettleOption = Annotated[
    bool | None, typer.Option("--settle-test-payments/--no-settle-test-payments", help="Test keys settle.")
]

NameOption = Annotated[str, typer.Option(help="What the key is called, such as the program that uses it.")]


@app.command()
def create(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    rate: RateOption = None,
    business_days: DaysOption = None,
    anchor: AnchorOption = None,
    cycle: CycleOption = None,
    rounding: RoundingOption = None,
    settle_test_payments: SettleOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a test and a live shop under one MID and print their secret keys, once."""

    async def work() -> dict[str, Any]:
        settings = _settings(rate, business_days, anchor, cycle, rounding, settle_test_payments)
        keys = {mode: new_secret_key(mode) for mode in Mode}
        async with gateway_for_command(database) as gateway:
            await create_shops(gateway.loop, {mid: keys}, settings)
            shown = await _shown(gateway, mid)
        return {**shown, "secretKeys": {mode.value: key for mode, key in keys.items()}}

    show(run(work(), as_json=as_json), as_json=as_json)


@app.command("show")
def show_shop(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """A shop's terms and the names of its keys in both modes."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database) as gateway:
            return await _shown(gateway, mid)

    show(run(work(), as_json=as_json), as_json=as_json)


@app.command("set")
def change(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    rate: RateOption = None,
    business_days: DaysOption = None,
    anchor: AnchorOption = None,
    cycle: CycleOption = None,
    rounding: RoundingOption = None,
    settle_test_payments: SettleOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a shop; new terms are for the next approvals, settled ones keep theirs."""

    async def work() -> dict[str, Any]:
        settings = _settings(rate, business_days, anchor, cycle, rounding, settle_test_payments)
        async with gateway_for_command(database) as gateway:
            await set_shop(gateway.loop, mid, settings)
            return await _shown(gateway, mid)

    show(run(work(), as_json=as_json), as_json=as_json)


@app.command("add-key")
def add_named_key(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    name: NameOption,
    mode: ModeOption,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a named secret key and print it, once; the audit trail tells who cancelled by its name."""

    async def work() -> dict[str, Any]:
        secret_key = new_secret_key(mode)
        async with gateway_for_command(database) as gateway:
            key = await add_key(gateway.loop, mid, mode, name=name, secret_key=secret_key)
        return {"mId": mid, "mode": mode.value, **key_view(key), "secretKey": secret_key}

    show(run(work(), as_json=as_json), as_json=as_json)


@app.command("revoke-key")
def revoke_named_key(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    name: NameOption,
    mode: ModeOption,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke a key by its name; a shop keeps at least one."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database) as gateway:
            key = await revoke_key(gateway.loop, mid, mode, name=name)
        return {"mId": mid, "mode": mode.value, **key_view(key), "revoked": True}

    show(run(work(), as_json=as_json), as_json=as_json)


def _settings(
    rate: str | None,
    business_days: int | None,
    anchor: Anchor | None,
    cycle: Cycle | None,
    rounding: Rounding | None,
    settle_test_payments: bool | None,
) -> ShopSettings:
    return ShopSettings(
        rate_ppm=None if rate is None else rate_from_percent(rate),
        rounding=rounding,
        cycle=cycle,
        business_days=business_days,
        anchor=anchor,
        settle_test_payments=settle_test_payments,
    )


async def _shown(gateway: Gateway, mid: str) -> dict[str, Any]:
    shops = [shop for shop in gateway.loop.config.shops.values() if shop.mid == mid]
    if not shops:
        raise Refusal(Code.NOT_FOUND_MERCHANT)
    today = kst_day(await gateway.now())
    keys = {shop.shop_id: gateway.loop.config.keys_of(shop.shop_id) for shop in shops}
    return {"mId": mid} | {
        shop.mode.value: {**shop_view(shop, today), "keys": [key_view(key) for key in keys[shop.shop_id]]}
        for shop in shops
    }
