"""Payouts: one per shop and day, debts carried over, and clearing back at zero."""

import pytest

from support.books import balance
from support.sandbox import Sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio

PAYOUT = (
    "SELECT paid_out_date, acquired, due, carried_in, transferred, carried_out FROM payout ORDER BY payout_id"
)


async def test_what_is_due_is_transferred_on_its_day_and_not_before(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await sandbox.move_to("2025-03-20T23:59:59.999+09:00")
    assert await sandbox.sql(PAYOUT) == []
    assert await balance(sandbox, "2200") == 14_472
    moved = await sandbox.move_to("2025-03-21T00:00:00+09:00")
    assert moved["ran"]["payout"] == 1
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 15_000, 14_472, 0, 14_472, 0)]
    balances = {account: await balance(sandbox, account) for account in ("1100", "2100", "2200", "2300")}
    assert balances == dict.fromkeys(balances, 0)
    assert await balance(sandbox, "1200") == -528  # what stays in the bank: the fee and its VAT
    assert (await balance(sandbox, "4100"), await balance(sandbox, "2400")) == (480, 48)


async def test_days_that_are_paid_together_are_one_payout(sandbox: Sandbox) -> None:
    """Friday, Saturday and Sunday end on the same sixth business day."""
    for day in (14, 15, 16):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        await sandbox.done(15_000)
    await sandbox.move_to("2025-03-31T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-24", 45_000, 43_416, 0, 43_416, 0)]
    assert len(await sandbox.settlements("2025-03-24", dateType="paidOutDate")) == 3


async def test_each_shop_has_its_own_payout(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    await other.put("/jeongsan/v1/shops/tother0001", json={"businessDays": 6, "rate": 0})
    await sandbox.done(15_000)
    await sandbox.done(20_000, client=other)
    await sandbox.advance("P20D")
    paid = await sandbox.sql(
        "SELECT s.mid, p.transferred FROM payout p JOIN shop s ON s.shop_id = p.shop_id ORDER BY s.mid"
    )
    assert paid == [("tjeongsan", 14_472), ("tother0001", 20_000)]


async def test_currencies_are_paid_out_apart(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await sandbox.done(100, currency="USD")
    await sandbox.advance("P20D")
    paid = await sandbox.sql("SELECT currency, transferred FROM payout ORDER BY currency")
    assert paid == [("KRW", 14_472), ("USD", 9_648)]


async def test_a_debt_is_carried_over_until_sales_cover_it(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.move_to("2025-03-24T13:00:00+09:00")
    await sandbox.cancel(payment["paymentKey"])
    for day, amount in ((25, 10_000), (26, 10_000)):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        await sandbox.done(amount)
    await sandbox.move_to("2025-04-01T12:00:00+09:00")
    assert await balance(sandbox, "1300") == -14_472  # the shop owes us
    await sandbox.move_to("2025-04-02T12:00:00+09:00")
    assert await balance(sandbox, "1300") == -4_824
    await sandbox.move_to("2025-04-03T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [
        ("2025-03-21", 15_000, 14_472, 0, 14_472, 0),
        ("2025-04-01", -15_000, -14_472, 0, 0, -14_472),
        ("2025-04-02", 10_000, 9_648, -14_472, 0, -4_824),
        ("2025-04-03", 10_000, 9_648, -4_824, 4_824, 0),
    ]
    for account in ("1100", "1300", "2100", "2200", "2300"):
        assert await balance(sandbox, account) == 0
    transferred = 14_472 + 4_824
    assert await balance(sandbox, "1200") == -(20_000 - transferred)


async def test_a_sale_and_its_cancel_of_one_day_are_paid_as_nothing(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.cancel(payment["paymentKey"])
    await sandbox.advance("P20D")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 0, 0, 0, 0, 0)]
    assert await sandbox.sql("SELECT count(*) FROM posting WHERE cause = 'payout'") == [(0,)]


async def test_a_day_is_paid_once_however_often_the_clock_passes_it(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    for _ in range(3):
        await sandbox.advance("P10D")
    assert len(await sandbox.sql(PAYOUT)) == 1
    assert await balance(sandbox, "1200") == -528


async def test_every_posting_moves_something_between_two_accounts(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.cancel(payment["paymentKey"], cancelAmount=4_321)
    await sandbox.advance("P40D")
    wrong = await sandbox.sql("SELECT * FROM posting WHERE amount <= 0 OR debit = credit")
    assert wrong == []
    assert await sandbox.sql("SELECT cause, count(*) FROM posting GROUP BY cause ORDER BY cause") == [
        ("approval", 1),
        ("cancel", 1),
        ("day-close", 3),
        ("payout", 3),
    ]
