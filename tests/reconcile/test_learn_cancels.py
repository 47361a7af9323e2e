"""What cancels give back, from rows of an independent reference."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from jeongsan.reconcile.fee_rates import Rounding, Tariff
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned, learn_cancels, telling_cancel
from jeongsan.reconcile.learn_fees import FeePeriod, TariffRange
from jeongsan.reconcile.settled_files import rows_of
from support.histories import START, Contract, history

CARD = TariffRange(Rounding.B, 0, 32_000, 32_000)


def learned(rows: Sequence[dict[str, Any]], tariff: TariffRange = CARD) -> LearnedCancels:
    period = FeePeriod(START, START, 1, 1, (tariff,))
    found = learn_cancels(rows_of("rows", json.dumps(rows).encode()).rows, (period,))
    assert found is not None
    return found


def parts(contract: Contract, amount: int, *cancelled: int) -> list[dict[str, Any]]:
    """An approval and its cancels."""
    approval = contract.approval("one", START, amount)
    rows, before = [approval], amount
    for part in cancelled:
        rows.append(contract.cancelled(approval, START + timedelta(days=1), part, before))
        before -= part
    return rows


def test_parts_that_sum_to_the_whole_leave_no_odd_won() -> None:
    found = learned(history(Contract()))
    assert (found.agree, found.judged) == (36, 36)
    assert found.candidates == (Returned.DIFFERENCE,)
    assert found.leftovers == {0: 12}


def test_each_part_by_itself_leaves_an_odd_won() -> None:
    contract, (amount, part) = Contract(), telling_cancel(CARD.tariff) or (0, 0)
    rows = parts(contract, amount, part, amount - part)
    for row in rows[1:]:
        row["fees"][0]["fee"] = row["fee"] = -Contract().fee(-row["amount"])
    found = learned(rows)
    assert found.candidates == (Returned.PROPORTIONAL,)
    odd = contract.fee(amount) - contract.fee(part) - contract.fee(amount - part)
    assert odd
    assert found.leftovers == {odd: 1}


def test_whole_cancels_leave_open_what_a_part_would_give_back() -> None:
    found = learned(parts(Contract(), 50_000, 50_000))
    assert found.candidates == (Returned.DIFFERENCE, Returned.PROPORTIONAL)


def test_the_telling_cancel_tells() -> None:
    tariff = Tariff(32_000, 0, Rounding.B)
    amount, part = telling_cancel(tariff) or (0, 0)
    assert tariff.fee(amount) - tariff.fee(amount - part) != tariff.fee(part)
    assert telling_cancel(Tariff(0, 0, Rounding.B)) is None


@pytest.mark.parametrize("itemised", [True, False])
def test_a_kept_fee_and_a_refund_fee_are_told_apart_from_nothing_kept(itemised: bool) -> None:
    rows = history(Contract(cancel="kept", refund_fee=330))
    found = learned(rows if itemised else [row | {"fees": None} for row in rows])
    assert (found.candidates, found.refund_fee) == ((Returned.KEPT,), 330)


def test_a_fixed_fee_comes_back_with_the_whole_only() -> None:
    contract = Contract(rate="0", fixed=300)
    rows = parts(contract, 50_000, 20_000, 30_000)
    assert [row["fee"] for row in rows] == [330, 0, -330]
    found = learned(rows, TariffRange(Rounding.B, 300, 0, 0))
    assert (found.agree, found.leftovers) == (2, {0: 1})


def test_a_deviating_cancel_is_named_with_what_it_should_give_back() -> None:
    rows = history(Contract())
    wrong = next(row for row in rows if row["cancel"])
    wrong["fees"][0]["fee"] -= 9
    ((row, expected),) = learned(rows).deviating
    assert row.transaction_key == wrong["transactionKey"]
    assert expected == wrong["fees"][0]["fee"] + 9


def test_without_what_is_left_a_whole_cancel_shows_by_its_approval() -> None:
    rows = parts(Contract(), 50_000, 50_000)
    del rows[1]["cancel"]["refundableAmount"]
    assert learned(rows).judged == 1
    assert learned(rows[1:]).judged == 0


def test_a_cancel_row_that_hides_its_amounts_is_not_judged() -> None:
    rows = parts(Contract(), 50_000, 50_000)
    rows[1] |= {"amount": None, "fee": None, "fees": None}
    found = learned(rows)
    assert (found.rows, found.judged, found.candidates) == (1, 0, ())
