"""One payment priced under a contract: the published figures, and what a gateway settles under it."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.contract import Contract
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.methods import CardKind, InterestPayer, Method, Situation, Traits
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.domain.terms import Grade
from jeongsan.inquiry.priced import Priced, Sale, price
from jeongsan.inquiry.priced_view import priced_lines, priced_view
from jeongsan.wire.contract_document import contract_from
from support.agreed import agree
from support.contracts import a_document
from support.sandbox import Sandbox

DAY = date(2025, 3, 13)
CARD, EASY_PAY, TRANSFER, ACCOUNT, PHONE, GIFT, ABROAD = Method


def priced(contract: Contract, *situations: Situation, **sale: Any) -> Priced:
    """100,000 won by card on the day the sandbox begins, unless told otherwise."""
    asked = {"amount": 100_000, "day": DAY, "traits": Traits(situations)} | sale
    return price(contract, Sale(**asked), korean_calendar({}))


def fee_of(contract: Contract, *situations: Situation, **sale: Any) -> int:
    return priced(contract, *situations, **sale).approval.fee


def with_vat(rate_ppm: int) -> int:
    """The fee of 100,000 at a published rate; no such rate leaves a fraction."""
    return rate_ppm // 10 * 11 // 10


@pytest.mark.parametrize("name", PRICE_LISTS)
def test_a_published_list_prices_its_published_figures(name: str) -> None:
    contract, figures = published_contract(name), PRICE_LISTS[name]
    for grade, rate in zip(Grade, figures.card, strict=True):
        assert fee_of(contract.with_grade(date(2025, 2, 14), grade)) == with_vat(rate)
    for situation in (Situation.KEY_IN, Situation.BILLING):
        assert fee_of(contract, situation) == with_vat(figures.billing)
    assert fee_of(contract, Situation.OVERSEAS) == with_vat(figures.overseas)
    assert fee_of(contract, method=TRANSFER) == with_vat(figures.transfer)
    assert fee_of(contract, method=ACCOUNT) == figures.virtual_account * 11 // 10
    for method, rate in ((PHONE, figures.mobile_phone), (GIFT, figures.gift_certificate)):
        if rate is not None:
            assert fee_of(contract, method=method) == with_vat(rate)
            continue
        with pytest.raises(InvalidTerms) as caught:
            fee_of(contract, method=method)
        assert str(caught.value) == f"method: {method} has no entry that is in force on 2025-03-13"
    if figures.escrow is not None:
        escrow = figures.card[0] + figures.escrow[0]
        assert fee_of(contract, Situation.ESCROW) == with_vat(escrow)
        account = figures.virtual_account + figures.escrow[1]
        assert fee_of(contract, Situation.ESCROW, method=ACCOUNT) == account * 11 // 10


def test_a_cancel_gives_back_what_the_terms_say() -> None:
    contract = published_contract("tosspayments")

    def cancelled(**sale: Any) -> tuple[int, int]:
        found = priced(contract, **({"cancel": 100_000} | sale)).cancel
        assert found is not None
        return found.amount, found.fee

    assert cancelled() == (-100_000, -3_520)
    assert cancelled(amount=10_030, cancel=3_000) == (-3_000, 246 - 352)
    assert cancelled(method=TRANSFER) == (-100_000, 0)
    assert cancelled(method=ACCOUNT) == (-100_000, 330)
    assert priced(contract).cancel is None


def test_a_refund_fee_beside_the_rows_is_told_and_is_no_line() -> None:
    contract = contract_from(a_document())
    found = priced_view(priced(contract, method=ACCOUNT, cancel=100_000), "", "ko")["cancel"]
    assert (found["fee"], found["refundFeeApart"]["fee"]) == (0, 300)


@pytest.mark.parametrize(
    ("field", "situations", "sale"),
    [
        ("key-in", (Situation.KEY_IN,), {"method": TRANSFER}),
        ("escrow", (Situation.ESCROW,), {"method": PHONE}),
        ("overseas", (Situation.OVERSEAS,), {"method": EASY_PAY}),
        ("billing", (Situation.BILLING,), {"method": ACCOUNT}),
        ("card-point", (Situation.CARD_POINT,), {"method": TRANSFER}),
        ("card-kind", (), {"method": TRANSFER, "card_kind": CardKind.CREDIT}),
        ("installment-months", (), {"method": TRANSFER, "traits": Traits((), 3)}),
        ("interest-payer", (), {"traits": Traits((), 0, InterestPayer.MERCHANT)}),
        ("tax-free", (), {"tax_free": 100_001}),
        ("at", (), {"day": date(9999, 12, 31)}),
        ("method", (), {"method": ABROAD}),
        ("method", (), {"day": date(2024, 12, 31)}),
    ],
)
def test_a_payment_that_cannot_be_or_that_no_entry_covers_is_refused_by_its_field(
    field: str, situations: tuple[Situation, ...], sale: dict[str, Any]
) -> None:
    contract = published_contract("tosspayments")
    if sale.get("day") == date(2024, 12, 31):
        contract = contract_from(a_document())
    with pytest.raises(InvalidTerms) as caught:
        priced(contract, *situations, **sale)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("code", "situations", "sale"),
    [
        (Code.NOT_CANCELABLE_AMOUNT, (), {"cancel": 100_001}),
        (Code.NOT_ALLOWED_PARTIAL_REFUND, (Situation.ESCROW,), {"cancel": 1_000}),
        (Code.INVALID_REQUEST, (), {"cancel": 60_000, "tax_free": 50_000}),
    ],
)
def test_a_cancel_that_the_gateway_refuses_has_no_price(
    code: Code, situations: tuple[Situation, ...], sale: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        priced(published_contract("tosspayments"), *situations, **sale)
    assert caught.value.code is code


def test_the_payments_own_vat_leaves_out_what_is_tax_free() -> None:
    view = priced_view(priced(published_contract("kcp"), tax_free=34_000), "", "ko")
    assert view["payment"] == {
        "currency": "KRW",
        "amount": 100_000,
        "suppliedAmount": 60_000,
        "vat": 6_000,
        "taxFreeAmount": 34_000,
    }
    assert view["approval"]["fee"] == 3_520, "the fee is on the whole amount"


def test_what_waits_says_for_what_and_from_which_day_its_days_are() -> None:
    view = priced_view(priced(published_contract("kcp"), Situation.ESCROW), "출처", "ko")
    assert view["awaits"] == "on-confirmation"
    lines = list(priced_lines(view, "ko"))
    assert lines[0] == "2025-03-13 승인 · 출처"
    assert any("구매확정; 날짜는 승인 당일에 해제될 때입니다" in line for line in lines)
    english = priced_view(priced(published_contract("kcp"), Situation.ESCROW), "", "en")
    assert not any(re.search("[가-힣]", line) for line in priced_lines(english, "en"))


# What the sandbox's buyer is asked for → the same payment as it is priced.
BUYERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"keyIn": True}, {"traits": Traits((Situation.KEY_IN,))}),
    ({"overseas": True}, {"traits": Traits((Situation.OVERSEAS,))}),
    ({"useCardPoint": True}, {"traits": Traits((Situation.CARD_POINT,))}),
    ({"cardType": "기프트"}, {"card_kind": CardKind.GIFT}),
    (
        {"cardInstallmentPlan": 3, "interestPayer": "MERCHANT"},
        {"traits": Traits((), 3, InterestPayer.MERCHANT)},
    ),
    (
        {"cardInstallmentPlan": 6, "interestPayer": "CARD_COMPANY"},
        {"traits": Traits((), 6, InterestPayer.CARD_COMPANY)},
    ),
]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["a document", *PRICE_LISTS])
async def test_a_price_is_what_a_gateway_settles_under_the_same_contract(sandbox: Sandbox, name: str) -> None:
    contract = contract_from(a_document()) if name == "a document" else published_contract(name)
    await agree(sandbox, replace(contract))
    wanted = {}
    for number, (options, sale) in enumerate(BUYERS):
        amount, cancel = 10_030 + 977 * number, 3_000 + 131 * number
        payment = await sandbox.done(amount, **options)
        await sandbox.cancel(payment["paymentKey"], cancelAmount=cancel)
        found = priced(contract, amount=amount, cancel=cancel, **sale)
        assert found.cancel is not None
        for figures in (found.approval, found.cancel):
            wanted[payment["orderId"], figures.amount] = figures.expected
    await sandbox.advance("P1D")
    answers = await sandbox.sql(
        "SELECT p.order_id, s.amount, s.fee, s.supply_amount, s.vat, s.pay_out_amount, s.sold_date, "
        "s.paid_out_date FROM settlement s JOIN payment_transaction t ON t.transaction_id = s.transaction_id "
        "JOIN payment p ON p.payment_id = t.payment_id"
    )
    assert len(answers) == len(wanted) == 2 * len(BUYERS)
    for order_id, amount, *settled in answers:
        one = wanted[order_id, amount]
        assert one is not None
        assert [str(value) for value in settled] == [
            str(value)
            for value in (
                one.fee,
                one.supply_amount,
                one.vat,
                one.pay_out_amount,
                one.sold_date,
                one.paid_out_date,
            )
        ]
