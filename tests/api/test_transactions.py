"""GET /v1/transactions: one row per approval and cancel, positive amounts, paged by the last key."""

from typing import Any

import pytest

from support.sandbox import Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

DAY = {"startDate": "2025-03-13T00:00:00", "endDate": "2025-03-13T23:59:59"}


async def rows(sandbox: Sandbox, **query: Any) -> list[dict[str, Any]]:
    answer = await sandbox.live.get("/v1/transactions", params=DAY | query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def all_pages(sandbox: Sandbox, limit: int, **query: Any) -> list[list[dict[str, Any]]]:
    pages = [await rows(sandbox, limit=limit, **query)]
    while pages[-1]:
        pages.append(await rows(sandbox, limit=limit, startingAfter=pages[-1][-1]["transactionKey"], **query))
    return pages


async def test_an_approval_and_its_cancels_are_rows_with_positive_amounts(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000, order_id="order-A")
    partial = (await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)).json()
    rest = (await sandbox.cancel(payment["paymentKey"])).json()
    assert await rows(sandbox) == [
        {
            "mId": "tjeongsan",
            "transactionKey": after["lastTransactionKey"],
            "paymentKey": payment["paymentKey"],
            "orderId": "order-A",
            "method": "카드",
            "customerKey": None,
            "useEscrow": False,
            "receiptUrl": payment["receipt"]["url"],
            "status": status,
            "transactionAt": "2025-03-13T13:00:00+09:00",
            "currency": "KRW",
            "amount": amount,
        }
        for after, status, amount in (
            (payment, "DONE", 15_000),
            (partial, "PARTIAL_CANCELED", 5_000),
            (rest, "PARTIAL_CANCELED", 10_000),
        )
    ]


async def test_the_keys_of_a_row_come_in_the_recorded_order(sandbox: Sandbox) -> None:
    await sandbox.done()
    assert " ".join((await rows(sandbox))[0]) == (
        "mId transactionKey paymentKey orderId method customerKey useEscrow receiptUrl status "
        "transactionAt currency amount"
    )


async def test_a_full_cancel_is_a_canceled_row(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.cancel(payment["paymentKey"])
    assert [(row["status"], row["amount"]) for row in await rows(sandbox)] == [
        ("DONE", 15_000),
        ("CANCELED", 15_000),
    ]


async def test_what_was_not_approved_is_no_transaction(sandbox: Sandbox) -> None:
    await sandbox.pay()
    await sandbox.pay(authenticated=False)
    await sandbox.confirm(await sandbox.pay(cardNumber="99990001****123*"))
    assert await rows(sandbox) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 24, 25, 26, 5_000])
async def test_every_page_size_gives_each_row_once_in_order(sandbox: Sandbox, limit: int) -> None:
    """25 rows, many of one instant: pages continue after a key, not after a time."""
    made = []
    for number in range(20):
        made.append((await sandbox.done(1_000 + number))["lastTransactionKey"])
        if number % 4 == 3:
            await sandbox.advance("PT1S")
    last = (await rows(sandbox))[-1]["paymentKey"]
    for _ in range(5):
        made.append((await sandbox.cancel(last, cancelAmount=100)).json()["lastTransactionKey"])
    pages = await all_pages(sandbox, limit)
    assert [row["transactionKey"] for page in pages for row in page] == made
    assert all(len(page) == limit for page in pages[:-2])
    assert 0 < len(pages[-2]) <= limit


async def test_a_row_that_comes_while_somebody_pages_is_on_a_later_page(sandbox: Sandbox) -> None:
    for _ in range(3):
        await sandbox.done()
    first = await rows(sandbox, limit=2)
    newest = await sandbox.done()
    rest = await rows(sandbox, limit=10, startingAfter=first[-1]["transactionKey"])
    assert [row["transactionKey"] for row in rest][-1] == newest["lastTransactionKey"]
    assert len(rest) == 2


async def test_without_a_limit_a_page_has_100_rows(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    for _ in range(100):
        await sandbox.cancel(key, cancelAmount=1)
    assert [len(page) for page in await all_pages(sandbox, 100)] == [100, 1, 0]
    assert len(await rows(sandbox)) == 100


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2025-03-13T23:59:59", "2025-03-13T23:59:59", [1, 2]),
        ("2025-03-13T00:00:00", "2025-03-13T23:59:58", []),
        ("2025-03-13T00:00:00", "2025-03-13T23:59:59", [1, 2]),
        ("2025-03-13T23:59:59", "2025-03-14T00:00:00", [1, 2, 3]),
        ("2025-03-14T00:00:00", "2025-03-14T00:00:00", [3]),
        ("2025-03-14", "2025-03-14", [3]),
        ("2025-03-13", "2025-03-14", [1, 2, 3]),
        ("2025-03-14T00:00:01", "2025-03-14T23:59:59", []),
        ("2025-03-13T23:59:59.500", "2025-03-14T00:00:00", [3]),
        ("2025-03-13T14:59:59Z", "2025-03-13T14:59:59Z", [1, 2]),
        ("2025-03-13T23:59:59+09:00", "2025-03-14T00:00:00+09:00", [1, 2, 3]),
    ],
)
async def test_both_ends_of_a_range_are_included_to_the_second_shown(
    sandbox: Sandbox, start: str, end: str, found: list[int]
) -> None:
    """Payments at 23:59:59.000 (1), 23:59:59.999 (2) and midnight (3); rows show whole seconds."""
    numbers = {}
    moments = ("2025-03-13T23:59:59", "2025-03-13T23:59:59.999", "2025-03-14T00:00:00")
    for number, moment in enumerate(moments, start=1):
        await sandbox.move_to(f"{moment}+09:00")
        numbers[(await sandbox.done())["lastTransactionKey"]] = number
    seen = await rows(sandbox, startDate=start, endDate=end)
    assert [numbers[row["transactionKey"]] for row in seen] == found


async def test_a_key_before_the_range_starts_at_the_range(sandbox: Sandbox) -> None:
    early = await sandbox.done()
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    late = await sandbox.done()
    seen = await rows(
        sandbox,
        startDate="2025-03-14",
        endDate="2025-03-15",
        startingAfter=early["lastTransactionKey"],
    )
    assert [row["transactionKey"] for row in seen] == [late["lastTransactionKey"]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"startDate": None}, "INVALID_REQUEST"),
        ({"endDate": None}, "INVALID_REQUEST"),
        ({"startDate": ""}, "INVALID_REQUEST"),
        ({"startDate": "yesterday"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2025-02-30"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2025-03-13 25:00:00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "\x00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"endDate": "2025-03-13T23:59:59+99:00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"endDate": "x" * 5_000}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2025-03-14T00:00:00"}, "INVALID_DATE"),
        ({"limit": "0"}, "INVALID_REQUEST"),
        ({"limit": "-1"}, "INVALID_REQUEST"),
        ({"limit": "1.5"}, "INVALID_REQUEST"),
        ({"limit": "many"}, "INVALID_REQUEST"),
        ({"limit": ""}, "INVALID_REQUEST"),
        ({"limit": "9" * 40}, "INVALID_REQUEST"),
        ({"limit": "5001"}, "EXCEED_MAX_QUERY_LIMIT"),
        ({"startingAfter": "no-such-key"}, "INVALID_TRANSACTION_KEY"),
        ({"startingAfter": ""}, "INVALID_TRANSACTION_KEY"),
        ({"startingAfter": "a\x00b"}, "INVALID_TRANSACTION_KEY"),
        ({"startingAfter": "x" * 5_000}, "INVALID_TRANSACTION_KEY"),
    ],
    ids=str,
)
async def test_a_query_that_cannot_be_meant_is_refused(
    sandbox: Sandbox, query: dict[str, str | None], code: str
) -> None:
    wanted = {name: value for name, value in (DAY | query).items() if value is not None}
    answer = await sandbox.live.get("/v1/transactions", params=wanted)
    assert_refused(answer, 400, code)


async def test_another_keys_transactions_are_neither_seen_nor_paged_from(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    theirs = await sandbox.done(client=other)
    in_test = await sandbox.done(client=sandbox.test)
    ours = await sandbox.done()
    assert [row["transactionKey"] for row in await rows(sandbox)] == [ours["lastTransactionKey"]]
    for key in (theirs["lastTransactionKey"], in_test["lastTransactionKey"]):
        answer = await sandbox.live.get("/v1/transactions", params=DAY | {"startingAfter": key})
        assert_refused(answer, 400, "INVALID_TRANSACTION_KEY")


async def test_a_test_keys_transactions_are_listed_like_any(sandbox: Sandbox) -> None:
    payment = await sandbox.done(client=sandbox.test)
    seen = (await sandbox.test.get("/v1/transactions", params=DAY)).json()
    assert [row["paymentKey"] for row in seen] == [payment["paymentKey"]]


async def test_words_are_english_when_the_caller_asks(sandbox: Sandbox) -> None:
    await sandbox.done()
    answer = await sandbox.live.get("/v1/transactions", params=DAY, headers={"accept-language": "en-US"})
    assert answer.json()[0]["method"] == "CARD"
