"""`jeongsan calendar`: payout dates and the steps that lead to them; the calendar and its versions."""

from datetime import date
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.calendar_kr import SOURCE
from jeongsan.cli.calendar_change import add, plain, redate
from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, harmless, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.business_days import Counted, Cycle, bucket
from jeongsan.domain.calendar_changes import FIRST_YEAR, LAST_YEAR
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.payout_dates import COUNT_MAX, Anchor, HolidayPolicy, PayoutRule, payout_date
from jeongsan.inquiry import calendar_days as days
from jeongsan.inquiry.words import in_language
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.reads import calendar as reads
from jeongsan.wire.errors import KO
from jeongsan.wire.views import step_view

app = typer.Typer(help="Business days.", no_args_is_help=True)
app.command()(add)
app.command()(redate)

_BASE = "base"
_COUNTED = {
    Counted.BUSINESS_DAYS: "business-days",
    Counted.CALENDAR_DAYS: "calendar-days",
    Counted.MONTH_ENDS: "month-ends",
}


@app.command("payout-date")
def payout(
    day: Annotated[str, typer.Argument(metavar="DAY", help="Day of the sale or cancel, 2025-04-25.")],
    business_days: Annotated[int | None, typer.Option(help="N of D+N.")] = None,
    calendar_days: Annotated[int | None, typer.Option(help="N days, whatever they are.")] = None,
    month_ends: Annotated[int | None, typer.Option(help="The end of the N-th month after.")] = None,
    holiday: Annotated[
        HolidayPolicy | None, typer.Option(help="Where a counted date goes on a day off; by default after.")
    ] = None,
    anchor: Annotated[
        Anchor | None, typer.Option(help="Where counting business days starts on a day off.")
    ] = None,
    cycle: Annotated[Cycle, typer.Option(help="Sales bucket.")] = Cycle.DAILY,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """When the money of a day arrives, and why. With --database its versions of the calendar count too."""

    async def work() -> dict[str, Any]:
        counts = {
            Counted.BUSINESS_DAYS: business_days,
            Counted.CALENDAR_DAYS: calendar_days,
            Counted.MONTH_ENDS: month_ends,
        }
        rule = _rule(counts, anchor, holiday)
        overrides: dict[date, str | None] = {}
        if database is not None:
            async with gateway_for_command(database) as gateway:
                overrides = dict(gateway.loop.config.overrides)
        calendar = korean_calendar(overrides, lang)
        try:
            sold = bucket(plain(day), cycle)
            paid, steps = payout_date(sold, rule, calendar)
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
        typer.echo(f"  {step['date']}  {step.get('closed') or _number(step)}")
    typer.echo(f"sold {answer['soldDate']}, paid out {answer['paidOutDate']}")


def _rule(
    counts: dict[Counted, int | None], anchor: Anchor | None, holiday: HolidayPolicy | None
) -> PayoutRule:
    given = [(counted, count) for counted, count in counts.items() if count is not None]
    if len(given) != 1:
        names = ", ".join(f"--{name}" for name in _COUNTED.values())
        raise typer.BadParameter(f"give exactly one of {names}")
    counted, count = given[0]
    if not 0 <= count <= COUNT_MAX:
        detail = f"must be between 0 and {COUNT_MAX}"
        raise Refusal(Code.INVALID_REQUEST, field=_COUNTED[counted], detail=detail)
    if holiday is not None and counted is Counted.BUSINESS_DAYS:
        raise Refusal(Code.INVALID_REQUEST, field="holiday", detail="a business day is never a day off")
    if anchor is not None and counted is not Counted.BUSINESS_DAYS:
        raise Refusal(Code.INVALID_REQUEST, field="anchor", detail="is for --business-days")
    return PayoutRule(counted, count, anchor or Anchor.EXCLUSIVE, holiday or HolidayPolicy.AFTER)


def _number(step: dict[str, Any]) -> str:
    if "monthEnd" in step:
        return f"M+{step['monthEnd']}"
    return f"D+{step['businessDay'] if 'businessDay' in step else step['calendarDay']}"


@app.command("show")
def show_year(
    year: Annotated[
        int | None, typer.Argument(metavar="YEAR", help="By default the business clock's.")
    ] = None,
    version: Annotated[int | None, typer.Option(help="As of this version; 0 is the base alone.")] = None,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every weekday of a year on which the banks are closed, why, and by whose word."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database, existing=True) as gateway:
            shown = await _today(gateway) if year is None else year
            if not FIRST_YEAR <= shown <= LAST_YEAR:
                detail = f"must be between {FIRST_YEAR} and {LAST_YEAR}"
                raise Refusal(Code.INVALID_REQUEST, field="year", detail=detail)
            number = await _version(gateway, version)
            entries = await reads.entries(gateway.store, number)
            view = days.year_view(shown, korean_calendar({}, lang), entries, SOURCE, lang)
            return {"year": shown, "version": number, "base": SOURCE, "days": view}

    answer = run(work(), as_json=as_json)
    if as_json:
        show(answer, as_json=True)
        return
    worked = "business day" if lang != KO else "영업일"
    for one in answer["days"]:
        word = "" if one["version"] == 0 else f"  ({one['source']}, version {one['version']})"
        typer.echo(harmless(f"{one['date']} {one['weekday']}  {one['closed'] or worked}{word}"))
    typer.echo(f"version {answer['version']} on {answer['base']}")


async def _today(gateway: Gateway) -> int:
    clock = await read_clock(gateway.store)
    assert clock is not None
    return kst_day(clock.now(gateway.machine.now_ms())).year


async def _version(gateway: Gateway, version: int | None) -> int:
    """The version asked for, by default the one in force. Raises Refusal for one there is not."""
    known = await reads.versions(gateway.store)
    last = known[-1].version if known else 0
    if version is None:
        return last
    if not 0 <= version <= last:
        detail = f"there are versions 0 to {last}, 0 being the base"
        raise Refusal(Code.INVALID_REQUEST, field="version", detail=detail)
    return version


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A version, or base.")],
    second: Annotated[
        str | None, typer.Argument(metavar="B", help="By default the version in force.")
    ] = None,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """The days that two versions of the calendar do not say the same of."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database, existing=True) as gateway:
            numbers = [await _version(gateway, _named(text)) for text in (first, second)]
            before, after = [await reads.entries(gateway.store, number) for number in numbers]
            return {
                "before": numbers[0],
                "after": numbers[1],
                "base": SOURCE,
                "days": days.differences(korean_calendar({}, lang), before, after, lang),
            }

    answer = run(work(), as_json=as_json)
    if as_json:
        show(answer, as_json=True)
        return
    worked = "business day" if lang != KO else "영업일"
    for one in answer["days"]:
        reasons = f"{one['before'] or worked} → {one['after'] or worked}"
        typer.echo(harmless(f"{one['date']} {one['weekday']}  {reasons}"))
    typer.echo(f"version {answer['before']} → {answer['after']}, {len(answer['days'])} days differ")


def _named(text: str | None) -> int | None:
    if text is None or text == _BASE:
        return None if text is None else 0
    if not (text.isascii() and text.isdigit()):
        raise Refusal(Code.INVALID_REQUEST, field="version", detail=f"is a number or {_BASE}")
    return int(text)


@app.command()
def versions(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Every version of the calendar: when, who, on whose word, and how many rows it moved."""

    async def work() -> list[dict[str, Any]]:
        async with gateway_for_command(database, existing=True) as gateway:
            return [days.version_view(one) for one in await reads.versions(gateway.store)]

    answer = run(work(), as_json=as_json)
    if as_json:
        show({"base": SOURCE, "versions": answer}, as_json=True)
        return
    for one in answer:
        moved = "rows keep their dates"
        if one["redating"] is not None:
            moved = f"{one['redating']['movedRows']} rows moved" + (
                "" if one["redating"]["done"] else " so far"
            )
        parts = [f"{one['days']} days", one["source"], one["actor"], *filter(None, [one["note"]]), moved]
        typer.echo(harmless(f"{one['version']}  {one['createdAt'][:19]}  {' · '.join(parts)}"))
    typer.echo(f"base: {SOURCE}")
