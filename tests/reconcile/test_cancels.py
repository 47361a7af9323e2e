"""The outcome of every cancel, and what is said of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.client.moments import kst_midnight, moment_of
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_outcomes import (
    CheckedCancel,
    Difference,
    Inference,
    NoRow,
    Note,
    Outcome,
    Remark,
)
from jeongsan.reconcile.cancels import check_cancels
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.period import Period
from support.cancels import APRIL, circumstances, found, later, line, recorded, row
from support.recorded_gateway import CANCELED_AT, THREAD_CANCEL, THREAD_ORDER, THREAD_PAYMENT

AT = moment_of(CANCELED_AT)
MARCH = Period(date(2025, 3, 1), date(2025, 3, 31))
OURS = line(transaction_key=THREAD_CANCEL, cancel_amount=Decimal(150_000))


def only(one: FoundCancel, *lines: BookLine, **changes: Any) -> CheckedCancel:
    """The single outcome of a single cancel."""
    (checked,) = check_cancels([one], lines, circumstances(**changes)).cancels
    return checked


def codes(notes: tuple[Note, ...]) -> list[str]:
    return [note.code.value for note in notes]


def test_the_help_threads_cancel_is_not_ours_and_no_network_cancel() -> None:
    """The row a merchant was shown in public: approved 13 March, cancelled 25 April; its key tells when."""
    one = only(found(), book_lines=3)
    assert one.outcome is Outcome.NOT_OURS
    outside, no_network, key = one.inferences
    assert (outside.code, outside.values) == (Inference.OUTSIDE_OUR_SYSTEM, {"lines": 3})
    assert no_network.code is Inference.NO_NETWORK_CANCEL
    assert no_network.values["after"] == timedelta(days=42, hours=21, minutes=33, seconds=7)
    assert key.code is Inference.KEY_TIME_AGREES
    assert str(key.values["keyTime"]) == "2025-04-25 11:08:10.643000+09:00"
    assert one.found is not None
    assert one.found.row is not None
    assert (one.found.row.sold_date, one.found.row.paid_out_date) == (date(2025, 4, 25), date(2025, 5, 8))
    assert (one.no_row, one.differences, one.accounted) == (None, (), False)


def test_a_cancel_of_our_book_is_ours_and_accounted_for() -> None:
    checked = only(found(), OURS)
    assert (checked.outcome, checked.line, checked.accounted) == (Outcome.OURS, OURS, True)
    assert codes(checked.inferences) == ["KEY_TIME_AGREES"]


def test_a_line_without_a_cancel_is_only_in_our_book() -> None:
    lost = line(7, transaction_key="txrd_a01jsnb7jrgcjr4s6nhww116sys")
    check = check_cancels([found()], [OURS, lost], circumstances(book_lines=2))
    assert [one.outcome for one in check.cancels] == [Outcome.ONLY_IN_OUR_BOOK, Outcome.OURS]
    assert check.cancels[0].line is lost
    assert not check.accounted
    assert check.counts == {
        Outcome.OURS: 1, Outcome.NOT_OURS: 0, Outcome.ONLY_IN_OUR_BOOK: 1, Outcome.NO_BOOK: 0,
    }  # fmt: skip


def test_without_book_and_record_nothing_can_be_told_but_inferences_are() -> None:
    checked = only(found(), book_lines=None)
    assert (checked.outcome, checked.accounted) == (Outcome.NO_BOOK, False)
    assert codes(checked.inferences) == ["NO_NETWORK_CANCEL", "KEY_TIME_AGREES"]


@pytest.mark.parametrize(
    ("channel", "outcome"),
    [
        ("api", Outcome.OURS),
        ("merchant-admin", Outcome.NOT_OURS),
        ("developer-centre", Outcome.NOT_OURS),
        ("gateway-forced", Outcome.NOT_OURS),
        ("a-new-one", Outcome.NOT_OURS),
    ],
)
def test_without_a_book_the_gateways_record_decides_and_nothing_is_inferred_of_the_origin(
    channel: str, outcome: Outcome
) -> None:
    checked = only(found(recorded=recorded(channel)), book_lines=None, recorded=True)
    assert (checked.outcome, checked.accounted) == (outcome, outcome is Outcome.OURS)
    assert codes(checked.inferences) == ["KEY_TIME_AGREES"]


def test_a_book_decides_against_the_record_and_says_so() -> None:
    checked = only(found(recorded=recorded("api", key="live_sk_…0000")), recorded=True)
    assert (checked.outcome, codes(checked.remarks)) == (Outcome.NOT_OURS, ["API_BUT_NOT_IN_BOOK"])
    assert only(found(recorded=recorded()), OURS, recorded=True).outcome is Outcome.OURS


def test_a_cancel_that_the_record_does_not_know_cannot_be_told() -> None:
    assert only(found(), book_lines=None, recorded=True).outcome is Outcome.NO_BOOK


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (0, Inference.NETWORK_CANCEL_LIKELY),
        (3, Inference.NETWORK_CANCEL_LIKELY),
        (60, Inference.NETWORK_CANCEL_LIKELY),
        (61, Inference.NETWORK_CANCEL_UNLIKELY),
        (86_400, Inference.NETWORK_CANCEL_UNLIKELY),
        (86_401, Inference.NO_NETWORK_CANCEL),
    ],
)
def test_the_time_since_the_approval_speaks_for_or_against_a_network_cancel(
    seconds: int, code: Inference
) -> None:
    checked = only(found(canceled_at=later(seconds)), period=MARCH)
    note = checked.inferences[1]
    assert (note.code, note.values["after"]) == (code, timedelta(seconds=seconds))


def test_without_a_time_of_approval_nothing_is_said_of_a_network_cancel() -> None:
    checked = only(found(approved_at=None))
    assert codes(checked.inferences) == ["OUTSIDE_OUR_SYSTEM", "KEY_TIME_AGREES"]


@pytest.mark.parametrize(
    ("key", "canceled_at", "code", "apart"),
    [
        (THREAD_CANCEL, "2025-04-25T11:08:10+09:00", Inference.KEY_TIME_AGREES, None),
        (THREAD_CANCEL, "2025-04-25T11:08:11+09:00", Inference.KEY_TIME_DIFFERS, 357),
        (THREAD_CANCEL, "2025-04-25T11:08:09+09:00", Inference.KEY_TIME_DIFFERS, 1_643),
        ("B7103F204998813B889C77C043D09502", CANCELED_AT, Inference.KEY_WITHOUT_TIME, None),
    ],
)
def test_the_time_in_the_key_is_held_against_the_time_told(
    key: str, canceled_at: str, code: Inference, apart: int | None
) -> None:
    note = only(found(transaction_key=key, canceled_at=moment_of(canceled_at))).inferences[-1]
    assert note.code is code
    assert note.values.get("apart") == (None if apart is None else timedelta(milliseconds=apart))


@pytest.mark.parametrize(
    ("cancel", "told", "reason"),
    [
        ({}, {"settles": False}, NoRow.TEST_KEY),
        ({}, {"today": date(2025, 4, 25)}, NoRow.TOO_YOUNG),
        ({}, {"today": date(2025, 4, 26)}, NoRow.MISSING),
        ({"never_approved": True}, {}, NoRow.NEVER_APPROVED),
        ({"status": "IN_PROGRESS"}, {}, NoRow.NOT_DONE),
        ({"status": None}, {}, NoRow.MISSING),
    ],
    ids=str,
)
def test_a_cancel_without_a_row_says_why(cancel: dict[str, Any], told: dict[str, Any], reason: NoRow) -> None:
    checked = only(found(rows=(), **cancel), OURS, **told)
    assert checked.no_row is reason
    assert checked.accounted is (reason is not NoRow.MISSING)
    assert checked.readable_from == (date(2025, 4, 26) if reason is NoRow.TOO_YOUNG else None)


@pytest.mark.parametrize(
    ("cancel", "book", "code"),
    [
        ({}, {"cancel_amount": Decimal(5_000)}, Difference.AMOUNT),
        ({}, {"payment_key": "another"}, Difference.PAYMENT_KEY),
        ({}, {"order_id": "another"}, Difference.ORDER_ID),
        ({"in_transactions": False}, {}, Difference.NOT_IN_TRANSACTIONS),
        ({"approved_at": AT + timedelta(seconds=1)}, {}, Difference.BEFORE_APPROVAL),
        ({"rows": (row(), row())}, {}, Difference.SEVERAL_ROWS),
        ({"rows": (row(amount=150_000, payOutAmount=155_280),)}, {}, Difference.ROW_AMOUNT),
        ({"rows": (row(payOutAmount=-150_000),)}, {}, Difference.ROW_SUM),
        ({"rows": (row("vat", "card"),)}, {}, Difference.ABSENT_FIELDS),
        ({"rows": (row("fees", "fee"),)}, {}, Difference.ABSENT_FIELDS),
    ],
    ids=lambda value: value.value if isinstance(value, Difference) else "",
)
def test_each_difference_keeps_a_cancel_of_ours_from_being_accounted_for(
    cancel: dict[str, Any], book: dict[str, Any], code: Difference
) -> None:
    checked = only(found(**cancel), line(transaction_key=THREAD_CANCEL, **book))
    assert (checked.outcome, codes(checked.differences)) == (Outcome.OURS, [code.value])
    assert not checked.accounted


@pytest.mark.parametrize(("canceled_at", "remarks"), [(AT, []), (None, ["NO_TIME_IN_BOOK"])])
def test_another_amount_in_the_book_is_one_row_with_a_difference(
    canceled_at: datetime | None, remarks: list[str]
) -> None:
    wrong = line(order_id=THREAD_ORDER, cancel_amount=Decimal(4_000), canceled_at=canceled_at)
    checked = only(found(), wrong)
    assert (checked.outcome, checked.accounted, checked.line) == (Outcome.OURS, False, wrong)
    (note,) = checked.differences
    assert (note.code, note.values) == (
        Difference.AMOUNT,
        {"ours": Decimal(4_000), "theirs": Decimal(150_000)},
    )
    assert codes(checked.remarks) == remarks


def test_a_row_that_only_lacks_what_old_keys_lack_is_whole() -> None:
    checked = only(found(rows=(row("fees"),)), OURS)
    assert (checked.accounted, codes(checked.remarks)) == (True, ["OLD_VERSION"])
    absent = only(found(rows=(row(cancel={"canceledAt": CANCELED_AT}),)), OURS)
    assert "cancel.receiptKey" in str(absent.differences[0].values["fields"])


def test_approval_and_cancel_of_one_day_net_to_nothing() -> None:
    morning = moment_of("2025-04-25T09:00:00")
    approval = row(transactionKey="approval", cancel=None, amount=150_000, fee=5_280, payOutAmount=144_720)
    checked = only(found(approved_at=morning, approval_row=approval), OURS)
    assert [(note.code, note.values["net"]) for note in checked.remarks] == [(Remark.SAME_DAY, 0)]
    assert only(found(approval_row=approval), OURS).remarks == ()


def test_a_row_whose_interest_fee_nobody_can_place_is_not_called_wrong() -> None:
    assert only(found(rows=(row(interestFee=-100, payOutAmount=-144_620),)), OURS).accounted


def test_lines_of_other_days_are_counted_and_not_judged() -> None:
    """A book holds the whole year; the check is about April."""
    other = line(
        3, order_id="order-1", cancel_amount=Decimal(1), canceled_at=moment_of("2025-03-31T23:59:59")
    )
    untold = line(4, order_id="order-2", cancel_amount=Decimal(1))
    check = check_cancels([found()], [OURS, other, untold], circumstances(book_lines=3))
    assert check.outside_lines == 1
    assert [one.outcome for one in check.cancels] == [Outcome.OURS, Outcome.ONLY_IN_OUR_BOOK]
    assert codes(check.cancels[1].remarks) == ["NO_TIME_IN_BOOK"]


@pytest.mark.parametrize(
    ("ours_at", "theirs_at", "outcomes"),
    [
        ("2025-04-30T23:59:59", "2025-05-01T00:00:01", [Outcome.OURS]),
        ("2025-03-31T23:59:59", "2025-04-01T00:00:01", [Outcome.OURS]),
        ("2025-05-01T00:00:01", "2025-05-01T00:00:02", []),
    ],
)
def test_a_cancel_at_midnight_is_matched_across_the_edge_of_the_period(
    ours_at: str, theirs_at: str, outcomes: list[Outcome]
) -> None:
    ours = line(payment_key=THREAD_PAYMENT, cancel_amount=Decimal(150_000), canceled_at=moment_of(ours_at))
    check = check_cancels([found(canceled_at=moment_of(theirs_at))], [ours], circumstances())
    assert [one.outcome for one in check.cancels] == outcomes
    assert check.outside_lines == (0 if outcomes else 1)


def test_an_unknown_cancel_of_the_margin_is_nobodys_business() -> None:
    check = check_cancels([found(canceled_at=moment_of("2025-05-01T00:00:01"))], [], circumstances())
    assert (check.cancels, check.accounted) == ((), True)


# Few keys, amounts and days, so that everything collides.
_KEYS = st.sampled_from(["a", "b", "c"])
_MAYBE = st.none() | _KEYS
_MOMENTS = st.integers(-2 * 24, 32 * 24).map(lambda hours: kst_midnight(APRIL.first) + timedelta(hours=hours))
_AMOUNTS = st.sampled_from([Decimal(1), Decimal(2)])
_FOUND = st.lists(
    st.builds(
        found,
        transaction_key=st.text("abcdef", min_size=1, max_size=2),
        payment_key=_KEYS,
        order_id=_MAYBE,
        request_id=_MAYBE,
        canceled_at=_MOMENTS,
        cancel_amount=st.none() | _AMOUNTS,
        recorded=st.none() | st.just(recorded()),
    ),
    max_size=8,
    unique_by=lambda one: one.transaction_key,
)
_LINES = st.lists(
    st.builds(
        line,
        number=st.integers(2, 30),
        transaction_key=st.none() | st.text("abcdef", min_size=1, max_size=2),
        request_id=_MAYBE,
        payment_key=_MAYBE,
        order_id=_MAYBE,
        canceled_at=st.none() | _MOMENTS,
        day_only=st.booleans(),
        cancel_amount=st.none() | _AMOUNTS,
    ),
    max_size=8,
    unique_by=lambda one: one.line,
)


@given(_FOUND, _LINES, st.booleans())
def test_every_cancel_and_every_line_ends_in_exactly_one_outcome(
    cancels: list[FoundCancel], lines: list[BookLine], has_book: bool
) -> None:
    told = circumstances(book_lines=len(lines) if has_book else None)
    check = check_cancels(cancels, lines if has_book else [], told)
    keys = [one.found.transaction_key for one in check.cancels if one.found is not None]
    numbers = [one.line.line for one in check.cancels if one.line is not None]
    assert len(keys) == len(set(keys))
    assert len(numbers) == len(set(numbers))
    assert {one.transaction_key for one in cancels if APRIL.has(one.canceled_at)} <= set(keys)
    assert len(numbers) + check.outside_lines == (len(lines) if has_book else 0)
    left_out = [one for one in lines if has_book and one.line not in numbers]
    assert not any(one.canceled_at is None or APRIL.has(one.canceled_at) for one in left_out)
    for one in check.cancels:
        assert (one.outcome is Outcome.ONLY_IN_OUR_BOOK) == (one.found is None)
        assert (one.matched_by is not None) == (one.found is not None and one.line is not None)


@given(_FOUND, _LINES, st.randoms())
def test_the_order_of_what_is_read_decides_nothing(
    cancels: list[FoundCancel], lines: list[BookLine], random: Any
) -> None:
    told = circumstances(book_lines=len(lines))
    check = check_cancels(cancels, lines, told)
    random.shuffle(cancels)
    random.shuffle(lines)
    assert check_cancels(cancels, lines, told) == check
