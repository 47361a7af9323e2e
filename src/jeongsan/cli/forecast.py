"""`jeongsan settle forecast`: what a shop will be paid, and when."""

from typing import Annotated, Any

import typer

from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, run, show
from jeongsan.cli.session import records_for_command
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.forecast import DAYS_DEFAULT
from jeongsan.inquiry.forecast import forecast as forecast_of
from jeongsan.inquiry.forecast_view import forecast_lines, forecast_view


def forecast(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    mode: Annotated[Mode, typer.Option(help="Which of the shop's two worlds.")] = Mode.LIVE,
    days: Annotated[int, typer.Option(help="How many days ahead.")] = DAYS_DEFAULT,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """The payouts to come: closed rows, rows to be made, holds, debts brought in, the transfer."""

    async def work() -> dict[str, Any]:
        async with records_for_command(database, mids=[mid], mode=mode, language=lang) as records:
            if not records.shops:
                raise Refusal(Code.NOT_FOUND_MERCHANT, field="mId", detail=f"no {mode} shop {mid}")
            return forecast_view(await forecast_of(records, records.shops[0], days), lang)

    found = run(work(), as_json=as_json)
    if as_json:
        show(found, as_json=True)
        return
    for line in forecast_lines(found, lang):
        typer.echo(line)
