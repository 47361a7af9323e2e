"""A contract learned back from rows that an independent reference made of it."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.fee_rates import Rounding, Tariff, plainest
from jeongsan.reconcile.learn import Learned, LearnedTerms, Rule, learn
from jeongsan.reconcile.learn_cancels import Returned
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.learned_entries import payout_view
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from support.histories import CONTRACTS, START, Contract, history, in_dollars

BANKS = OpenDays(korean_holidays())


def learned(*files: Sequence[dict[str, Any]]) -> Learned:
    read = [rows_of(str(number), json.dumps(rows).encode()) for number, rows in enumerate(files)]
    assert not any(one.problems for one in read)
    return learn(history_of(row for one in read for row in one.rows), BANKS)


def entries(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    document = as_contract(learned(rows)).document
    assert document is not None
    terms: list[dict[str, Any]] = document["terms"]
    return terms


def only(rows: Sequence[dict[str, Any]]) -> LearnedTerms:
    (terms,) = learned(rows).terms
    return terms


def tariff(contract: Contract) -> Tariff:
    rate = int(contract.rate.replace(".", "").ljust(len(contract.rate.split(".")[0]) + 4, "0"))
    return Tariff(rate, contract.fixed, Rounding(contract.rounding))


def has_fee(terms: LearnedTerms, contract: Contract) -> bool:
    """The contract's fees, in whatever words, are among the candidates of the only period."""
    (period,) = terms.fees
    wanted = tariff(contract)
    words = (
        {plainest(Tariff(rate, one.fixed, one.rounding)) for rate in range(one.low, one.high + 1)}
        for one in period.ranges
    )
    return any(one.has(wanted) for one in period.ranges) or any(plainest(wanted) in one for one in words)


def payouts(terms: LearnedTerms) -> list[dict[str, Any]]:
    (period,) = terms.payouts
    return [payout_view(one) for one in period.candidates]


def view_of(payout: tuple[str, int, str]) -> dict[str, Any]:
    kind, number, policy = payout
    return {
        "business": {"businessDays": number, "anchor": policy},
        "calendar": {"calendarDays": number, "holiday": policy},
        "monthEnd": {"monthEnds": number, "holiday": policy},
    }[kind]


@given(CONTRACTS, st.integers(1, 9_999))
# Approvals of round amounts do not tell how it is rounded; cancels of parts do.
@example(Contract(rate="10.00", rounding="B half-up", payout=("business", 1, "exclusive")), 1)
@example(Contract(rate="10.00", rounding="B half-up", payout=("business", 1, "exclusive")), 2)
def test_a_contract_is_learned_back_or_is_among_the_candidates_that_fit_all_rows(
    contract: Contract, seed: int
) -> None:
    terms = only(history(contract, seed=seed))
    assert has_fee(terms, contract)
    assert [(one.agree, one.rows) for one in terms.fees] == [(120, 120)]
    assert view_of(contract.payout) in payouts(terms)
    assert terms.payouts[0].agree == terms.payouts[0].rows == terms.rows
    assert contract.cycle in [one.value for one in terms.cycles[0].candidates]
    assert terms.cancels is not None
    returned = Returned.DIFFERENCE if contract.cancel == "returned" else Returned.KEPT
    assert returned in terms.cancels.candidates
    assert terms.cancels.refund_fee == contract.refund_fee
    assert not terms.deviations


@given(st.integers(1, 9_999), st.sampled_from(["A", "B"]), st.sampled_from(["1.65", "2.4", "3.2", "3.23"]))
def test_a_usual_contract_of_many_rows_leaves_nothing_open(seed: int, rounding: str, rate: str) -> None:
    terms = only(history(Contract(rate=rate, rounding=rounding), seed=seed, sales=300))
    (fees,) = terms.fees
    assert [one.tariff for one in fees.ranges] == [tariff(Contract(rate=rate, rounding=rounding))]
    assert payouts(terms) == [{"businessDays": 6, "anchor": "exclusive"}]


@given(CONTRACTS, st.integers(1, 9_999), st.integers(1, 6))
def test_a_few_rows_leave_the_contract_among_the_candidates(
    contract: Contract, seed: int, sales: int
) -> None:
    terms = only(history(contract, seed=seed, sales=sales, days=sales))
    assert has_fee(terms, contract)
    assert view_of(contract.payout) in payouts(terms)


@pytest.mark.slow
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_the_order_of_rows_nor_the_cut_into_files_changes_the_answer(
    chance: random.Random, files: int
) -> None:
    rows = history(Contract(), sales=60)
    rows[3]["fees"][0]["fee"] += 50
    whole = learned(rows)
    shuffled = chance.sample(rows, len(rows))
    parts = [shuffled[number::files] for number in range(files)]
    again = learned(*parts, parts[0])
    assert again.terms == whole.terms
    assert again.facts == whole.facts
    assert again.history.repeated == len(parts[0])


@pytest.mark.slow
@given(st.sets(st.integers(0, 119), min_size=1, max_size=6), st.sampled_from(["A", "B"]))
def test_noise_is_named_and_changes_nothing(noisy: set[int], rounding: str) -> None:
    contract = Contract(rounding=rounding)
    rows = [row for row in history(contract) if row["cancel"] is None]
    for number in noisy:
        rows[number]["fees"][0]["fee"] += 777
    terms = only(rows)
    assert has_fee(terms, contract)
    assert [one.name for one in terms.deviations] == sorted(rows[n]["transactionKey"] for n in noisy)
    assert {one.rule for one in terms.deviations} == {Rule.FEE}
    assert all(
        int(one.seen) - int(one.expected) == 777 for one in terms.deviations if isinstance(one.seen, int)
    )


def test_a_change_of_rate_is_found_on_its_day_and_cancels_keep_the_old_one() -> None:
    before, after = Contract(rate="3.2"), Contract(rate="2.4")
    changed = START + timedelta(days=50)
    rows = history(before, days=50, seed=1) + history(after, start=changed, days=50, seed=2)
    terms = only(rows)
    assert [one.ranges[0].tariff for one in terms.fees] == [tariff(before), tariff(after)]
    assert terms.fees[1].first == changed
    assert not terms.deviations
    assert [(one["from"], one.get("until"), one["rate"]) for one in entries(rows)] == [
        ("2025-01-02", "2025-02-20", "3.2"),
        ("2025-02-21", None, "2.4"),
    ]


def test_a_change_of_the_payout_rule_is_found_on_its_day() -> None:
    before, after = Contract(), Contract(payout=("business", 4, "exclusive"))
    changed = START + timedelta(days=60)
    rows = [one for one in history(before, days=60, seed=1) if one["cancel"] is None]
    rows += [one for one in history(after, start=changed, days=60, seed=2) if one["cancel"] is None]
    terms = only(rows)
    assert [payout_view(one.candidates[0])["businessDays"] for one in terms.payouts] == [6, 4]
    assert terms.payouts[1].first == changed


def test_kinds_of_card_with_their_own_rates_are_learned_apart() -> None:
    rows = history(Contract(card="신용"), seed=1)
    rows += history(Contract(card="체크", rate="1.5"), seed=2) + history(Contract(card="기프트"), seed=3)
    found = {terms.card_kinds: terms.fees[0].ranges[0].rate for terms in learned(rows).terms}
    assert found == {("CREDIT", "GIFT"): 32_000, ("CHECK",): 15_000}


def test_kinds_of_card_with_one_rate_are_one() -> None:
    rows = history(Contract(card="신용"), seed=1) + history(Contract(card="체크"), seed=2)
    assert only(rows).card_kinds == ()


def test_a_fixed_fee_is_learned_and_so_is_what_a_refund_costs() -> None:
    contract = Contract(
        rate="0.00", fixed=300, method="가상계좌", card=None, cancel="kept", refund_fee=330,
        payout=("business", 3, "exclusive"),
    )  # fmt: skip
    terms = only(history(contract))
    assert [one.tariff for one in terms.fees[0].ranges] == [Tariff(0, 300, Rounding.B)]
    entry = entries([*history(Contract(), seed=2), *history(contract)])[1]
    assert entry["method"] == "VIRTUAL_ACCOUNT"
    assert (entry["rate"], entry["fixed"]) == ("0", 300)
    assert entry["cancel"] == {"fee": "kept", "refundFee": 300}


def test_a_rate_with_a_fixed_fee_is_learned() -> None:
    contract = Contract(rate="2.90", fixed=300)
    assert only(history(contract, sales=200)).fees[0].ranges[0].tariff == tariff(contract)


def test_one_amount_alone_cannot_tell_a_rate_from_a_fixed_fee() -> None:
    rows = [Contract(rate="3.00").approval(str(number), START, 10_000) for number in range(9)]
    tariffs = {one.tariff for one in only(rows).fees[0].ranges}
    assert {Tariff(30_000, 0, Rounding.B), Tariff(0, 300, Rounding.B)} <= tariffs


def test_rows_of_an_old_version_are_learned_from_their_whole_fee() -> None:
    rows = [{name: value for name, value in row.items() if name != "fees"} for row in history(Contract())]
    terms = only(rows)
    assert (terms.itemised, terms.charges) == (0, 120)
    assert has_fee(terms, Contract())


def test_interest_free_instalments_have_a_rate_per_months() -> None:
    contract = Contract()
    rows = []
    for number in range(40):
        amount, months = 50_010 + 1_110 * number, (3, 6)[number % 2]
        extra = Contract(rate={3: "1.8", 6: "3.1"}[months]).fee(amount)
        fees = [("BASE", contract.fee(amount)), ("INSTALLMENT", extra)]
        card = {"cardType": "신용", "installmentPlanMonths": months, "acquireStatus": "READY"}
        rows.append(contract.row(str(number), START, amount, fees, card=card))
    terms = only(rows)
    assert {months: one[0].ranges[0].rate for months, one in terms.instalments.items()} == {
        3: 18_000,
        6: 31_000,
    }
    assert terms.fees[0].ranges[0].tariff == tariff(contract)


def test_rows_made_before_a_late_holiday_name_the_holiday() -> None:
    """27 January 2025 became a holiday two weeks before."""
    late = date(2025, 1, 27)
    contract = Contract()
    rows = history(contract, days=90)
    old = []
    for row in rows:
        sold = date.fromisoformat(row["soldDate"])
        if sold < date(2025, 1, 10):
            row["paidOutDate"] = str(_without(contract, sold, late))
            old.append((sold, row))
    affected = [row["transactionKey"] for sold, row in old if row["paidOutDate"] != str(contract.paid(sold))]
    assert not affected  # that early nothing is paid around the holiday
    for row in rows:
        sold = date.fromisoformat(row["soldDate"])
        if date(2025, 1, 20) <= sold <= date(2025, 1, 21):
            row["paidOutDate"] = str(_without(contract, sold, late))
            affected.append(row["transactionKey"])
    terms = only(rows)
    assert payouts(terms) == [{"businessDays": 6, "anchor": "exclusive"}]
    assert [(one.day, one.name, one.rows) for one in terms.redated] == [(late, "임시공휴일", len(affected))]
    assert sorted(affected) == [one.name for one in terms.deviations]
    assert {one.because for one in terms.deviations} == {"임시공휴일"}


def _without(contract: Contract, sold: date, holiday: date) -> date:
    """The sixth business day counted by hand, as if the banks were open on the holiday."""
    day, number = sold, 0
    while number < 6:
        day += timedelta(days=1)
        number += contract.is_open(day) or day == holiday
    return day


@pytest.mark.parametrize("sales", [12, 60])
def test_a_holiday_on_no_list_is_one_day_and_no_change_of_terms(sales: int) -> None:
    closed = date(2025, 3, 12)
    contract = replace(Contract(), closed=frozenset({closed}))
    rows = [row for row in history(contract, days=120, sales=10 * sales) if row["cancel"] is None]
    terms = only(rows)
    assert payouts(terms)[0] == {"businessDays": 6, "anchor": "exclusive"}
    assert [(one.day, one.name) for one in terms.redated] == [(closed, None)]
    assert {one.rule for one in terms.deviations} == {Rule.PAYOUT}


def test_rows_without_a_payment_are_no_sales_and_are_named() -> None:
    refund = Contract().approval("refund", START, 5_000, paymentKey=None, orderId=None, approvedAt=None)
    found = learned([*history(Contract()), refund])
    assert found.facts.without_payment == ("t-refund",)
    assert found.facts.empty_fields == ("approvedAt",)
    assert [terms.charges for terms in found.terms] == [120]


def test_two_shops_are_learned_apart() -> None:
    rows = history(Contract(), seed=1)
    rows += [row | {"mId": "other"} for row in history(Contract(rate="2.5"), seed=2)]
    found = {terms.mid: terms.fees[0].ranges[0].rate for terms in learned(rows).terms}
    assert found == {"other": 25_000, "tjeongsan": 32_000}


def test_amounts_of_another_currency_are_learned_in_its_cents() -> None:
    terms = only(in_dollars(history(Contract(rate="4.4", rounding="included"))))
    assert (terms.currency, terms.fees[0].ranges[0].tariff) == ("USD", Tariff(40_000, 0, Rounding.A))


def test_the_recorded_rows_of_the_help_thread_tell_six_business_days() -> None:
    """Amounts hidden by the staff, days there: nothing is made up of what is hidden."""
    rows = [
        {"transactionKey": "a", "paymentKey": "1", "method": "카드", "amount": None,
         "approvedAt": "2025-03-13T13:35:03+09:00", "soldDate": "2025-04-25", "paidOutDate": "2025-05-08",
         "cancel": {"canceledAt": "2025-04-25T11:08:10+09:00"}},
        {"transactionKey": "b", "paymentKey": "2", "method": "카드", "amount": None,
         "approvedAt": "2025-09-17T20:02:51+09:00", "soldDate": "2025-09-17", "paidOutDate": "2025-09-25"},
    ]  # fmt: skip
    terms = only(rows)
    assert payouts(terms)[0] == {"businessDays": 6, "anchor": "exclusive"}
    assert (terms.charges, terms.fees) == (0, ())
    assert terms.cancels is not None
    assert (terms.cancels.rows, terms.cancels.judged) == (1, 0)


def test_what_no_majority_of_rows_says_does_not_hold() -> None:
    chance = random.Random(1)
    rows = [row for row in history(Contract(), sales=60) if row["cancel"] is None]
    for row in rows:
        row["fees"][0]["fee"] = chance.randrange(1, 20_000)
    terms = only(rows)
    assert not any(one.holds for one in terms.fees)
    assert [one.holds for one in terms.payouts] == [True]


@pytest.mark.parametrize("rows", [[], [{}]])
def test_nothing_is_learned_of_nothing(rows: list[dict[str, Any]]) -> None:
    assert learned(rows).terms == ()
