"""`jeongsan settle`: fees and their reasons, payouts to come, adjustments, and contracts behind rows."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from jeongsan.cli import forecast, release, settle_adjust, settle_explain
from jeongsan.cli.learn import learn
from jeongsan.cli.output import JsonOption, run, show
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.fees import charge, split_fee
from jeongsan.domain.money import InvalidAmount, Money, from_number
from jeongsan.domain.terms import Price, Rounding, Vat, rate_from_percent

app = typer.Typer(help="Fees and settlement.", no_args_is_help=True)
app.command()(forecast.forecast)
app.command()(release.release)
app.command()(settle_explain.explain)
app.command()(settle_explain.check)
app.command()(settle_adjust.adjust)
app.command()(settle_adjust.adjustments)


@app.callback()
def settle() -> None:
    """Fees and settlement."""


app.command()(learn)


@app.command()
def fee(
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    rate: Annotated[str, typer.Option(help="Percent, VAT excluded.")],
    rounding: Annotated[Rounding, typer.Option(help="A or B.")] = Rounding.B,
    currency: Annotated[str, typer.Option(help="KRW, USD, …")] = "KRW",
    as_json: JsonOption = False,
) -> None:
    """The fee of an amount, its VAT, and what is paid out."""

    async def work() -> dict[str, Any]:
        money = _amount(amount, currency)
        charged = charge(money.minor, Price(rate_from_percent(rate)), Vat.EXCLUDED, rounding).fee
        parts = split_fee(charged)

        def number(minor: int) -> int | Decimal:
            return Money(minor, currency).number()

        return {
            "fee": number(charged),
            "supplyAmount": number(parts.supply_amount),
            "vat": number(parts.vat),
            "payOutAmount": number(money.minor - charged),
        }

    show(run(work(), as_json=as_json), as_json=as_json)


def _amount(text: str, currency: str) -> Money:
    try:
        money = from_number(Decimal(text), currency)
    except (InvalidOperation, InvalidAmount) as error:
        raise Refusal(Code.INVALID_REQUEST, field="amount", detail="is no amount of this currency") from error
    if money.minor < 0:
        raise Refusal(Code.INVALID_REQUEST, field="amount", detail="must not be negative")
    return money
