"""`jeongsan settle adjust` and `settle adjustments`: money between gateway and shop without a transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.cli.asked import ModeOption, shop_asked
from jeongsan.cli.output import DatabaseOption, JsonOption, harmless, run, show, status_line
from jeongsan.cli.session import gateway_for_command
from jeongsan.cli.settle_explain import day_of
from jeongsan.domain.adjustments import InvalidAdjustment, Period
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.money import InvalidAmount, Money, from_number
from jeongsan.domain.shop import Mode
from jeongsan.domain.terms import Grade
from jeongsan.operations.adjust import Asked, Computed, Tell, compute, correct, refund_grade
from jeongsan.store.reads.adjustments import newest
from jeongsan.wire.adjustments import adjustment_view, owed_view

_REASON_DEFAULT = "영세·중소 우대수수료 소급"
_ACTOR_DEFAULT = "operator"


def adjust(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    grade: Annotated[
        Grade | None, typer.Option(help="Refund the difference to the card rates of this grade.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First approvals.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last ones, included.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Compute, and book nothing.")] = False,
    amount: Annotated[
        str | None, typer.Option(help="Correct by hand: to the merchant, or from it when negative.")
    ] = None,
    currency: Annotated[str, typer.Option(help="Of the amount: KRW, USD, …")] = "KRW",
    reason: Annotated[str | None, typer.Option(help="Why; a correction needs one.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Of a correction: the same again books nothing.")
    ] = None,
    actor: Annotated[str, typer.Option(help="Who adjusts.")] = _ACTOR_DEFAULT,
    mode: ModeOption = Mode.LIVE,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refund the fee difference of a grade for a period, or correct by hand; paid with a later payout."""

    async def work() -> dict[str, Any]:
        with_grade = {"from": first, "to": last, "preview": preview}
        _check_options(grade, amount, with_grade, {"reference": reference})
        period = None if grade is None else _period(first, last, grade)
        money = None if amount is None else _money(amount, currency)
        async with gateway_for_command(database, existing=True) as gateway:
            asked = Asked(shop_asked(gateway, mid, mode), reason or (_REASON_DEFAULT if grade else ""), actor)
            with _telling() as tell, _refusing():
                if period is not None:
                    return await _refund(gateway, asked, period, tell, preview=preview)
                assert money is not None
                return await _correct(gateway, asked, money, reference)

    answer = run(work(), as_json=as_json)
    if as_json:
        show(answer, as_json=True)
        return
    for line in _lines(answer):
        typer.echo(harmless(line))


def _check_options(
    grade: Grade | None,
    amount: str | None,
    with_grade: Mapping[str, object],
    with_amount: Mapping[str, object],
) -> None:
    """Either a grade, with its period, or an amount; and nothing that goes with the other one."""
    if (grade is None) == (amount is None):
        raise Refusal(Code.INVALID_REQUEST, field="grade", detail="either --grade or --amount is needed")
    alien, words = (with_grade, "--grade") if grade is None else (with_amount, "--amount")
    for name, value in alien.items():
        if value:
            raise Refusal(Code.INVALID_REQUEST, field=name, detail=f"goes with {words} only")
    for name in ("from", "to"):
        if grade is not None and with_grade[name] is None:
            raise Refusal(Code.INVALID_REQUEST, field=name, detail="is needed with --grade")


def _period(first: str | None, last: str | None, grade: Grade) -> Period:
    with _refusing():
        return Period(day_of(first, "from", date.min), day_of(last, "to", date.max), grade)


def _money(text: str, currency: str) -> Money:
    try:
        return from_number(Decimal(text), currency)
    except (InvalidOperation, InvalidAmount) as error:
        raise Refusal(Code.INVALID_REQUEST, field="amount", detail="is no amount of this currency") from error


@contextmanager
def _refusing() -> Iterator[None]:
    """What cannot be adjusted is refused by the name of its input."""
    try:
        yield
    except InvalidAdjustment as error:
        raise Refusal(Code.INVALID_REQUEST, field=error.field, detail=error.detail) from error


@contextmanager
def _telling() -> Iterator[Tell]:
    """How many rows were recomputed, on a terminal only."""
    with status_line() as tell:
        yield lambda rows: tell(f"{rows:,} rows")


async def _refund(
    gateway: Gateway, asked: Asked, period: Period, tell: Tell, *, preview: bool
) -> dict[str, Any]:
    if preview:
        return _computed_view(await compute(gateway.store, asked.shop, period, tell)) | {"booked": []}
    computed, booked = await refund_grade(gateway.loop, gateway.store, asked, period, korean_calendar, tell)
    return _computed_view(computed) | {"booked": [adjustment_view(one) for one in booked]}


def _computed_view(computed: Computed) -> dict[str, Any]:
    return {
        "rows": computed.rows,
        "withoutGrades": computed.ungraded,
        "owed": [owed_view(one) for one in computed.owed],
        "missing": [owed_view(one) for one in computed.missing],
    }


async def _correct(gateway: Gateway, asked: Asked, money: Money, reference: str | None) -> dict[str, Any]:
    made = await correct(gateway.loop, asked, money, korean_calendar, reference=reference)
    return {"booked": [] if made is None else [adjustment_view(made)]}


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    if "rows" in answer:
        yield f"카드 정산 {answer['rows']:,}건 다시 계산 ({answer['rows']:,} rows recomputed)"
        if answer["withoutGrades"]:
            count = f"{answer['withoutGrades']:,}"
            yield f"   등급별 요율이 없는 계약 {count}건은 그대로 (agreed without rates by grade: {count})"
        for title, name in (("전체 owed", "owed"), ("남은 missing", "missing")):
            for one in answer[name]:
                split = f"supplyAmount {one['supplyAmount']:,}, vat {one['vat']:,}"
                yield f"   {title}: {one['amount']:,} {one['currency']} ({split})"
    for one in answer["booked"]:
        yield _line(one)
    if not answer["booked"]:
        yield "조정 없음 (nothing booked)"


def _line(one: dict[str, Any]) -> str:
    paid = one["paidAt"]
    due = f"{one['dueDate']} {'지급 예정 due' if paid is None else '지급됨 paid'}"
    about = one["transactionKey"] or ""
    if one["period"] is not None:
        about = f"{one['period']['from']} ~ {one['period']['to']} {one['period']['grade']}"
    parts = [f"{one['amount']:,} {one['currency']}", due, about, one["reason"], one["actor"]]
    return f"{one['kind']:<12}  " + " · ".join(part for part in parts if part)


def adjustments(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    mode: ModeOption = Mode.LIVE,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 100,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """A shop's adjustments, newest first, with the day each is paid."""

    async def work() -> list[dict[str, Any]]:
        async with gateway_for_command(database, existing=True) as gateway:
            found = await newest(gateway.store, shop_asked(gateway, mid, mode).shop_id, limit)
        return [
            adjustment_view(one.adjustment, transaction_key=one.transaction_key, paid_at=one.paid_at)
            for one in found
        ]

    views = run(work(), as_json=as_json)
    if as_json:
        show({"adjustments": views}, as_json=True)
        return
    for view in views:
        typer.echo(harmless(_line(view)))
    if not views:
        typer.echo("조정 없음 (no adjustments)")
