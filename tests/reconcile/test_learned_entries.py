"""The entries of one method: what each part of what was learned becomes, and what cannot be said."""

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.learn import learn
from jeongsan.reconcile.learned_entries import Entry, entries_of
from jeongsan.reconcile.learned_notes import Notes, Said
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from support.histories import START, Contract, history

pytestmark = pytest.mark.slow

BANKS = OpenDays(korean_holidays())
Found = tuple[list[Entry], dict[Said, dict[str, Any]]]


def stated(rows: Sequence[dict[str, Any]]) -> Found:
    """The entries, and what was noted."""
    (terms,) = learn(history_of(rows_of("rows", json.dumps(rows).encode()).rows), BANKS).terms
    notes = Notes()
    return entries_of(terms, notes), {one.said: dict(one.values) for one in notes.found}


def approvals(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["cancel"] is None]


@pytest.mark.parametrize(
    ("payout", "words"),
    [
        (("business", 4, "roll"), {"businessDays": 4, "anchor": "roll"}),
        (("calendar", 11, "before"), {"calendarDays": 11, "holiday": "before"}),
        (("monthEnd", 2, "ignore"), {"monthEnds": 2, "holiday": "ignore"}),
    ],
)
def test_a_payout_rule_has_the_words_of_the_document(payout: tuple[str, int, str], words: Entry) -> None:
    ((entry,), notes) = stated(history(Contract(payout=payout), days=300, sales=300))
    assert entry["payout"] == words
    assert not notes


def test_a_rate_with_vat_inside_has_no_rounding_and_a_refund_fee_with_vat() -> None:
    made_by = Contract(rate="3.25", rounding="included", refund_fee=330)
    ((entry,), notes) = stated(history(made_by, sales=300))
    assert (entry["rate"], entry["vat"], "rounding" in entry) == ("3.25", "included", False)
    assert entry["cancel"] == {"fee": "returned", "refundFee": 330}
    assert not notes


@pytest.mark.parametrize(("rounding", "charged"), [("A", 335), ("B", 336)])
def test_a_refund_fee_is_quoted_without_vat_where_the_rate_is(rounding: str, charged: int) -> None:
    ((entry,), notes) = stated(history(Contract(rounding=rounding, refund_fee=charged), sales=300))
    assert entry["cancel"] == {"fee": "returned", "refundFee": 305}
    assert not notes


def test_a_refund_fee_that_no_figure_makes_is_left_out_and_said() -> None:
    """No supply value plus a tenth of it, half up, is 5."""
    ((entry,), notes) = stated(history(Contract(refund_fee=5), sales=300))
    assert entry["cancel"] == {"fee": "returned"}
    assert notes == {Said.REFUND_FEE: {"refundFee": 5}}


def test_half_up_is_written_as_what_fits_as_well_or_else_said_to_differ() -> None:
    ((entry,), notes) = stated(approvals(history(Contract(rounding="B half-up"), sales=300)))
    assert (entry["rate"], entry["rounding"]) == ("3.2", "B")
    about = {"from": "2025-01-02", "rounding": "B half-up", "rate": "3.2", "written": "B"}
    assert notes[Said.ROUNDING_NEAR] == about
    # 10,000 times 3.209 % is 320.9: half up it is 321, and so it is cut at 3.21 %.
    one = [Contract(rate="3.209", rounding="B half-up").approval("1", START, 10_000)]
    ((entry,), notes) = stated(one)
    assert entry["rate"] == "3.21"
    assert Said.ROUNDING_NEAR not in notes


def test_a_fee_of_the_cancelled_amount_is_written_as_before_less_after_and_said() -> None:
    made_by = Contract()
    rows = history(made_by)
    for row in rows:
        if row["cancel"] is not None:
            row["fees"] = [{"type": "BASE", "fee": -made_by.fee(row["cancel"]["cancelAmount"])}]
    ((entry,), notes) = stated(rows)
    assert entry["cancel"] == {"fee": "returned", "refundFee": 0}
    assert notes == {Said.PROPORTIONAL: {}}


def test_without_cancels_the_entry_says_nothing_of_them_and_the_note_says_what_that_means() -> None:
    ((entry,), notes) = stated(approvals(history(Contract())))
    assert "cancel" not in entry
    assert notes == {Said.NO_CANCEL: {}}


def test_instalments_are_a_table_of_rates() -> None:
    ((entry,), notes) = stated(in_instalments({3: Contract(rate="1.8"), 6: Contract(rate="3.1")}))
    assert entry["installments"] == {"3": "1.8", "6": "3.1"}
    assert Said.INSTALMENTS not in notes


def test_instalments_that_are_no_rate_or_too_long_are_left_out_and_said() -> None:
    ((entry,), notes) = stated(
        in_instalments({3: Contract(rate="0.00", fixed=700), 48: Contract(rate="3.1")})
    )
    assert "installments" not in entry
    assert notes[Said.INSTALMENTS]["months"] in (3, 48)


def in_instalments(borne: dict[int, Contract]) -> list[dict[str, Any]]:
    rows = []
    for number in range(60):
        amount, months = 50_010 + 1_110 * number, list(borne)[number % len(borne)]
        fees = [("BASE", Contract().fee(amount)), ("INSTALLMENT", borne[months].fee(amount))]
        card = {"cardType": "신용", "installmentPlanMonths": months, "acquireStatus": "READY"}
        rows.append(Contract().row(str(number), START, amount, fees, card=card))
    return rows


def test_a_change_cuts_the_days_without_a_gap() -> None:
    changed = START + timedelta(days=50)
    rows = history(Contract(), days=50, seed=1)
    rows += history(Contract(rate="2.4"), start=changed, days=50, seed=2)
    (found, notes) = stated(rows)
    assert [(one["from"], one.get("until"), one["rate"]) for one in found] == [
        ("2025-01-02", "2025-02-20", "3.2"),
        ("2025-02-21", None, "2.4"),
    ]
    assert not notes


@pytest.mark.parametrize("cycle", ["daily", "weekly", "monthly"])
def test_a_payout_rule_changes_for_the_approvals_of_the_first_sold_date_that_has_it(cycle: str) -> None:
    """The document's days are those of approvals; a Monday that is the first of a month."""
    changed = date(2025, 9, 1)
    begin = date(2025, 3, 3)
    rows = history(Contract(cycle=cycle), start=begin, days=(changed - begin).days, sales=200, seed=1)
    after = Contract(cycle=cycle, payout=("business", 4, "exclusive"))
    rows += history(after, start=changed, days=180, sales=200, seed=2)
    (found, _) = stated(approvals(rows))
    assert [(one["from"], one["payout"]["businessDays"]) for one in found] == [
        ("2025-03-03", 6),
        ("2025-09-01", 4),
    ]


def test_days_that_no_rule_explains_keep_the_terms_before_them_and_are_said() -> None:
    """A third of the later rows has one rule, the others none."""
    chance = random.Random(1)
    other = Contract(payout=("business", 20, "exclusive"))
    rows = approvals(history(Contract(), days=60, sales=120))
    wild = approvals(history(Contract(), start=START + timedelta(days=60), days=30, sales=60, seed=2))
    for number, row in enumerate(wild):
        sold = date.fromisoformat(row["soldDate"])
        row["paidOutDate"] = str(
            sold + timedelta(days=chance.randrange(60, 300)) if number % 3 else other.paid(sold)
        )
    ((entry,), notes) = stated(rows + wild)
    assert "until" not in entry
    assert entry["payout"] == {"businessDays": 6, "anchor": "exclusive"}
    assert notes[Said.UNEXPLAINED] == {"part": "payout", "from": "2025-03-03", "to": "2025-04-01"}


def test_no_price_or_no_payout_rule_is_no_entry() -> None:
    chance = random.Random(1)
    rows = approvals(history(Contract(), sales=60))
    for row in rows:
        row["fees"][0]["fee"] = chance.randrange(1, 20_000)
    (found, notes) = stated(rows)
    assert not found
    assert {Said.NO_PRICE, Said.UNEXPLAINED} <= notes.keys()
    (found, notes) = stated([row | {"paidOutDate": None} for row in history(Contract())])
    assert not found
    assert Said.NO_PAYOUT in notes


def test_money_that_comes_on_its_own_day_is_no_payout_rule_of_a_contract() -> None:
    same_day = [row | {"paidOutDate": row["soldDate"]} for row in history(Contract(), days=30)]
    (found, notes) = stated(same_day)
    assert not found
    assert notes[Said.LIMITS] == {"part": "payout", "from": "2025-01-02"}


def test_a_rule_within_the_limits_is_written_where_it_fits_as_well_and_that_is_said() -> None:
    """The ends of the second months after April and May are 61 days away, more than a contract may count."""
    made_by = Contract(cycle="monthly", payout=("monthEnd", 2, "after"))
    ((entry,), notes) = stated(approvals(history(made_by, start=date(2025, 4, 1), days=60)))
    assert entry["payout"] == {"monthEnds": 2, "holiday": "after"}
    assert notes[Said.OTHER_FITS] == {"part": "payout", "from": "2025-04-30"}


def test_a_fee_above_the_amount_is_beyond_a_contract() -> None:
    rows = approvals(history(Contract(rate="150.00"), sales=60))
    (found, notes) = stated(rows)
    assert not found
    assert notes[Said.LIMITS]["part"] == "tariff"


def test_days_without_times_of_transactions_tell_no_cycle() -> None:
    rows = [row | {"approvedAt": None} for row in approvals(history(Contract()))]
    ((entry,), notes) = stated(rows)
    assert "cycle" not in entry
    assert Said.NO_CYCLE in notes
