"""What the sandbox's buyer can choose shows where Toss shows it, falls under its terms, and settles with
the lines and sums of its fee."""

from typing import Any

import pytest

from jeongsan.domain.methods import CardKind, Situation
from jeongsan.domain.terms import LineType, Price, Surcharge
from support.agreements import agree, card_agreement, card_conditions
from support.invariants import check_invariants
from support.sandbox import Sandbox
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

# Every trait that a fee can have, with a price of its own. Plain credit cards pay 3.2 % and D+6.
OWN_PRICE = card_conditions(
    surcharges=(
        Surcharge(Situation.ESCROW, Price(2_000)),
        Surcharge(Situation.KEY_IN, Price(300)),
    ),
    installment=((2, 20_000), (3, 30_000)),
    installment_discount=((3, 10_000),),
    point_saving=Price(5_000),
)
IN_INSTALMENTS = {"cardInstallmentPlan": 3}


async def with_a_price_for_everything(sandbox: Sandbox) -> None:
    await agree(
        sandbox,
        card_agreement(OWN_PRICE),
        card_agreement(card_conditions(20_000), CardKind.CHECK),
        card_agreement(card_conditions(25_000), CardKind.GIFT),
        card_agreement(card_conditions(45_000, other=Price(0, 100)), CardKind.OVERSEAS),
    )


async def settled(sandbox: Sandbox, amount: int, **options: Any) -> dict[str, Any]:
    """The row of an approval, whose money waits for nobody any more."""
    payment = await sandbox.done(amount, **options)
    if payment["useEscrow"]:
        released = await sandbox.release(payment["paymentKey"], "confirmation")
        assert released.status_code == 200, released.text
    await sandbox.advance("P1D")
    found = await sandbox.settlements("2025-03-01", "2025-03-31")
    (row,) = [one for one in found if one["paymentKey"] == payment["paymentKey"]]
    return row


# 100,000 won: a rate of 1 % is a supply of 1,000 and a VAT of 100.
@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ({}, {"BASE": 3_520}),
        ({"cardType": "신용"}, {"BASE": 3_520}),
        ({"cardType": "CREDIT"}, {"BASE": 3_520}),
        ({"cardType": "체크"}, {"BASE": 2_200}),
        ({"cardType": "CHECK", "keyIn": True}, {"BASE": 2_200}),
        ({"cardType": "기프트"}, {"BASE": 2_750}),
        ({"useEscrow": True}, {"BASE": 3_740}),
        ({"keyIn": True}, {"BASE": 3_553}),
        ({"keyIn": True, "useEscrow": True}, {"BASE": 3_773}),
        ({"overseas": True}, {"BASE": 4_950, "ETC": 110}),
        ({"overseas": True, "cardType": "체크"}, {"BASE": 4_950, "ETC": 110}),
        ({"useCardPoint": True}, {"BASE": 3_520, "POINT_SAVING": 550}),
        (IN_INSTALMENTS, {"BASE": 3_520}),
        (IN_INSTALMENTS | {"interestPayer": "BUYER"}, {"BASE": 3_520}),
        (IN_INSTALMENTS | {"interestPayer": "MERCHANT"}, {"BASE": 3_520, "INSTALLMENT": 3_300}),
        (
            {"cardInstallmentPlan": 2, "interestPayer": "MERCHANT"},
            {"BASE": 3_520, "INSTALLMENT": 2_200},
        ),
        ({"cardInstallmentPlan": 5, "interestPayer": "MERCHANT"}, {"BASE": 3_520}),
        (
            IN_INSTALMENTS | {"interestPayer": "CARD_COMPANY"},
            {"BASE": 3_520, "INSTALLMENT_DISCOUNT": 1_100},
        ),
        (
            IN_INSTALMENTS | {"interestPayer": "MERCHANT", "useCardPoint": True, "keyIn": True},
            {"BASE": 3_553, "INSTALLMENT": 3_300, "POINT_SAVING": 550},
        ),
    ],
    ids=str,
)
async def test_each_trait_settles_under_its_terms_with_its_lines(
    sandbox: Sandbox, options: dict[str, Any], lines: dict[str, int]
) -> None:
    await with_a_price_for_everything(sandbox)
    row = await settled(sandbox, 100_000, **options)
    assert row["fees"] == [{"type": line, "fee": fee} for line, fee in lines.items()]
    fee = sum(lines.values())
    assert (row["amount"], row["interestFee"], row["fee"]) == (100_000, 0, fee)
    assert row["vat"] == (fee * 2 + 11) // 22
    assert row["supplyAmount"] + row["vat"] == fee
    assert row["payOutAmount"] == 100_000 - fee
    await check_invariants(sandbox.sql)


async def test_a_cancel_gives_every_line_back(sandbox: Sandbox) -> None:
    await with_a_price_for_everything(sandbox)
    options = IN_INSTALMENTS | {"interestPayer": "MERCHANT", "useCardPoint": True}
    payment = await sandbox.done(100_000, **options)
    for body in ({"cancelAmount": 33_333}, {}):
        assert (await sandbox.cancel(payment["paymentKey"], **body)).status_code == 200
    await sandbox.advance("P1D")
    rows = await sandbox.settlements("2025-03-13")
    assert [[line["type"] for line in row["fees"]] for row in rows] == [
        ["BASE", "INSTALLMENT", "POINT_SAVING"]
    ] * 3
    for line in range(3):
        assert sum(row["fees"][line]["fee"] for row in rows) == 0
    assert {row["interestFee"] for row in rows} == {0}
    await check_invariants(sandbox.sql)


async def test_a_surcharge_may_stand_in_a_line_of_its_own(sandbox: Sandbox) -> None:
    surcharges = (Surcharge(Situation.KEY_IN, Price(300), LineType.ETC),)
    await agree(sandbox, card_agreement(card_conditions(surcharges=surcharges, other=Price(0, 10))))
    row = await settled(sandbox, 100_000, keyIn=True)
    assert row["fees"] == [{"type": "BASE", "fee": 3_520}, {"type": "ETC", "fee": 44}]


@pytest.mark.parametrize(
    ("options", "shown", "english"),
    [
        ({"cardType": "체크"}, {"cardType": "체크"}, {"cardType": "CHECK"}),
        ({"cardType": "GIFT"}, {"cardType": "기프트"}, {"cardType": "GIFT"}),
        ({"ownerType": "법인"}, {"ownerType": "법인"}, {"ownerType": "CORPORATE"}),
        ({"ownerType": "PERSONAL"}, {"ownerType": "개인"}, {"ownerType": "PERSONAL"}),
        ({"useCardPoint": True}, {"useCardPoint": True}, {}),
        (
            IN_INSTALMENTS | {"interestPayer": "MERCHANT"},
            {"installmentPlanMonths": 3, "isInterestFree": True, "interestPayer": "MERCHANT"},
            {},
        ),
        (
            IN_INSTALMENTS | {"interestPayer": "CARD_COMPANY"},
            {"isInterestFree": True, "interestPayer": "CARD_COMPANY"},
            {},
        ),
        (
            IN_INSTALMENTS | {"interestPayer": "BUYER"},
            {"isInterestFree": False, "interestPayer": "BUYER"},
            {},
        ),
        (IN_INSTALMENTS, {"isInterestFree": False, "interestPayer": None}, {}),
    ],
    ids=str,
)
async def test_the_card_is_shown_as_the_buyer_chose_it(
    sandbox: Sandbox, options: dict[str, Any], shown: dict[str, Any], english: dict[str, Any]
) -> None:
    plain = (await sandbox.done())["card"]
    payment = await sandbox.done(**options)
    fixed = {"approveNo": payment["card"]["approveNo"]}
    assert payment["card"] == plain | fixed | shown | {
        "installmentPlanMonths": options.get("cardInstallmentPlan", 0)
    }
    answer = await sandbox.live.get(
        f"/v1/payments/{payment['paymentKey']}", headers={"Accept-Language": "en-US"}
    )
    assert english.items() <= answer.json()["card"].items()
    await sandbox.advance("P1D")
    row = (await sandbox.settlements("2025-03-13"))[-1]
    assert row["card"] == payment["card"]


async def test_escrow_shows_on_the_payment_and_in_the_list_of_transactions(sandbox: Sandbox) -> None:
    plain, escrow = await sandbox.done(), await sandbox.done(useEscrow=True)
    assert [one["useEscrow"] for one in (plain, escrow)] == [False, True]
    assert [one["isPartialCancelable"] for one in (plain, escrow)] == [True, False]
    days = {"startDate": "2025-03-13T00:00:00", "endDate": "2025-03-14T00:00:00"}
    listed = await sandbox.get("/v1/transactions", **days)
    assert [(one["paymentKey"], one["useEscrow"]) for one in listed] == [
        (plain["paymentKey"], False),
        (escrow["paymentKey"], True),
    ]
    unfinished = await sandbox.pay(useEscrow=True, authenticated=False)
    found = await sandbox.get(f"/v1/payments/{unfinished['paymentKey']}")
    assert (found["status"], found["useEscrow"]) == ("READY", True)


async def test_an_escrow_order_is_cancelled_whole_or_not_at_all(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000, useEscrow=True))["paymentKey"]
    for amount in (1, 14_999):
        async with nothing_changes(sandbox, key):
            refused = await sandbox.cancel(key, cancelAmount=amount)
            assert_refused(refused, 403, "NOT_ALLOWED_PARTIAL_REFUND")
    assert (await sandbox.cancel(key, cancelAmount=15_000)).json()["status"] == "CANCELED"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"cardType": "DEBIT"}, "cardType"),
        ({"cardType": ""}, "cardType"),
        ({"ownerType": "COMPANY"}, "ownerType"),
        ({"useEscrow": "yes"}, "useEscrow"),
        ({"keyIn": 1}, "keyIn"),
        ({"overseas": "true"}, "overseas"),
        ({"useCardPoint": 0}, "useCardPoint"),
        ({"interestPayer": "MERCHANT"}, "interestPayer"),
        ({"interestPayer": "MERCHANT", "cardInstallmentPlan": 1}, "interestPayer"),
        ({"interestPayer": "BANK", "cardInstallmentPlan": 3}, "interestPayer"),
        ({"interestPayer": "merchant", "cardInstallmentPlan": 3}, "interestPayer"),
        ({"cardInstallmentPlan": 37}, "cardInstallmentPlan"),
        ({"cardType": "DEBIT", "authenticated": False}, "cardType"),
    ],
    ids=str,
)
async def test_an_option_that_cannot_be_names_its_field(
    sandbox: Sandbox, options: dict[str, Any], field: str
) -> None:
    body = {"orderId": "order-000001", "orderName": "티셔츠", "amount": 15_000} | options
    answer = await sandbox.live.post("/jeongsan/v1/sandbox/payments", json=body)
    assert_refused(answer, 400, "INVALID_REQUEST")
    assert f"({field}: " in answer.json()["message"]
    assert await sandbox.sql("SELECT count(*) FROM payment") == [(0,)]
