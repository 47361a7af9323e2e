"""입금 대사: what becomes of payouts and bank lines, one promise each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from support.reconciled import books

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

DEPOSIT = "DEPOSIT"
# Wednesday; the Thursday and Friday after are open too.
DAY = date(2025, 3, 19)
NEXT = DAY + timedelta(days=1)


def test_one_payout_and_one_line_of_the_day_and_amount_belong_together() -> None:
    with books() as book:
        book.payout(6_000, DAY)
        book.payout(4_000, DAY)
        book.line(10_000, DAY)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reasons, found.counts) == ("MATCHED", (), (1, 1))


def test_payouts_of_several_shops_may_arrive_as_one_line() -> None:
    with books() as book:
        book.payout(6_000, DAY, "a")
        book.payout(4_000, DAY, "b")
        book.line(10_000, DAY)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reason, found.counts) == ("MATCHED", "MERGED", (2, 1))


def test_one_payout_may_arrive_in_several_lines() -> None:
    with books() as book:
        book.payout(10_000, DAY)
        book.line(6_000, DAY)
        book.line(4_000, DAY)
        assert (book.matched().only(DEPOSIT).reason, book.only(DEPOSIT).counts) == ("SPLIT", (1, 2))


def test_some_payouts_of_a_day_make_a_line_when_there_is_one_way_only() -> None:
    with books() as book:
        for shop, amount in (("a", 1_000), ("b", 2_000), ("c", 5_000)):
            book.payout(amount, DAY, shop)
        book.line(3_000, DAY)
        merged, alone = sorted(book.matched().outcomes(DEPOSIT), key=lambda one: one.state)
        assert (merged.reason, merged.amounts) == ("MERGED", (Decimal(3_000), Decimal(3_000)))
        assert (alone.reason, alone.amounts) == ("DEPOSIT_MISSING", (Decimal(5_000), None))


def test_several_ways_to_make_a_line_are_ambiguous() -> None:
    with books() as book:
        for shop, amount in (("a", 1_000), ("b", 2_000), ("c", 1_000), ("d", 2_000)):
            book.payout(amount, DAY, shop)
        book.line(3_000, DAY)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reason, found.counts) == ("AMBIGUOUS", "SEVERAL_CANDIDATES", (4, 1))


def test_payouts_and_lines_that_are_cut_otherwise_are_one_sum() -> None:
    with books() as book:
        book.payout(6_000, DAY, "a")
        book.payout(4_000, DAY, "b")
        book.line(9_000, DAY)
        book.line(1_000, DAY)
        assert (book.matched().only(DEPOSIT).reason, book.only(DEPOSIT).counts) == ("REGROUPED", (2, 2))


def test_a_payout_below_zero_is_taken_from_the_next_one() -> None:
    with books() as book:
        book.payout(-3_000, DAY)
        book.payout(10_000, NEXT)
        book.line(7_000, NEXT)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reason, found.counts) == ("MATCHED", "CARRIED_OVER", (2, 1))


def test_a_debt_may_take_several_payouts_to_be_paid() -> None:
    with books() as book:
        book.payout(-9_000, DAY)
        book.payout(4_000, NEXT)
        book.payout(6_000, NEXT + timedelta(days=1))
        book.line(1_000, NEXT + timedelta(days=1))
        assert book.matched().only(DEPOSIT).counts == (3, 1)


def test_a_payout_like_one_that_is_carried_over_is_matched_with_its_own_line() -> None:
    with books() as book:
        book.payout(-3_000, DAY, "a")
        book.payout(10_000, NEXT, "a")
        book.payout(10_000, NEXT, "b")
        book.line(7_000, NEXT)
        book.line(10_000, NEXT)
        found = book.matched().outcomes(DEPOSIT)
        assert sorted((one.state, one.reason) for one in found) == [
            ("MATCHED", ""),
            ("MATCHED", "CARRIED_OVER"),
        ]


def test_a_debt_that_is_paid_exactly_brings_no_line() -> None:
    with books() as book:
        book.payout(-4_000, DAY)
        book.payout(4_000, NEXT)
        found = book.matched(also_given=("BANK",), last=NEXT).only(DEPOSIT)
        assert (found.state, found.reason, found.counts) == ("MATCHED", "CARRIED_OVER", (2, 0))


def test_a_debt_that_is_still_open_is_not_due() -> None:
    with books() as book:
        book.payout(-4_000, DAY)
        book.payout(500, DAY, "b")
        book.line(500, DAY)
        debt = book.matched().outcomes(DEPOSIT)[0]
        assert (debt.state, debt.reason) == ("NOT_YET_DUE", "CARRIED_OVER")


@pytest.mark.parametrize(
    ("due", "arrived", "reason"),
    [
        (DAY, NEXT, "DEPOSIT_LATE"),
        (NEXT, DAY, "DEPOSIT_EARLY"),
        # Friday to Monday; over Children's Day and its substitute.
        (date(2025, 3, 21), date(2025, 3, 24), "HOLIDAY"),
        (date(2025, 5, 2), date(2025, 5, 7), "HOLIDAY"),
    ],
)
def test_a_deposit_of_another_day_is_late_early_or_moved_by_closed_days(
    due: date, arrived: date, reason: str
) -> None:
    with books() as book:
        book.payout(10_000, due)
        book.line(10_000, arrived)
        found = book.matched(today=date(2025, 6, 1)).only(DEPOSIT)
        assert (found.state, found.reason) == ("DIFFERENT", reason)
        assert found.fields == {"day": (str(due), str(arrived))}


def test_what_was_held_arrives_with_what_followed() -> None:
    with books() as book:
        book.payout(10_000, DAY)
        book.payout(2_500, NEXT)
        book.line(12_500, NEXT)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reasons, found.counts, found.rule) == (
            "DIFFERENT",
            ("DEPOSIT_LATE", "MERGED"),
            (2, 1),
            "HELD",
        )


def test_a_deposit_that_is_short_of_one_row_names_the_row() -> None:
    with books() as book:
        book.settlement("o-1", 10_000, paid_out_date=DAY)
        book.settlement("o-2", 7_000, paid_out_date=DAY)
        book.line(10_000, DAY)
        found = book.matched().only(DEPOSIT)
        assert (found.state, found.reason) == ("DIFFERENT", "DEPOSIT_LACKS_ROW")
        assert found.nearest is not None
        assert (found.nearest["order_id"], found.nearest["amount"]) == ("o-2", Decimal(7_000))


def test_a_gap_that_two_rows_could_be_names_neither() -> None:
    with books() as book:
        for order_id in ("o-1", "o-2", "o-3"):
            book.settlement(order_id, 5_000, paid_out_date=DAY)
        book.line(10_000, DAY)
        found = book.matched().only(DEPOSIT)
        assert (found.reason, found.fields) == ("DEPOSIT_AMOUNT", {"amount": ("15000.00", "10000.00")})


def test_a_payout_that_never_arrived_is_missing() -> None:
    with books() as book:
        book.payout(10_000, DAY)
        book.payout(5_000, NEXT)
        book.line(5_000, NEXT)
        assert book.matched(first=DAY).outcomes(DEPOSIT)[0].reason == "DEPOSIT_MISSING"


@pytest.mark.parametrize(
    ("memo", "state", "reason"),
    [
        ("(주)토스페이먼츠", "ONE_SIDED", "DEPOSIT_UNKNOWN"),
        ("TOSS PAYMENTS", "ONE_SIDED", "DEPOSIT_UNKNOWN"),
        ("홍길동", "SET_ASIDE", "OTHER_DEPOSIT"),
    ],
)
def test_money_that_nothing_explains_is_a_difference_when_the_gateway_sent_it(
    memo: str, state: str, reason: str
) -> None:
    with books() as book:
        book.payout(5_000, DAY)
        book.line(5_000, DAY)
        book.line(777, DAY, memo)
        found = next(one for one in book.matched().outcomes(DEPOSIT) if one.counts == (0, 1))
        assert (found.state, found.reason) == (state, reason)


def test_a_strangers_deposit_of_the_same_amount_is_not_taken_for_the_payout() -> None:
    with books() as book:
        book.payout(5_000, DAY)
        book.line(5_000, DAY, "홍길동")
        book.line(5_000, NEXT)
        reasons = {one.reason for one in book.matched().outcomes(DEPOSIT)}
        assert reasons == {"OTHER_DEPOSIT", "DEPOSIT_LATE"}


def test_a_payout_of_tomorrow_is_not_due() -> None:
    with books() as book:
        book.payout(5_000, DAY)
        book.line(5_000, DAY)
        book.payout(6_000, NEXT)
        planned = book.matched(today=NEXT).outcomes(DEPOSIT)[1]
        assert (planned.state, planned.reason) == ("NOT_YET_DUE", "TOO_YOUNG")


def test_currencies_are_never_added_to_each_other() -> None:
    with books() as book:
        book.payout(6_000, DAY)
        book.payout(4_000, DAY, currency="USD")
        book.line(10_000, DAY)
        assert {one.state for one in book.matched().outcomes(DEPOSIT)} == {"DIFFERENT", "ONE_SIDED"}


def test_every_payout_leads_to_its_settlement_rows() -> None:
    with books() as book:
        book.payout(6_000, DAY, "a")
        book.payout(3_000, DAY, "a")
        book.payout(4_000, DAY, "b")
        book.line(13_000, DAY)
        book.matched()
        rows = book.connection.execute("SELECT shop, row_count, amount FROM payouts ORDER BY shop").fetchall()
        assert rows == [("a", 2, Decimal(9_000)), ("b", 1, Decimal(4_000))]
