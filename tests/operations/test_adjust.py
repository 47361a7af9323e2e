"""Adjustments in the books: a grade refunded to the won and once, refund fees beside the rows, corrections;
all paid with the payout of their day, and none of them in the settlement list."""

import asyncio
from datetime import date

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.adjustments import Adjustment, InvalidAdjustment, Period
from jeongsan.domain.contract import Contract
from jeongsan.domain.terms import Grade, RefundFeeOn
from jeongsan.operations.adjust import Computed, compute, refund_grade
from jeongsan.store.bulk import adjustments as statements
from support.agreed import agree, card_contract, graded_contract
from support.books import balance
from support.corrections import asked, correction
from support.invariants import check_invariants
from support.sandbox import Sandbox, open_sandbox

pytestmark = pytest.mark.anyio

SPRING = Period(date(2025, 3, 1), date(2025, 3, 31), Grade.SMALL)
PAYOUT = (
    "SELECT paid_out_date, acquired, due, adjusted, carried_in, transferred, carried_out FROM payout "
    "ORDER BY payout_id"
)


async def refund(sandbox: Sandbox, period: Period = SPRING) -> tuple[Computed, list[Adjustment]]:
    gateway = sandbox.gateway
    return await refund_grade(
        gateway.loop, gateway.store, asked(sandbox), period, korean_calendar, lambda rows: None
    )


async def graded(sandbox: Sandbox, contract: Contract | None = None) -> None:
    await agree(sandbox, contract or graded_contract())


async def test_a_grade_found_late_is_refunded_to_the_won_with_its_vat(sandbox: Sandbox) -> None:
    """100,000 at 3.2 % cost 3,520; at 1.65 % it is 1,815."""
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    before = {account: await balance(sandbox, account) for account in ("2200", "2400", "4100")}
    computed, (made,) = await refund(sandbox)
    assert (computed.rows, computed.ungraded) == (1, 0)
    assert (made.amount, made.fee_amount, made.supply_amount, made.vat) == (1_705, -1_705, -1_550, -155)
    after = {account: await balance(sandbox, account) for account in before}
    moved = {account: after[account] - before[account] for account in before}
    assert moved == {"2200": 1_705, "2400": -155, "4100": -1_550}
    # D+4 from Friday, 14 March
    assert made.due_date == date(2025, 3, 20)
    await sandbox.move_to("2025-03-21T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [
        ("2025-03-19", 100_000, 96_480, 0, 0, 96_480, 0),
        ("2025-03-20", 0, 1_705, 1_705, 0, 1_705, 0),
    ]
    assert await balance(sandbox, "2200") == 0
    await check_invariants(sandbox.sql)


async def test_an_adjustment_is_in_no_settlement_list(sandbox: Sandbox) -> None:
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    seen = await sandbox.settlements("2025-03-01", "2025-04-30")
    await refund(sandbox)
    await correction(sandbox, 500)
    await sandbox.move_to("2025-03-31T00:00:00+09:00")
    assert await sandbox.settlements("2025-03-01", "2025-04-30") == seen
    assert await sandbox.settlements("2025-03-20", dateType="paidOutDate") == []


async def test_again_books_nothing_and_a_cancel_since_then_takes_its_part_back(sandbox: Sandbox) -> None:
    await graded(sandbox)
    payment = await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    (first,) = (await refund(sandbox))[1]
    computed, booked = await refund(sandbox)
    assert (booked, computed.missing) == ([], ())
    assert computed.owed[0].fee_amount == -1_705
    await sandbox.cancel(payment["paymentKey"], cancelAmount=40_000)
    assert (await refund(sandbox))[1] == []  # not settled yet
    await sandbox.move_to("2025-03-15T13:00:00+09:00")
    (second,) = (await refund(sandbox))[1]
    # 40,000 gave 1,408 back and would have given 726.
    assert (first.amount, second.amount) == (1_705, -682)
    await sandbox.cancel(payment["paymentKey"])
    await sandbox.move_to("2025-03-17T13:00:00+09:00")
    (third,) = (await refund(sandbox))[1]
    assert first.amount + second.amount + third.amount == 0
    assert (await refund(sandbox))[1] == []
    assert len({one.cause for one in (first, second, third)}) == 3
    await sandbox.move_to("2025-04-10T00:00:00+09:00")
    await check_invariants(sandbox.sql)


async def test_another_grade_for_the_same_days_books_only_the_rest(sandbox: Sandbox) -> None:
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await refund(sandbox, Period(SPRING.start, SPRING.end, Grade.MEDIUM3))
    (rest,) = (await refund(sandbox))[1]
    sums = await sandbox.sql("SELECT CAST(sum(amount) AS bigint) FROM adjustment")
    # 2.65 % is 2,915: first 605, then 1,100 more.
    assert (sums, rest.amount) == ([(1_705,)], 1_100)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-03-01", "2025-03-30"), ("2025-03-31", "2025-04-30"), ("2025-01-01", "2025-12-31")],
)
async def test_days_that_were_adjusted_in_part_are_refused(sandbox: Sandbox, start: str, end: str) -> None:
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await refund(sandbox)
    with pytest.raises(InvalidAdjustment) as refused:
        await refund(sandbox, Period(date.fromisoformat(start), date.fromisoformat(end), Grade.SMALL))
    assert refused.value.field == "from"
    assert "2025-03-01 to 2025-03-31" in refused.value.detail
    assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(1,)]


async def test_only_approvals_of_the_period_count_whenever_they_were_cancelled(sandbox: Sandbox) -> None:
    await graded(sandbox)
    first = await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await sandbox.done(70_000)
    await sandbox.cancel(first["paymentKey"])
    await sandbox.move_to("2025-03-15T13:00:00+09:00")
    thirteenth = Period(date(2025, 3, 13), date(2025, 3, 13), Grade.SMALL)
    computed, booked = await refund(sandbox, thirteenth)
    assert (computed.rows, booked) == (2, [])
    fourteenth = Period(date(2025, 3, 14), date(2025, 3, 14), Grade.SMALL)
    (made,) = (await refund(sandbox, fourteenth))[1]
    # 70,000 at 1.65 % is 1,155 and its VAT 115.5, half up.
    assert made.amount == 2_464 - 1_271


async def test_currencies_are_refunded_apart_and_a_contract_without_grades_not_at_all(
    sandbox: Sandbox,
) -> None:
    await sandbox.done(50_000)  # agreed at one rate for every grade
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.done(100, currency="USD")
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    computed, booked = await refund(sandbox)
    assert (computed.rows, computed.ungraded) == (3, 1)
    assert [(one.currency, one.amount) for one in booked] == [("KRW", 1_705), ("USD", 170)]
    await sandbox.move_to("2025-03-25T00:00:00+09:00")
    await check_invariants(sandbox.sql)


async def test_a_preview_books_nothing_and_says_what_would_be(sandbox: Sandbox) -> None:
    await graded(sandbox)
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    gateway = sandbox.gateway
    computed = await compute(gateway.store, asked(sandbox).shop, SPRING, lambda rows: None)
    assert [one.fee_amount for one in computed.missing] == [-1_705]
    assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(0,)]
    assert [one.amount for one in (await refund(sandbox))[1]] == [1_705]


@pytest.mark.parametrize("rows", [1, 2])
async def test_however_few_rows_are_read_at_a_time_the_refund_is_the_same(
    sandbox: Sandbox, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await graded(sandbox)
    for number in range(4):
        await sandbox.done(100_000 + number)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    gateway = sandbox.gateway
    at_once = await compute(gateway.store, asked(sandbox).shop, SPRING, lambda rows: None)
    monkeypatch.setattr(statements, "ROWS_PER_READ", rows)
    assert await compute(gateway.store, asked(sandbox).shop, SPRING, lambda rows: None) == at_once
    assert at_once.rows == 4


async def test_two_who_refund_at_the_same_time_book_it_once(database_url: str) -> None:
    """Two processes' loops on one database."""
    async with open_sandbox(database_url) as one, open_sandbox(database_url) as other:
        await graded(one)
        await one.done(100_000)
        await one.move_to("2025-03-14T13:00:00+09:00")
        found = await asyncio.gather(*(refund(one if number % 2 else other) for number in range(6)))
        assert sorted(len(booked) for _, booked in found) == [0, 0, 0, 0, 0, 1]
        assert await one.sql("SELECT amount FROM adjustment") == [(1_705,)]
        await check_invariants(one.sql)


async def test_the_fee_of_a_refund_beside_the_rows_is_paid_with_its_cancel(sandbox: Sandbox) -> None:
    await graded(sandbox, card_contract(refund_fee=300, refund_fee_on=RefundFeeOn.ADJUSTMENT))
    payment = await sandbox.done(100_000)
    for part in (10_000, 20_000):
        await sandbox.cancel(payment["paymentKey"], cancelAmount=part)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    made = await sandbox.sql(
        "SELECT a.kind, a.amount, a.vat, a.due_date, a.actor_name, t.amount FROM adjustment a "
        "JOIN payment_transaction t ON t.transaction_id = a.transaction_id ORDER BY t.amount"
    )
    assert made == [
        ("refund-fee", -330, 30, "2025-03-21", "day close", 10_000),
        ("refund-fee", -330, 30, "2025-03-21", "day close", 20_000),
    ]
    rows = await sandbox.settlements("2025-03-13")
    assert all([line["type"] for line in row["fees"]] == ["BASE"] for row in rows)
    due = sum(row["payOutAmount"] for row in rows)
    await sandbox.move_to("2025-03-25T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 70_000, due - 660, -660, 0, due - 660, 0)]
    await check_invariants(sandbox.sql)


async def test_corrections_go_both_ways_and_a_debt_is_carried_over(sandbox: Sandbox) -> None:
    (made,) = [await correction(sandbox, -3_000)]
    assert made is not None
    assert (made.amount, made.reason, made.actor_name) == (-3_000, "손으로", "kim")
    assert (await balance(sandbox, "2200"), await balance(sandbox, "4100")) == (-3_000, 3_000)
    await sandbox.move_to("2025-03-22T13:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 0, -3_000, -3_000, 0, 0, -3_000)]
    await correction(sandbox, 5_000)
    await sandbox.move_to("2025-04-10T00:00:00+09:00")
    assert (await sandbox.sql(PAYOUT))[1:] == [("2025-03-31", 0, 5_000, 5_000, -3_000, 2_000, 0)]
    assert await balance(sandbox, "1300") == 0
    await check_invariants(sandbox.sql)


async def test_rows_and_adjustments_of_one_day_are_one_payout(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await correction(sandbox, -72)
    await correction(sandbox, 600)
    await sandbox.move_to("2025-03-21T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 15_000, 15_000, 528, 0, 15_000, 0)]
    await check_invariants(sandbox.sql)


async def test_a_reference_is_booked_once(sandbox: Sandbox) -> None:
    assert await correction(sandbox, 100, reference="RT-1") is not None
    assert await correction(sandbox, 100, reference="RT-1") is None
    assert await correction(sandbox, 100, reference="RT-2") is not None
    with pytest.raises(InvalidAdjustment, match="was used for 100 KRW") as refused:
        await correction(sandbox, 999, reference="RT-1")
    assert refused.value.field == "reference"
    assert await correction(sandbox, 100) is not None
    assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(3,)]


async def test_a_reset_forgets_adjustments_too(sandbox: Sandbox) -> None:
    await correction(sandbox, 100)
    assert (await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={})).status_code == 200
    assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(0,)]
    await sandbox.advance("P20D")
    assert await sandbox.sql(PAYOUT) == []
