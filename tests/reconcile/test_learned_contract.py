"""A learned contract as a document: it says what was learned, and the gateway takes it as it stands."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.contract import terms_of, terms_on
from jeongsan.domain.fees import charge
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.payout_dates import payout_date
from jeongsan.domain.terms import Terms
from jeongsan.reconcile.learned_contract import Unsaid, document_of
from jeongsan.wire.contract_document import contract_from
from support.histories import START, Contract, history
from support.learning import CONTRACTS, learned

KOREA = korean_calendar({})
LATER = START + timedelta(days=400)


def document(rows: list[dict[str, Any]]) -> dict[str, Any]:
    contract = document_of(learned(rows)).contract
    assert contract is not None
    return contract


def entries(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(rows)["terms"]
    return found


def left_out(rows: list[dict[str, Any]]) -> list[Unsaid]:
    return [one.reason for one in document_of(learned(rows)).left_out]


def agreed(rows: list[dict[str, Any]], method: Method = Method.CARD, kind: CardKind | None = None) -> Terms:
    """The terms that the gateway has of the document on a later day."""
    terms = terms_on(terms_of(contract_from(document(rows))), LATER, method, kind)
    assert terms is not None
    return terms


@given(CONTRACTS, st.integers(1, 9_999))
@settings(max_examples=40, phases=[Phase.explicit, Phase.generate])
def test_a_document_is_a_contract_that_charges_and_pays_the_rows_it_was_learned_of(
    contract: Contract, seed: int
) -> None:
    """Where it cannot be said, the reason is: a fraction rounded half up, or month ends of the same month."""
    rows = history(contract, seed=seed)
    found = document_of(learned(rows))
    if found.contract is None:
        assert "half-up" in contract.rounding or contract.payout[:2] == ("monthEnd", 0)
        assert {one.reason for one in found.left_out} <= {Unsaid.NO_CARDS, Unsaid.ROUNDING, Unsaid.PAYOUT}
        return
    conditions = agreed(rows).conditions
    for row in rows:
        if row["cancel"] is None:
            charged = charge(row["amount"], conditions.base, conditions.vat, conditions.rounding).fee
            assert charged == row["fee"]
        sold = date.fromisoformat(row["soldDate"])
        if row["paidOutDate"] <= row["soldDate"]:
            # Nobody pays what is not closed: there the gateway goes on to the next business day.
            continue
        assert str(payout_date(sold, conditions.payout, KOREA)[0]) == row["paidOutDate"]
    assert conditions.cycle.value == contract.cycle or len(learned(rows).terms[0].cycles[0].candidates) > 1


def test_the_kinds_of_card_with_the_most_rows_hold_for_all_others_too() -> None:
    rows = history(Contract(card="신용"), seed=1, sales=60) + history(
        Contract(card="체크", rate="1.5"), seed=2
    )
    assert [(one.get("card"), one["rate"]) for one in entries(rows)] == [(None, "1.5"), (["CREDIT"], "3.2")]
    assert agreed(rows, kind=CardKind.GIFT).conditions.base.rate_ppm == 15_000
    assert agreed(rows, kind=CardKind.CREDIT).conditions.base.rate_ppm == 32_000


def test_cards_of_unknown_kind_cannot_be_named() -> None:
    rows = history(Contract(card="신용"), seed=1) + history(
        Contract(card="미확인", rate="1"), seed=2, sales=60
    )
    assert [one.get("card") for one in entries(rows)] == [None]
    assert left_out(rows) == [Unsaid.KIND]


def test_a_change_of_rate_is_two_entries_without_a_gap() -> None:
    changed = START + timedelta(days=50)
    rows = history(Contract(rate="3.2"), days=50, seed=1)
    rows += history(Contract(rate="2.4"), start=changed, days=50, seed=2)
    assert [(one["from"], one.get("until"), one["rate"]) for one in entries(rows)] == [
        ("2025-01-02", "2025-02-20", "3.2"),
        ("2025-02-21", None, "2.4"),
    ]
    assert agreed(rows).conditions.base.rate_ppm == 24_000


def test_what_lies_before_days_that_cannot_be_said_is_left_out_with_them() -> None:
    changed = START + timedelta(days=50)
    at_once = history(Contract(payout=("monthEnd", 0, "after")), days=40, seed=1)
    rows = [row for row in at_once if row["cancel"] is None]
    rows += history(Contract(rate="2.4"), start=changed, days=50, seed=2)
    assert [one["from"] for one in entries(rows)] == ["2025-02-21"]
    (unsaid,) = document_of(learned(rows)).left_out
    assert (unsaid.reason, unsaid.until) == (Unsaid.PAYOUT, date(2025, 2, 20))


def test_a_fixed_fee_and_what_a_refund_costs_are_quoted_as_contracts_do() -> None:
    contract = Contract(
        rate="0.00", fixed=300, method="가상계좌", card=None, cancel="kept", refund_fee=330,
        payout=("business", 3, "exclusive"),
    )  # fmt: skip
    rows = history(Contract(), seed=1) + history(contract, seed=2)
    account = entries(rows)[1]
    assert (account["method"], account["rate"], account["fixed"]) == ("VIRTUAL_ACCOUNT", "0", 300)
    assert account["cancel"] == {"fee": "kept", "refundFee": 300}
    assert agreed(rows, Method.VIRTUAL_ACCOUNT).conditions.refund_fee == 300


def test_interest_free_instalments_are_rates_by_months() -> None:
    rows = history(Contract())
    for number in range(40):
        amount, months = 50_010 + 1_110 * number, (3, 6)[number % 2]
        fees = [
            ("BASE", Contract().fee(amount)),
            ("INSTALLMENT", Contract(rate={3: "1.8", 6: "3.1"}[months]).fee(amount)),
        ]
        card = {"cardType": "신용", "installmentPlanMonths": months, "acquireStatus": "READY"}
        rows.append(Contract().row(f"i{number}", START, amount, fees, card=card))
    assert entries(rows)[0]["installments"] == {"3": "1.8", "6": "3.1"}
    assert agreed(rows).conditions.installment == ((3, 18_000), (6, 31_000))


def test_gift_certificates_of_a_document_are_those_with_the_most_rows() -> None:
    rows = history(Contract(), seed=1)
    rows += history(Contract(method="문화상품권", card=None, rate="8"), seed=2)
    rows += history(Contract(method="도서문화상품권", card=None, rate="9"), seed=3, sales=60)
    assert [(one["method"], one["rate"]) for one in entries(rows)] == [
        ("CARD", "3.2"),
        ("GIFT_CERTIFICATE", "8"),
    ]
    assert left_out(rows) == [Unsaid.SAME_METHOD]


def test_without_cards_or_of_several_shops_there_is_no_document() -> None:
    alone = history(Contract(method="계좌이체", card=None))
    assert document_of(learned(alone)).contract is None
    assert left_out(alone) == [Unsaid.NO_CARDS]
    both = history(Contract(), seed=1)
    both += [row | {"mId": "other"} for row in history(Contract(rate="2.5"), seed=2)]
    assert document_of(learned(both)).contract is None
    assert left_out(both) == [Unsaid.SHOPS]


def test_another_currency_an_unknown_method_and_a_fee_of_chance_are_named() -> None:
    chance = random.Random(1)
    rows = history(Contract(), seed=1)
    rows += [row | {"currency": "USD"} for row in history(Contract(), seed=2) if row["cancel"] is None]
    rows += history(Contract(method="알수없음", card=None), seed=3)
    transfers = [
        row for row in history(Contract(method="계좌이체", card=None), seed=4) if row["cancel"] is None
    ]
    for row in transfers:
        row["fees"][0]["fee"] = chance.randrange(1, 20_000)
    assert [one["method"] for one in entries([*rows, *transfers])] == ["CARD"]
    assert sorted(left_out([*rows, *transfers])) == [Unsaid.CURRENCY, Unsaid.FEE, Unsaid.METHOD]
