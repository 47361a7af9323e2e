"""거래 대사: what becomes of orders and transactions, one promise each."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from support.reconciled import NOON, Books, books

pytestmark = pytest.mark.slow

LATE = datetime.fromisoformat("2025-03-13 23:59:58")


def test_what_agrees_in_everything_is_counted_and_not_listed() -> None:
    with books() as book:
        book.both("o-1")
        book.both("o-2", -3_000)
        assert book.matched().outcomes() == []
        assert _totals(book) == {
            ("ORDERS", "MATCHED", ""): (2, 7_000),
            ("TRANSACTIONS", "MATCHED", ""): (2, 7_000),
        }


def test_a_cancel_nobody_here_made_is_cancelled_outside() -> None:
    with books() as book:
        book.both("o-1")
        book.transaction("o-1", -10_000)
        found = book.matched().only()
        assert (found.state, found.reason) == ("ONE_SIDED", "CANCELED_OUTSIDE")
        assert found.amounts == (None, Decimal(-10_000))


def test_a_payment_without_an_order_is_unknown_here() -> None:
    with books() as book:
        book.both("o-1")
        book.transaction("o-2")
        assert book.matched().only().reason == "PAID_UNKNOWN_HERE"


@pytest.mark.parametrize(("amount", "reason"), [(10_000, "NOT_AT_GATEWAY"), (-500, "CANCEL_NOT_AT_GATEWAY")])
def test_what_only_our_book_has_is_not_at_the_gateway(amount: int, reason: str) -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-2", amount)
        assert book.matched().only().reason == reason


@pytest.mark.parametrize(
    ("field", "theirs", "reason"),
    [
        ("amount", 9_000, "AMOUNT"),
        ("currency", "USD", "CURRENCY"),
        ("method", "TRANSFER", "METHOD"),
        ("payment_key", "pay-other", "PAYMENT_KEY"),
        ("order_id", "other", "ORDER_ID"),
    ],
)
def test_a_field_that_differs_is_named_with_both_values(field: str, theirs: object, reason: str) -> None:
    with books() as book:
        book.order("o-1")
        book.transaction(
            **{"order_id": "o-1", "payment_key": "pay-o-1", "transaction_key": "txn-1", field: theirs}
        )
        found = book.matched().only()
        assert (found.state, found.reasons) == ("DIFFERENT", (reason,))
        assert [found.fields[field][1]] == [f"{theirs}.00" if field == "amount" else theirs]


@pytest.mark.parametrize("field", ["tax_free", "vat"])
def test_tax_that_one_side_does_not_say_is_not_compared(field: str) -> None:
    with books() as book:
        book.order("said-by-both", **{field: 100})
        book.transaction("said-by-both", **{field: 90})
        book.order("said-by-us", **{field: 100})
        book.transaction("said-by-us")
        assert book.matched().only().reasons == (field.upper(),)


def test_a_cancel_booked_as_money_in_has_the_wrong_sign() -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-1", 4_000, kind="CANCEL")
        book.transaction("o-1", -4_000)
        assert book.matched().only().reasons == ("SIGN",)


@pytest.mark.parametrize(
    ("ours", "theirs", "method", "reason"),
    [
        (LATE, LATE + timedelta(seconds=5), "CARD", "MIDNIGHT"),
        (LATE, LATE + timedelta(minutes=12), "CARD", "REQUESTED_TIME"),
        (NOON, NOON + timedelta(days=3), "VIRTUAL_ACCOUNT", "REQUESTED_TIME"),
        (LATE, LATE + timedelta(hours=9), "CARD", "TIME_ZONE"),
        (NOON, NOON + timedelta(days=3), "CARD", "DAY"),
    ],
)
def test_another_day_is_told_by_why_two_clocks_disagree(
    ours: datetime, theirs: datetime, method: str, reason: str
) -> None:
    with books() as book:
        book.order("o-1", occurred_at=ours, method=method)
        book.transaction("o-1", occurred_at=theirs, method=method)
        assert book.matched().only().reasons == (reason,)


def test_another_time_of_the_same_day_is_no_difference() -> None:
    with books() as book:
        book.order("o-1")
        book.transaction("o-1", occurred_at=NOON + timedelta(hours=3))
        assert book.matched().outcomes() == []


@pytest.mark.parametrize("side", ["order", "transaction"])
@pytest.mark.parametrize("keyed", [True, False])
def test_the_same_row_again_is_a_duplicate(side: str, keyed: bool) -> None:
    with books() as book:
        more = {"transaction_key": "txn-1"} if keyed or side == "transaction" else {}
        book.order("o-1", **({"transaction_key": "txn-1"} if keyed else {}))
        book.transaction("o-1", transaction_key="txn-1")
        getattr(book, side)("o-1", **more)
        found = book.matched().only()
        assert (found.state, found.reason) == ("ONE_SIDED", "DUPLICATE")
        assert found.counts == ((1, 0) if side == "order" else (0, 1))


def test_of_two_rows_with_one_key_the_one_that_agrees_counts() -> None:
    with books() as book:
        book.order("o-1", transaction_key="txn-1")
        book.transaction("o-1", 9_000, transaction_key="txn-1")
        book.transaction("o-1", 10_000, transaction_key="txn-1")
        found = book.matched().only()
        assert (found.reason, found.amounts) == ("DUPLICATE", (None, Decimal(9_000)))


def test_a_transaction_that_is_listed_again_with_another_amount_is_a_duplicate() -> None:
    with books() as book:
        book.order("o-1")
        book.transaction("o-1", 10_000, transaction_key="txn-1")
        book.transaction("o-1", 11_000, transaction_key="txn-1")
        found = book.matched().only()
        assert (found.reason, found.amounts) == ("DUPLICATE", (None, Decimal(11_000)))


def test_what_stands_in_place_of_a_key_is_no_key() -> None:
    with books() as book:
        for number in range(40):
            book.order(f"o-{number}", transaction_key="N/A")
            book.transaction(f"o-{number}", transaction_key="N/A")
        assert book.matched().outcomes() == []


@pytest.mark.parametrize("ours", ["order-20250313-00", "20250313-0001", "1.23457E+15"])
def test_a_cut_order_id_is_found_and_called_cut(ours: str) -> None:
    whole = "1234567890123456" if "E+" in ours else "order-20250313-0001"
    with books() as book:
        book.order(ours, payment_key=None)
        book.transaction(whole)
        found = book.matched().only()
        assert (found.reasons, found.fields) == (("CUT_ID",), {"order_id": (ours, whole)})


@pytest.mark.parametrize("damaged", ["??-0001", "\ufffd\ufffd-0001", "ÁÖ¹®-0001"])
def test_an_order_id_in_a_wrong_encoding_is_found_and_called_damaged(damaged: str) -> None:
    with books() as book:
        book.order(damaged, payment_key=None)
        book.transaction("주문-0001")
        assert book.matched().only().reasons == ("ENCODING_DAMAGE",)


def test_a_cut_id_that_fits_two_is_not_guessed() -> None:
    with books() as book:
        book.order("order-2025", payment_key=None)
        book.transaction("order-2025-1")
        book.transaction("order-2025-2")
        assert {one.reason for one in book.matched().outcomes()} == {"NOT_AT_GATEWAY", "PAID_UNKNOWN_HERE"}


def test_one_cancel_here_may_be_two_at_the_gateway() -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-1", -700)
        book.transaction("o-1", -300, transaction_key="txn-a")
        book.transaction("o-1", -400, transaction_key="txn-b")
        found = book.matched().only()
        assert (found.state, found.reason, found.counts) == ("MATCHED", "IN_PARTS", (1, 2))


def test_cancels_nobody_can_tell_apart_are_ambiguous() -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-1", -500, occurred_at=NOON + timedelta(days=1))
        book.order("o-1", -500, occurred_at=NOON + timedelta(days=2))
        book.transaction("o-1", -500, occurred_at=NOON + timedelta(days=3))
        found = book.matched().only()
        assert (found.state, found.reason, found.counts) == ("AMBIGUOUS", "SEVERAL_CANDIDATES", (2, 1))


def test_a_cancel_with_another_key_on_either_side_is_another_cancel() -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-1", -500, transaction_key="txn-ours")
        book.transaction("o-1", -500, transaction_key="txn-theirs")
        reasons = sorted(one.reason for one in book.matched().outcomes())
        assert reasons == ["CANCELED_OUTSIDE", "CANCEL_NOT_AT_GATEWAY"]


def test_an_expired_virtual_account_is_no_money() -> None:
    with books() as book:
        book.both("o-1")
        book.transaction("o-2", -10_000, method="VIRTUAL_ACCOUNT")
        found = book.matched().only()
        assert (found.state, found.reason) == ("SET_ASIDE", "CANCELED_WITHOUT_DONE")


def test_a_transaction_that_never_was_money_is_set_aside() -> None:
    with books() as book:
        book.both("o-1")
        book.transaction("o-2", kind="NO_MONEY", status="EXPIRED")
        assert (book.matched().only().state, book.only().reason) == ("SET_ASIDE", "NO_MONEY")


@pytest.mark.parametrize(("days", "state"), [(-30, "OLDER"), (30, "NOT_YET_DUE")])
@pytest.mark.parametrize("side", ["order", "transaction"])
def test_days_that_the_other_side_does_not_cover_are_no_difference(side: str, days: int, state: str) -> None:
    with books() as book:
        book.both("o-1")
        getattr(book, side)("o-2", occurred_at=NOON + timedelta(days=days))
        assert book.matched().only().state == state


def test_days_that_the_run_is_asked_for_are_covered() -> None:
    with books() as book:
        book.both("o-1")
        book.order("o-2", occurred_at=NOON + timedelta(days=5))
        found = book.matched(first=date(2025, 3, 1), last=date(2025, 3, 31)).only()
        assert (found.state, found.reason) == ("ONE_SIDED", "NOT_AT_GATEWAY")


def test_what_stands_alone_names_its_nearest_miss_and_the_change_that_would_match() -> None:
    with books() as book:
        book.order("o-1", payment_key=None)
        book.transaction("x-9", payment_key="pay-9")
        theirs, ours = book.matched().outcomes()
        assert ours.nearest is not None
        assert theirs.nearest is not None
        change = (ours.nearest["field"], ours.nearest["left"], ours.nearest["right"])
        assert change == ("order_id", "o-1", "x-9")
        assert (ours.nearest["side"], theirs.nearest["side"]) == ("TRANSACTIONS", "ORDERS")


def test_shops_with_the_same_order_id_are_kept_apart() -> None:
    with books() as book:
        book.order("o-1", shop="a", payment_key=None)
        book.transaction("o-1", shop="b")
        assert {one.reason for one in book.matched().outcomes()} == {"NOT_AT_GATEWAY", "PAID_UNKNOWN_HERE"}


def _totals(book: Books) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
    rows = book.connection.execute(
        "SELECT side, state, reason, row_count, amount FROM totals WHERE comparison = 'TRANSACTION'"
    ).fetchall()
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}
