"""GET /v1/settlements: what each approval and each cancel is worth to the merchant, and when it is paid."""

from typing import Any

import pytest

from support.sandbox import Sandbox
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

SHOP = "/jeongsan/v1/shops/tjeongsan"


async def test_an_approval_becomes_a_row_in_the_recorded_shape(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000, order_id="order-A")
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    (row,) = await sandbox.settlements("2025-03-13")
    assert row == {
        "mId": "tjeongsan",
        "paymentKey": payment["paymentKey"],
        "transactionKey": payment["lastTransactionKey"],
        "orderId": "order-A",
        "currency": "KRW",
        "method": "카드",
        "fees": [{"type": "BASE", "fee": 528}],
        "approvedAt": "2025-03-13T13:00:00+09:00",
        "soldDate": "2025-03-13",
        "paidOutDate": "2025-03-21",
        "card": payment["card"],
        "virtualAccount": None,
        "transfer": None,
        "mobilePhone": None,
        "giftCertificate": None,
        "easyPay": None,
        "cancel": None,
        "amount": 15_000,
        "interestFee": 0,
        "fee": 528,
        "supplyAmount": 480,
        "vat": 48,
        "payOutAmount": 14_472,
    }
    assert " ".join(row) == (
        "mId paymentKey transactionKey orderId currency method fees approvedAt soldDate paidOutDate card "
        "virtualAccount transfer mobilePhone giftCertificate easyPay cancel amount interestFee fee "
        "supplyAmount vat payOutAmount"
    )


async def test_a_cancel_is_a_negative_row_of_its_own_day_with_the_original_approval_time(
    sandbox: Sandbox,
) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.move_to("2025-03-17T10:00:00+09:00")
    cancelled = (await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)).json()
    await sandbox.move_to("2025-03-18T00:00:00+09:00")
    (row,) = await sandbox.settlements("2025-03-17")
    figures = ("amount", "fee", "supplyAmount", "vat", "payOutAmount")
    assert [row[name] for name in figures] == [-5_000, -176, -160, -16, -4_824]
    assert row["fees"] == [{"type": "BASE", "fee": -176}]
    assert (row["soldDate"], row["paidOutDate"]) == ("2025-03-17", "2025-03-25")
    assert row["approvedAt"] == payment["approvedAt"]
    assert row["transactionKey"] == cancelled["lastTransactionKey"] == row["cancel"]["transactionKey"]
    assert (row["card"]["amount"], row["card"]["acquireStatus"]) == (15_000, "READY")
    assert row["cancel"] == {
        name: value
        for name, value in cancelled["cancels"][0].items()
        if name not in ("cardDiscountAmount", "transferDiscountAmount")
    }
    assert len(row["cancel"]) == 11


async def test_a_sale_and_its_cancel_of_the_same_day_are_two_rows_that_sum_to_nothing(
    sandbox: Sandbox,
) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.cancel(payment["paymentKey"], cancelAmount=5_001)
    await sandbox.cancel(payment["paymentKey"])
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13")
    assert [row["amount"] for row in rows] == [15_000, -5_001, -9_999]
    assert {(row["soldDate"], row["paidOutDate"]) for row in rows} == {("2025-03-13", "2025-03-21")}
    for name in ("amount", "fee", "payOutAmount"):
        assert sum(row[name] for row in rows) == 0
    for row in rows:
        assert row["supplyAmount"] + row["vat"] == row["fee"] == row["amount"] - row["payOutAmount"]


@pytest.mark.parametrize(
    ("cycle", "sold", "paid"),
    [
        ("daily", "2025-03-13", "2025-03-21"),
        ("weekly", "2025-03-16", "2025-03-24"),
        ("monthly", "2025-03-31", "2025-04-08"),
    ],
)
async def test_a_row_is_readable_the_next_day_even_when_its_sold_date_lies_ahead(
    sandbox: Sandbox, cycle: str, sold: str, paid: str
) -> None:
    await sandbox.live.put(SHOP, json={"cycle": cycle})
    await sandbox.done()
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    (by_sold,) = await sandbox.settlements(sold)
    (by_paid,) = await sandbox.settlements(paid, dateType="paidOutDate")
    assert by_sold == by_paid
    assert (by_sold["soldDate"], by_sold["paidOutDate"]) == (sold, paid)


async def test_a_sold_date_gathers_the_days_of_its_week_and_stays_in_order(sandbox: Sandbox) -> None:
    await sandbox.live.put(SHOP, json={"cycle": "weekly"})
    made = []
    for day in (13, 14, 15, 16):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        made += [(await sandbox.done())["lastTransactionKey"] for _ in range(3)]
    await sandbox.move_to("2025-03-17T00:00:00+09:00")
    for size in (1, 2, 5, 12, 100):
        seen = await pages(sandbox, "2025-03-16", "2025-03-16", size)
        assert [row["transactionKey"] for page in seen for row in page] == made


async def test_new_terms_are_for_the_next_approvals_and_a_cancel_keeps_its_approvals(
    sandbox: Sandbox,
) -> None:
    old = await sandbox.done(15_000)
    await sandbox.live.put(SHOP, json={"rate": 1.6, "businessDays": 2})
    new = await sandbox.done(15_000)
    await sandbox.cancel(old["paymentKey"])
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13")
    assert [(row["fee"], row["paidOutDate"]) for row in rows] == [
        (528, "2025-03-21"),
        (264, "2025-03-17"),
        (-528, "2025-03-21"),
    ]
    assert [row["paymentKey"] for row in rows] == [one["paymentKey"] for one in (old, new, old)]


async def pages(
    sandbox: Sandbox, start: str, end: str, size: int, **query: Any
) -> list[list[dict[str, Any]]]:
    found = []
    while page := await sandbox.settlements(start, end, size=size, page=len(found) + 1, **query):
        found.append(page)
    return found


@pytest.mark.parametrize("size", [1, 3, 4, 7, 16, 17, 18, 5_000])
async def test_every_page_size_gives_each_row_once_in_order(sandbox: Sandbox, size: int) -> None:
    """17 rows over five days, one of them without any, under both kinds of date."""
    made = []
    for day, count in ((13, 4), (14, 1), (15, 7), (17, 5)):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        made += [(await sandbox.done())["lastTransactionKey"] for _ in range(count)]
    await sandbox.move_to("2025-03-18T00:00:00+09:00")
    by_sold = await pages(sandbox, "2025-03-13", "2025-03-17", size)
    by_paid = await pages(sandbox, "2025-03-01", "2025-04-30", size, dateType="paidOutDate")
    for seen in (by_sold, by_paid):
        assert [row["transactionKey"] for page in seen for row in page] == made
        assert all(len(page) == size for page in seen[:-1])
    inner = await pages(sandbox, "2025-03-14", "2025-03-15", size)
    assert [row["transactionKey"] for page in inner for row in page] == made[4:12]


async def test_without_a_size_a_page_has_100_rows(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    for _ in range(100):
        await sandbox.cancel(key, cancelAmount=1)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert [len(await sandbox.settlements("2025-03-13", page=n)) for n in (1, 2, 3)] == [100, 1, 0]


async def test_the_last_second_of_a_day_and_the_first_of_the_next_have_different_sold_dates(
    sandbox: Sandbox,
) -> None:
    for moment in ("2025-03-13T23:59:59.999+09:00", "2025-03-14T00:00:00+09:00"):
        await sandbox.move_to(moment)
        await sandbox.done()
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13", "2025-03-14")
    assert [(row["approvedAt"], row["soldDate"]) for row in rows] == [
        ("2025-03-13T23:59:59+09:00", "2025-03-13"),
        ("2025-03-14T00:00:00+09:00", "2025-03-14"),
    ]


async def test_test_payments_settle_only_when_the_shop_asks_for_it(sandbox: Sandbox) -> None:
    """Whether a payment settles is decided at its approval; a cancel follows its approval."""
    before = await sandbox.done(client=sandbox.test)
    await sandbox.test.put(SHOP, json={"settleTestPayments": True})
    with_it = await sandbox.done(client=sandbox.test)
    await sandbox.test.put(SHOP, json={"settleTestPayments": False})
    for payment in (before, with_it):
        await sandbox.cancel(payment["paymentKey"], client=sandbox.test)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13", client=sandbox.test)
    assert [(row["paymentKey"], row["amount"]) for row in rows] == [
        (with_it["paymentKey"], 15_000),
        (with_it["paymentKey"], -15_000),
    ]
    assert await sandbox.settlements("2025-03-13") == []


async def test_rows_of_another_currency_keep_their_cents(sandbox: Sandbox) -> None:
    await sandbox.done(544.68, currency="USD")
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    (row,) = await sandbox.settlements("2025-03-13")
    assert (row["currency"], row["amount"], row["fee"], row["payOutAmount"]) == ("USD", 544.68, 19.16, 525.52)


DAY = {"startDate": "2025-03-13", "endDate": "2025-03-13"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"startDate": None}, "INVALID_REQUEST"),
        ({"endDate": None}, "INVALID_REQUEST"),
        ({"endDate": ""}, "INVALID_REQUEST"),
        ({"startDate": "2025-03-14"}, "INVALID_DATE"),
        ({"startDate": "2025-02-30"}, "INVALID_DATE"),
        ({"startDate": "2025-3-1"}, "INVALID_DATE"),
        ({"startDate": "20250313"}, "INVALID_DATE"),
        ({"startDate": "2025-03-13T00:00:00"}, "INVALID_DATE"),
        ({"startDate": "0000-00-00"}, "INVALID_DATE"),
        ({"endDate": "２０２５-03-13"}, "INVALID_DATE"),
        ({"endDate": "2025-03-13\n"}, "INVALID_DATE"),
        ({"endDate": "2025-03-13\x00"}, "INVALID_DATE"),
        ({"dateType": "SOLD_DATE"}, "INVALID_REQUEST"),
        ({"dateType": "solddate"}, "INVALID_REQUEST"),
        ({"dateType": ""}, "INVALID_REQUEST"),
        ({"page": "0"}, "INVALID_REQUEST"),
        ({"page": "-1"}, "INVALID_REQUEST"),
        ({"page": "first"}, "INVALID_REQUEST"),
        ({"page": "1.0"}, "INVALID_REQUEST"),
        ({"page": "10000001"}, "INVALID_REQUEST"),
        ({"page": "9" * 30}, "INVALID_REQUEST"),
        ({"size": "0"}, "INVALID_REQUEST"),
        ({"size": "5001"}, "EXCEED_MAX_QUERY_LIMIT"),
        ({"size": "lots"}, "INVALID_REQUEST"),
    ],
    ids=str,
)
async def test_a_query_that_cannot_be_meant_is_refused(
    sandbox: Sandbox, query: dict[str, str | None], code: str
) -> None:
    wanted = {name: value for name, value in (DAY | query).items() if value is not None}
    assert_refused(await sandbox.live.get("/v1/settlements", params=wanted), 400, code)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "10000000", "size": "5000"},
        {"dateType": "soldDate"},
        {"dateType": "paidOutDate"},
        {"startDate": "0001-01-01", "endDate": "9999-12-31"},
        {"somethingNew": "x"},
    ],
    ids=str,
)
async def test_the_edges_of_what_can_be_asked_are_answered(sandbox: Sandbox, query: dict[str, str]) -> None:
    answer = await sandbox.live.get("/v1/settlements", params=DAY | query)
    assert (answer.status_code, answer.json()) == (200, [])
