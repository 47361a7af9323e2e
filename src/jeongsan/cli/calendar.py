"""`jeongsan calendar`: payout dates and the steps that lead to them; dated overrides."""

from datetime import date
from typing import Annotated, Any

import typer

from jeongsan.bank_calendar import korean_calendar
from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.business_days import Cycle, bucket
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payout_dates import COUNT_MAX, Anchor, PayoutRule, payout_date
from jeongsan.inquiry.words import in_language
from jeongsan.operations.calendar_overrides import add_override
from jeongsan.wire.errors import KO
from jeongsan.wire.views import step_view

app = typer.Typer(help="Business days.", no_args_is_help=True)


@app.command("payout-date")
def payout(
    day: Annotated[str, typer.Argument(metavar="DAY", help="Day of the sale or cancel, 2025-04-25.")],
    business_days: Annotated[int, typer.Option(help="N of D+N.")],
    anchor: Annotated[Anchor, typer.Option(help="Where counting starts on a day off.")] = Anchor.EXCLUSIVE,
    cycle: Annotated[Cycle, typer.Option(help="Sales bucket.")] = Cycle.DAILY,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """When the money of a day arrives, and why. With --database its overrides count too."""

    async def work() -> dict[str, Any]:
        if not 0 <= business_days <= COUNT_MAX:
            detail = f"must be between 0 and {COUNT_MAX}"
            raise Refusal(Code.INVALID_REQUEST, field="business-days", detail=detail)
        overrides: dict[date, str | None] = {}
        if database is not None:
            async with gateway_for_command(database) as gateway:
                overrides = dict(gateway.loop.config.overrides)
        calendar = korean_calendar(overrides, lang)
        try:
            sold = bucket(_day(day), cycle)
            paid, steps = payout_date(sold, PayoutRule(count=business_days, anchor=anchor), calendar)
        except OverflowError as error:
            detail = "leads beyond the last day of the calendar"
            raise Refusal(Code.INVALID_REQUEST, field="day", detail=detail) from error
        return {
            "soldDate": sold.isoformat(),
            "paidOutDate": paid.isoformat(),
            "steps": [step_view(in_language(step, lang)) for step in steps],
        }

    answer = run(work(), as_json=as_json)
    if as_json:
        show(answer, as_json=True)
        return
    for step in answer["steps"]:
        typer.echo(f"  {step['date']}  {step.get('closed') or 'D+' + str(step['businessDay'])}")
    typer.echo(f"sold {answer['soldDate']}, paid out {answer['paidOutDate']}")


@app.command()
def add(
    day: Annotated[str, typer.Argument(metavar="DAY")],
    name: Annotated[str | None, typer.Option(help="Name of the holiday.")] = None,
    business_day: Annotated[
        bool, typer.Option("--business-day", help="The day is worked after all.")
    ] = False,
    source: Annotated[str, typer.Option(help="Who announced it.")] = "operator",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Override one day of the calendar, for rows that are made from now on."""

    async def work() -> dict[str, Any]:
        if (name is None) != business_day:
            raise Refusal(Code.INVALID_REQUEST, field="name", detail="give --name or --business-day")
        async with gateway_for_command(database) as gateway:
            await add_override(gateway.loop, _day(day), name, source=source)
        return {"date": day, "holiday": name, "source": source}

    show(run(work(), as_json=as_json), as_json=as_json)


def _day(text: str) -> date:
    try:
        if len(text) != len("2025-04-25") or "W" in text:
            raise ValueError(text)  # fromisoformat reads 20250425 and 2025-W17-5 as well
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE, field="day", detail="is yyyy-MM-dd") from error
