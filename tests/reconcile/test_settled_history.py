"""Each row once, and what all rows together say."""

import json
from collections.abc import Sequence
from typing import Any

from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import Facts, History, facts_of, history_of
from support.histories import START, Contract, history

CONTRACT = Contract()


def together(*files: Sequence[dict[str, Any]]) -> History:
    read = [rows_of(str(n), json.dumps(rows).encode()) for n, rows in enumerate(files)]
    return history_of(row for one in read for row in one.rows)


def facts(*rows: dict[str, Any]) -> Facts:
    return facts_of(together(rows).rows)


def test_a_row_read_twice_counts_once() -> None:
    rows = history(CONTRACT, sales=10)
    found = together(rows, rows[:4])
    assert (len(found.rows), found.repeated) == (len(rows), 4)


def test_a_row_whose_payout_moved_is_named_and_its_later_date_kept() -> None:
    row = CONTRACT.approval("one", START, 10_000)
    moved = row | {"paidOutDate": "2025-12-31", "card": row["card"] | {"acquireStatus": "COMPLETED"}}
    for order in ((row, moved), (moved, row)):
        found = together(*([one] for one in order))
        assert found.moved == ("t-one",)
        assert [str(one.paid) for one in found.rows] == ["2025-12-31"]


def test_rows_of_one_key_that_say_different_things_are_left_out_and_named() -> None:
    row, other = CONTRACT.approval("one", START, 10_000), CONTRACT.approval("two", START, 10_000)
    found = together([row, other], [row | {"amount": 20_000}])
    assert [one.transaction_key for one in found.rows] == ["t-two"]
    assert [one.value for one in found.contradictions] == ["t-one"]


def test_rows_without_a_key_are_never_taken_for_the_same() -> None:
    row = CONTRACT.approval("one", START, 10_000, transactionKey=None)
    assert len(together([row, row]).rows) == 2


def test_sums_that_do_not_hold_are_named() -> None:
    row = CONTRACT.approval("one", START, 10_000)
    found = facts(
        row, CONTRACT.approval("two", START, 9_000), row | {"transactionKey": "x", "payOutAmount": 1}
    )
    assert (found.sums.agree, found.sums.rows, found.sums.deviating) == (2, 3, ("x",))


def test_the_kind_of_vat_shows_in_fees_that_leave_five() -> None:
    """Of 16 an eleventh is 1, and no supply value with its tenth is 16."""
    row = CONTRACT.row("one", START, 1_000, [("BASE", 16)])
    found = facts(row, CONTRACT.row("two", START, 1_000, [("BASE", 63)]))
    assert (found.eleventh.agree, found.tenth.agree, found.telling) == (2, 1, 1)


def test_a_cancel_of_the_same_day_has_two_rows_or_one() -> None:
    approval = CONTRACT.approval("one", START, 10_000)
    cancel = CONTRACT.cancelled(approval, START, 10_000, 10_000)
    both = facts(approval, cancel)
    assert (both.same_day, both.lone_cancels) == (1, ())
    alone = facts(CONTRACT.approval("other", START, 9_000), cancel)
    assert (alone.same_day, alone.lone_cancels) == (0, (cancel["transactionKey"],))


def test_a_whole_cancel_within_a_minute_may_be_a_network_cancel() -> None:
    approval = CONTRACT.approval("one", START, 10_000)
    cancel = CONTRACT.cancelled(approval, START, 10_000, 10_000)
    part = CONTRACT.cancelled(approval, START, 4_000, 10_000)
    for one in (cancel, part):
        one["cancel"]["canceledAt"] = f"{START}T12:00:59+09:00"
    assert facts(approval, cancel).at_once == (cancel["transactionKey"],)
    assert facts(approval, part).at_once == ()
    cancel["cancel"]["canceledAt"] = f"{START}T12:01:01+09:00"
    assert facts(approval, cancel).at_once == ()


def test_the_first_and_last_second_of_a_day_are_kept() -> None:
    rows = [
        CONTRACT.approval(str(number), START, 10_000, approvedAt=f"{START}T{time}+09:00")
        for number, time in enumerate(("00:00:03", "23:59:58"))
    ]
    found = facts(*rows)
    assert (found.earliest, found.latest) == (3, 86_398)


def test_statuses_of_acquisition_are_counted() -> None:
    assert facts(*history(CONTRACT, sales=4)).acquire_statuses == {"READY": 6}
